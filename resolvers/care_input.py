"""What a provider says of the care it is registered to give, and of its place on frameworks."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

import strawberry

from models.home import FrameworkMembership
from models.provider import Category, Gender


@strawberry.input(description="A category of care with the ages and genders it is registered for.")
class CareInput:
    category: Category = strawberry.field(description="Every category but fostering, which the agency registers.")
    age_from: int = strawberry.field(description="The youngest age in years, 0 to 17.")
    age_to: int = strawberry.field(description="The oldest age in years, 0 to 17.")
    genders: list[Gender] = strawberry.field(description="At least one. Both are needed for any other gender.")


@strawberry.input(description="A place on a framework, from a day until a day.")
class FrameworkMembershipInput:
    framework: str = strawberry.field(description="Which framework.")
    lot: str | None = strawberry.field(default=None, description="Which lot of it.")
    valid_from: date = strawberry.field(description="The first day.")
    valid_until: date | None = strawberry.field(default=None, description="The last day; null for no end yet.")


@strawberry.input(description="What a fostering agency is registered for.")
class FosteringCareInput:
    age_from: int = strawberry.field(description="The youngest age in years, 0 to 17.")
    age_to: int = strawberry.field(description="The oldest age in years, 0 to 17.")
    genders: list[Gender] = strawberry.field(description="At least one. Both are needed for any other gender.")
    memberships: list[FrameworkMembershipInput] = strawberry.field(
        default_factory=list, description="The agency's places on frameworks."
    )


def genders_of(genders: Sequence[Gender]) -> list[str]:
    """Each gender once, in one order."""
    return sorted({gender.value for gender in genders})


def memberships_of(
    given: Sequence[FrameworkMembershipInput], provider_id: UUID, home_id: UUID | None
) -> list[FrameworkMembership]:
    return [
        FrameworkMembership(
            id=uuid4(), provider_id=provider_id, home_id=home_id, framework=each.framework.strip(),
            lot=(each.lot or "").strip() or None, valid_from=each.valid_from, valid_until=each.valid_until,
        )
        for each in given
    ]  # fmt: skip
