"""A registration written down as the workbook that would say it."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import zip_longest
from typing import Any

from models.registration_content import CareFacts, FamilyFacts, MembershipFacts, RegistrationContent
from portal.workbook.table import AGENCY
from portal.workbook.template import Row, made


def filled(content: RegistrationContent) -> bytes:
    """The registration workbook that reads back as this content; a part that was not given has no sheet."""
    rows: dict[str, list[Row]] = {}
    if content.organisation is not None:
        rows["organisation"] = [_row(content.organisation)]
    if content.homes is not None:
        rows["homes"] = [_row(home) for home in content.homes]
    if content.homes is not None or content.care is not None:
        rows["care"] = list(_care(content))
    if content.families is not None:
        rows["families"] = [_family(family) for family in content.families]
    if content.contacts is not None:
        rows["contacts"] = [_row(contact) for contact in content.contacts]
    if content.documents is not None:
        rows["documents"] = [_row(document) for document in content.documents]
    return made(rows)


def _row(facts: Any) -> Row:
    return {field.name: getattr(facts, field.name) for field in fields(facts)}


def _family(facts: FamilyFacts) -> Row:
    return {**_row(facts), **facts.details}


def _care(content: RegistrationContent) -> Iterator[Row]:
    for home in content.homes or ():
        yield from _together(home.name, home.care, home.memberships)
    yield from _together(AGENCY, content.care or (), content.memberships or ())


def _together(name: str, care: Iterable[CareFacts], memberships: Iterable[MembershipFacts]) -> Iterator[Row]:
    """A category and a framework share a row as long as there are both."""
    for gives, belongs in zip_longest(care, memberships):
        yield {"home": name, **(_row(gives) if gives else {}), **(_row(belongs) if belongs else {})}
