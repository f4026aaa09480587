"""How the viewer wishes to be told by e-mail: what holds for each kind, and choosing."""

from datetime import datetime

import strawberry
from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.age import london_day
from models.delegation import Delegation, DelegationStatus
from models.lifecycle import Role
from models.mail_preference import MailChoice, MailPreference, MailWish, changes, wishes
from models.notification import NotificationKind
from models.person import Viewer
from resolvers.act import Answer
from resolvers.context import Info
from resolvers.read import told_to_client


@strawberry.input(description="How you wish to be told of one kind of notification.")
class MailPreferenceInput:
    kind: NotificationKind = strawberry.field(description="Which kind; one that you can be told of.")
    choice: MailChoice = strawberry.field(description="When an e-mail shall follow it.")


# ── reads ────────────────────────────────────────────────────────────────────
async def own(info: Info) -> list[MailWish]:
    context = info.context
    with told_to_client():
        async with context.shell.database.consulting(context.viewer, context.now) as session:
            return await _held(session, context.viewer, context.now)


# ── acts ─────────────────────────────────────────────────────────────────────
async def choose(info: Info, input: list[MailPreferenceInput]) -> Answer:
    """All of it or nothing; where it changes nothing, nothing has happened."""
    context = info.context
    now = await _held(context.session, context.viewer, context.now)
    changed = changes([(each.kind, each.choice) for each in input], now, by=context.by)
    if changed:
        rows = [
            {"person_id": context.viewer.person_id, "kind": kind.value, "choice": choice}
            for kind, choice in changed.items()
        ]
        made = insert(MailPreference).values(rows)
        chosen = {"choice": made.excluded.choice}
        await context.session.execute(made.on_conflict_do_update(index_elements=["person_id", "kind"], set_=chosen))
    return Answer(None, {"preferences": await _held(context.session, context.viewer, context.now)})


async def _held(session: AsyncSession, viewer: Viewer, at: datetime) -> list[MailWish]:
    if Role.MACHINE in viewer.roles:
        return []
    mine = select(MailPreference.kind, MailPreference.choice).where(MailPreference.person_id == viewer.person_id)
    chosen = {row.kind: row.choice for row in await session.execute(mine)}
    return wishes(viewer, chosen, signs=await _signs(session, viewer, at))


async def _signs(session: AsyncSession, viewer: Viewer, at: datetime) -> bool:
    """Whether the viewer may sign agreements, for themselves or by an authority that has not ended."""
    held = (Delegation.delegate_id == viewer.person_id, Delegation.status == DelegationStatus.GIVEN)
    lasting = select(exists().where(*held, Delegation.valid_until >= london_day(at)))
    return Role.SIGNATORY in viewer.roles or bool(await session.scalar(lasting))
