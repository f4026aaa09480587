"""What an agreement says, gathered from the offer, the parties and the draft; and how it is printed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import select

from models.child import Child, valid_nhs_number
from models.delegation import Delegation
from models.ipa import Ipa, IpaStatus
from models.ipa_content import content_of
from models.ipa_parts import IpaDocument, Signature
from models.offer import Offer
from models.offer_answer import in_words
from models.organisation import Organisation
from models.provider import Provider
from models.referral import Referral
from models.refusal import Code, Refused
from resolvers.context import Context
from resolvers.plain import instant_text, spoken

Json = dict[str, Any]
CONSENT = "I have read this agreement and sign it on behalf of my organisation, which intends to be bound by it."


def consent_to(held: Delegation | None) -> str:
    """The words that a signer agrees to; for somebody else they name whom, and by which authority (S-033)."""
    if held is None:
        return CONSENT
    return CONSENT.replace("sign it", f"sign it for {held.spoken_principal} under authority {held.reference}")


async def content(context: Context, agreement: Ipa) -> Json:
    """Everything the parties agree to: locked parts from the accepted offer, the rest from the draft."""
    offer = await context.find(Offer, agreement.offer_id)
    attached = select(IpaDocument).where(IpaDocument.ipa_id == agreement.id, IpaDocument.removed_at.is_(None))
    documents = await context.all(attached.order_by(IpaDocument.attached_at, IpaDocument.id))
    authority = await context.find(Organisation, agreement.la_id)
    provider = await context.session.get_one(Provider, agreement.provider_id)  # a party's name, to every reader of it
    names = {
        "authority": {
            "name": authority.name, "deliveredBy": authority.delivered_by, "address": authority.address,
        },
        "provider": {
            "legalName": provider.legal_name, "tradingName": provider.trading_name,
            "companyNumber": provider.company_number, "address": provider.address, "urn": provider.agency_urn,
        },
    }  # fmt: skip
    return content_of(agreement, offer, names, documents)


async def printed(context: Context, agreement: Ipa, said: Mapping[str, Any]) -> bytes:
    """The agreement as a PDF: marked DRAFT before it is enabled, VOID after voiding."""
    signatures = await context.all(
        select(Signature).where(Signature.ipa_id == agreement.id).order_by(Signature.at, Signature.party)
    )
    mark: Literal["DRAFT", "VOID"] | None = "DRAFT" if agreement.content_hash is None else None
    if agreement.status is IpaStatus.VOIDED:
        mark = "VOID"
    return await context.shell.printer.agreement(in_print(said, agreement, signatures), mark=mark)


def in_print(said: Mapping[str, Any], agreement: Any, signatures: Sequence[Any]) -> Json:
    """What is printed: the content, and what has become of the agreement. Rows of the columns will do."""
    return {
        **said,
        "version": agreement.version,
        "issued": instant_text(agreement.enabled_at) if agreement.enabled_at else None,
        "contentHash": agreement.content_hash,
        "signatures": [_signature(given) for given in signatures],
        "voidReason": agreement.void_reason,
        "voidedAt": instant_text(agreement.voided_at) if agreement.voided_at else None,
    }


def _signature(given: Any) -> Json:
    return {
        "party": given.party,
        "name": given.name,
        "jobTitle": given.job_title,
        "organisation": given.organisation,
        "onBehalfOf": given.on_behalf_of,
        "authority": given.authority,
        "method": given.method,
        "at": instant_text(given.at),
        "contentHash": given.content_hash,
    }


async def first_details(context: Context, offer: Offer, child: Child) -> Json:
    """What a draft starts with: everything the referral and the offer know already."""
    referral = await context.find(Referral, offer.referral_id)
    seen: Json = next((c for c in referral.content.get("children", []) if c["id"] == str(child.id)), {})
    known = {k: seen.get(k) for k in ("ethnicity", "religion", "firstLanguage", "disability")}
    terms = {k: offer.terms.get(k) for k in ("noticeByAuthority", "noticeByProvider", "trialPeriod")}
    return {
        "authority": {k: referral.content.get(k) for k in ("socialWorker", "teamManager") if referral.content.get(k)},
        "child": {**known, **child.identity(), "legalStatus": spoken(referral.content.get("legalStatus"))},
        "placement": {
            "startsOn": offer.terms.get("availableFrom"),
            "plannedDuration": spoken(referral.content.get("duration")),
            "emergency": referral.content.get("urgency") == "EMERGENCY",
            "education": in_words(offer.terms.get("education")),
        },
        "outcomes": [],
        "terms": {**terms, "staffingRatio": in_words(offer.terms.get("staffing"))},
    }


def merged(before: Json, given: Json) -> Json:
    """A draft after an edit: parts are merged field by field, lists replaced."""
    after = dict(before)
    for name, part in given.items():
        old = before.get(name)
        after[name] = {**old, **part} if isinstance(part, dict) and isinstance(old, dict) else part
    return after


def checked(details: Json) -> Json:
    """The details with their numbers in one form; faults that can be told now are refused."""
    child = details.get("child") or {}
    if child.get("nhsNumber"):
        child["nhsNumber"] = valid_nhs_number(child["nhsNumber"], "input", "child", "nhsNumber")
    split = details.get("fundingSplit")
    if split and sum(Decimal(split[part]) for part in ("socialCare", "education", "health")) != 100:
        raise Refused(Code.INVALID_INPUT, "The parts of the funding must come to 100.", ["input", "fundingSplit"])
    return details
