"""Registrations: kept by the provider, decided on by the authority that manages them or by the region."""

from typing import Any
from uuid import UUID, uuid4

import strawberry
from sqlalchemy import DateTime, Select, cast, false, func, literal, literal_column, select
from strawberry import UNSET

from models.care import RegisteredCare
from models.home import Home, HomeKind, valid_postcode, valid_urn
from models.lifecycle import Side
from models.matching import arrived, before_approval, deliver_open
from models.organisation import Organisation
from models.provider import Category, Provider
from models.refusal import not_found, refuse_all
from models.registration import RegistrationStatus
from models.registration_change import ChangeStatus, RegistrationChange
from resolvers.care_input import FosteringCareInput, genders_of, memberships_of
from resolvers.contact_input import ProviderContactInput, contacts_of
from resolvers.context import Context, Info
from resolvers.effect import everything_takes_effect
from resolvers.pages import Page
from resolvers.registration import Cleaner, assign, cleaned, filled, free, needed, wanted
from resolvers.working_copy import copy_of, profile


def text(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(description="Facts of a registration: what is left out stays as it is, null clears it.")
class RegistrationInput:
    legal_name: str | None = text("Legal name.")
    trading_name: str | None = text("Trading name.")
    company_number: str | None = text("Company or charity number.")
    address: str | None = text("Registered address.")
    postcode: str | None = text("Its postcode.")
    agency_urn: str | None = text("The regulator's reference number, where the provider itself holds one.")


@strawberry.input(description="Which registrations to list.")
class RegistrationFilter:
    status: list[RegistrationStatus] | None = strawberry.field(default=None, description="In one of these states.")
    category: Category | None = strawberry.field(default=None, description="With care of this category, also waiting.")
    changes_pending: bool | None = strawberry.field(default=None, description="With changes that wait, or without.")


FACTS: dict[str, Cleaner] = {
    "legal_name": filled,
    "trading_name": free,
    "company_number": free,
    "address": free,
    "postcode": needed(valid_postcode),
    "agency_urn": wanted(valid_urn),
}


# ── reads ────────────────────────────────────────────────────────────────────
def one(me: Any, id: UUID | None = None) -> Select[Any]:
    return Provider.visible_to(me).where(Provider.id == (me.organisation_id if id is None else id))


def worklist(me: Any, filter: RegistrationFilter | None = None, first: int = 20, after: str | None = None) -> Page:
    """What the viewer decides on, longest waiting first; of a provider its own (S-018)."""
    rows = mine(me)
    if filter and filter.status is not None:
        rows = rows.where(Provider.status == func.any(filter.status))
    if filter and filter.category is not None:
        care = RegisteredCare.provider_id == Provider.id, RegisteredCare.ended_at.is_(None)
        of_it = select(RegisteredCare.id).where(*care, RegisteredCare.category == filter.category)
        rows = rows.where(of_it.exists())
    if filter and filter.changes_pending is not None:
        waiting = RegistrationChange.provider_id == Provider.id, RegistrationChange.status == ChangeStatus.PENDING
        rows = rows.where(select(RegistrationChange.id).where(*waiting).exists() == filter.changes_pending)
    instant = DateTime(timezone=True)
    since = func.coalesce(Provider.waiting_since(Provider, me), cast(literal("infinity"), instant), type_=instant)
    return Page(rows, since, Provider.id, first, after, descending=False)


def counts(me: Any) -> Select[Any]:
    """How many registrations the viewer looks after are in each state, and how long the oldest has waited (S-018)."""
    kept = mine(me).with_only_columns(Provider.status, Provider.waiting_days(Provider, me).label("days")).subquery()
    each = select(kept.c.status, func.count().label("n"), func.max(kept.c.days).label("days"))
    rows = each.group_by(kept.c.status).subquery()
    listed = func.jsonb_build_object("status", rows.c.status, "count", rows.c.n, "oldestDays", rows.c.days)
    made = select(func.coalesce(func.jsonb_agg(listed), literal_column("'[]'::jsonb")))
    return made.where(false()) if me.sign_only else made


def approved_by_category(me: Any) -> Select[Any]:
    """How many providers are approved for each category, as far as the viewer sees them (S-046)."""
    seen = RegisteredCare.visible_to(me).where(RegisteredCare.approved(RegisteredCare)).subquery()
    each = select(seen.c.category, func.count(seen.c.provider_id.distinct()).label("n"))
    rows = each.group_by(seen.c.category).subquery()
    listed = func.jsonb_build_object("category", rows.c.category, "count", rows.c.n)
    return select(func.coalesce(func.jsonb_agg(listed), literal_column("'[]'::jsonb")))


def mine(me: Any) -> Select[Any]:
    """The registrations that the viewer decides on, or keeps."""
    rows = Provider.visible_to(me)
    return rows.where(Provider.managing_la_id == me.organisation_id) if me.side is Side.LOCAL_AUTHORITY else rows


# ── acts of the provider ─────────────────────────────────────────────────────
async def update(info: Info, id: UUID, expected_version: int, input: RegistrationInput) -> Provider:
    context = info.context
    registration = await _to(context, "edit", id, expected_version)
    registration.ready("edit", by=context.by)
    copy, facts = await copy_of(context, registration), cleaned(input, FACTS)
    moved = facts.get("postcode", registration.postcode) != registration.postcode
    copy.change(registration, facts)
    if moved:
        await assign(context, registration)
    registration.edit(by=context.by, changes=copy.count)
    await copy.flush()
    return registration


async def update_contacts(info: Info, id: UUID, expected_version: int, input: list[ProviderContactInput]) -> Provider:
    """Whom to ask about what: the list as it shall be. Of an approved registration from June on (S-049)."""
    context = info.context
    copy = await profile(context, expected_version)
    if copy.registration.id != id:
        raise not_found("registration")
    copy.change(copy.registration, {"contacts": contacts_of(input)})
    await copy.done()
    return copy.registration


async def add_fostering_care(info: Info, input: FosteringCareInput) -> Provider:
    """What the agency itself is registered for (S-013)."""
    context = info.context
    copy = await profile(context)
    care = RegisteredCare(
        id=uuid4(), provider_id=copy.registration.id, category=Category.FOSTERING, age_from=input.age_from,
        age_to=input.age_to, genders=genders_of(input.genders), added_at=context.by.at,
    )  # fmt: skip
    memberships = memberships_of(input.memberships, copy.registration.id, None)
    faults = [fault for n, held in enumerate(memberships) for fault in held.faults("input", "memberships", str(n))]
    refuse_all([*care.faults("input"), *faults])
    copy.add(care)
    for held in memberships:
        copy.add(held)
    await copy.done(care=care.id)
    return copy.registration


async def submit(info: Info, id: UUID, expected_version: int) -> Provider:
    context = info.context
    registration = await _to(context, "submit", id, expected_version)
    live = RegisteredCare.provider_id == registration.id, RegisteredCare.ended_at.is_(None)
    cared_for = set(await context.all(select(RegisteredCare.home_id).where(*live)))
    homes = Home.provider_id == registration.id, Home.ended_at.is_(None), Home.kind != HomeKind.FOSTERING_BRANCH
    bare = [home.name for home in await context.all(select(Home).where(*homes)) if home.id not in cared_for]
    registration.submit(bool(cared_for), sorted(bare), by=context.by)
    return registration


# ── acts of those who decide ─────────────────────────────────────────────────
async def approve(info: Info, id: UUID, expected_version: int) -> Provider:
    """From here the provider receives what it matches, the referrals that are open already included (S-041)."""
    context, by = info.context, info.context.by
    await context.session.execute(before_approval())
    registration = await _to(context, "approve", id, expected_version)
    registration.approve(by=by)
    await everything_takes_effect(context, registration)
    await context.session.flush()
    for late in await context.session.execute(deliver_open(registration.id, by.at)):
        by.says(arrived(late, registration.id))
    return registration


async def reject(info: Info, id: UUID, expected_version: int, reason: str) -> Provider:
    registration = await _to(info.context, "reject", id, expected_version)
    registration.reject(reason, by=info.context.by)
    return registration


async def open_for_editing(info: Info, id: UUID, expected_version: int) -> Provider:
    registration = await _to(info.context, "open_for_editing", id, expected_version)
    registration.open_for_editing(by=info.context.by)
    return registration


async def hand_over(info: Info, id: UUID, expected_version: int, local_authority_id: UUID, reason: str) -> Provider:
    """Another authority manages it from here (S-005)."""
    context = info.context
    registration = await _to(context, "hand_over", id, expected_version)
    authorities = Organisation.visible_to(context.viewer).where(Organisation.side == Side.LOCAL_AUTHORITY)
    heir = await context.session.scalar(authorities.where(Organisation.id == local_authority_id))
    if heir is None:
        raise not_found("authority")
    registration.hand_over(heir, reason, by=context.by)
    await context.session.flush()
    await context.session.execute(select(func.portal_hand_over(registration.id, heir.id)))
    return registration


async def _to(context: Context, action: str, id: UUID, expected_version: int) -> Provider:
    """A registration for this act, held; whoever may never do it is refused before anything is looked for."""
    Provider.entitle(action, by=context.by)
    return await context.change(Provider, id, expected_version)
