"""Documents sent with messages: the sender's own, kept as they were when they were sent (S-068)."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import strawberry

from models.document import Document, DocumentState, snapshot
from models.event import Happened
from models.lifecycle import Side
from models.message import Message
from models.message_document import MOST, MessageDocument
from models.refusal import Code, Refused, not_found, refuse_all
from resolvers.context import Context
from resolvers.inputs import wrong

WHERE = "attachments"


@strawberry.input(description="A document that goes with a message.")
class AttachmentInput:
    document_id: UUID = strawberry.field(description="A document of your organisation whose bytes have come.")
    identifies_child: bool = strawberry.field(
        default=False,
        description="Whether it names the child; then the provider sees the authority's once an agreement is shared.",
    )


Given = tuple[AttachmentInput, Document]


def attachment_faults(given: list[AttachmentInput]) -> Iterator[Refused]:
    """What no list of attachments can be: too long, or the same document twice."""
    if len(given) > MOST:
        sentence = f"These are {len(given):,} documents; {MOST} are the most. Send the rest with another message."
        yield wrong(sentence, WHERE)
        return
    seen = Counter[UUID]()
    for place, each in enumerate(given):
        seen[each.document_id] += 1
        if seen[each.document_id] == 2:
            yield wrong("This document is attached already.", WHERE, str(place), "documentId")


async def own_documents(context: Context, given: list[AttachmentInput]) -> list[Given]:
    """The documents that shall go with a message, in order; all that cannot are refused at once."""
    if not given:
        return []
    wanted = Document.visible_to(context.viewer).where(Document.id.in_([each.document_id for each in given]))
    known: dict[UUID, Document] = {document.id: document for document in await context.all(wanted)}
    refuse_all([fault for n, each in enumerate(given) if (fault := _fault(known.get(each.document_id), n))])
    return [(each, known[each.document_id]) for each in given]


async def attach(context: Context, message: Message, documents: list[Given], reference: str) -> None:
    """Keep the documents with the message that is being sent, as they are now."""
    if documents:
        await context.session.flush()
    for place, (given, document) in enumerate(documents, 1):
        context.session.add(_attached(message, document, given, place))
        context.by.says(_told(message, document, given, reference))


def _fault(document: Document | None, place: int) -> Refused | None:
    path = ("input", WHERE, str(place), "documentId")
    if document is None:
        missing = not_found("document")
        return Refused(missing.code, missing.message, path)
    if document.state is not DocumentState.READY:
        return Refused(Code.WRONG_STATE, "Upload the file before you attach it.", path)
    return None


def _attached(message: Message, document: Document, given: AttachmentInput, place: int) -> MessageDocument:
    return MessageDocument(
        message_id=message.id, referral_id=message.referral_id, la_id=message.la_id, provider_id=message.provider_id,
        side=message.side, place=place, identifies_child=given.identifies_child, attached_at=message.sent_at,
        attached_by_name=message.author_name, **snapshot(document),
    )  # fmt: skip


def _told(message: Message, document: Document, given: AttachmentInput, reference: str) -> Happened:
    """A line of the sender's own timeline: the other side may not know yet that there is such a document."""
    own = message.side is Side.LOCAL_AUTHORITY
    return Happened(
        kind="message.attach",
        stream=message.referral_id,
        subject_kind="THREAD",
        subject_id=message.thread_id,
        version=message.no,
        referral_id=message.referral_id,
        reference=reference,
        la_id=message.la_id if own else None,
        provider_id=None if own else message.provider_id,
        facts={"sha256": document.sha256, "kind": document.kind, "identifiesChild": given.identifies_child},
    )
