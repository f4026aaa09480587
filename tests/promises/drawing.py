"""What is written into offers and referrals, drawn by chance: mostly what is taken, at times what is refused."""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from tests.world import Firm

ANSWERS = ("matching", "staffing", "education", "further")
TEXTS = ("noticeByProvider", "noticeByAuthority", "trialPeriod", "namedCarer")
WORDS = ("Two to one.", "A school place is kept — “held”.", "Żółć", "28 days", "None beyond that.")
DAYS = ("2026-07-01", "2026-07-15", "2026-12-31", "2027-06-30")
UNITS = ("HOUR", "NIGHT", "WEEK", "ONCE")
QUANTITIES = ("1", "2.5", "0.33", "7", "12.25")
WRONG_FEES = ("0.00", "-1.00", "10.001", "1000000.01")


def _rarely(chance: Random) -> bool:
    return chance.random() < 0.06


@dataclass(frozen=True)
class About:
    """Who offers, who else does, for which children, and by which appendix a question may be answered."""

    firm: Firm
    rival: Firm
    children: list[UUID]
    appendix: str


def offer(chance: Random, about: About) -> dict[str, Any]:
    """A whole offer: a home, fees for each child, and some promises."""
    return {
        "placement": placement(chance, about.firm, about.rival), "fees": fees(chance, about.children),
        "availableFrom": chance.choice(DAYS), **texts(chance, about.appendix),
    }  # fmt: skip


def edit(chance: Random, about: About) -> dict[str, Any]:
    """Some of an offer; what is not in it stays."""
    whole = offer(chance, about)
    names = chance.sample(sorted(whole), chance.randint(1, len(whole)))
    return {name: whole[name] for name in names}


def placement(chance: Random, firm: Firm, rival: Firm) -> dict[str, Any]:
    if _rarely(chance):
        return chance.choice([{"homeId": str(rival.homes[0])}, {"family": {"name": "Smith"}}])
    return {"homeId": str(chance.choice(firm.homes))}


def fees(chance: Random, children: list[UUID]) -> list[dict[str, Any]]:
    lines = [_fee(chance, child) for child in children]
    return lines[1:] if _rarely(chance) else lines


def _fee(chance: Random, child: UUID) -> dict[str, Any]:
    core = chance.choice(WRONG_FEES) if _rarely(chance) else f"{chance.randint(1, 999_999)}.{chance.randint(0, 99):02}"
    costs = [_cost(chance) for _ in range(chance.choice((0, 1, 1, 3)))]
    return {"childId": str(child), "coreFeeWeekly": core, "includes": chance.choice(WORDS), "additionalCosts": costs}


def _cost(chance: Random) -> dict[str, Any]:
    first, last = sorted(chance.sample(DAYS, 2))
    return {
        "description": chance.choice(WORDS), "amount": f"{chance.randint(0, 5_000)}.{chance.randint(1, 99):02}",
        "unit": chance.choice(UNITS), "quantity": chance.choice(QUANTITIES), "from": chance.choice((None, first)),
        "until": chance.choice((None, last)),
    }  # fmt: skip


def texts(chance: Random, appendix: str) -> dict[str, Any]:
    said: dict[str, Any] = {name: chance.choice((*WORDS, None)) for name in chance.sample(TEXTS, 2)}
    said |= {name: answer(chance, appendix) for name in chance.sample(ANSWERS, 2)}
    said["conditions"] = chance.sample(WORDS, chance.randint(0, 2))
    needs = range(chance.randint(0, 2))
    said["needsMet"] = [{"need": f"Need {n}", "how": answer(chance, appendix)} for n in needs]
    return said


def answer(chance: Random, appendix: str) -> dict[str, Any]:
    """In words, or by an appendix, which may not be attached."""
    return {"seeAppendix": appendix} if _rarely(chance) else {"text": chance.choice(WORDS)}
