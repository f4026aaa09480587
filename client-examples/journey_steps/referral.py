"""From a draft to a referral that the provider has heard of and opened."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import date
from pathlib import Path
from typing import Any

from portal_client import Person, new_key

from journey_steps import contents
from journey_steps.cast import say

LIVE_WITHIN = 10  # seconds; usually it is a few milliseconds


async def drafted(officer: Person, form: Path) -> tuple[dict[str, Any], date]:
    """A complete draft with the authority's own form attached, and the portal's day."""
    draft = (await officer.act("ReferralCreate", input=contents.FIRST_DRAFT, key=new_key()))["referral"]
    say(officer, f"drafts referral {draft['reference']}")
    today = date.fromisoformat(draft["createdAt"][:10])
    written = await officer.act(
        "ReferralUpdate", id=draft["id"], version=draft["version"], input=contents.referral(today)
    )
    document = await officer.upload(form, "LOCAL_REFERRAL_FORM")
    attached = await officer.act(
        "ReferralAttach",
        id=draft["id"],
        version=written["referral"]["version"],
        document=document,
        identifiesChild=False,
    )
    say(officer, f"fills it in and attaches {form.name}")
    return {**draft, **attached["referral"]}, today


async def tried_dry(officer: Person, id: str) -> None:
    """Whom a sending would reach, before anybody is told."""
    match = (await officer.ask("ReferralMatch", id=id))["referralMatch"]
    say(officer, f"asks first whom it would reach: {match['told']} providers, hindered by {len(match['hindrances'])}")


async def sent_and_heard(officer: Person, member: Person, draft: dict[str, Any]) -> None:
    """The first event of a stream says where it stands: whatever happens after that is heard."""
    async with aclosing(member.follow("Notifications")) as events:
        await anext(events)
        began = time.monotonic()
        sent = (await officer.act("ReferralSend", id=draft["id"], version=draft["version"]))["referral"]
        say(officer, f"sends it; {len(sent['deliveries'])} matching providers receive it")
        async with asyncio.timeout(LIVE_WITHIN):
            heard = await _about(events, draft["id"])
        took = 1000 * (time.monotonic() - began)
        say(member, f"hears live, {took:.0f} ms after the sending began: {heard['title']}")


async def _about(events: AsyncIterator[dict[str, Any]], subject: str) -> dict[str, Any]:
    async for event in events:
        if event["__typename"] == "NotificationAdded" and event["notification"]["subjectId"] == subject:
            return dict(event["notification"])
    raise SystemExit("The stream ended before the referral was heard of.")


async def opened(member: Person, id: str) -> dict[str, Any]:
    """What the provider sees: a summary, never the child's name or date of birth."""
    seen = (await member.act("ReferralOpen", id=id))["referral"]
    (child,) = seen["summary"]["children"]
    papers = ", ".join(document["name"] for document in seen["documents"])
    say(member, f"opens it: {child['initials']} {child['ageYears']} years, {seen['summary']['needs']} With {papers}")
    return dict(seen)
