"""Notifications put together by their kind and what they concern: worked out when asked for, kept nowhere (S-119)."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, case, false, func, literal, literal_column, select, true, union_all
from sqlalchemy.util import immutabledict

from models.base import Base, shown
from models.event import Event, InboxEntry
from models.notification import NotificationKind

WORDS: dict[NotificationKind, tuple[str, str]] = {
    NotificationKind.REFERRAL_RECEIVED: ("new referral", "new referrals"),
    NotificationKind.REFERRAL_UPDATED: ("change", "changes"),
    NotificationKind.REFERRAL_REMINDED: ("reminder", "reminders"),
    NotificationKind.REFERRAL_CLOSED: ("closing", "closings"),
    NotificationKind.MESSAGE_RECEIVED: ("new message", "new messages"),
    NotificationKind.OFFER_SUBMITTED: ("new offer", "new offers"),
    NotificationKind.OFFER_UPDATED: ("change of an offer", "changes of offers"),
    NotificationKind.OFFER_WITHDRAWN: ("withdrawn offer", "withdrawn offers"),
    NotificationKind.OFFER_ACCEPTED: ("accepted offer", "accepted offers"),
    NotificationKind.OFFER_DECLINED: ("declined offer", "declined offers"),
    NotificationKind.OFFER_VOIDED: ("voided offer", "voided offers"),
    NotificationKind.IPA_READY_FOR_REVIEW: ("request for review", "requests for review"),
    NotificationKind.IPA_UPDATED: ("change", "changes"),
    NotificationKind.IPA_REVIEW_CONFIRMED: ("confirmed review", "confirmed reviews"),
    NotificationKind.IPA_CORRECTION_REQUESTED: ("correction asked for", "corrections asked for"),
    NotificationKind.IPA_CORRECTION_ANSWERED: ("correction answered", "corrections answered"),
    NotificationKind.IPA_READY_TO_SIGN: ("request to sign", "requests to sign"),
    NotificationKind.IPA_SIGNED: ("new signature", "new signatures"),
    NotificationKind.IPA_REFUSED: ("refused signature", "refused signatures"),
    NotificationKind.IPA_VOIDED: ("voiding", "voidings"),
    NotificationKind.UPLIFT_PROPOSED: ("proposal", "proposals"),
    NotificationKind.UPLIFT_AGREED: ("agreement to an uplift", "agreements to uplifts"),
    NotificationKind.UPLIFT_REFUSED: ("refusal of an uplift", "refusals of uplifts"),
    NotificationKind.UPLIFT_WITHDRAWN: ("withdrawal of an uplift", "withdrawals of uplifts"),
    NotificationKind.DELEGATION_GIVEN: ("authority to sign given", "authorities to sign given"),
    NotificationKind.DELEGATION_REVOKED: ("authority to sign revoked", "authorities to sign revoked"),
    NotificationKind.REGISTRATION_SUBMITTED: ("submission of a registration", "submissions of a registration"),
    NotificationKind.REGISTRATION_APPROVED: ("approval of a registration", "approvals of a registration"),
    NotificationKind.REGISTRATION_REJECTED: ("rejection of a registration", "rejections of a registration"),
    NotificationKind.REGISTRATION_OPENED: ("opening of a registration", "openings of a registration"),
    NotificationKind.DOCUMENT_EXPIRING: ("warning that a document expires", "warnings that a document expires"),
    NotificationKind.DOCUMENT_EXPIRED: ("warning that a document has expired", "warnings that a document has expired"),
    NotificationKind.REGISTRATION_HANDED_OVER: ("hand-over of a registration", "hand-overs of a registration"),
    NotificationKind.REGISTRATION_CHANGE_PROPOSED: ("change of a registration", "changes of a registration"),
    NotificationKind.REGISTRATION_CHANGE_APPROVED: ("approved change", "approved changes"),
    NotificationKind.REGISTRATION_CHANGE_REJECTED: ("rejected change", "rejected changes"),
    NotificationKind.REGISTRATION_CHANGE_WITHDRAWN: ("withdrawn change", "withdrawn changes"),
    NotificationKind.WORKBOOK_FAULTY: ("workbook with faults", "workbooks with faults"),
    NotificationKind.WORKBOOK_TAKEN_IN: ("workbook taken in", "workbooks taken in"),
    NotificationKind.WORKBOOK_FAILED: ("workbook not taken in", "workbooks not taken in"),
    NotificationKind.ROLES_CHANGED: ("change of your roles", "changes of your roles"),
    NotificationKind.AUTHENTICATOR_RESET: ("reset of your authenticator", "resets of your authenticator"),
    NotificationKind.AUTHENTICATOR_CHANGED: ("change of your authenticator", "changes of your authenticator"),
    NotificationKind.PASSWORD_RESET: ("reset of your password", "resets of your password"),
    NotificationKind.PASSWORD_CHANGED: ("change of your password", "changes of your password"),
    NotificationKind.PASSWORD_FORGOTTEN: ("forgotten password", "forgotten passwords"),
    NotificationKind.SIGN_IN_BLOCKED: ("closing of your account", "closings of your account"),
    NotificationKind.RECOVERY_CODE_USED: ("recovery code used", "recovery codes used"),
    NotificationKind.RECOVERY_CODES_RENEWED: ("renewal of your recovery codes", "renewals of your recovery codes"),
}
"""Of every kind, what one of it is called in a group and what several are."""

EACH = InboxEntry.__table__.alias("each")
UNREAD, READ = EACH.c.read_at.is_(None), EACH.c.read_at.is_not(None)
NEWEST = InboxEntry.__table__.alias("newest")
TOLD = Event.__table__.alias("told")


def _listed() -> Any:
    """Everything in lists: what is unread by the one index, by the other what was read."""
    each, listed = (EACH.c.person_id, EACH.c.notice, EACH.c.concerns, EACH.c.no), InboxEntry.in_lists(EACH.c)
    unread = select(*each, true().label("unread")).where(listed, UNREAD)
    return union_all(unread, select(*each, false().label("unread")).where(listed, READ)).subquery("listed")


def _groups() -> Any:
    """One pass over a person's part of each index of what is listed, then the newest of each group that is shown.

    Whether it may be seen is the same for all of a group, so the newest answers for it: events about one referral, or
    about one thing that has a reference of its own, are told to an organisation or withdrawn from it together.
    """
    listed = _listed().c
    key = (listed.person_id, listed.notice, listed.concerns)
    counted = (
        select(
            *key,
            func.count().label("count"),
            func.count().filter(listed.unread).label("unread"),
            func.max(listed.no).label("newest_no"),
            func.min(listed.no).label("oldest_no"),
        )
        .group_by(*key)
        .subquery("counted")
    )
    on = (NEWEST.c.person_id == counted.c.person_id) & (NEWEST.c.no == counted.c.newest_no)
    rows = counted.join(NEWEST, on).join(TOLD, TOLD.c.id == NEWEST.c.event_id)
    of_newest = (
        TOLD.c.id, TOLD.c.subject_kind, TOLD.c.subject_id, TOLD.c.referral_id, TOLD.c.reference,
        TOLD.c.at.label("newest_at"),
    )  # fmt: skip
    return select(*counted.c, *of_newest).select_from(rows).subquery("notification_group")


GROUPS = _groups()


class NotificationGroup(Base):
    """All notifications of one kind in a person's list that concern one thing; `id` is the newest one's."""

    __table__ = GROUPS
    __mapper_args__ = immutabledict({"primary_key": [GROUPS.c.id]})

    if TYPE_CHECKING:
        id: Any
        notice: Any
        concerns: Any
        referral_id: Any
        newest_no: Any
        count: Any
        unread: Any

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return row.person_id == me.person_id  # type: ignore[no-any-return]

    @staticmethod
    def unread_visible_to(me: Any) -> Select[Any]:
        """Kind by kind and thing by thing, how many are unread, as `many`: one look at an event for each of those."""
        each = InboxEntry.listed(EACH.c, me.person_id) & UNREAD
        counts = func.count().label("many"), func.max(EACH.c.no).label("newest_no")
        counted = select(EACH.c.notice, *counts).where(each).group_by(EACH.c.notice, EACH.c.concerns).subquery()
        on = (NEWEST.c.person_id == me.person_id) & (NEWEST.c.no == counted.c.newest_no)
        rows = counted.join(NEWEST, on).join(TOLD, TOLD.c.id == NEWEST.c.event_id)
        return select(counted.c.notice, counted.c.many).select_from(rows)

    @shown
    def title(row: Any, me: Any) -> Any:
        """How many of what, on which reference: "3 new messages on WM-7KD4-RES"."""
        words = case(*[(row.notice == kind.value, _counted(row, *forms)) for kind, forms in WORDS.items()])
        return func.concat_ws(" on ", words, row.reference)

    @shown
    def oldest_at(row: Any, me: Any) -> Any:
        entry, told = InboxEntry.__table__.alias("oldest"), Event.__table__.alias("first_told")
        of = (entry.c.person_id == row.person_id) & (entry.c.no == row.oldest_no)
        return select(told.c.at).join(entry, entry.c.event_id == told.c.id).where(of).scalar_subquery()


def _counted(row: Any, one: str, many: str) -> Any:
    words = case((row.count == literal_column("1"), literal(one)), else_=literal(many))
    return func.concat_ws(" ", row.count, words)
