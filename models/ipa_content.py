"""What an agreement says, gathered: locked parts from the accepted offer itself, the rest from the draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from models.base import Json
from models.ipa_sense import tidied
from models.offer_answer import in_words

if TYPE_CHECKING:
    from models.ipa import Ipa
    from models.ipa_parts import IpaDocument
    from models.offer import Offer
    from models.offer_parts import OfferDocument, OfferVersion

UPLIFT_RULE = (
    "The core weekly fee is fixed. After both parties have signed it rises only by an uplift that one of them proposes"
    " and the other agrees to in the portal, from a day not before the proposal. This agreement itself does not change."
)
"""How fees rise, for every agreement (S-090)."""
PROMISED = (
    "namedCarer", "matching", "staffing", "education", "further", "noticeByAuthority", "noticeByProvider",
    "trialPeriod",
)  # fmt: skip
WHOLE, PENNY = Decimal(100), Decimal("0.01")


@dataclass(frozen=True)
class Around:
    """What an agreement rests on beside itself and its offer: the parties, the version accepted, what it replaces."""

    authority: Json
    provider: Json
    accepted: "OfferVersion | None"
    statement: "OfferDocument | None"
    supersedes: str | None
    documents: Sequence["IpaDocument"]


def content_of(ipa: "Ipa", offer: "Offer", around: Around) -> Json:
    """Everything the parties agree to, as plain JSON: what the PDF prints and the hash is taken over.

    Whatever an offer says comes from `offer` (S-102, S-118); no detail of the draft can take its place (S-103).
    """
    details, fees = tidied(ipa.details), _fees(ipa, offer)
    return {
        "reference": ipa.reference,
        "supersedes": around.supersedes,
        "framework": _framework(offer),
        "offer": _offered(ipa, offer, around.accepted),
        "authority": _laid_over(around.authority, details.get("authority")),
        "provider": _laid_over(ipa.contacts, around.provider),
        "child": details.get("child") or {},
        "placement": {**(details.get("placement") or {}), **_place(offer)},
        "outcomes": details.get("outcomes") or [],
        "firstReviewOn": details.get("firstReviewOn"),
        "price": {**_price(fees, around.statement), **_funding(fees, details.get("fundingSplit"))},
        "terms": {**(details.get("terms") or {}), "conditions": offer.terms.get("conditions") or []},
        "documents": [{"name": d.name, "kind": d.kind.value, "sha256": d.sha256} for d in around.documents],
    }


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any] | None) -> Json:
    """What the one says, and where it says nothing of something, the other."""
    return {**below, **{name: value for name, value in (above or {}).items() if value is not None}}


def _framework(offer: "Offer") -> Json:
    """The framework and lot as the offer snapshotted them; nothing where none governs it."""
    known = {"name": offer.placement.get("framework"), "lot": offer.placement.get("lot")}
    return {
        "kind": "FRAMEWORK" if offer.framework_status == "FRAMEWORK" else "SPOT",
        "nonFrameworkHome": offer.framework_status == "NON_FRAMEWORK",
        **{name: value for name, value in known.items() if value},
    }


def _offered(ipa: "Ipa", offer: "Offer", accepted: "OfferVersion | None") -> Json:
    """Which version was accepted, the digest over everything it offers, and its promises as far as they are this
    child's.
    """
    mine = [need for need in offer.terms.get("needsMet") or () if need.get("childId") in (None, str(ipa.child_id))]
    return {
        "version": accepted.version if accepted else None,
        "contentHash": accepted.content_hash if accepted else None,
        "availableFrom": offer.terms.get("availableFrom"),
        "needsMet": [{"need": need["need"], "how": in_words(need["how"])} for need in mine],
        **{name: in_words(offer.terms.get(name)) for name in PROMISED},
    }


def _place(offer: "Offer") -> Json:
    """Where the child lives, as it was offered: a home with its manager, or a family with who supervises it."""
    place = offer.placement
    names = ("name", "address", "postcode", "urn", "regulator", "manager", "supervisingSocialWorker")
    return {
        "kind": place["kind"],
        **{name: place.get(name) for name in names},
        "carers": (place.get("family") or {}).get("carers"),
        "category": offer.category.value,
    }


def _fees(ipa: "Ipa", offer: "Offer") -> Json:
    return next((fee for fee in offer.terms["fees"] if fee["childId"] in (None, str(ipa.child_id))), {})


def _price(fees: Mapping[str, Any], statement: "OfferDocument | None") -> Json:
    costs = ("additionalCosts", "weeklyTotal", "firstYearTotal", "coreFeeWeekly")
    return {
        "coreFeeIncludes": fees.get("includes"),
        "statementOfPurpose": {"name": statement.name, "sha256": statement.sha256} if statement else None,
        "upliftRule": UPLIFT_RULE,
        **{name: fees.get(name) for name in costs},
    }


def _funding(fees: Mapping[str, Any], split: Mapping[str, Any] | None) -> Json:
    """Who pays which part, in per cent and in pounds a week; social care pays the odd penny."""
    if not split or not fees.get("weeklyTotal"):
        return {"fundingSplit": split}
    total = Decimal(fees["weeklyTotal"])
    parts = {name: _part(total, split.get(name)) for name in ("education", "health")}
    parts = {"socialCare": total - sum(parts.values()), **parts}
    return {"fundingSplit": split, "weeklyShares": {name: f"{part:.2f}" for name, part in parts.items()}}


def _part(total: Decimal, percent: str | None) -> Decimal:
    return (total * Decimal(percent or 0) / WHOLE).quantize(PENNY, ROUND_HALF_UP)
