"""What one side asks the other for when it proposes an uplift."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import strawberry
from strawberry import UNSET

from models.refusal import Refused, reason_given
from models.uplift import UpliftStatus
from models.uplift_asked import Asked, Rise, timely


@strawberry.input(one_of=True, description="By how much the core fee rises: exactly one of the two.")
class UpliftRiseInput:
    percentage: Decimal | None = strawberry.field(
        default=UNSET, description='Per cent of the core fee of that day, above zero and 100 at most, like "3.50".'
    )
    amount: Decimal | None = strawberry.field(default=UNSET, description='Pounds a week above zero, like "120.00".')


@strawberry.input(description="An uplift of the core fee of a signed agreement.")
class UpliftInput:
    rise: UpliftRiseInput = strawberry.field(description="By how much.")
    effective_from: date = strawberry.field(
        description="The first day of the new fee, in London: not before today, within five years, and later than that"
        " of every uplift agreed before."
    )
    reason: str = strawberry.field(description="Why; the other side reads it.")

    @property
    def asked(self) -> Asked:
        return Asked(self._rise(), self.effective_from, self.reason)

    def faults(self, now: datetime) -> Iterator[Refused]:
        """Everything about it that no agreement could make right, but for what is no number at all."""
        checks: tuple[Callable[[], object], ...] = (
            lambda: self._rise("rise") if self._reckonable else None,
            lambda: timely(self.effective_from, now, "effectiveFrom"),
            lambda: reason_given(self.reason, "reason"),
        )
        for check in checks:
            try:
                check()
            except Refused as fault:
                yield fault

    @property
    def _given(self) -> tuple[Decimal | None, Decimal | None]:
        share, pounds = ((None if value is UNSET else value) for value in (self.rise.percentage, self.rise.amount))
        return share, pounds

    @property
    def _reckonable(self) -> bool:
        return all(value is None or value.is_finite() for value in self._given)

    def _rise(self, *path: str) -> Rise:
        return Rise.of(*self._given, *path)


@strawberry.input(description="Which uplifts to list. Every condition given must hold.")
class UpliftFilter:
    ipa_id: UUID | None = strawberry.field(default=None, description="Of this agreement.")
    status: list[UpliftStatus] | None = strawberry.field(default=None, description="In one of these states.")
    awaiting_answer: bool = strawberry.field(default=False, description="That await the answer of your side.")
