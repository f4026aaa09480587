"""Who receives a referral: one set-based statement over what providers are registered to give (S-039, S-041)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Update, and_, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.sql.dml import ReturningInsert

from models.age import london_day
from models.delivery import Delivery, DeliveryStatus
from models.event import WITHDRAWING, Happened, Told
from models.lifecycle import PROVIDER_STAFF
from models.looking import at_authority
from models.message import Thread
from models.offer import Offer
from models.referral import Referral
from models.referral_sent import ReferralDocument
from models.wanted import Wanted

APPROVAL = 4102_2026
HELD = ("referral_id", "provider_id")


def before_sending() -> Select[Any]:
    """Hold approvals off until a sending is over: nobody is missed by both. Taken before any record is held."""
    return select(func.pg_advisory_xact_lock_shared(APPROVAL))


def before_approval() -> Select[Any]:
    """Hold sendings off until an approval is over. Taken before any record is held."""
    return select(func.pg_advisory_xact_lock(APPROVAL))


def deliver_open(provider_id: UUID, at: datetime) -> Select[Any]:
    """Deliver every open referral, as it was last sent, to a provider that has just been approved (S-041)."""
    made = func.portal_deliver_open(provider_id, at).table_valued("case_id", "authority", "spoken", "sent")
    return select(made.c.case_id, made.c.authority, made.c.spoken, made.c.sent)


@dataclass(frozen=True)
class Late:
    """A referral that a provider receives after its sending."""

    case_id: UUID
    authority: UUID
    spoken: str
    sent: int


def arrived(late: Late | Any, provider_id: UUID) -> Happened:
    """What the staff of a provider approved after the sending are told of one such referral."""
    return Happened(
        kind="referral.deliver",
        stream=late.case_id,
        subject_kind=Referral.subject,
        subject_id=late.case_id,
        version=late.sent,
        referral_id=late.case_id,
        reference=late.spoken,
        la_id=late.authority,
        provider_id=provider_id,
        facts={"revision": late.sent},
        tells=(
            Told((provider_id,), tuple(sorted(PROVIDER_STAFF.roles)), notice="REFERRAL_RECEIVED"),
            *at_authority(late.authority),
        ),
    )


def withdrawn(referral: Referral, providers: Sequence[UUID]) -> Happened:
    """What a provider's people are told when it no longer matches: only that what they were told of is gone (S-060)."""
    return Happened(
        kind=WITHDRAWING,
        stream=referral.id,
        subject_kind=Referral.subject,
        subject_id=referral.id,
        version=referral.version,
        referral_id=referral.id,
        reference=referral.reference,
        la_id=referral.la_id,
        facts={"recipients": len(providers)},
        tells=(Told(tuple(providers), everybody=True),),
    )


def deliver(referral: Referral, wanted: Wanted, at: datetime) -> ReturningInsert[Any]:
    """Deliver the next revision to everybody who matches now: new for all of them, decliners included (S-059).

    With each goes the reason of its match. A provider whose offer is live keeps its place. Gives whom it reached.
    """
    made = _delivering(referral, wanted, referral.revision + 1, at)
    again = made.on_conflict_do_update(
        index_elements=HELD,
        set_={
            "status": case((Delivery.status == DeliveryStatus.OFFERED, Delivery.status), else_=made.excluded.status),
            **_afresh(made),
            "first_revision": case(
                (Delivery.withdrawn_at.is_(None), Delivery.first_revision), else_=made.excluded.first_revision
            ),
        },
    )
    return again.returning(Delivery.provider_id)


def deliver_reopened(referral: Referral, wanted: Wanted, at: datetime) -> ReturningInsert[Any]:
    """Deliver a referral whose search is open again, as it was last sent, to who matches by now and has it not.

    Whoever was approved while it was placed receives it so, as others at their approval (S-041). Gives whom it reached.
    """
    made = _delivering(referral, wanted, referral.revision, at)
    again = made.on_conflict_do_update(
        index_elements=HELD,
        set_={**_afresh(made), **{name: made.excluded[name] for name in ("status", "first_revision")}},
        where=Delivery.withdrawn_at.is_not(None),
    )
    return again.returning(Delivery.provider_id)


def _delivering(referral: Referral, wanted: Wanted, revision: int, at: datetime) -> Insert:
    matched = wanted.matched(london_day(at)).subquery("matched")
    rows = select(
        func.gen_random_uuid(),
        literal(referral.id),
        literal(referral.la_id),
        matched.c.provider_id,
        literal(referral.reference),
        literal(DeliveryStatus.NEW.value),
        literal(1),
        literal(revision),
        literal(revision),
        literal(at),
        matched.c.care_id,
        matched.c.reason,
    )
    columns = [
        "id", "referral_id", "la_id", "provider_id", "reference", "status", "version", "revision", "first_revision",
        "delivered_at", "matched_care_id", "match_reason",
    ]  # fmt: skip
    return insert(Delivery).from_select(columns, rows)


def _afresh(made: Insert) -> dict[str, Any]:
    """What every delivery that comes again takes from the new one, and what of the old one is over."""
    same = ("revision", "delivered_at", "matched_care_id", "match_reason")
    over = ("declined_at", "declined_by", "decline_reason", "decline_note", "withdrawn_at")
    return {"version": Delivery.version + 1, **{name: made.excluded[name] for name in same}, **dict.fromkeys(over)}


def pass_by(referral: Referral, at: datetime) -> tuple[Update, Update]:
    """Who no longer matches the next revision stops seeing the referral; who has or had an offer on it does not.

    Such a provider gets the revision too, and keeps the reason for which the referral once reached it (S-060).
    """
    offered = select(Offer.id).where(Offer.referral_id == referral.id, Offer.provider_id == Delivery.provider_id)
    passed = update(Delivery).where(_here(referral), Delivery.revision <= referral.revision)
    without = passed.where(Delivery.status != DeliveryStatus.OFFERED, ~offered.exists())
    following = {"revision": referral.revision + 1, "delivered_at": at}
    return (
        without.values(withdrawn_at=at, version=Delivery.version + 1),
        passed.values(**following, version=Delivery.version + 1),
    )


def reached(referral: Referral) -> Select[Any]:
    """Everybody who has the referral."""
    return select(Delivery.provider_id).where(_here(referral))


def reminded(referral: Referral) -> Select[Any]:
    """Whom an unchanged resend reminds: everybody who has it and has not declined (S-058)."""
    return reached(referral).where(Delivery.status != DeliveryStatus.DECLINED)


def _here(referral: Referral) -> ColumnElement[bool]:
    return and_(Delivery.referral_id == referral.id, Delivery.withdrawn_at.is_(None))


def open_threads(referral: Referral) -> Insert:
    """A conversation for every delivery, open from the day it arrives (S-064)."""
    rows = select(func.gen_random_uuid(), Delivery.referral_id, Delivery.la_id, Delivery.provider_id, literal(0)).where(
        _here(referral)
    )
    made = insert(Thread).from_select(["id", "referral_id", "la_id", "provider_id", "head"], rows)
    return made.on_conflict_do_nothing()


def release(referral: Referral, *, withheld: bool = False) -> tuple[Update, Update]:
    """With a revision go the documents attached since, and what was taken off goes from providers.

    With a reminder, which is no revision, go those alone that name the child: no provider sees them before it has an
    agreement, and then it shall have the latest.
    """
    paper = update(ReferralDocument).where(ReferralDocument.referral_id == referral.id)
    paper = paper.where(ReferralDocument.identifies_child) if withheld else paper
    fresh = (ReferralDocument.sent_in.is_(None), ReferralDocument.removed_at.is_(None))
    gone = (
        ReferralDocument.sent_in.is_not(None),
        ReferralDocument.dropped_in.is_(None),
        ReferralDocument.removed_at.is_not(None),
    )
    return (
        paper.where(*fresh).values(sent_in=referral.revision),
        paper.where(*gone).values(dropped_in=referral.revision),
    )
