"""Agreements while they are written: the authority fills in, attaches and shares; the provider reviews."""

from uuid import UUID

from models.document import Document, DocumentState, snapshot
from models.ipa import Ipa
from models.ipa_parts import IpaDocument
from models.lifecycle import Side
from models.refusal import Code, Refused
from resolvers.context import Context, Info
from resolvers.ipa_content import checked, merged
from resolvers.ipa_input import IpaContactsInput, IpaInput
from resolvers.plain import plain


async def update(info: Info, id: UUID, expected_version: int, input: IpaInput) -> Ipa:
    agreement = await authoritys(info.context, id, expected_version)
    agreement.edit(checked(merged(agreement.details, plain(input))), by=info.context.by)
    return agreement


async def attach(info: Info, id: UUID, expected_version: int, document_id: UUID) -> Ipa:
    context = info.context
    agreement = await authoritys(context, id, expected_version)
    document = await context.find(Document, document_id)
    if document.state is not DocumentState.READY:
        raise Refused(Code.WRONG_STATE, "Upload the file before you attach it.", ["documentId"])
    agreement.step("attach", by=context.by, document=document.id, sha256=document.sha256)
    agreement.updated_at = context.by.at
    context.session.add(
        IpaDocument(
            ipa_id=agreement.id, la_id=agreement.la_id, provider_id=agreement.provider_id,
            attached_at=context.by.at, attached_by_name=context.viewer.name, **snapshot(document),
        )
    )  # fmt: skip
    return agreement


async def share(info: Info, id: UUID, expected_version: int) -> Ipa:
    agreement = await authoritys(info.context, id, expected_version)
    agreement.share(by=info.context.by)
    return agreement


async def update_contacts(info: Info, id: UUID, expected_version: int, input: IpaContactsInput) -> Ipa:
    agreement = await info.context.change(Ipa, id, expected_version)
    agreement.edit_contacts(merged(agreement.contacts, plain(input)), by=info.context.by)
    return agreement


async def confirm_review(info: Info, id: UUID, expected_version: int) -> Ipa:
    agreement = await info.context.change(Ipa, id, expected_version)
    agreement.confirm_review(by=info.context.by)
    return agreement


async def authoritys(context: Context, id: UUID, expected_version: int) -> Ipa:
    if context.viewer.side is not Side.LOCAL_AUTHORITY:
        raise Refused(Code.FORBIDDEN, "Only the authority's placement team can do this with an agreement.")
    return await context.change(Ipa, id, expected_version)
