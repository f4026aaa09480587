"""Messages: sending, and reading as the reader's own affair."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import Select, false, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from models.lifecycle import Side
from models.message import Message, MessageTag, Thread, ThreadRead, may_write
from models.offer_condition import another
from models.referral import Referral
from models.refusal import Refused, not_found
from resolvers.context import Context, Info
from resolvers.message_document import AttachmentInput, attach, attachment_faults, own_documents
from resolvers.message_outgoing import can_be_read, names_no_child
from resolvers.pages import Page

NEVER: Any = literal_column("'epoch'::timestamptz", Thread.newest_at.type)


@strawberry.input(description="A message.")
class MessageInput:
    body: str = strawberry.field(description="Its text, at most 10,000 characters.")
    tag: MessageTag | None = strawberry.field(default=None, description="What it is about, where that matters.")
    attachments: list[AttachmentInput] = strawberry.field(
        default_factory=list, description="Documents of your organisation that go with it, at most 10."
    )
    acknowledge_identity: bool = strawberry.field(
        default=False, description="Say it although it seems to name the child: the word is meant otherwise."
    )

    def faults(self, now: datetime) -> Iterator[Refused]:
        return attachment_faults(self.attachments)


@strawberry.input(description="Which conversations to list. Every condition given must hold.")
class ThreadFilter:
    referral_id: UUID | None = strawberry.field(default=None, description="About this referral.")
    unread_only: bool = strawberry.field(default=False, description="With something in them that you have not read.")
    empty: bool = strawberry.field(
        default=False, description="Those in which nothing has been said yet, too; they come last."
    )


def thread(
    me: Any, id: UUID | None = None, referral_id: UUID | None = None, provider_id: UUID | None = None
) -> Select[Any]:
    """By its id, or by the two that name it: a referral, and for an authority the provider."""
    rows = Thread.visible_to(me)
    if id is not None:
        rows = rows.where(Thread.id == id)
    if referral_id is not None:
        rows = rows.where(Thread.referral_id == referral_id)
    if me.side is Side.LOCAL_AUTHORITY and id is None:
        return rows.where(Thread.provider_id == provider_id)
    return rows.where(Thread.id.is_not(None) if id is not None or referral_id is not None else false())


def threads(me: Any, filter: ThreadFilter | None = None, first: int = 20, after: str | None = None) -> Page:
    """By the newest message, whoever has read it: an order that reading changed would tell of it (S-070)."""
    rows, empty = Thread.visible_to(me), filter is not None and filter.empty
    key = func.coalesce(Thread.newest_at, NEVER) if empty else Thread.newest_at
    if not empty:
        rows = rows.where(Thread.spoken())
    if filter and filter.referral_id is not None:
        rows = rows.where(Thread.referral_id == filter.referral_id)
    if filter and filter.unread_only:
        rows = rows.where(Thread.with_news(me))
    return Page(rows, key, Thread.id, first, after)


def page(me: Any, thread_id: UUID, tag: MessageTag | None = None, first: int = 50, after: str | None = None) -> Page:
    rows = Message.visible_to(me).where(Message.thread_id == thread_id)
    if tag is not None:
        rows = rows.where(Message.tag == tag)
    return Page(rows, Message.no, Message.id, first, after, descending=False)


async def send(info: Info, thread_id: UUID, input: MessageInput) -> Message:
    context = info.context
    may_write(context.by)
    held = await _thread(context, thread_id)
    reference = await _reference(context, held)
    if input.tag is MessageTag.CONDITION:
        another(await context.session.scalar(conditions_of(held)) or 0)
    documents = await own_documents(context, input.attachments)
    if context.viewer.side is Side.LOCAL_AUTHORITY:
        await can_be_read(context, held)
        if not input.acknowledge_identity:
            await names_no_child(context, held, input.body, documents)
    message = held.send(input.body, input.tag, by=context.by, reference=reference)
    context.session.add(message)
    await attach(context, message, documents, reference)
    return message


def conditions_of(thread: Thread) -> Select[Any]:
    told = (Message.thread_id == thread.id, Message.tag == MessageTag.CONDITION)
    return select(func.count()).select_from(Message).where(*told)


async def read(info: Info, id: UUID, up_to: int) -> Thread:
    """Moves the reader's own mark forward, and clears their notifications of the messages read.

    A mark that is there already changes and tells nothing. A notification that is read leaves the messages as they are.
    """
    context = info.context
    thread = await context.find(Thread, id)
    event = thread.read(up_to, by=context.by, reference=await _reference(context, thread))
    mark = insert(ThreadRead).values(person_id=context.viewer.person_id, thread_id=id, last_read_no=up_to)
    further = mark.on_conflict_do_update(
        index_elements=["person_id", "thread_id"],
        set_={"last_read_no": func.greatest(ThreadRead.last_read_no, up_to)},
        where=ThreadRead.last_read_no < up_to,
    )
    moved = await context.session.scalar(further.returning(ThreadRead.last_read_no))
    if moved and up_to:
        context.by.says(event)
    return thread


async def _thread(context: Context, id: UUID) -> Thread:
    """The conversation, held while the next number is given; a mark that points to it neither waits nor holds it up."""
    held: Thread | None = await context.session.scalar(
        Thread.visible_to(context.viewer).where(Thread.id == id).with_for_update(key_share=True)
    )
    if held is None:
        raise not_found("thread")
    return held


async def _reference(context: Context, thread: Thread) -> str:
    visible = Referral.visible_to(context.viewer).where(Referral.id == thread.referral_id)
    reference: str | None = await context.session.scalar(visible.with_only_columns(Referral.reference))
    if reference is None:
        raise not_found("thread")
    return reference
