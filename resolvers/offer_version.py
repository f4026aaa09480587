"""The versions of an offer since its submission, each kept with what it changed in the act that makes it (S-076)."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import select

from models.event import Actor
from models.offer import Offer
from models.offer_parts import OFFERED, OfferDocument, OfferVersion, content_hash
from resolvers.context import Context
from resolvers.offer_documents import held_by
from resolvers.offer_lines import changed


async def keep(context: Context, offer: Offer) -> None:
    """Keep a submitted offer, flushed, as the authority can read it from this act on."""
    version = version_of(offer, await held_by(context, offer), context.by)
    kept = select(OfferVersion).where(OfferVersion.offer_id == offer.id).order_by(OfferVersion.version.desc())
    if before := await context.session.scalar(kept.limit(1)):
        version.changes = [asdict(change) for change in changed(before, version)]
    context.session.add(version)


def version_of(offer: Offer, documents: Sequence[OfferDocument], by: Actor) -> OfferVersion:
    """The offer as it stands, for its history."""
    papers = [paper.kept for paper in documents]
    made = OfferVersion(
        offer_id=offer.id, version=offer.version, la_id=offer.la_id, provider_id=offer.provider_id, at=by.at,
        by_name=by.viewer.name, changes=[], **{name: getattr(offer, name) for name in OFFERED},
        documents=sorted(papers, key=lambda paper: (paper["kind"], paper["name"], paper["sha256"], paper["id"])),
    )  # fmt: skip
    made.content_hash = content_hash(made.content)
    return made
