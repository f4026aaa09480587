"""What was approved takes effect, what was refused goes: set-wise, whatever the size of a registration (S-007)."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from models.care import RegisteredCare
from models.home import FrameworkMembership, Home
from models.provider import Provider
from models.registration_change import ChangeAction, ChangeStatus, ChangeSubject, RegistrationChange
from resolvers.context import Context

PARTS: dict[ChangeSubject, type[Any]] = {
    ChangeSubject.HOME: Home,
    ChangeSubject.CARE: RegisteredCare,
    ChangeSubject.MEMBERSHIP: FrameworkMembership,
}
OF_A_HOME = (RegisteredCare, FrameworkMembership)
UNSYNCHRONISED = {"synchronize_session": False}


async def everything_takes_effect(context: Context, registration: Provider) -> int:
    """All that waits is in effect from now on; answers how many changes that were."""
    for kind in PARTS.values():
        waiting = kind.provider_id == registration.id, kind.approved_at.is_(None), kind.ended_at.is_(None)
        await _set(context, kind, waiting, approved_at=context.by.at)
    mine = RegistrationChange.provider_id == registration.id, RegistrationChange.status == ChangeStatus.PENDING
    changes = await context.all(select(RegistrationChange).where(*mine))
    await take_effect(context, registration, changes)
    return len(changes)


async def take_effect(context: Context, registration: Provider, changes: Sequence[RegistrationChange]) -> None:
    """Put these changes into the rows, the care and memberships of a home with it."""
    records = await _records(context, registration, changes)
    for change in changes:
        record = records[change.subject_id]
        if change.action is ChangeAction.CHANGE:
            change.apply(record)
        elif change.action is ChangeAction.ADD:
            record.approved_at = context.by.at
        else:
            record.ended_at = context.by.at
    await context.session.flush()
    await _homes_parts(context, _homes(changes, ChangeAction.ADD), "approved_at")
    await _homes_parts(context, _homes(changes, ChangeAction.REMOVE), "ended_at")
    await _settle(context, changes, ChangeStatus.APPROVED)


async def come_to_nothing(
    context: Context, registration: Provider, changes: Sequence[RegistrationChange], status: ChangeStatus, why: str = ""
) -> None:
    """These changes are not made: what was to be added is ended before it began."""
    added = [change for change in changes if change.action is ChangeAction.ADD]
    for record in (await _records(context, registration, added)).values():
        if record is not registration:
            record.ended_at = context.by.at
    await context.session.flush()
    await end_parts(context, _homes(added, ChangeAction.ADD))
    await _settle(context, changes, status, why)


async def end_parts(context: Context, homes: Iterable[UUID]) -> None:
    """The care and memberships of homes end with them."""
    await _homes_parts(context, homes, "ended_at")


async def _homes_parts(context: Context, homes: Iterable[UUID], column: str) -> None:
    ids = list(homes)
    for kind in OF_A_HOME if ids else ():
        where = kind.home_id.in_(ids), kind.ended_at.is_(None), getattr(kind, column).is_(None)
        await _set(context, kind, where, **{column: context.by.at})


async def _records(context: Context, registration: Provider, changes: Sequence[RegistrationChange]) -> dict[UUID, Any]:
    records: dict[UUID, Any] = {registration.id: registration}
    for subject, kind in PARTS.items():
        ids = {change.subject_id for change in changes if change.subject is subject}
        found = await context.all(select(kind).where(kind.id.in_(ids)).execution_options(populate_existing=True))
        records |= {record.id: record for record in found}
    return records


async def _settle(context: Context, changes: Sequence[RegistrationChange], status: ChangeStatus, why: str = "") -> None:
    facts = {"decided_at": context.by.at, "decided_by_name": context.viewer.name, "reason": why or None}
    ids = [change.id for change in changes]
    if ids:
        await _set(context, RegistrationChange, (RegistrationChange.id.in_(ids),), status=status, **facts)


async def _set(context: Context, kind: type[Any], where: Sequence[Any], **values: Any) -> None:
    await context.session.execute(update(kind).where(*where).values(**values), execution_options=UNSYNCHRONISED)


def _homes(changes: Sequence[RegistrationChange], action: ChangeAction) -> list[UUID]:
    return [each.subject_id for each in changes if each.subject is ChangeSubject.HOME and each.action is action]
