"""An offer: drafted, submitted, edited, and accepted as it then stands."""

from datetime import date
from typing import Any

from portal_client import Person, new_key

from journey_steps import contents
from journey_steps.cast import Cast, is_refused, say


async def submitted(member: Person, referral: str, today: date) -> dict[str, Any]:
    """Compulsory documents are taken from the provider's profile: nobody attaches them."""
    homes = (await member.ask("Homes"))["homes"]["nodes"]
    home = next(home for home in homes if contents.suits(home))
    given = contents.offer(home, today)
    draft = (await member.act("OfferCreate", referral=referral, input=given, key=new_key()))["offer"]
    say(member, f"drafts an offer with {draft['placement']['name']}, £{draft['weeklyTotal']} a week")
    offer = (await member.act("OfferSubmit", id=draft["id"], version=draft["version"]))["offer"]
    compulsory = [document for document in offer["documents"] if document["compulsory"]]
    say(member, f"submits it; {len(compulsory)} compulsory documents attach themselves")
    return dict(offer)


async def compared(officer: Person, referral: str) -> None:
    """Facts beside each other, in an order that the authority chooses; the portal ranks nobody."""
    beside = (await officer.ask("OffersCompared", referral=referral, by="DISTANCE_MILES"))["offerComparison"]
    told = [f"{each['placementName']}, {each['distanceMiles']} miles, £{each['weeklyTotal']}" for each in beside]
    say(officer, f"compares what is offered: {'; '.join(told)}")


async def accepted_as_it_stands(cast: Cast, offer: dict[str, Any]) -> None:
    """An acceptance names the version that was read, so nobody accepts what they have not seen."""
    seen = await cast.officer.ask("Offer", id=offer["id"])
    read, checks = seen["offer"], seen["acceptanceChecks"]["checks"]
    say(cast.officer, f"reads version {read['version']} of the offer")
    await cast.member.act("OfferUpdate", id=offer["id"], version=offer["version"], input=contents.OFFER_EDIT)
    say(cast.member, "edits the submitted offer")
    done = {"checks": [check["id"] for check in checks]}
    old = {"id": offer["id"], "version": read["version"], "conditions": _conditions(read), **done}
    await is_refused(cast.officer, "accept the version read", "OfferAccept", **old)
    changes = (await cast.officer.ask("OfferChanges", id=offer["id"], since=read["version"]))["offerChanges"]
    say(cast.officer, f"asks what has changed since: {', '.join(change['label'] for change in changes)}")
    again = (await cast.officer.ask("Offer", id=offer["id"]))["offer"]
    now = {"id": offer["id"], "version": again["version"], "conditions": _conditions(again), **done}
    made = (await cast.officer.act("OfferAccept", **now))["offer"]
    say(cast.officer, f"reads version {again['version']}, confirms {len(checks)} checks, and accepts")
    say(cast.officer, f"the offer is {made['status']} and locked")


def _conditions(offer: dict[str, Any]) -> list[str]:
    """What was told as a condition by message: read, and named when the offer is accepted."""
    return [message["id"] for message in offer["conditions"]]
