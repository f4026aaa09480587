"""What an agreement's details cannot say together, or not in an agreement of its category."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.ipa_needed import filled, found
from models.provider import Category
from models.refusal import Code, Refused

NUMBERED_AT_BIRTH = {"nhsNumber": "NHS number", "upn": "unique pupil number"}


def contradictions(said: Mapping[str, Any], category: str) -> Iterator[Refused]:
    """A child both born and expected, or expected where none can be; fostering where nobody fosters."""
    if filled(found(said, "child", "expectedOn")):
        yield from _unborn(said, category)
    if category != Category.FOSTERING and filled(found(said, "placement", "fosteringType")):
        yield _fault("This is no fostering: leave out who fosters and for how long.", "placement", "fosteringType")


def _unborn(said: Mapping[str, Any], category: str) -> Iterator[Refused]:
    expected = ("child", "expectedOn")
    if filled(found(said, "child", "dateOfBirth")):
        yield _fault("The child has a date of birth: clear the day on which the birth was expected.", *expected)
    elif category != Category.RESIDENTIAL_FAMILY_ASSESSMENT:
        sentence = "Only for family assessment is an agreement drawn up before a birth. Give the date of birth instead."
        yield _fault(sentence, *expected)
    else:
        for name, spoken in NUMBERED_AT_BIRTH.items():
            if filled(found(said, "child", name)):
                yield _fault(f"A child that is not yet born has no {spoken}.", "child", name)


def _fault(sentence: str, *path: str) -> Refused:
    return Refused(Code.INVALID_INPUT, sentence, path)
