"""The documents of an agreement: attached and taken off by the authority until it is enabled (S-114)."""

from uuid import UUID

from sqlalchemy import select

from models.document import Document, DocumentState, snapshot
from models.ipa import Ipa
from models.ipa_parts import IpaDocument
from models.refusal import Code, Refused, not_found
from resolvers import ipa_changes
from resolvers.context import Context, Info
from resolvers.ipa_changes import keep

MOST = 50
"""Documents that may be attached to one agreement."""


async def attach(info: Info, id: UUID, expected_version: int, document_id: UUID) -> Ipa:
    context = info.context
    agreement = await context.take(Ipa, "attach", id, expected_version)
    document = await _fit(context, agreement, document_id)
    agreement.attach(by=context.by, document=document.id, sha256=document.sha256)
    paper = IpaDocument(
        ipa_id=agreement.id, la_id=agreement.la_id, provider_id=agreement.provider_id,
        attached_at=context.by.at, attached_by_name=context.viewer.name, **snapshot(document),
    )  # fmt: skip
    context.session.add(paper)
    await keep(context, agreement, [ipa_changes.attached(paper)])
    return agreement


async def detach(info: Info, id: UUID, expected_version: int, document_id: UUID) -> Ipa:
    """Takes it off: named by its own id or by that of the document it was made from, it is handed out no more."""
    context = info.context
    agreement = await context.take(Ipa, "detach", id, expected_version)
    held = [old for old in await _held(context, agreement) if document_id in (old.id, old.document_id)]
    if not held:
        raise not_found("document", "documentId")
    agreement.detach(by=context.by, document=held[0].document_id, sha256=held[0].sha256)
    held[0].removed_at = context.by.at
    await keep(context, agreement, [ipa_changes.detached(held[0])])
    return agreement


async def _fit(context: Context, agreement: Ipa, document_id: UUID) -> Document:
    """A file that has come, once, and not beyond the most that there may be."""
    document = await context.find(Document, document_id, "documentId")
    if document.state is not DocumentState.READY:
        raise Refused(Code.WRONG_STATE, "Upload the file before you attach it.", ["documentId"])
    held = await _held(context, agreement)
    for old in held:
        if old.sha256 == document.sha256:
            sentence = f"This agreement carries these bytes already, as “{old.name}”."
            raise Refused(Code.DOCUMENT_ATTACHED_ALREADY, sentence, ["documentId"], existing_id=old.id)
    if len(held) >= MOST:
        sentence = f"An agreement carries {MOST} documents at most. Take one off first, or join some."
        raise Refused(Code.TOO_MANY_DOCUMENTS, sentence, ["documentId"])
    return document


async def _held(context: Context, agreement: Ipa) -> list[IpaDocument]:
    """What the agreement carries now."""
    rows = select(IpaDocument).where(IpaDocument.ipa_id == agreement.id, IpaDocument.removed_at.is_(None))
    return await context.all(rows.order_by(IpaDocument.attached_at, IpaDocument.id))
