"""What an authority writes to a provider about its offer, looked through before it goes out (S-053)."""

from sqlalchemy import select

from models.child import Child
from models.child_identity import named_by_note
from models.ipa import Ipa
from models.offer import Offer
from models.refusal import refuse_all
from resolvers.context import Context


async def names_no_child(context: Context, offer: Offer, text: str, *path: str) -> None:
    """Refuse what would say who the child is, unless an agreement about it has been shared with this provider."""
    case = Ipa.referral_id == offer.referral_id, Ipa.provider_id == offer.provider_id
    if await context.session.scalar(select(Ipa.id).where(*case, Ipa.shared_at.is_not(None)).limit(1)):
        return
    refuse_all(named_by_note(text, await context.all(Child.known_to(offer.referral_id)), *path))
