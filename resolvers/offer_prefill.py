"""What an offer can be begun with: everything the portal knows of referral, organisation, home and family (S-080)."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.age import london_day
from models.care import RegisteredCare
from models.delivery import Delivery
from models.document import DocumentRequirement
from models.event import Actor
from models.home import FosteringFamily, Home, HomeKind
from models.offer import LIVE, Offer
from models.offer_prefill import Choice, Paper, Prefill
from models.offer_snapshot import Choice as Taken
from models.person import Viewer
from models.provider import Category, Provider
from models.referral import Referral
from models.refusal import Code, Refused
from resolvers.context import Info
from resolvers.offer_documents import fitting
from resolvers.offer_framework import covering, governed_by
from resolvers.read import told_to_client


async def prefill(info: Info, referral_id: UUID, home_id: UUID | None = None, family_id: UUID | None = None) -> Any:
    """As it stands now; None to who makes no offers, and where referral, home or family is not there for the viewer."""
    context, viewer = info.context, info.context.viewer
    with told_to_client():
        if home_id and family_id:
            raise Refused(Code.INVALID_INPUT, "Name a home or a family, not both.", ["familyId"])
        async with context.shell.database.consulting(viewer, context.now) as session:
            if not _makes_offers(Actor(viewer, context.now)):
                return None
            return await _gathered(session, viewer, (referral_id, home_id or family_id), london_day(context.now))


def _makes_offers(by: Actor) -> bool:
    try:
        Offer.entitle("create", by=by)
    except Refused:
        return False
    return True


async def _gathered(session: AsyncSession, viewer: Viewer, asked: tuple[UUID, UUID | None], today: date) -> Any:
    referral_id, chosen_id = asked
    here = and_(Delivery.referral_id == referral_id, Delivery.withdrawn_at.is_(None))
    delivery = await session.scalar(Delivery.visible_to(viewer).where(here))
    sent = Referral.visible_to(viewer).where(Referral.id == referral_id).with_only_columns(Referral.summary)
    summary = await session.scalar(sent) if delivery else None
    organisation = await session.scalar(Provider.visible_to(viewer).where(Provider.id == viewer.organisation_id))
    if delivery is None or summary is None or organisation is None:
        return None
    category = Category(summary["category"])
    choices = await _choices(session, viewer, category, today)
    chosen = next((choice for choice in choices if choice.where.id == chosen_id), None)
    if chosen_id and chosen is None:
        return None
    papers = await _papers(session, viewer, category, chosen, today)
    live = Offer.visible_to(viewer).where(Offer.referral_id == referral_id, Offer.status.in_(LIVE))
    live_id = await session.scalar(live.with_only_columns(Offer.id))
    return Prefill(delivery, summary, organisation, choices, chosen, papers, live_id, today)


async def _choices(session: AsyncSession, viewer: Viewer, category: Category, today: date) -> list[Choice]:
    """The viewer's own homes, or for fostering its families, those that suit first: registered for the category."""
    own = _families(viewer) if category is Category.FOSTERING else _homes(viewer)
    places = (await session.scalars(own)).all()
    care = RegisteredCare.visible_to(viewer).where(
        RegisteredCare.category == category, RegisteredCare.approved(RegisteredCare)
    )
    registered = set((await session.scalars(care.with_only_columns(RegisteredCare.home_id))).all())
    held = (await session.scalars(covering(viewer.organisation_id, today))).all()
    made = [Choice(where, _suits(where, registered), governed_by(where, held)) for where in places]
    return sorted(made, key=lambda choice: not choice.suits)


def _suits(where: Home | FosteringFamily, registered: set[UUID | None]) -> bool:
    """Whether an offer can name it: an approved home with that care, or any family of an agency with it."""
    if isinstance(where, Home):
        return where.approved_at is not None and where.id in registered
    return None in registered


def _homes(viewer: Viewer) -> Select[Any]:
    mine = Home.provider_id == viewer.organisation_id, Home.ended_at.is_(None)
    return Home.visible_to(viewer).where(*mine, Home.kind != HomeKind.FOSTERING_BRANCH).order_by(Home.name, Home.id)


def _families(viewer: Viewer) -> Select[Any]:
    mine = FosteringFamily.visible_to(viewer).where(FosteringFamily.ended_at.is_(None))
    return mine.order_by(FosteringFamily.name, FosteringFamily.id)


async def _papers(
    session: AsyncSession, viewer: Viewer, category: Category, chosen: Choice | None, today: date
) -> list[Paper]:
    """What every offer of the category carries, with what would attach itself: the home's own first."""
    home_id = chosen.where.id if chosen and isinstance(chosen.where, Home) else None
    there = (await session.scalars(fitting((category, viewer.organisation_id, home_id), None))).all()
    asked = select(DocumentRequirement.kind).where(DocumentRequirement.category == category.value)
    kinds = sorted((await session.scalars(asked)).all())
    papers = []
    for kind in kinds:
        of_it = [document for document in there if document.kind is kind]
        taken = Taken(kind, today, of_it, [], []).taken
        papers += [Paper(kind, document, today) for document in taken or of_it[:1] or [None]]
    return papers
