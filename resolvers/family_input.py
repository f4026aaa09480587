"""What an agency says of a fostering family."""

from typing import Any
from unicodedata import normalize

import strawberry
from strawberry import UNSET

from models.home import FosteringFamily, valid_postcode
from models.provider import Gender
from models.refusal import Code, Refused
from resolvers.plain import plain
from resolvers.registration import Cleaner, cleaned, filled, free, wanted


def text(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(description="A fostering family that your agency has approved.")
class FosteringFamilyInput:
    name: str = strawberry.field(description="The name by which your agency knows it; no other family of yours has it.")
    postcode: str | None = text("Postcode.")
    supervising_social_worker: str | None = text("The supervising social worker.")
    carers: list[str] | None = text("The carers' names.")
    age_from: int | None = text("The youngest age they are approved for.")
    age_to: int | None = text("The oldest age they are approved for.")
    places: int | None = text("How many children they are approved for.")
    genders: list[Gender] | None = text("Genders they are approved for.")
    household: str | None = text("Who lives there.")
    pets: str | None = text("Pets.")
    smokers: bool | None = text("Whether anybody smokes.")
    ethnicity: str | None = text("Ethnicity.")
    languages: list[str] | None = text("Languages spoken.")
    faith: str | None = text("Faith.")
    experience: str | None = text("Experience.")
    others_placed: int | None = text("How many other children are placed there.")


@strawberry.input(description="Facts of a family: what is left out stays as it is, null clears it.")
class FosteringFamilyUpdateInput:
    name: str | None = text("The name by which your agency knows it; no other family of yours has it.")
    postcode: str | None = text("Postcode.")
    supervising_social_worker: str | None = text("The supervising social worker.")
    carers: list[str] | None = text("The carers' names.")
    age_from: int | None = text("The youngest age they are approved for.")
    age_to: int | None = text("The oldest age they are approved for.")
    places: int | None = text("How many children they are approved for.")
    genders: list[Gender] | None = text("Genders they are approved for.")
    household: str | None = text("Who lives there.")
    pets: str | None = text("Pets.")
    smokers: bool | None = text("Whether anybody smokes.")
    ethnicity: str | None = text("Ethnicity.")
    languages: list[str] | None = text("Languages spoken.")
    faith: str | None = text("Faith.")
    experience: str | None = text("Experience.")
    others_placed: int | None = text("How many other children are placed there.")


def known_as(name: str | None, *path: str) -> str:
    """A name in one form, so that the same name typed twice is one: one space between words, accents composed."""
    return " ".join(normalize("NFC", filled(name, *path)).split())


FAMILY: dict[str, Cleaner] = {"name": known_as, "postcode": wanted(valid_postcode), "supervising_social_worker": free}
FACTS = {"name", "postcode", "supervisingSocialWorker"}


def family_of(input: FosteringFamilyInput) -> dict[str, Any]:
    """What is said of a family: three facts, and the rest as its details."""
    return {**cleaned(input, FAMILY), "details": _sensible(_details(input))}


def changes_of(input: FosteringFamilyUpdateInput, family: FosteringFamily) -> dict[str, Any]:
    """What is said anew of a family that there is; the rest of its details stays."""
    return {**cleaned(input, FAMILY), "details": _sensible({**family.details, **_details(input)})}


def _details(input: FosteringFamilyInput | FosteringFamilyUpdateInput) -> dict[str, Any]:
    return {name: value for name, value in plain(input).items() if name not in FACTS}


def _sensible(details: dict[str, Any]) -> dict[str, Any]:
    """The details, unless ages or numbers cannot be."""
    youngest, oldest = (details.get(name) for name in ("ageFrom", "ageTo"))
    if not 0 <= (0 if youngest is None else youngest) <= (17 if oldest is None else oldest) <= 17:
        sentence = "Give an age range within 0 to 17, the younger age first."
        raise Refused(Code.INVALID_INPUT, sentence, ["input", "ageFrom"])
    for name in ("places", "othersPlaced"):
        if not 0 <= (details.get(name) or 0) <= 20:
            raise Refused(Code.INVALID_INPUT, "Give a number from 0 to 20.", ["input", name])
    return details
