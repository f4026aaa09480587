"""Who signs, for whom, and with which evidence: what stands between an agreement that is ready and a signature."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from models.delegation import Delegation
from models.ipa import Ipa
from models.ipa_consent import consent_to, digest_of
from models.ipa_parts import IpaOpening, IpaRefusal
from models.refusal import Code, Refused
from resolvers.code import spend_code
from resolvers.context import Context
from resolvers.ipa_input import IpaSignInput


async def signed(context: Context, agreement: Ipa, content_hash: str, input: IpaSignInput) -> dict[str, Any]:
    """The signature as it will be kept, with the code spent; the agreement says that it is signed (TRUST H1, H2)."""
    version = agreement.version
    held = await _entitled(context, agreement, content_hash, input.on_behalf_of)
    agreement.unrefused(await _refusals(context, agreement))
    await _fit_to_sign(context, agreement, input)
    step = await spend_code(context, context.viewer.person_id, input.code)
    viewer, words = context.viewer, consent_to(held)
    return {
        "ipa_id": agreement.id, "party": viewer.side, "la_id": agreement.la_id, "provider_id": agreement.provider_id,
        "person_id": viewer.person_id, "name": viewer.name, "job_title": viewer.job_title,
        "organisation": viewer.organisation_name, "method": "AUTHENTICATOR_CODE", "code_step": step,
        "session_id": viewer.session_id, "address": context.caller.address, "agent": context.caller.agent,
        "ipa_version": version, "content_hash": content_hash, "pdf_sha256": agreement.pdf_sha256, "at": context.by.at,
        "consent": words, "consent_sha256": digest_of(words), "delegation_id": held and held.id,
        "authority": held and held.authority, "on_behalf_of": held and held.spoken_principal,
    }  # fmt: skip


async def refused(context: Context, agreement: Ipa, reason: str) -> IpaRefusal:
    """The refusal as it will be kept, of somebody who may sign at this moment."""
    refusal = agreement.refuse(reason, await _refusals(context, agreement), by=context.by)
    await _still_signatory(context)
    return refusal


async def _entitled(
    context: Context, agreement: Ipa, content_hash: str, by_authority: UUID | None
) -> Delegation | None:
    """By which authority the viewer signs, none being their own right; both are held until the act ends."""
    if by_authority is None:
        agreement.sign(content_hash, by=context.by)
        await _still_signatory(context)
        return None
    agreement.sign_on_behalf(content_hash, by_authority, by=context.by)
    return await _authority(context, agreement, by_authority)


async def _still_signatory(context: Context) -> None:
    """The viewer's right to sign, held against its being taken away until the act ends."""
    if not await context.session.scalar(select(func.portal_hold_signatory(context.viewer.person_id))):
        raise Refused(Code.NOT_A_SIGNATORY, "You are no longer a signatory. Ask an administrator.")


async def _authority(context: Context, agreement: Ipa, id: UUID) -> Delegation:
    """The authority by which the viewer signs for somebody, held against its being revoked until the act ends."""
    rows = Delegation.visible_to(context.viewer).where(Delegation.id == id)
    held: Delegation | None = await context.session.scalar(rows.with_for_update(read=True))
    if held is None:
        sentence = "No authority to sign on this person's behalf is recorded."
        raise Refused(Code.NOT_A_SIGNATORY, sentence, ["input", "onBehalfOf"])
    signs = held.principal_id is None
    if held.principal_id is not None:
        signs = bool(await context.session.scalar(select(func.portal_hold_signatory(held.principal_id))))
    held.admits(agreement.id, signs, by=context.by)
    return held


async def _refusals(context: Context, agreement: Ipa) -> list[IpaRefusal]:
    said = select(IpaRefusal).where(IpaRefusal.ipa_id == agreement.id)
    return await context.all(said.order_by(IpaRefusal.at, IpaRefusal.id))


async def _fit_to_sign(context: Context, agreement: Ipa, input: IpaSignInput) -> None:
    """The signer consents, and has opened the very bytes that are signed, or a later file that begins with them."""
    if not input.consent:
        raise Refused(Code.INVALID_INPUT, "Sign only what you have read and agree to.", ["input", "consent"])
    mine = {"ipa_id": agreement.id, "person_id": context.viewer.person_id, "pdf_sha256": agreement.pdf_sha256}
    if await context.session.get(IpaOpening, mine) is None:
        raise Refused(Code.NOT_OPENED, "Open the agreement and read it before you sign.")
