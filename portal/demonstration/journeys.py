"""How a referral comes to its stage: the words of its path become steps, each performed by somebody who may."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.demonstration import agreement_acts, offer_acts, referral_acts, uplift_acts
from portal.demonstration.agreements import AddressBook
from portal.demonstration.chance import Unrepeated, chance
from portal.demonstration.fit import Place, places_for
from portal.demonstration.people import Register
from portal.demonstration.providers import Provider
from portal.demonstration.referrals import Desk, Referral
from portal.demonstration.roster import SHOWN_FIRST
from portal.demonstration.scene import Cast, Scene
from portal.demonstration.schedule import PATHS, Entry, schedule
from portal.demonstration.steps import Step
from portal.demonstration.users import Directory, Person

WORD = re.compile(r"([a-z_]+)(\d?)")
"""An act, and the number of the provider concerned where it is not the first."""

ACTS: dict[str, Callable[[Scene], Step]] = {
    "send": referral_acts.send,
    "resend": referral_acts.resend,
    "amend": referral_acts.amend,
    "close": referral_acts.close,
    "call_off": referral_acts.call_off,
    "open": referral_acts.open_referral,
    "decline": referral_acts.decline,
    "ask": referral_acts.ask,
    "answer": referral_acts.answer,
    "interest": referral_acts.interest,
    "condition": referral_acts.condition,
    "read": referral_acts.read,
    "offer": offer_acts.draft,
    "edit": offer_acts.edit,
    "submit": offer_acts.submit,
    "withdraw": offer_acts.withdraw,
    "accept": offer_acts.accept,
    "turn_down": offer_acts.turn_down,
    "void": offer_acts.void,
    "draw_up": agreement_acts.draw_up,
    "share": agreement_acts.share,
    "contacts": agreement_acts.contacts,
    "confirm": agreement_acts.confirm,
    "enable": agreement_acts.enable,
    "sign": agreement_acts.sign,
    "countersign": agreement_acts.countersign,
    "refuse": agreement_acts.refuse,
    "raise": uplift_acts.propose,
    "agree_raise": uplift_acts.agree,
    "refuse_raise": uplift_acts.refuse,
    "take_back_raise": uplift_acts.withdraw,
}
ENOUGH_PROVIDERS = 3
ATTEMPTS = 30


def referrals(
    today: date, providers: Sequence[Provider], everybody: Sequence[Person], register: Register
) -> tuple[Referral, ...]:
    book, unrepeated = AddressBook(register), Unrepeated()
    shown = frozenset(provider.key for provider in providers[: len(SHOWN_FIRST)])
    cast = Cast(today=today, directory=Directory(everybody), book=book, unrepeated=unrepeated, shown=shown)
    desk = Desk(today, register, book, unrepeated)
    return tuple(_lived(_suitable(desk, number, entry, providers), cast) for number, entry in enumerate(schedule()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    referral: Referral
    facts: dict[str, str]
    places: tuple[Place, ...]


def _suitable(desk: Desk, number: int, entry: Entry, providers: Sequence[Provider]) -> Beginning:
    """A referral that several providers could answer; another is made up when too few can."""
    for attempt in range(ATTEMPTS):
        referral, facts = desk.referral(number, entry, attempt)
        places = places_for(referral.category, referral.children, desk.today, providers)
        if len({place.provider.key for place in places}) >= ENOUGH_PROVIDERS:
            return Beginning(referral=referral, facts=facts, places=places)
    raise LookupError(f"too few providers would suit any referral like {entry}")


def _lived(beginning: Beginning, cast: Cast) -> Referral:
    path = PATHS[beginning.referral.stage]
    by_provider = cast.providers_for(beginning.referral, beginning.places, signing="sign" in path.split())
    return replace(beginning.referral, steps=tuple(_steps(beginning, path, by_provider, cast)))


def _steps(beginning: Beginning, path: str, by_provider: Sequence[Sequence[Place]], cast: Cast) -> Iterator[Step]:
    scene = Scene(
        rng=chance("journey", beginning.referral.key),
        referral=beginning.referral,
        words=beginning.facts,
        cast=cast,
        places=by_provider[0],
    )
    for act, number in WORD.findall(path):
        scene.places = by_provider[int(number or 1) - 1]
        yield ACTS[act](scene)
