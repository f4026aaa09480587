"""Notifications: what one person was told, with a kind, a reference and a way there; never the child's data."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.orm import column_property

from models.base import Base, shown
from models.event import BELL_READ, BELLS_READ, Actor, Event, Happened, InboxEntry, Told
from models.ipa_change import changes_since as ipa_changes_since
from models.offer_change import changes_since


class NotificationKind(StrEnum):
    """What a notification is about (S-100)."""

    REFERRAL_RECEIVED = "REFERRAL_RECEIVED"
    REFERRAL_UPDATED = "REFERRAL_UPDATED"
    REFERRAL_REMINDED = "REFERRAL_REMINDED"
    REFERRAL_CLOSED = "REFERRAL_CLOSED"
    MESSAGE_RECEIVED = "MESSAGE_RECEIVED"
    OFFER_SUBMITTED = "OFFER_SUBMITTED"
    OFFER_UPDATED = "OFFER_UPDATED"
    OFFER_WITHDRAWN = "OFFER_WITHDRAWN"
    OFFER_ACCEPTED = "OFFER_ACCEPTED"
    OFFER_DECLINED = "OFFER_DECLINED"
    OFFER_VOIDED = "OFFER_VOIDED"
    IPA_READY_FOR_REVIEW = "IPA_READY_FOR_REVIEW"
    IPA_UPDATED = "IPA_UPDATED"
    IPA_REVIEW_CONFIRMED = "IPA_REVIEW_CONFIRMED"
    IPA_CORRECTION_REQUESTED = "IPA_CORRECTION_REQUESTED"
    IPA_CORRECTION_ANSWERED = "IPA_CORRECTION_ANSWERED"
    IPA_READY_TO_SIGN = "IPA_READY_TO_SIGN"
    IPA_SIGNED = "IPA_SIGNED"
    IPA_REFUSED = "IPA_REFUSED"
    IPA_VOIDED = "IPA_VOIDED"
    UPLIFT_PROPOSED = "UPLIFT_PROPOSED"
    UPLIFT_AGREED = "UPLIFT_AGREED"
    UPLIFT_REFUSED = "UPLIFT_REFUSED"
    UPLIFT_WITHDRAWN = "UPLIFT_WITHDRAWN"
    DELEGATION_GIVEN = "DELEGATION_GIVEN"
    DELEGATION_REVOKED = "DELEGATION_REVOKED"
    REGISTRATION_SUBMITTED = "REGISTRATION_SUBMITTED"
    REGISTRATION_APPROVED = "REGISTRATION_APPROVED"
    REGISTRATION_REJECTED = "REGISTRATION_REJECTED"
    REGISTRATION_OPENED = "REGISTRATION_OPENED"
    DOCUMENT_EXPIRING = "DOCUMENT_EXPIRING"
    DOCUMENT_EXPIRED = "DOCUMENT_EXPIRED"
    REGISTRATION_HANDED_OVER = "REGISTRATION_HANDED_OVER"
    REGISTRATION_CHANGE_PROPOSED = "REGISTRATION_CHANGE_PROPOSED"
    REGISTRATION_CHANGE_APPROVED = "REGISTRATION_CHANGE_APPROVED"
    REGISTRATION_CHANGE_REJECTED = "REGISTRATION_CHANGE_REJECTED"
    REGISTRATION_CHANGE_WITHDRAWN = "REGISTRATION_CHANGE_WITHDRAWN"
    WORKBOOK_FAULTY = "WORKBOOK_FAULTY"
    WORKBOOK_TAKEN_IN = "WORKBOOK_TAKEN_IN"
    WORKBOOK_FAILED = "WORKBOOK_FAILED"
    ROLES_CHANGED = "ROLES_CHANGED"
    AUTHENTICATOR_RESET = "AUTHENTICATOR_RESET"
    AUTHENTICATOR_CHANGED = "AUTHENTICATOR_CHANGED"
    PASSWORD_RESET = "PASSWORD_RESET"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"
    PASSWORD_FORGOTTEN = "PASSWORD_FORGOTTEN"
    SIGN_IN_BLOCKED = "SIGN_IN_BLOCKED"
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED"
    RECOVERY_CODES_RENEWED = "RECOVERY_CODES_RENEWED"

    @property
    def sentence(self) -> str:
        return SENTENCES[self]


SENTENCES = {
    NotificationKind.REFERRAL_RECEIVED: "New referral",
    NotificationKind.REFERRAL_UPDATED: "Referral sent again",
    NotificationKind.REFERRAL_REMINDED: "Reminder: referral",
    NotificationKind.REFERRAL_CLOSED: "Referral closed",
    NotificationKind.MESSAGE_RECEIVED: "New message",
    NotificationKind.OFFER_SUBMITTED: "New offer",
    NotificationKind.OFFER_UPDATED: "Offer changed",
    NotificationKind.OFFER_WITHDRAWN: "Offer withdrawn",
    NotificationKind.OFFER_ACCEPTED: "Offer accepted",
    NotificationKind.OFFER_DECLINED: "Offer declined",
    NotificationKind.OFFER_VOIDED: "Accepted offer voided",
    NotificationKind.IPA_READY_FOR_REVIEW: "Agreement ready for review",
    NotificationKind.IPA_UPDATED: "Agreement changed",
    NotificationKind.IPA_REVIEW_CONFIRMED: "Agreement review confirmed",
    NotificationKind.IPA_CORRECTION_REQUESTED: "Correction of an agreement asked for",
    NotificationKind.IPA_CORRECTION_ANSWERED: "Correction of an agreement answered",
    NotificationKind.IPA_READY_TO_SIGN: "Agreement ready to sign",
    NotificationKind.IPA_SIGNED: "Agreement signed",
    NotificationKind.IPA_REFUSED: "Signature refused",
    NotificationKind.IPA_VOIDED: "Agreement voided",
    NotificationKind.UPLIFT_PROPOSED: "Uplift of the core fee proposed",
    NotificationKind.UPLIFT_AGREED: "Uplift of the core fee agreed",
    NotificationKind.UPLIFT_REFUSED: "Uplift of the core fee refused",
    NotificationKind.UPLIFT_WITHDRAWN: "Uplift of the core fee withdrawn",
    NotificationKind.DELEGATION_GIVEN: "Authority to sign for a colleague",
    NotificationKind.DELEGATION_REVOKED: "Authority to sign revoked",
    NotificationKind.REGISTRATION_SUBMITTED: "Registration submitted",
    NotificationKind.REGISTRATION_APPROVED: "Registration approved",
    NotificationKind.REGISTRATION_REJECTED: "Registration rejected",
    NotificationKind.REGISTRATION_OPENED: "Registration opened for editing",
    NotificationKind.DOCUMENT_EXPIRING: "A document of your profile expires within 30 days",
    NotificationKind.DOCUMENT_EXPIRED: "A document of your profile expires today or has expired",
    NotificationKind.REGISTRATION_HANDED_OVER: "Registration handed over to another authority",
    NotificationKind.REGISTRATION_CHANGE_PROPOSED: "Change of a registration waits for approval",
    NotificationKind.REGISTRATION_CHANGE_APPROVED: "Change of a registration approved",
    NotificationKind.REGISTRATION_CHANGE_REJECTED: "Change of a registration rejected",
    NotificationKind.REGISTRATION_CHANGE_WITHDRAWN: "Change of a registration withdrawn",
    NotificationKind.WORKBOOK_FAULTY: "Your registration workbook has faults",
    NotificationKind.WORKBOOK_TAKEN_IN: "Your registration workbook was taken in",
    NotificationKind.WORKBOOK_FAILED: "Your registration workbook could not be taken in",
    NotificationKind.ROLES_CHANGED: "Your roles have been changed",
    NotificationKind.AUTHENTICATOR_RESET: "An administrator has begun a new enrolment of your authenticator",
    NotificationKind.AUTHENTICATOR_CHANGED: "Your authenticator has been changed",
    NotificationKind.PASSWORD_RESET: "An administrator has given out a link for a new password of yours",
    NotificationKind.PASSWORD_CHANGED: "Your password has been changed",
    NotificationKind.PASSWORD_FORGOTTEN: "Somebody has forgotten their password",
    NotificationKind.SIGN_IN_BLOCKED: "Your account was closed to further tries after too many wrong ones",
    NotificationKind.RECOVERY_CODE_USED: "A recovery code of yours was used to sign in",
    NotificationKind.RECOVERY_CODES_RENEWED: "Your recovery codes have been renewed",
}
ENTRY, EVENT = InboxEntry.__table__, Event.__table__


def titled(notice: str, reference: str | None) -> str:
    """The notification in words: what happened, and to which reference."""
    return " ".join(filter(None, (SENTENCES[NotificationKind(notice)], reference)))


def read_one(id: UUID, *, by: Actor) -> Happened:
    """One notification read: marked when this is recorded, and for the reader's own screens alone (S-070)."""
    return _read(BELL_READ, 0, {"event": id}, by)


def read_all(up_to: int, *, by: Actor) -> Happened:
    """Every notification up to that number read, likewise."""
    return _read(BELLS_READ, up_to, {"upTo": up_to}, by)


def read_some(up_to: int, *, after: int, only: dict[str, Any], by: Actor) -> Happened:
    """Those behind one number and up to another read that are of some kinds or concern one thing, likewise."""
    return _read(BELLS_READ, 0, {"upTo": up_to, "after": after, **only}, by)


def concerned(subject_kind: str, subject_id: UUID, referral_id: UUID | None) -> UUID:
    """What a notification is grouped by beside its kind: its referral, or what bears a reference of its own."""
    return referral_id if referral_id and subject_kind in ("REFERRAL", "THREAD", "OFFER") else subject_id


def _read(kind: str, version: int, facts: dict[str, Any], by: Actor) -> Happened:
    me = by.viewer.person_id
    return Happened(
        kind=kind, stream=me, subject_kind="PERSON", subject_id=me, version=version, facts=facts,
        tells=(Told(person=me),),
    )  # fmt: skip


class Notification(Base):
    """An inbox entry read together with its event."""

    __table__ = ENTRY.join(EVENT, ENTRY.c.event_id == EVENT.c.id)

    id = column_property(EVENT.c.id, ENTRY.c.event_id)
    if TYPE_CHECKING:
        no: Any
        notice: Any
        concerns: Any
        referral_id: Any
        subject_id: Any
        read_at: Any

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return InboxEntry.listed(row, me.person_id)

    @shown
    def title(row: Any, me: Any) -> Any:
        """The same words as `titled`, worked out in the database."""
        words = case(*[(row.notice == kind.value, literal(text)) for kind, text in SENTENCES.items()])
        return func.concat_ws(" ", words, row.reference)

    @shown
    def offer_changes_since(row: Any, me: Any) -> Any:
        """The version before the changes of an offer that a bell was rung for: what came since is told by it too."""
        return case((row.notice == NotificationKind.OFFER_UPDATED.value, row.version - 1))

    @shown
    def offer_changes(row: Any, me: Any) -> Any:
        """From that version to the present one, the whole burst and whatever followed it."""
        changes = changes_since(row.subject_id, row.version - 1)
        return case((row.notice == NotificationKind.OFFER_UPDATED.value, changes))

    @shown
    def ipa_changes_since(row: Any, me: Any) -> Any:
        """The version before the edit of an agreement that a bell was rung for."""
        return case((row.notice == NotificationKind.IPA_UPDATED.value, row.version - 1))

    @shown
    def ipa_changes(row: Any, me: Any) -> Any:
        """From that version to the present one, as far as the viewer may know of it."""
        changes = ipa_changes_since(row.subject_id, row.version - 1)
        return case((row.notice == NotificationKind.IPA_UPDATED.value, changes))
