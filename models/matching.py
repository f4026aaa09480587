"""Who receives a referral: one set-based statement over what providers are registered to give (S-039, S-041)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, Select, Update, and_, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import Insert, distinct_on, insert

from models.care import RegisteredCare
from models.delivery import Delivery, DeliveryStatus
from models.event import Happened, Told
from models.lifecycle import PROVIDER_STAFF
from models.message import Thread
from models.offer import Offer
from models.provider import Category, Gender
from models.referral import Referral
from models.referral_sent import ReferralDocument

APPROVAL = 4102_2026


class Wanted:
    """What a placement must offer: a category and, for every child of the group, age and gender.

    A child whose gender is other or not stated is matched by homes registered for both girls and boys (S-039).
    """

    def __init__(self, category: Category, ages: Sequence[tuple[int, int]], genders: Sequence[Gender | None]) -> None:
        self.category = category
        self.youngest = min(years for years, _ in ages)
        self.oldest = max(years for years, _ in ages)
        both = {Gender.FEMALE, Gender.MALE}
        self.genders = sorted(both if set(genders) - both else both & set(genders))

    def suits(self, care: Any) -> ColumnElement[bool]:
        """Whether one registered home, service or agency can take every child of the referral."""
        return and_(
            care.category == self.category,
            care.age_from <= self.youngest,
            care.age_to >= self.oldest,
            care.genders.contains([g.value for g in self.genders]),
        )

    def providers(self) -> Any:
        """Approved providers that match by approved care, each once, with the care by which they do (S-007, S-042)."""
        return (
            select(RegisteredCare.provider_id, RegisteredCare.id)
            .where(RegisteredCare.approved(RegisteredCare), self.suits(RegisteredCare))
            .ext(distinct_on(RegisteredCare.provider_id))
            .order_by(RegisteredCare.provider_id, RegisteredCare.id)
        )


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


def arrived(late: Any, provider_id: UUID) -> Happened:
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
        tells=(Told((provider_id,), tuple(sorted(PROVIDER_STAFF.roles)), notice="REFERRAL_RECEIVED"),),
    )


def deliver(referral: Referral, wanted: Wanted, at: datetime) -> tuple[Executable, Executable]:
    """Deliver the newest revision to everybody who matches now: new for all of them, decliners included (S-059).

    A provider whose offer is live keeps its place, also when it matches no longer; only its revision moves.
    """
    matched = wanted.providers().subquery()
    rows = select(
        func.gen_random_uuid(),
        literal(referral.id),
        literal(referral.la_id),
        matched.c.provider_id,
        literal(referral.reference),
        literal(DeliveryStatus.NEW.value),
        literal(1),
        literal(referral.revision),
        literal(at),
        matched.c.id,
    )
    columns = [
        "id", "referral_id", "la_id", "provider_id", "reference", "status", "version", "revision", "delivered_at",
        "matched_care_id",
    ]  # fmt: skip
    made = insert(Delivery).from_select(columns, rows)
    again = made.on_conflict_do_update(
        index_elements=["referral_id", "provider_id"],
        set_={
            "status": case((Delivery.status == DeliveryStatus.OFFERED, Delivery.status), else_=made.excluded.status),
            "version": Delivery.version + 1,
            "revision": made.excluded.revision,
            "delivered_at": made.excluded.delivered_at,
            "matched_care_id": made.excluded.matched_care_id,
            **dict.fromkeys(("declined_at", "declined_by", "decline_reason", "decline_note", "withdrawn_at")),
        },
    )
    kept = update(Delivery).where(_here(referral), Delivery.revision < referral.revision)
    return again, kept.values(revision=referral.revision, delivered_at=at, version=Delivery.version + 1)


def withdraw_from_others(referral: Referral, matched: Sequence[UUID], at: datetime) -> Update:
    """Who no longer matches a new revision stops seeing the referral, unless it has or had an offer on it (S-060)."""
    offered = select(Offer.id).where(Offer.referral_id == referral.id, Offer.provider_id == Delivery.provider_id)
    others = and_(Delivery.provider_id.not_in(matched), Delivery.status != DeliveryStatus.OFFERED, ~offered.exists())
    return update(Delivery).where(_here(referral), others).values(withdrawn_at=at, version=Delivery.version + 1)


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


def release(referral: Referral) -> tuple[Update, Update]:
    """With a revision go the documents attached since, and what was taken off goes from providers."""
    paper = update(ReferralDocument).where(ReferralDocument.referral_id == referral.id)
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
