"""What an authority says to a provider: to one that can read it, and without saying who the child is too early."""

from sqlalchemy import select

from models.child import Child
from models.child_identity import named_by_message
from models.delivery import Delivery
from models.ipa import Ipa
from models.message import Thread
from models.refusal import Code, Refused, refuse_all
from resolvers.context import Context
from resolvers.message_document import Given


async def can_be_read(context: Context, thread: Thread) -> None:
    """Refuse to write to a provider from whom the referral has been taken: nobody there sees the conversation."""
    here = Delivery.referral_id == thread.referral_id, Delivery.provider_id == thread.provider_id
    still = select(Delivery.id).where(*here, Delivery.withdrawn_at.is_(None))
    if await context.session.scalar(still) is None:
        sentence = "This provider has the referral no longer and could not read the message."
        raise Refused(Code.WRONG_STATE, sentence, ["threadId"])


async def names_no_child(context: Context, thread: Thread, body: str, documents: list[Given]) -> None:
    """Refuse what would say who the child is before a draft agreement is shared with this provider."""
    case = Ipa.referral_id == thread.referral_id, Ipa.provider_id == thread.provider_id
    if await context.session.scalar(select(Ipa.id).where(*case, Ipa.shared_at.is_not(None)).limit(1)):
        return
    children = await context.all(Child.known_to(thread.referral_id))
    files = [None if given.identifies_child else document.name for given, document in documents]
    refuse_all(named_by_message(body, files, children, "input"))
