"""What an acceptance agrees to beside the offer: the conditions that were told by message (S-066)."""

from uuid import UUID

from sqlalchemy import select

from models.message import Message, MessageTag, Thread
from models.offer import Offer
from models.offer_condition import acknowledged
from resolvers.context import Context


async def agreed(context: Context, offer: Offer, named: list[UUID]) -> list[UUID]:
    """The conditions of the offer's conversation, all of them named.

    The conversation is held until the act ends: a condition sent meanwhile was either there before, and is asked for,
    or comes after the acceptance. A mark that points to it neither waits nor holds the acceptance up (S-070).
    """
    talk = Thread.referral_id == offer.referral_id, Thread.provider_id == offer.provider_id
    held = Thread.visible_to(context.viewer).where(*talk).with_for_update(key_share=True)
    thread = await context.session.scalar(held)
    if thread is None:
        return acknowledged([], named)
    told = select(Message.id).where(Message.thread_id == thread.id, Message.tag == MessageTag.CONDITION)
    return acknowledged(await context.all(told.order_by(Message.no)), named)
