"""What a signed-in person sees of themselves: who they are here, and what waits for them (S-052)."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, cast, func, literal, literal_column, select, true
from sqlalchemy.orm import Mapped, relationship

from models.base import Base, shown
from models.credential import RecoveryCode
from models.deadline import due_today, overdue
from models.delivery import Delivery, DeliveryStatus
from models.document import Document, DocumentState
from models.ipa import Ipa
from models.ipa_worklist import IpaAwaits, awaits, to_review
from models.lifecycle import PLACEMENT_TEAM, PROVIDER_STAFF, REGISTRATION_TEAM, Role, Side
from models.message import Message, Thread, ThreadRead, joined, news
from models.notification_group import NotificationGroup
from models.offer import Offer, OfferStatus
from models.organisation import Organisation
from models.person import APPROVERS, AccountStatus, Person
from models.provider import Provider
from models.referral import Referral, ReferralStatus
from models.registration import RegistrationStatus
from models.registration_change import ChangeStatus, RegistrationChange
from models.session import Session
from models.uplift import Uplift

SESSION, PERSON = Session.__table__, Person.__table__
MOST_COUNTED: Any = literal_column("1000")
UNANSWERED: Any = literal_column(f"'{{{DeliveryStatus.NEW}, {DeliveryStatus.OPENED}}}'::text[]")


class SignedIn(Base):
    """The session that asks."""

    __table__ = SESSION

    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    organisation: Mapped[Organisation] = relationship(
        secondary=PERSON,
        primaryjoin=SESSION.c.person_id == PERSON.c.id,
        secondaryjoin=PERSON.c.organisation_id == Organisation.id,
        lazy="raise",
        viewonly=True,
    )
    pending: Mapped["Pending"] = relationship(lazy="raise", viewonly=True)

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(SESSION.c.id == me.session_id)

    @shown
    def name(row: Any, me: Any) -> Any:
        return select(Person.name).where(Person.id == row.person_id).scalar_subquery()

    @shown
    def roles(row: Any, me: Any) -> Any:
        return select(Person.roles).where(Person.id == row.person_id).scalar_subquery()

    @shown
    def recovery_codes_left(row: Any, me: Any) -> Any:
        left = (RecoveryCode.person_id == row.person_id) & RecoveryCode.spent_at.is_(None)
        return select(func.count()).select_from(RecoveryCode).where(left).scalar_subquery()

    @shown
    def session_expires_at(row: Any, me: Any) -> Any:
        return row.expires_at


class Pending(Base):
    """What waits for a person: each number is counted where it is asked for, and is 0 where it cannot be theirs."""

    __table__ = PERSON

    @shown
    def new_referrals(row: Any, me: Any) -> Any:
        """Received and not opened by anybody of the provider, while the search goes on."""
        return _waiting(me, Delivery.status == DeliveryStatus.NEW) if _deals(me) else literal(0)

    @shown
    def due_today(row: Any, me: Any) -> Any:
        """The authority's own searches and a provider's unanswered referrals to be seen to today."""
        return _deadlines(due_today, me)

    @shown
    def overdue(row: Any, me: Any) -> Any:
        """Those whose day has passed; nothing follows from that but that they are shown (S-048)."""
        return _deadlines(overdue, me)

    @shown
    def unread_messages(row: Any, me: Any) -> Any:
        """Of the other side, unread by this person (S-069): conversations first, messages of those with news alone.

        Counted up to a thousand, so that it costs nobody more who has left them lie for years.
        """
        if me.side is Side.REGION or me.sign_only:
            return literal(0)
        mine = and_(ThreadRead.thread_id == Thread.id, ThreadRead.person_id == me.person_id)
        read = func.coalesce(ThreadRead.last_read_no, 0)
        begun = and_(Thread.scope(Thread, me), Thread.spoken(), Thread.newest_at >= joined(me), Thread.head > read)
        threads = select(Thread.id, read.label("read")).outerjoin(ThreadRead, mine).where(begun)
        lately = threads.offset(literal_column("0")).subquery()
        newer = and_(Message.thread_id == lately.c.id, news(Message, lately.c.read, me))
        each = select(Message.no).where(newer).offset(literal_column("0")).correlate(lately).lateral()
        counted = select(each.c.no).select_from(lately.join(each, true())).limit(MOST_COUNTED).subquery()
        return select(func.count()).select_from(counted).scalar_subquery()

    @shown
    def offers_awaiting(row: Any, me: Any) -> Any:
        """Submitted and not decided on, for the authority."""
        if not _places(me):
            return literal(0)
        return _count(Offer, me, Offer.status == OfferStatus.SUBMITTED)

    @shown
    def ipas_to_review(row: Any, me: Any) -> Any:
        """Shared for review, and neither confirmed since its last change nor waiting for a correction (S-105)."""
        if me.side is not Side.PROVIDER or me.sign_only:
            return literal(0)
        return _count(Ipa, me, to_review(Ipa))

    @shown
    def ipas_to_correct(row: Any, me: Any) -> Any:
        """In review, with a correction that the provider asked for and nobody has answered (S-105)."""
        return _count(Ipa, me, awaits(IpaAwaits.AUTHORITY_CORRECTION, Ipa, me)) if _places(me) else literal(0)

    @shown
    def ipas_to_enable(row: Any, me: Any) -> Any:
        """Reviewed by the provider as they stand (S-106)."""
        return _count(Ipa, me, awaits(IpaAwaits.ENABLING, Ipa, me)) if _places(me) else literal(0)

    @shown
    def ipas_to_sign(row: Any, me: Any) -> Any:
        """Ready and not signed by the viewer's party, for its signatories and whom they authorised (S-113, S-033)."""
        return literal(0) if me.side is Side.REGION else _count(Ipa, me, Ipa.awaits(Ipa, me))

    @shown
    def uplifts_to_answer(row: Any, me: Any) -> Any:
        """Proposed by the other side of a signed agreement, for those who may answer it (S-090)."""
        if not any(who.includes(me.side, me.roles) for who in (PLACEMENT_TEAM, PROVIDER_STAFF)):
            return literal(0)
        return _count(Uplift, me, Uplift.awaits(Uplift, me))

    @shown
    def unread_notifications(row: Any, me: Any) -> Any:
        """Of those in the list: what the viewer may no longer see is in neither."""
        each = NotificationGroup.unread_visible_to(me).subquery()
        return select(cast(func.coalesce(func.sum(each.c.many), 0), BigInteger)).scalar_subquery()

    @shown
    def registrations_awaiting(row: Any, me: Any) -> Any:
        """Submitted, for those who decide on them (S-018)."""
        waiting = Provider.status == RegistrationStatus.PENDING_APPROVAL
        if me.side is Side.REGION:
            return _count(Provider, me, waiting)
        if not REGISTRATION_TEAM.includes(me.side, me.roles):
            return literal(0)
        return _count(Provider, me, waiting & (Provider.managing_la_id == me.organisation_id))

    @shown
    def registration_changes_awaiting(row: Any, me: Any) -> Any:
        """Proposed by providers, for those who decide on their registrations (S-018)."""
        if me.side is not Side.REGION and not REGISTRATION_TEAM.includes(me.side, me.roles):
            return literal(0)
        return _count(RegistrationChange, me, RegistrationChange.status == ChangeStatus.PENDING)

    @shown
    def accounts_awaiting(row: Any, me: Any) -> Any:
        """Asked for, for those who approve them (S-024)."""
        if not any(who.includes(me.side, me.roles) for who in APPROVERS):
            return literal(0)
        waiting = Person.status == AccountStatus.REQUESTED
        if me.side is Side.LOCAL_AUTHORITY and Role.ADMINISTRATOR not in me.roles:
            waiting &= Person.organisation_id != me.organisation_id
        return _count(Person, me, waiting)

    @shown
    def expiring_documents(row: Any, me: Any) -> Any:
        """Of the viewer's organisation, with fewer than thirty days left or none (S-084)."""
        if me.side is not Side.PROVIDER or me.sign_only:
            return literal(0)
        kept = (Document.state == DocumentState.READY) & Document.replaced_at.is_(None)
        mine = (Document.organisation_id == me.organisation_id) & Document.expiring_soon(Document, me)
        return _count(Document, me, kept & mine)


def _places(me: Any) -> bool:
    return PLACEMENT_TEAM.includes(me.side, me.roles)


def _deals(me: Any) -> bool:
    return me.side is Side.PROVIDER and not me.sign_only


def _waiting(me: Any, condition: Any) -> Any:
    """How many of the provider's deliveries, while their search goes on: from one index, without the referrals."""
    return _count(Delivery, me, Delivery.searching & Delivery.withdrawn_at.is_(None) & condition)


def _deadlines(which: Any, me: Any) -> Any:
    if me.side is Side.LOCAL_AUTHORITY:
        sought = (Referral.status == ReferralStatus.SENT) & ~Referral.accepted
        return _count(Referral, me, sought & which(Referral.response_deadline, me))
    if not _deals(me):
        return literal(0)
    return _waiting(me, (Delivery.status == func.any(UNANSWERED)) & which(Delivery.response_deadline, me))


def _count(kind: Any, me: Any, condition: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(kind).where(kind.scope(kind, me), condition).scalar_subquery()
