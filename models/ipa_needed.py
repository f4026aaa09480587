"""What an agreement says before it can be signed: the table of what is compulsory, and what of it is missing.

A statutory placement plan and a contract in one: who the child is and who answers for them, whom to ring at night, what
was arranged for health, education and family, who pays, and how either side ends it. What may follow later (a reviewing
officer not yet allocated, a dentist, a purchase order) is not asked for.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from models.ipa_codes import LegalStatusCode, coded_status
from models.provider import Category
from models.refusal import Code, Refused

CONTACTS = "contacts"
"""The part that the provider fills in; all others are the authority's."""
UNBORN, ASSESSMENT, NOT_LOOKED_AFTER = "UNBORN", "ASSESSMENT", "NOT_LOOKED_AFTER"
"""Cases in which something is not asked for: before a birth, where parents live in, and where no review is held."""


@dataclass(frozen=True)
class Need:
    """One thing that is asked for. `either` is another field of the part that does as well."""

    part: str
    field: str | None
    label: str
    sentence: str
    either: str | None = None
    but: tuple[str, ...] = ()

    @property
    def path(self) -> list[str]:
        return [self.part, *(self.field.split(".") if self.field else ())]

    @property
    def paths(self) -> list[list[str]]:
        return [self.path, *([[self.part, self.either]] if self.either else ())]


NEEDED = (
    Need("authority", "commissioningOfficer.name", "Commissioning officer", "Name the commissioning officer."),
    Need("authority", "socialWorker.name", "Social worker", "Name the child's social worker."),
    Need("authority", "socialWorker.phone", "Social worker's telephone", "Give the social worker's telephone number."),
    Need("authority", "outOfHours", "Out-of-hours number", "Give the number to ring at night and at weekends."),
    Need("contacts", "keyContact.name", "Key contact", "The provider names its key contact."),
    Need("contacts", "keyContact.phone", "Key contact's telephone", "The provider gives its key contact's number."),
    Need("contacts", "emergencyContact.name", "Emergency contact", "The provider names whom to ring in an emergency."),
    Need(
        "contacts", "emergencyContact.phone", "Emergency contact's telephone",
        "The provider gives the number to ring in an emergency.",
    ),
    Need("child", "givenNames", "Given names", "Give the child's given names.", but=(UNBORN,)),
    Need("child", "familyName", "Family name", "Give the child's family name."),
    Need(
        "child", "dateOfBirth", "Date of birth",
        "Give the child's date of birth; for family assessment before the birth, when it is expected.", but=(UNBORN,),
    ),
    Need("child", "legalStatus", "Legal status", "Say what the child's legal status is."),
    Need("child", "parentalResponsibility", "Parental responsibility", "Say who has parental responsibility."),
    Need("placement", "startsOn", "First day", "Give the first day of the placement."),
    Need("placement", "plannedDuration", "Planned duration", "Say for how long the placement is planned."),
    Need("placement", "emergency", "Emergency or planned", "Say whether it is made in an emergency."),
    Need("placement", "purpose", "Purpose", "Say what the placement is for."),
    Need("placement", "education", "Education", "Say what is arranged for education, or that nothing is needed yet."),
    Need(
        "placement", "familyTime", "Family time", "Say when the child sees the family, or that they do not.",
        but=(ASSESSMENT,),
    ),
    Need("placement", "health", "Health", "Say what carers must know of the child's health."),
    Need(
        "placement", "delegatedAuthority", "Delegated authority",
        "Say which decisions the carers may take, in words or one by one.", either="decisions", but=(ASSESSMENT,),
    ),
    Need("outcomes", None, "Outcomes", "Name at least one outcome to work for."),
    Need(
        "firstReviewOn", None, "First statutory review", "Give the day of the first statutory review.",
        but=(NOT_LOOKED_AFTER,),
    ),
    Need("fundingSplit", None, "Funding", "Say who pays which part, in per cent."),
    Need("terms", "noticeByAuthority", "Notice by the authority", "Say what notice the authority gives."),
    Need("terms", "noticeByProvider", "Notice by the provider", "Say what notice the provider gives."),
)  # fmt: skip
SAYS_NOTHING = frozenset({"[]", "{}"})
SOMETHING = re.compile(r"\S")
CASES: Mapping[str, Callable[[Mapping[str, Any], str], bool]] = MappingProxyType(
    {
        UNBORN: lambda said, category: (
            category == Category.RESIDENTIAL_FAMILY_ASSESSMENT
            and not filled(found(said, "child", "dateOfBirth"))
            and filled(found(said, "child", "expectedOn"))
        ),
        ASSESSMENT: lambda said, category: category == Category.RESIDENTIAL_FAMILY_ASSESSMENT,
        NOT_LOOKED_AFTER: lambda said, category: (
            coded_status(found(said, "child", "legalStatus")) == LegalStatusCode.NOT_LOOKED_AFTER
        ),
    }
)


def missing(said: Mapping[str, Any], category: str) -> Iterator[Need]:
    """What of `said` (the details, with the provider's contacts as one part more) is still asked for, in order."""
    cases = {name for name, holds in CASES.items() if holds(said, category)}
    for need in NEEDED:
        if not cases.intersection(need.but) and not any(filled(found(said, *path)) for path in need.paths):
            yield need


def refusals(said: Mapping[str, Any], category: str) -> list[Refused]:
    """The same as refusals, each with its path in the part that lacks it."""
    return [Refused(Code.INCOMPLETE, need.sentence, need.path) for need in missing(said, category)]


def found(said: Any, *path: str) -> Any:
    for name in path:
        said = said.get(name) if isinstance(said, Mapping) else None
    return said


def filled(value: Any) -> bool:
    """Whether anything is said: also by no, and by zero."""
    if isinstance(value, list | Mapping):
        return bool(value)
    return value is not None and SOMETHING.search(str(value)) is not None
