"""What a provider says of a home."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry
from strawberry import UNSET

from models.age import london_day
from models.home import Home, HomeKind, OfstedGrade, Regulator, valid_number, valid_postcode
from models.money import pounds
from models.provider import Category
from models.refusal import Code, Refused
from resolvers.care_input import CareInput, FrameworkMembershipInput
from resolvers.inputs import wrong
from resolvers.registration import Cleaner, chosen, cleaned, filled, free, needed, wanted


def text(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(description="A home to be registered, with the care it gives.")
class HomeInput:
    kind: HomeKind | None = strawberry.field(
        default=None, description="What it is registered as; left out, what its care says."
    )
    name: str = strawberry.field(description="Its name; no other home of yours has it.")
    service: str | None = strawberry.field(
        default=None,
        description="The supported-accommodation service that these premises belong to; they share its URN.",
    )
    address: str = strawberry.field(description="Its address.")
    postcode: str = strawberry.field(description="Its postcode.")
    urn: str = strawberry.field(description="The regulator's number: SC and six digits, or six to seven digits.")
    regulator: Regulator = strawberry.field(default=Regulator.OFSTED, description="Who registers it.")
    registered_manager: str = strawberry.field(description="The registered manager.")
    places: int = strawberry.field(description="Registered places.")
    ofsted_grade: OfstedGrade = strawberry.field(
        default=OfstedGrade.NOT_YET_INSPECTED, description="The grade of the last inspection."
    )
    ofsted_inspected_on: date | None = strawberry.field(default=None, description="The day of that inspection.")
    default_core_fee: Decimal | None = strawberry.field(
        default=None, description="The core weekly fee in pounds that an offer starts from."
    )
    care: list[CareInput] = strawberry.field(description="What it is registered for; at least one.")
    memberships: list[FrameworkMembershipInput] = strawberry.field(
        default_factory=list, description="Its places on frameworks; a spot home has none."
    )

    def faults(self, now: datetime) -> Iterator[Refused]:
        return lies_ahead(self.ofsted_inspected_on, now)


@strawberry.input(description="Facts of a home: what is left out stays as it is, null clears it.")
class HomeUpdateInput:
    kind: HomeKind | None = text("What it is registered as; as registered.")
    name: str | None = text("Its name; no other home of yours has it.")
    service: str | None = text("The service that these premises belong to; as registered.")
    address: str | None = text("Its address; as registered.")
    postcode: str | None = text("Its postcode; as registered.")
    urn: str | None = text("The regulator's number; as registered.")
    regulator: Regulator | None = text("Who registers it; as registered.")
    registered_manager: str | None = text("The registered manager.")
    places: int | None = text("Registered places; as registered.")
    ofsted_grade: OfstedGrade | None = text("The grade of the last inspection.")
    ofsted_inspected_on: date | None = text("The day of that inspection.")
    default_core_fee: Decimal | None = text("The core weekly fee in pounds that an offer starts from.")

    def faults(self, now: datetime) -> Iterator[Refused]:
        return lies_ahead(self.ofsted_inspected_on, now)


def lies_ahead(inspected_on: date | None, now: datetime) -> Iterator[Refused]:
    if isinstance(inspected_on, date) and inspected_on > london_day(now):
        yield wrong("This inspection lies ahead. Give the day of the last one.", "ofstedInspectedOn")


def places(number: int | None, *path: str) -> int:
    if number is None or not 1 <= number <= MOST_PLACES:
        raise Refused(Code.INVALID_INPUT, f"A home has 1 to {MOST_PLACES} places.", path)
    return number


def inspected(day: date | None, *path: str) -> date | None:
    if day is not None and not 1900 <= day.year <= 2100:
        raise Refused(Code.INVALID_INPUT, "Give a day between 1900 and 2100.", path)
    return day


MOST_PLACES = 200
HOME: dict[str, Cleaner] = {
    "kind": chosen,
    "name": filled,
    "service": free,
    "address": filled,
    "postcode": needed(valid_postcode),
    "urn": filled,
    "regulator": chosen,
    "registered_manager": filled,
    "places": places,
    "ofsted_grade": chosen,
    "ofsted_inspected_on": inspected,
    "default_core_fee": wanted(pounds),
}
KINDS = {
    Category.RESIDENTIAL_FAMILY_ASSESSMENT: HomeKind.FAMILY_ASSESSMENT_CENTRE,
    Category.SUPPORTED_ACCOMMODATION: HomeKind.SUPPORTED_ACCOMMODATION,
}


def facts_of(input: HomeInput) -> dict[str, Any]:
    """What is said of a new home, each fact in its one form."""
    if input.kind is None:
        input.kind = KINDS.get(input.care[0].category) if input.care else None
        input.kind = input.kind or HomeKind.CHILDRENS_HOME
    facts = cleaned(input, HOME)
    return {**facts, "urn": valid_number(input.regulator, facts["urn"], "input", "urn")}


def changes_of(input: HomeUpdateInput, home: Home) -> dict[str, Any]:
    """What is said of a home that there is; a number has the form that its regulator gives."""
    facts = cleaned(input, HOME)
    if facts.keys() & {"urn", "regulator"}:
        number = facts.get("urn", home.urn)
        facts["urn"] = valid_number(facts.get("regulator", home.regulator), number, "input", "urn")
    return facts
