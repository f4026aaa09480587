"""E-mail that could not be sent, for whoever looks after the portal: how it stands, and deciding on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from models.event import Happened
from models.lifecycle import REGION_ADMINISTRATOR
from models.mail import Mail, london_day
from models.refusal import Code, Refused, not_found
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.pages import Page
from resolvers.read import told_to_client


@dataclass(frozen=True)
class MailCounts:
    """How many messages wait, of those how many after a try that failed, and how many are dead."""

    waiting: int
    failing: int
    dead: int
    oldest_waiting: datetime | None


# ── reads ────────────────────────────────────────────────────────────────────
def page(me: Any, first: int = 20, after: str | None = None) -> Page:
    """By the London day, and within one in no order that tells anything: a cursor holds what a page is sorted by."""
    return Page(Mail.visible_to(me), london_day(Mail.at), Mail.id, first, after)


async def counts(info: Info) -> MailCounts | None:
    context = info.context
    with told_to_client():
        async with context.shell.database.consulting(context.viewer, context.now) as session:
            if not _looks_after(context):
                return None
            row = (await session.execute(select("*").select_from(func.portal_mail_counts()))).one()
    return MailCounts(row.waiting, row.failing, row.dead, row.oldest)


# ── acts ─────────────────────────────────────────────────────────────────────
async def send_again(info: Info, ids: list[UUID] | None = None) -> Answer:
    return await _decided(info.context, "send_again", ids)


async def give_up(info: Info, ids: list[UUID] | None = None) -> Answer:
    return await _decided(info.context, "give_up", ids)


async def _decided(context: Context, action: str, ids: list[UUID] | None) -> Answer:
    if not _looks_after(context):
        raise Refused(Code.FORBIDDEN, f"Only {REGION_ADMINISTRATOR.spoken} can decide on e-mail that was not sent.")
    decided = select(func.portal_mail_decided(ids, action == "send_again", context.now))
    count = await context.session.scalar(decided)
    if not count and ids is not None:
        raise not_found("e-mail that could not be sent", "ids")
    here = context.viewer.organisation_id
    if count:
        facts = {"count": count, "ids": ids}
        context.by.says(Happened(f"mail.{action}", here, "MAIL", here, 0, facts=facts))
    return Answer(None, {"changed": count})


def _looks_after(context: Context) -> bool:
    return REGION_ADMINISTRATOR.includes(context.viewer.side, context.viewer.roles)
