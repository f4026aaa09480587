"""Choices: the words that people see, and others that they write for the same."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from models.document import DocumentKind
from models.home import OfstedGrade, Regulator
from models.provider import Category, Gender
from models.registration_content import ContactPurpose, HomeKind
from portal.workbook.cell import Cell, quoted, simple, text_of
from portal.workbook.fault import FaultCode, Wrong

T = TypeVar("T")


@dataclass(frozen=True)
class Choice(Generic[T]):
    """`words` are what the drop-down list shows, by value; `also` are other words for a value, in any writing."""

    words: Mapping[T, str]
    also: Mapping[T, str] = field(default_factory=dict)

    def __call__(self, cell: Cell) -> T:
        known, said = self._known, simple(text_of(cell))
        if said in known:
            return known[said]
        near = get_close_matches(said, known, 1, 0.75)
        hint = f" Did you mean {self.words[known[near[0]]]}?" if near else ""
        raise Wrong(
            FaultCode.CHOICE, f"{quoted(cell)} is none of the choices.{hint} Choose: {'; '.join(self.words.values())}."
        )

    @cached_property
    def _known(self) -> dict[str, T]:
        known = {simple(word): value for value, words in self.also.items() for word in words.split("|")}
        for value, words in self.words.items():
            known[simple(words)] = value
            if isinstance(value, StrEnum):
                known[simple(value.value)] = value
        return known


KIND = Choice(
    {
        HomeKind.CHILDRENS_HOME: "Children's home",
        HomeKind.FAMILY_ASSESSMENT_CENTRE: "Family assessment centre",
        HomeKind.SUPPORTED_ACCOMMODATION: "Supported accommodation",
        HomeKind.FOSTERING_BRANCH: "Fostering branch",
    },
    {
        HomeKind.CHILDRENS_HOME: "childrens homes|child's home|residential|residential home|home",
        HomeKind.FAMILY_ASSESSMENT_CENTRE: "residential family centre|family centre|family assessment",
        HomeKind.SUPPORTED_ACCOMMODATION: "SA|supported|16+|supported accommodation premises|supported living",
        HomeKind.FOSTERING_BRANCH: "branch|agency branch|fostering agency branch|fostering office|fostering",
    },
)
CATEGORY = Choice(
    {
        Category.RESIDENTIAL: "Residential",
        Category.FOSTERING: "Fostering",
        Category.SUPPORTED_ACCOMMODATION: "Supported accommodation",
        Category.RESIDENTIAL_FAMILY_ASSESSMENT: "Residential family assessment",
    },
    {
        Category.RESIDENTIAL: "residential care|children's home|residential home",
        Category.FOSTERING: "foster care|foster|IFA",
        Category.SUPPORTED_ACCOMMODATION: "SA|supported|16+",
        Category.RESIDENTIAL_FAMILY_ASSESSMENT: "family assessment|RFA|family assessment centre|parent and child",
    },
)
REGULATOR = Choice(
    {Regulator.OFSTED: "Ofsted", Regulator.CIW: "Care Inspectorate Wales"},
    {Regulator.CIW: "CIW|Wales", Regulator.OFSTED: "Ofsted (England)|England"},
)
GRADE = Choice(
    {
        OfstedGrade.OUTSTANDING: "Outstanding",
        OfstedGrade.GOOD: "Good",
        OfstedGrade.REQUIRES_IMPROVEMENT: "Requires improvement to be good",
        OfstedGrade.INADEQUATE: "Inadequate",
        OfstedGrade.NOT_YET_INSPECTED: "Not yet inspected",
    },
    {
        OfstedGrade.REQUIRES_IMPROVEMENT: "requires improvement|RI|needs improvement",
        OfstedGrade.NOT_YET_INSPECTED: "not inspected|awaiting inspection|none|new|not inspected yet",
    },
)
PURPOSE = Choice({
    ContactPurpose.REFERRALS: "Referrals",
    ContactPurpose.REGISTRATION: "Registration",
    ContactPurpose.RESPONSIBLE_INDIVIDUAL: "Responsible individual",
    ContactPurpose.SAFEGUARDING: "Safeguarding",
    ContactPurpose.EMERGENCY: "Emergency, out of hours",
    ContactPurpose.FINANCE: "Finance",
}, {
    ContactPurpose.REFERRALS: "referral|placements|new referrals",
    ContactPurpose.RESPONSIBLE_INDIVIDUAL: "RI|responsible person",
    ContactPurpose.SAFEGUARDING: "safeguarding lead|DSL",
    ContactPurpose.EMERGENCY: "emergency|out of hours|on call",
    ContactPurpose.FINANCE: "invoices|accounts|billing",
})  # fmt: skip
DOCUMENT = Choice({
    DocumentKind.PUBLIC_LIABILITY_INSURANCE: "Public liability insurance",
    DocumentKind.EMPLOYERS_LIABILITY_INSURANCE: "Employer's liability insurance",
    DocumentKind.PROFESSIONAL_INDEMNITY_INSURANCE: "Professional indemnity insurance",
    DocumentKind.OFSTED_CERTIFICATE: "Ofsted registration certificate",
    DocumentKind.STATEMENT_OF_PURPOSE: "Statement of Purpose",
    DocumentKind.APPENDIX: "Appendix",
    DocumentKind.OTHER: "Other",
}, {
    DocumentKind.PUBLIC_LIABILITY_INSURANCE: "public liability",
    DocumentKind.EMPLOYERS_LIABILITY_INSURANCE: "employers' liability insurance|employers liability",
    DocumentKind.PROFESSIONAL_INDEMNITY_INSURANCE: "professional indemnity",
    DocumentKind.OFSTED_CERTIFICATE: "Ofsted certificate|registration certificate|certificate of registration",
    DocumentKind.STATEMENT_OF_PURPOSE: "SoP",
})  # fmt: skip
YES_OR_NO = Choice({True: "Yes", False: "No"}, {True: "y|true|1|x", False: "n|false|0|none"})
GENDERS = Choice(
    {
        (Gender.FEMALE,): "Female",
        (Gender.MALE,): "Male",
        (Gender.FEMALE, Gender.MALE): "Female and male",
        (Gender.FEMALE, Gender.MALE, Gender.OTHER): "Female, male and other",
    },
    {
        (Gender.FEMALE, Gender.MALE): "mixed|both|both genders|m/f|f/m|girls and boys",
        (Gender.FEMALE, Gender.MALE, Gender.OTHER): "any|all|all genders|any gender",
    },
)
GENDER = Choice(
    {Gender.FEMALE: "Female", Gender.MALE: "Male", Gender.OTHER: "Other"},
    {Gender.FEMALE: "f|girl|girls|females|woman", Gender.MALE: "m|boy|boys|males", Gender.OTHER: "non-binary|others"},
)


def genders(cell: Cell) -> tuple[Gender, ...]:
    """One of the lists, or genders with commas, strokes or "and" between; each once, in one order."""
    try:
        return GENDERS(cell)
    except Wrong as wrong:
        parts = [part for part in re.split(r"[,;/&+\n]|\band\b", text_of(cell).casefold()) if part.strip()]
        return _each(parts, wrong)


def _each(parts: list[str], wrong: Wrong) -> tuple[Gender, ...]:
    read: Callable[[Cell], Gender] = GENDER
    try:
        found = {read(part) for part in parts}
    except Wrong:
        raise wrong from None
    return tuple(gender for gender in Gender if gender in found)
