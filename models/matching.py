"""Who receives a referral: one set-based statement over what providers are registered to give (S-039, S-041)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Update, and_, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import Insert, insert

from models.delivery import Delivery, DeliveryStatus
from models.message import Thread
from models.provider import Category, Gender, Provider, RegisteredCare
from models.referral import Referral


class Wanted:
    """What a placement must offer: a category and, for every child of the group, age and gender.

    A child whose gender is other or not stated is matched by homes registered for both girls and boys (S-039).
    """

    def __init__(self, category: Category, ages: Sequence[tuple[int, int]], genders: Sequence[Gender | None]) -> None:
        self.category = category
        self.youngest = min(years for years, _ in ages)
        self.oldest = max(years for years, _ in ages)
        both = {Gender.FEMALE, Gender.MALE}
        self.genders = sorted({g for gender in genders for g in ({gender} if gender in both else both) if g})

    def suits(self, care: Any) -> ColumnElement[bool]:
        """Whether one registered home, service or agency can take every child of the referral."""
        return and_(
            care.category == self.category,
            care.age_from <= self.youngest,
            care.age_to >= self.oldest,
            care.genders.contains([g.value for g in self.genders]),
        )

    def providers(self) -> Select[tuple[UUID, UUID]]:
        """Approved providers that match, each once, with the registered care by which they do."""
        return (
            select(RegisteredCare.provider_id, RegisteredCare.id)
            .join(Provider, Provider.id == RegisteredCare.provider_id)
            .where(Provider.effective_since.is_not(None), self.suits(RegisteredCare))
            .distinct(RegisteredCare.provider_id)
            .order_by(RegisteredCare.provider_id, RegisteredCare.id)
        )


def deliver(referral: Referral, wanted: Wanted, revision: int, at: datetime) -> Any:
    """Deliver a revision to everybody who matches now: new for all of them, decliners included (S-059).

    A provider whose offer is live keeps its place; only its revision moves. Returns the providers reached.
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
        literal(revision),
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
    return again.returning(Delivery.provider_id)


def withdraw_from_others(referral: Referral, wanted: Wanted, at: datetime) -> Update:
    """Who no longer matches a new revision stops seeing the referral, unless it holds an offer (S-060)."""
    matched = wanted.providers().with_only_columns(RegisteredCare.provider_id)
    return (
        update(Delivery)
        .where(
            Delivery.referral_id == referral.id,
            Delivery.status != DeliveryStatus.OFFERED,
            Delivery.withdrawn_at.is_(None),
            Delivery.provider_id.not_in(matched.order_by(None).distinct().scalar_subquery()),
        )
        .values(withdrawn_at=at)
    )


def reminded(referral: Referral) -> Select[tuple[UUID]]:
    """Whom an unchanged resend reminds: everybody who has it and has not declined (S-058)."""
    return select(Delivery.provider_id).where(
        Delivery.referral_id == referral.id,
        Delivery.status != DeliveryStatus.DECLINED,
        Delivery.withdrawn_at.is_(None),
    )


def open_threads(referral: Referral) -> Insert:
    """A conversation for every delivery, open from the day it arrives (S-064)."""
    rows = select(func.gen_random_uuid(), Delivery.referral_id, Delivery.la_id, Delivery.provider_id, literal(0)).where(
        Delivery.referral_id == referral.id
    )
    made = insert(Thread).from_select(["id", "referral_id", "la_id", "provider_id", "head"], rows)
    return made.on_conflict_do_nothing()
