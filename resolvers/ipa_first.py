"""What a draft agreement starts with: everything that referral, offer, registration and an earlier one know (S-102)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from models.base import Json
from models.child import Child
from models.ipa import Ipa
from models.ipa_codes import OF_REFERRAL
from models.ipa_sense import tidied
from models.offer import Offer
from models.offer_answer import in_words
from models.provider import ContactPurpose, Provider
from models.referral import Referral
from models.referral_form import LegalStatus
from resolvers.context import Context
from resolvers.plain import spoken

CARRIED = ("authority", "child", "placement")
"""Parts of which an earlier agreement about the child tells what nothing newer does."""


async def first_details(context: Context, offer: Offer, child: Child, earlier: Sequence[Ipa]) -> Json:
    """The authority's part: from referral and offer, then from the agreement that this one takes the place of."""
    referral = await context.find(Referral, offer.referral_id)
    said: Mapping[str, Any] = referral.content
    siblings = await _siblings(context, offer, child)
    found = {
        "authority": _authority(context, said),
        "child": _child(said, child, siblings),
        "placement": _placement(said, offer, child),
        "outcomes": [],
        "terms": {
            **{name: offer.terms.get(name) for name in ("noticeByAuthority", "noticeByProvider", "trialPeriod")},
            "staffingRatio": in_words(offer.terms.get("staffing")),
        },
    }
    return tidied(_carried(found, earlier[-1].details) if earlier else found)


async def first_contacts(context: Context, offer: Offer) -> Json:
    """The provider's part: who made the offer, and whom its registration names for emergencies and invoices."""
    provider = await context.session.get_one(Provider, offer.provider_id)
    by_purpose = {contact["purpose"]: contact for contact in reversed(provider.contacts)}
    same = next((c for c in provider.contacts if c["name"].casefold() == offer.author_name.casefold()), None)
    known = {
        "keyContact": {**_contact(same), "name": offer.author_name},
        "emergencyContact": _contact(by_purpose.get(ContactPurpose.EMERGENCY)),
        "financeContact": _contact(by_purpose.get(ContactPurpose.FINANCE)),
    }
    return {name: contact for name, contact in known.items() if contact}


def _authority(context: Context, said: Mapping[str, Any]) -> Json:
    """Whoever draws it up commissions it, until somebody else is named."""
    viewer = context.viewer
    named = {name: said[name] for name in ("socialWorker", "teamManager") if said.get(name)}
    return {"commissioningOfficer": {"name": viewer.name, "role": viewer.job_title}, **named}


def _child(said: Mapping[str, Any], child: Child, siblings: Sequence[Child]) -> Json:
    seen = _entry(said, child)
    status, plan = said.get("legalStatus"), seen.get("ehcp")
    return {
        **{name: seen.get(name) for name in ("ethnicity", "religion", "firstLanguage", "disability")},
        **child.identity(),
        "expectedOn": child.expected_on.isoformat() if child.expected_on and not child.date_of_birth else None,
        "legalStatus": OF_REFERRAL[LegalStatus(status)].value if status else None,
        "ehcp": None if plan is None else "Yes" if plan else "No",
        "siblings": _spoken_siblings(siblings, together=said.get("together") is not False),
    }


def _placement(said: Mapping[str, Any], offer: Offer, child: Child) -> Json:
    seen = _entry(said, child)
    health = [seen.get(name) for name in ("health", "medication", "allergies")]
    return {
        "startsOn": offer.terms.get("availableFrom"),
        "plannedDuration": spoken(said.get("duration")),
        "emergency": said.get("urgency") == "EMERGENCY",
        "purpose": said.get("carePlan"),
        "education": in_words(offer.terms.get("education")) or seen.get("education"),
        "familyTime": (said.get("requirements") or {}).get("familyTime"),
        "health": "\n".join(filter(None, health)) or None,
    }


def _entry(said: Mapping[str, Any], child: Child) -> Json:
    return next((entry for entry in said.get("children", []) if entry["id"] == str(child.id)), {})


async def _siblings(context: Context, offer: Offer, child: Child) -> Sequence[Child]:
    """The other children that the offer is for."""
    others = select(Child).where(Child.id.in_(offer.children), Child.id != child.id)
    found: Sequence[Child] = await context.all(others.order_by(Child.position))
    return found


def _spoken_siblings(siblings: Sequence[Child], *, together: bool) -> str | None:
    """How many they are, without a name: the other side may be shown this child's agreement alone (S-105)."""
    if not siblings:
        return None
    counted = "1 other child" if len(siblings) == 1 else f"{len(siblings)} other children"
    return f"{counted} of this referral{', placed together' if together else ''}"


def _contact(known: Mapping[str, Any] | None) -> Json:
    """Somebody of a registration as an agreement names them."""
    told = {"name": "name", "role": "jobTitle", "phone": "phone", "email": "email"}
    return {name: known[there] for name, there in told.items() if known.get(there)} if known else {}


def _carried(fresh: Mapping[str, Any], earlier: Mapping[str, Any]) -> Json:
    """What is known now, and where nothing is, what the earlier agreement said."""
    kept = dict(fresh)
    for part in CARRIED:
        before = {name: value for name, value in (earlier.get(part) or {}).items() if value is not None}
        kept[part] = {**before, **{name: value for name, value in fresh[part].items() if value is not None}}
    if kept["child"].get("dateOfBirth"):
        kept["child"].pop("expectedOn", None)
    for name in ("outcomes", "fundingSplit"):
        kept[name] = fresh.get(name) or earlier.get(name)
    kept["outcomes"] = [{**outcome, "reviewOn": None} for outcome in kept["outcomes"] or []]
    return kept
