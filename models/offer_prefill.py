"""What the portal knows already of an offer that somebody is about to make (S-080)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from models.base import Json
from models.delivery import Delivery
from models.document import EXPIRES_SOON, Document, DocumentKind
from models.home import FosteringFamily, FrameworkStatus, Home
from models.offer_answer import Standing, placement_of
from models.offer_derived import spoken_standing
from models.provider import Category, Provider
from models.stated_need import StatedNeed, stated_needs

INCLUDED = "Accommodation and support, with staffing and services as in the Statement of Purpose"


@dataclass(frozen=True)
class Paper:
    """A document that every offer of the category carries, and the one that would attach itself today."""

    kind: DocumentKind
    document: Document | None
    today: date

    @property
    def document_id(self) -> UUID | None:
        return self.document.id if self.document else None

    @property
    def name(self) -> str | None:
        return self.document.name if self.document else None

    @property
    def sha256(self) -> str | None:
        return self.document.sha256 if self.document else None

    @property
    def expires_on(self) -> date | None:
        return self.document.expires_on if self.document else None

    @property
    def missing(self) -> bool:
        return self.document is None

    @property
    def expired(self) -> bool:
        return self.document is not None and not self.document.valid_on(self.today)

    @property
    def expiring_soon(self) -> bool:
        return self.expires_on is not None and self.today <= self.expires_on < self.today + EXPIRES_SOON


@dataclass(frozen=True)
class Choice:
    """A home or family that could be offered, and where it stands on a framework."""

    where: Home | FosteringFamily
    suits: bool
    standing: Standing

    def __getattr__(self, name: str) -> Any:
        return getattr(self.where, name)

    @property
    def framework_status(self) -> FrameworkStatus:
        return self.standing.status


@dataclass(frozen=True)
class Prefill:
    """Of one referral, for one organisation and perhaps one of its homes or families, as all stands on a day."""

    delivery: Delivery
    summary: Json
    organisation: Provider
    choices: Sequence[Choice]
    chosen: Choice | None
    documents: Sequence[Paper]
    live_offer_id: UUID | None
    today: date

    @property
    def referral_id(self) -> UUID:
        return self.delivery.referral_id

    @property
    def reference(self) -> str:
        return self.delivery.reference

    @property
    def revision(self) -> int:
        return self.delivery.revision

    @property
    def framework_status(self) -> FrameworkStatus | None:
        return self.chosen.framework_status if self.chosen else None

    @property
    def outside_framework(self) -> bool | None:
        return self.chosen.framework_status is FrameworkStatus.NON_FRAMEWORK if self.chosen else None

    @property
    def framework_note(self) -> str | None:
        return spoken_standing(self.chosen.standing) if self.chosen else None

    @property
    def category(self) -> Category:
        return Category(self.summary["category"])

    @property
    def homes(self) -> list[Choice]:
        return [choice for choice in self.choices if isinstance(choice.where, Home)]

    @property
    def families(self) -> list[Choice]:
        return [choice for choice in self.choices if isinstance(choice.where, FosteringFamily)]

    @property
    def placement(self) -> Json | None:
        if self.chosen is None:
            return None
        standing = self.chosen.standing
        known = placement_of(self.chosen.where, self.organisation.agency_urn)
        return {**known, "framework": standing.framework, "lot": standing.lot}

    @property
    def stated_needs(self) -> list[StatedNeed]:
        return stated_needs(self.summary)

    @property
    def terms(self) -> Json:
        """What is known of an offer, under the names of the input that makes one."""
        where = self.chosen.where if self.chosen else None
        return {
            "placement": _named(where),
            "fees": [self._fee(child, where) for child in self.summary.get("children") or ()],
            "availableFrom": self._available_from().isoformat(),
            "namedCarer": _carer(where),
        }

    def _fee(self, child: Mapping[str, Any], where: Home | FosteringFamily | None) -> Json:
        fee = where.default_core_fee if isinstance(where, Home) else None
        purpose = next((p for p in self.documents if p.kind is DocumentKind.STATEMENT_OF_PURPOSE and p.name), None)
        return {
            "childId": child["id"],
            "coreFeeWeekly": str(fee) if fee is not None else None,
            "includes": f"{INCLUDED} ({purpose.name})." if purpose else f"{INCLUDED}.",
        }

    def _available_from(self) -> date:
        """The day on which it is needed, but today where that has passed."""
        needed = self.summary.get("dateRequired")
        return max(self.today, date.fromisoformat(needed)) if needed else self.today


def _named(where: Home | FosteringFamily | None) -> Json | None:
    if where is None:
        return None
    return {"homeId": str(where.id)} if isinstance(where, Home) else {"familyId": str(where.id)}


def _carer(where: Home | FosteringFamily | None) -> str | None:
    if where is None:
        return None
    return where.registered_manager if isinstance(where, Home) else ", ".join(where.details.get("carers") or ()) or None
