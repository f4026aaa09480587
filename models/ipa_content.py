"""What an agreement says: gathered from offer and draft, checked for gaps, and put into the one form that is signed."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from models.base import Json
from models.referral_sent import canonical
from models.refusal import Code, Refused

if TYPE_CHECKING:
    from models.ipa import Ipa
    from models.ipa_parts import IpaDocument
    from models.offer import Offer

REQUIRED = (
    ("child", "givenNames"),
    ("child", "familyName"),
    ("child", "dateOfBirth"),
    ("placement", "startsOn"),
    ("authority", "socialWorker"),
    ("provider", "keyContact"),
)
CANONICAL_FORM = b"wmpp/ipa/1\n"


def content_of(ipa: "Ipa", offer: "Offer", names: Mapping[str, Any], documents: Sequence["IpaDocument"]) -> Json:
    """Everything the parties agree to, as plain JSON: what the PDF prints and the hash is taken over.

    `names` gives the parties' own data (authority and provider); locked parts come from the offer (S-102, S-118).
    """
    fees: Json = next((fee for fee in offer.terms["fees"] if fee["childId"] in (None, str(ipa.child_id))), {})
    details, contacts = ipa.details, ipa.contacts
    return {
        "reference": ipa.reference,
        "supersedes": str(ipa.supersedes_id) if ipa.supersedes_id else None,
        "framework": {
            "kind": "FRAMEWORK" if offer.framework_status == "FRAMEWORK" else "SPOT",
            "nonFrameworkHome": offer.framework_status == "NON_FRAMEWORK",
            **_governing(offer),
        },
        "authority": {**names["authority"], **(details.get("authority") or {})},
        "provider": {**names["provider"], **contacts},
        "child": details.get("child") or {},
        "placement": {**(details.get("placement") or {}), **_place(offer)},
        "outcomes": details.get("outcomes") or [],
        "firstReviewOn": details.get("firstReviewOn"),
        "price": {**_price(fees), "fundingSplit": details.get("fundingSplit")},
        "terms": {**(details.get("terms") or {}), "conditions": offer.terms.get("conditions") or []},
        "documents": [{"name": d.name, "kind": d.kind, "sha256": d.sha256} for d in documents],
    }


def _governing(offer: "Offer") -> Json:
    """The framework and lot as the offer snapshotted them; nothing where none governs it."""
    known = {"name": offer.placement.get("framework"), "lot": offer.placement.get("lot")}
    return {name: value for name, value in known.items() if value}


def _price(fees: Mapping[str, Any]) -> Json:
    costs = ("additionalCosts", "weeklyTotal", "firstYearTotal", "coreFeeWeekly")
    return {"coreFeeIncludes": fees.get("includes"), **{name: fees.get(name) for name in costs}}


def _place(offer: "Offer") -> Json:
    place = offer.placement
    return {
        "kind": place["kind"],
        "name": place["name"],
        "address": place.get("address"),
        "postcode": place.get("postcode"),
        "urn": place.get("urn"),
        "manager": place.get("manager"),
        "category": offer.category,
    }


def missing(content: Mapping[str, Any]) -> list[Refused]:
    """What must still be filled in before an agreement can be enabled for signing."""
    faults = []
    for part, name in REQUIRED:
        value = (content.get(part) or {}).get(name)
        if not (value.get("name") if isinstance(value, dict) else value):
            sentence = f"{part}.{name} is needed before this can be signed."
            faults.append(Refused(Code.INCOMPLETE, sentence, [part, name]))
    return faults


def canonical_form(content: Mapping[str, Any]) -> bytes:
    """The bytes whose SHA-256 is signed: sorted keys, no spaces, NFC, behind a line that names the form."""
    return CANONICAL_FORM + canonical(_composed(content))


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {key: _composed(inner) for key, inner in value.items()}
    return [_composed(inner) for inner in value] if isinstance(value, list) else value
