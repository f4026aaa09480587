"""Conversations as a client sees them. Nobody can see whether the other side has read a message."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from models import message
from models.lifecycle import Side
from models.message import MessageTag
from schema.document import MessageDocument
from schema.fields import connection, shows, told
from schema.node import Node
from schema.organisation import Organisation
from schema.pages import PageInfo
from schema.problems import Problem


@shows(message.Thread, "The conversation about one referral between its authority and one provider.")
class Thread(Node):
    id: UUID = told("Its id.")
    referral_id: UUID = told("The referral it is about.")
    authority: Organisation = told("The authority.")
    provider: Organisation = told("The provider.")
    reference: str = told("That referral's reference.")
    head: int = told("The number of the newest message; 0 for none yet.")
    newest_at: datetime | None = told("When that was sent.")
    newest: Annotated["Message", strawberry.lazy("schema.message")] | None = told("That message.")
    unread: int = told("How many messages of the other side you have not read; yours alone.")


@shows(message.Message, "One message. It is never edited or deleted: a correction is a new message.")
class Message(Node):
    id: UUID = told("Its id.")
    thread_id: UUID = told("Its conversation.")
    referral_id: UUID = told("The referral it is about.")
    no: int = told("Its number in the conversation, from 1, without gaps.")
    side: Side = told("Which side wrote it.")
    author_name: str = told("Who wrote it.")
    body: str = told("Its text.")
    tag: MessageTag | None = told("What it is about, where that matters.")
    attachments: list[MessageDocument] = told("What goes with it, in the order given.")
    sent_at: datetime = told("When it was sent.")
    is_new: bool = told("Your own 'New Message' label; always false on the author's side.")


@strawberry.type(description="A message at its place in a conversation.")
class MessageEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Message = strawberry.field(description="The message.")


@connection("Message", "A page of messages, oldest first.")
class MessageConnection:
    edges: list[MessageEdge] = strawberry.field(description="The messages with their cursors.")
    nodes: list[Message] = strawberry.field(description="The messages.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="A conversation at its place in a list.")
class ThreadEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Thread = strawberry.field(description="The conversation.")


@connection("Thread", "A page of conversations, newest message first.")
class ThreadConnection:
    edges: list[ThreadEdge] = strawberry.field(description="The conversations with their cursors.")
    nodes: list[Thread] = strawberry.field(description="The conversations.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="The answer of sending a message.")
class MessagePayload:
    message: Message | None = strawberry.field(default=None, description="The message as it was sent.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer of reading a conversation.")
class ThreadPayload:
    thread: Thread | None = strawberry.field(default=None, description="The conversation as it is now.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")
