"""Changes of approved registrations, each decided on by itself (S-049)."""

from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import func

from models.matching import arrived, before_approval, deliver_open
from models.provider import Provider
from models.refusal import Code, Refused, reason_given
from models.registration_change import ChangeStatus, RegistrationChange
from resolvers.context import Context, Info
from resolvers.effect import come_to_nothing, take_effect
from resolvers.pages import Page


@strawberry.input(description="Which changes to list.")
class RegistrationChangeFilter:
    registration_id: UUID | None = strawberry.field(default=None, description="Of this registration.")
    status: list[ChangeStatus] | None = strawberry.field(default=None, description="In one of these states.")


# ── reads ────────────────────────────────────────────────────────────────────
def page(me: Any, filter: RegistrationChangeFilter | None = None, first: int = 20, after: str | None = None) -> Page:
    """Changes that the viewer proposed or decides on, oldest first, what has become of them included."""
    rows = RegistrationChange.visible_to(me)
    if filter and filter.registration_id is not None:
        rows = rows.where(RegistrationChange.provider_id == filter.registration_id)
    if filter and filter.status is not None:
        rows = rows.where(RegistrationChange.status == func.any(filter.status))
    return Page(rows, RegistrationChange.proposed_at, RegistrationChange.id, first, after, descending=False)


# ── acts ─────────────────────────────────────────────────────────────────────
async def approve(info: Info, id: UUID, expected_version: int) -> Provider:
    """It is in effect from here, and brings the open referrals that match now (S-041)."""
    context, by = info.context, info.context.by
    Provider.entitle("approve_change", by=by)
    await context.session.execute(before_approval())
    registration, change = await _held(context, id, expected_version)
    registration.approve_change(change.id, by=by)
    waits(change)
    await take_effect(context, registration, [change])
    for late in await context.session.execute(deliver_open(registration.id, by.at)):
        by.says(arrived(late, registration.id))
    return registration


async def reject(info: Info, id: UUID, expected_version: int, reason: str) -> Provider:
    context, why = info.context, reason_given(reason)
    Provider.entitle("reject_change", by=context.by)
    registration, change = await _held(context, id, expected_version)
    registration.reject_change(change.id, by=context.by)
    waits(change)
    await come_to_nothing(context, registration, [change], ChangeStatus.REJECTED, why)
    return registration


async def withdraw(info: Info, id: UUID, expected_version: int) -> Provider:
    """The provider thinks better of it."""
    context = info.context
    Provider.entitle("withdraw_change", by=context.by)
    registration, change = await _held(context, id, expected_version)
    registration.withdraw_change(change.id, by=context.by)
    waits(change)
    await come_to_nothing(context, registration, [change], ChangeStatus.WITHDRAWN)
    return registration


async def _held(context: Context, id: UUID, expected_version: int) -> tuple[Provider, RegistrationChange]:
    """The change and its registration, held first, so that two decisions on one change follow each other."""
    change = await context.find(RegistrationChange, id)
    registration = await context.change(Provider, change.provider_id, expected_version)
    await context.session.refresh(change)
    return registration, change


def waits(change: RegistrationChange) -> None:
    if change.status is not ChangeStatus.PENDING:
        sentence = f"This change has been {change.status.lower()} already."
        raise Refused(Code.WRONG_STATE, sentence, state=change.status, subject_id=change.id)
