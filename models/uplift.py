"""Uplifts of the core fee after signature: proposed by one side, agreed by the other; the agreement stays as it is."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from models.base import Base, Identified, coded, shown
from models.event import Actor, Told
from models.ipa_fee import Charged
from models.lifecycle import PLACEMENT_TEAM, PROVIDER_STAFF, Audience, Lifecycle, Role, Rule, Side, rule
from models.record import Governed, within
from models.refusal import Code, Refused, reason_given
from models.uplift_asked import Asked, timely

if TYPE_CHECKING:
    from models.ipa import Ipa


class UpliftStatus(StrEnum):
    PROPOSED = "PROPOSED"
    AGREED = "AGREED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    ENDED = "ENDED"


PROPOSED, AGREED, REFUSED, WITHDRAWN, ENDED = UpliftStatus
WHERE = ("input", "effectiveFrom")
NOT_SIGNED = "The core fee is fixed. An uplift can be proposed once both parties have signed the agreement."
BOTH_WAYS = (
    (PLACEMENT_TEAM, "authority_proposed", "provider_proposed", Audience.PROVIDER),
    (PROVIDER_STAFF, "provider_proposed", "authority_proposed", Audience.AUTHORITY),
)
"""Who acts, what they proposed themselves, what the other side did, and who that is."""
WRONG_SIDE = "The {0} has proposed this uplift: the other side agrees to it or refuses it, and the {0} can withdraw it."
LIFECYCLE = Lifecycle(
    (
        *(rule("create", by=who, when=[PROPOSED], tells=other, notice="UPLIFT_PROPOSED")
          for who, _, _, other in BOTH_WAYS),
        *(rule("agree", by=who, when=[PROPOSED], then=AGREED, unless=own, tells=other, notice="UPLIFT_AGREED")
          for who, own, _, other in BOTH_WAYS),
        *(rule("refuse", by=who, when=[PROPOSED], then=REFUSED, unless=own, tells=other, notice="UPLIFT_REFUSED")
          for who, own, _, other in BOTH_WAYS),
        *(rule("withdraw", by=who, when=[PROPOSED], then=WITHDRAWN, unless=others, tells=other,
               notice="UPLIFT_WITHDRAWN") for who, _, others, other in BOTH_WAYS),
        rule("end", by=(), when=[PROPOSED], then=ENDED, tells=[Audience.AUTHORITY, Audience.PROVIDER]),
    ),
    start=PROPOSED,
    frozen=frozenset(UpliftStatus),
    locked=Code.UPLIFT_CLOSED,
    free=("status", "version", "closed_at", "closed_by_id", "closed_by_name", "refuse_reason", "updated_at"),
    because={
        f"{side}_proposed": (Code.OTHER_SIDE_DECIDES, WRONG_SIDE.format(side)) for side in ("authority", "provider")
    },
)  # fmt: skip


class Uplift(Governed[UpliftStatus], Identified, Base):
    """A rise of one agreement's core fee from a day on. Nothing of a proposal changes; what is agreed stands for good.

    At most one is open at a time, and each is effective later than all that were agreed, so `fee_before` and
    `fee_after` are known when it is proposed and hold when it is agreed (S-090).
    """

    __tablename__ = "uplift"
    __table_args__ = (
        ForeignKeyConstraint(["ipa_id", "la_id", "provider_id"], ["ipa.id", "ipa.la_id", "ipa.provider_id"]),
        CheckConstraint("authority_proposed <> provider_proposed", name="proposed_by_one_side"),
        CheckConstraint("(percentage IS NULL) <> (amount IS NULL)", name="percentage_or_amount"),
        CheckConstraint("percentage > 0 AND percentage <= 100", name="percentage_of_the_fee"),
        CheckConstraint("amount > 0", name="amount_above_zero"),
        CheckConstraint("fee_after <= 1000000", name="fee_counted"),
        CheckConstraint(
            "fee_after > fee_before AND fee_after = CASE WHEN percentage IS NULL THEN fee_before + amount"
            " ELSE round(fee_before * (100 + percentage) * 0.01, 2) END",
            name="fee_with_it",
        ),
        CheckConstraint("effective_from >= (proposed_at AT TIME ZONE 'Europe/London')::date", name="not_backdated"),
        CheckConstraint("(status = 'PROPOSED') = (closed_at IS NULL)", name="closed"),
        CheckConstraint("(status = 'REFUSED') = (refuse_reason IS NOT NULL)", name="refused_with_reason"),
        Index("uq_uplift_open", "ipa_id", unique=True, postgresql_where="status = 'PROPOSED'"),
        Index("uq_uplift_agreed", "ipa_id", "effective_from", unique=True, postgresql_where="status = 'AGREED'"),
        Index("ix_uplift_la_open", "la_id", postgresql_where="status = 'PROPOSED' AND provider_proposed"),
        Index("ix_uplift_provider_open", "provider_id", postgresql_where="status = 'PROPOSED' AND authority_proposed"),
        Index("ix_uplift_la_list", "la_id", "updated_at", "id"),
        Index("ix_uplift_provider_list", "provider_id", "updated_at", "id"),
    )
    noun = "uplift"
    subject = "UPLIFT"
    lifecycle = LIFECYCLE

    ipa_id: Mapped[UUID] = mapped_column(index=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    la_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    reference: Mapped[str] = mapped_column(unique=True)
    status: Mapped[UpliftStatus] = coded(UpliftStatus, default=PROPOSED)
    version: Mapped[int] = mapped_column(default=0)
    authority_proposed: Mapped[bool]
    provider_proposed: Mapped[bool]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_by_name: Mapped[str]
    percentage: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    amount: Mapped[Decimal | None]
    fee_before: Mapped[Decimal]
    fee_after: Mapped[Decimal]
    effective_from: Mapped[date] = mapped_column(Date())
    reason: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    closed_by_name: Mapped[str | None]
    refuse_reason: Mapped[str | None]
    updated_at: Mapped[datetime]

    @property
    def stream(self) -> UUID:
        return self.referral_id

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """The two parties of the agreement, whoever of them sees it; it was signed, so both do."""
        return within(row, me)

    def looking(self, rule: Rule[Any], side: Side) -> tuple[Told, ...]:
        """Those who only sign, too: they see what becomes of the fee of what was signed."""
        return (*super().looking(rule, side), Told((self.provider_id,), (Role.SIGNATORY,)))

    @shown
    def can(row: Any, me: Any) -> Any:
        """What the viewer may do with it now: answer the other side's, withdraw their own side's."""
        return LIFECYCLE.can(row, me)

    @shown
    def proposed_by(row: Any, me: Any) -> Any:
        """The side that proposed it."""
        return case((row.authority_proposed, Side.LOCAL_AUTHORITY.value), else_=Side.PROVIDER.value)

    @staticmethod
    def awaits(row: Any, me: Any) -> ColumnElement[bool]:
        """Proposed by the other side and neither answered nor taken back."""
        others = row.provider_proposed if me.side is Side.LOCAL_AUTHORITY else row.authority_proposed
        return and_(row.status == literal_column("'PROPOSED'"), others)

    @staticmethod
    def waits_on(agreement: Any) -> ColumnElement[bool]:
        """Whether one is open for that agreement, so that another cannot be proposed."""
        other = aliased(Uplift)
        here = and_(other.ipa_id == agreement.id, other.status == literal_column("'PROPOSED'"))
        return select(other.id).where(here).exists()

    @classmethod
    def on(cls, agreement: "Ipa", earlier: Sequence["Uplift"], *, by: Actor) -> "Uplift":
        """A new one for a signed agreement, after those there are; refused while one is open. `propose` says what."""
        if agreement.signed_at is None and agreement.voided_at is None:
            raise Refused(Code.CORE_FEE_FIXED, NOT_SIGNED, ["ipaId"], state=agreement.status, allowed_in=["SIGNED"])
        agreement.ready("propose_uplift", by=by)
        for other in earlier:
            if other.status is PROPOSED:
                sentence = "An uplift of this agreement waits for its answer already. One is proposed after the other."
                raise Refused(Code.UPLIFT_EXISTS, sentence, ["ipaId"], existing_id=other.id)
        viewer, mine = by.viewer, by.viewer.side is Side.LOCAL_AUTHORITY
        return cls(
            id=uuid4(), ipa_id=agreement.id, referral_id=agreement.referral_id, la_id=agreement.la_id,
            provider_id=agreement.provider_id, reference=f"{agreement.reference}-U{len(earlier) + 1}", status=PROPOSED,
            version=0, authority_proposed=mine, provider_proposed=not mine, proposed_at=by.at,
            proposed_by_id=viewer.person_id, proposed_by_name=viewer.name, updated_at=by.at,
        )  # fmt: skip

    def propose(self, asked: Asked, fee: Decimal, last: date | None, *, by: Actor) -> None:
        """Ask the other side for it. `fee` is the core fee by then, `last` the day of the last agreed uplift."""
        timely(asked.effective_from, by.at, *WHERE)
        if last is not None and asked.effective_from <= last:
            sentence = f"An uplift is agreed from {last:%-d %B %Y} on. The next one has to begin after that day."
            raise Refused(Code.UPLIFT_OUT_OF_ORDER, sentence, WHERE)
        after = asked.rise.checked(fee, "input", "rise")
        text = reason_given(asked.reason, "input", "reason")
        self.step("create", by=by, agreement=self.ipa_id, effectiveFrom=asked.effective_from)
        self.percentage, self.amount = asked.rise.percentage, asked.rise.amount
        self.effective_from, self.reason = asked.effective_from, text
        self.fee_before, self.fee_after = fee, after

    def agree(self, *, by: Actor) -> None:
        """The other side says yes: from its day on this is the fee, and nobody changes that."""
        self.step("agree", by=by)
        self._closed(by)

    def refuse(self, reason: str | None, *, by: Actor) -> None:
        self.ready("refuse", by=by)
        text = reason_given(reason)
        self.step("refuse", by=by)
        self.refuse_reason = text
        self._closed(by)

    def withdraw(self, *, by: Actor) -> None:
        """Taken back by the side that proposed it, whoever of it did."""
        self.step("withdraw", by=by)
        self._closed(by)

    @classmethod
    def open_on(cls, agreements: Sequence["Ipa"]) -> Select[Any]:
        """What is proposed for these agreements and waits for an answer, in one order for whoever locks it."""
        here = cls.ipa_id.in_([agreement.id for agreement in agreements])
        return select(cls).where(here, cls.status == PROPOSED).order_by(cls.id)

    def end(self, *, by: Actor) -> None:
        """Without an answer, with its agreement: voided before this, since nothing else ends one."""
        self.follow("end", by=by, agreement=self.ipa_id)
        self.closed_at = self.updated_at = by.at

    def _closed(self, by: Actor) -> None:
        self.closed_at = self.updated_at = by.at
        self.closed_by_id, self.closed_by_name = by.viewer.person_id, by.viewer.name


def fee_today(agreement: Any, me: Any) -> ColumnElement[Any]:
    """The core fee of an agreement on the viewer's day, as it was worked out when its last uplift was proposed."""
    standing = aliased(Uplift)
    mine = and_(standing.ipa_id == agreement.id, standing.status == literal_column("'AGREED'"))
    latest = select(standing.fee_after).where(mine, standing.effective_from <= me.today)
    raised_to = latest.order_by(standing.effective_from.desc()).limit(literal_column("1")).scalar_subquery()
    signed = Charged.fee(agreement, me)[literal_column("'coreFeeWeekly'", Text)].astext
    return func.coalesce(raised_to, cast(signed, Numeric(10, 2)))
