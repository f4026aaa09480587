"""What an agreement says, gathered from the offer, the parties and the draft; and how it is printed."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import select

from models.document import DocumentKind
from models.ipa import Ipa, IpaStatus
from models.ipa_content import Around, content_of
from models.ipa_contradiction import contradictions
from models.ipa_form import read_form
from models.ipa_parts import IpaDocument, Signature
from models.ipa_sense import out_of_order, tidied
from models.offer import Offer
from models.offer_parts import OfferDocument, OfferVersion
from models.organisation import Organisation
from models.provider import Provider
from models.refusal import Refused, refuse_all
from resolvers.context import Context
from resolvers.plain import instant_text

Json = dict[str, Any]


async def content(context: Context, agreement: Ipa) -> Json:
    """Everything the parties agree to: as it was fixed, before that from the accepted offer and the draft."""
    if agreement.canonical_form is not None:
        return read_form(agreement.canonical_form)
    offer = await context.find(Offer, agreement.offer_id)
    return content_of(agreement, offer, await _around(context, agreement))


async def _around(context: Context, agreement: Ipa) -> Around:
    authority = await context.find(Organisation, agreement.la_id)
    provider = await context.session.get_one(Provider, agreement.provider_id)  # a party's name, to every reader of it
    versions = select(OfferVersion).where(OfferVersion.offer_id == agreement.offer_id)
    papers = select(OfferDocument).where(
        OfferDocument.offer_id == agreement.offer_id, OfferDocument.removed_at.is_(None), OfferDocument.compulsory
    )
    replaced = select(Ipa.reference).where(Ipa.id == agreement.supersedes_id)
    attached = select(IpaDocument).where(IpaDocument.ipa_id == agreement.id, IpaDocument.removed_at.is_(None))
    return Around(
        authority={
            "name": authority.name, "code": authority.gss_code, "deliveredBy": authority.delivered_by,
            "address": authority.address,
        },
        provider={
            "legalName": provider.legal_name, "tradingName": provider.trading_name,
            "companyNumber": provider.company_number, "address": provider.address, "postcode": provider.postcode,
            "urn": provider.agency_urn,
        },
        accepted=await context.session.scalar(versions.order_by(OfferVersion.version.desc()).limit(1)),
        statement=await context.session.scalar(papers.where(OfferDocument.kind == DocumentKind.STATEMENT_OF_PURPOSE)),
        supersedes=await context.session.scalar(replaced) if agreement.supersedes_id else None,
        documents=await context.all(attached.order_by(IpaDocument.attached_at, IpaDocument.id)),
    )  # fmt: skip


async def printed(context: Context, agreement: Ipa, said: Mapping[str, Any], *, page: bool = False) -> bytes:
    """The agreement as a PDF, or as a page for a browser: marked DRAFT before it is enabled, VOID after voiding."""
    signatures = await context.all(
        select(Signature).where(Signature.ipa_id == agreement.id).order_by(Signature.at, Signature.party)
    )
    mark: Literal["DRAFT", "VOID"] | None = "DRAFT" if agreement.content_hash is None else None
    if agreement.status is IpaStatus.VOIDED:
        mark = "VOID"
    write = context.shell.printer.page if page else context.shell.printer.agreement
    return await write(in_print(said, agreement, signatures), mark=mark)


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


def merged(before: Json, given: Json) -> Json:
    """A draft after an edit: parts are merged field by field, lists replaced."""
    after = dict(before)
    for name, part in given.items():
        old = before.get(name)
        after[name] = {**old, **part} if isinstance(part, dict) and isinstance(old, dict) else part
    return after


def checked(details: Json, category: str) -> Json:
    """The details in their one form; refused where their days cannot follow each other, or where they contradict."""
    kept = tidied(details)
    faults = [*out_of_order(kept), *contradictions(kept, category)]
    refuse_all([Refused(fault.code, fault.message, ["input", *fault.path]) for fault in faults])
    return kept
