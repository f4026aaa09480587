"""The codes of an agreement that case systems send on in their yearly return on looked-after children (SSDA903)."""

from enum import StrEnum
from types import MappingProxyType

from models.provider import Category
from models.referral_form import LegalStatus


class LegalStatusCode(StrEnum):
    """A child's legal status by its code; freeing orders (D1) are none that a new agreement could be about."""

    C1 = "C1"
    C2 = "C2"
    E1 = "E1"
    V2 = "V2"
    V3 = "V3"
    V4 = "V4"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    J1 = "J1"
    J2 = "J2"
    J3 = "J3"
    NOT_LOOKED_AFTER = "NOT_LOOKED_AFTER"

    @property
    def words(self) -> str:
        return LEGAL_WORDS[self]


LEGAL_WORDS = {
    LegalStatusCode.C1: "Interim care order",
    LegalStatusCode.C2: "Full care order",
    LegalStatusCode.E1: "Placement order",
    LegalStatusCode.V2: "Accommodated under section 20",
    LegalStatusCode.V3: "Short breaks under section 20, recorded one by one",
    LegalStatusCode.V4: "Short breaks under section 20, recorded by their agreement",
    LegalStatusCode.L1: "Under police protection",
    LegalStatusCode.L2: "Emergency protection order",
    LegalStatusCode.L3: "Child assessment order",
    LegalStatusCode.J1: "Remanded to the authority or to youth detention",
    LegalStatusCode.J2: "Accommodated under PACE 1984",
    LegalStatusCode.J3: "Youth rehabilitation order with residence or intensive fostering",
    LegalStatusCode.NOT_LOOKED_AFTER: "Not looked after",
}
OF_REFERRAL = MappingProxyType(
    {
        LegalStatus.SECTION_20: LegalStatusCode.V2,
        LegalStatus.INTERIM_CARE_ORDER: LegalStatusCode.C1,
        LegalStatus.CARE_ORDER: LegalStatusCode.C2,
        LegalStatus.PLACEMENT_ORDER: LegalStatusCode.E1,
        LegalStatus.EMERGENCY_PROTECTION: LegalStatusCode.L2,
        LegalStatus.REMAND: LegalStatusCode.J1,
        LegalStatus.NOT_LOOKED_AFTER: LegalStatusCode.NOT_LOOKED_AFTER,
    }
)
KNOWN_AS = {
    **{code.value: code.value for code in LegalStatusCode},
    **{status.replace("_", " ").capitalize(): code.value for status, code in OF_REFERRAL.items()},
}
"""The code for whatever a draft says: earlier releases kept the referral's status in words."""


def coded_status(said: str | None) -> str | None:
    """The code of a legal status that is kept by its code, or in the words of an earlier release; None for others."""
    return KNOWN_AS.get(said) if said else None


class FosteringType(StrEnum):
    """Who fosters, and for how long: what the codes U1 to U6 tell apart."""

    RELATIVE_LONG_TERM = "RELATIVE_LONG_TERM"
    RELATIVE_FOR_ADOPTION = "RELATIVE_FOR_ADOPTION"
    RELATIVE_OTHER = "RELATIVE_OTHER"
    LONG_TERM = "LONG_TERM"
    FOR_ADOPTION = "FOR_ADOPTION"
    OTHER = "OTHER"


class ProviderSector(StrEnum):
    """Whether the provider is a private or a voluntary one; its registration does not say."""

    PRIVATE = "PRIVATE"
    VOLUNTARY = "VOLUNTARY"


class DecisionMaker(StrEnum):
    """Who decides something in a child's daily life."""

    CARER = "CARER"
    PROVIDER = "PROVIDER"
    AUTHORITY = "AUTHORITY"
    PARENT = "PARENT"
    CHILD = "CHILD"


FOSTERING_CODES = {kind.value: f"U{number}" for number, kind in enumerate(FosteringType, 1)}
PLACEMENT_CODES = {
    Category.RESIDENTIAL.value: "K2",
    Category.SUPPORTED_ACCOMMODATION.value: "H5",
    Category.RESIDENTIAL_FAMILY_ASSESSMENT.value: "R3",
}
PROVIDER_CODES = {ProviderSector.PRIVATE.value: "PR4", ProviderSector.VOLUNTARY.value: "PR5"}
