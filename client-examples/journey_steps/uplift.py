"""The core fee rises after signature: proposed by one side, agreed by the other, the agreement as it was."""

from datetime import date, timedelta
from typing import Any

from portal_client import new_key

from journey_steps.cast import Cast, is_refused, say


async def agreed(cast: Cast, ipa: str, today: date) -> None:
    """From a day on; before it the fee is the one that was signed."""
    start = today + timedelta(days=90)
    asked = {
        "rise": {"percentage": "3.50"},
        "effectiveFrom": start.isoformat(),
        "reason": "The yearly rise of wages.",
    }
    made = (await cast.member.act("UpliftPropose", ipa=ipa, input=asked, key=new_key()))["uplift"]
    say(cast.member, f"proposes an uplift from {start}: £{made['feeBefore']} a week becomes £{made['feeAfter']}")
    await is_refused(cast.member, "agree to it as well", "UpliftAgree", id=made["id"], version=made["version"])
    waiting = (await cast.officer.ask("UpliftsToAnswer"))["uplifts"]["nodes"]
    (theirs,) = [each for each in waiting if each["id"] == made["id"]]
    await cast.officer.act("UpliftAgree", id=theirs["id"], version=theirs["version"])
    say(cast.officer, f"agrees to {theirs['reference']}: {theirs['reason']}")
    for day in (start - timedelta(days=1), start):
        fee: dict[str, Any] = (await cast.member.ask("AgreementFee", ipa=ipa, on=day.isoformat()))["agreementFee"]
        say(cast.member, f"reads what is owed on {fee['on']}: £{fee['weeklyTotal']} a week")
