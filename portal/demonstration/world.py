"""Fills the demonstration world, by the acts that its people would perform themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from models.age import london_day
from portal.demonstration.acts import Acts, Contracts, Declined
from portal.demonstration.case import Case
from portal.demonstration.chance import chance
from portal.demonstration.content import Content, content
from portal.demonstration.crew import Accounts, Crew
from portal.demonstration.fit import places_for
from portal.demonstration.journal import COMPLETE, JOURNAL, Journal, is_complete
from portal.demonstration.papers import Papers
from portal.demonstration.performing import perform
from portal.demonstration.progress import Done, shown_progress
from portal.demonstration.providers import Provider
from portal.demonstration.referrals import Referral
from portal.demonstration.registering import Registering
from portal.demonstration.roster import SHOWN_FIRST
from portal.demonstration.steps import ProviderStep
from portal.demonstration.users import Directory, Person
from resolvers.context import Shell

T = TypeVar("T")
AT_ONCE = 4
EARLY_REFERRALS = 4
MANAGED = "{ registrations(first: 100) { nodes { managingLocalAuthority { id name } } } }"


@dataclass(frozen=True)
class Filling:
    """What is filled, where it is noted, and by whose invitation it begins.

    `opened` is called once the people whose sign-ins are printed can sign in.
    """

    shell: Shell
    contracts: Contracts
    home: Path
    invitation: str
    opened: Callable[[], None] = lambda: None
    content: Callable[[date], Content] = content


async def fill(filling: Filling) -> None:
    """Make all of the world that has not been made and that the rollout permits by the shell's clock.

    It can be interrupted at any moment and goes on where it was; nothing is made twice.
    """
    path = filling.home / JOURNAL
    if is_complete(path):
        filling.opened()
        return
    journal = Journal(path)
    try:
        await _fill(filling, journal)
        journal.keep(COMPLETE, True)
    finally:
        journal.close()


async def _fill(filling: Filling, journal: Journal) -> None:
    """The world of the day on which it was begun."""
    now = london_day(filling.shell.clock())
    today = date.fromisoformat(journal["day"] if "day" in journal else journal.keep("day", now.isoformat()))
    whole = filling.content(today)
    with shown_progress(_size(whole)) as done:
        makers = _Makers(Acts(filling.shell, filling.contracts, journal), whole, today, done)
        with closing(makers.crew):
            await makers.first(filling.invitation)
            filling.opened()
            await makers.rest()


def _size(whole: Content) -> int:
    people = sum(person.side != "PROVIDER" for person in whole.users)
    return people + sum(map(_size_of, whole.providers)) + sum(1 + len(each.steps) for each in whole.referrals)


def _size_of(provider: Provider) -> int:
    return 2 + len(provider.homes) + len(provider.families) + len(provider.all_documents)


class _Makers:
    def __init__(self, acts: Acts, whole: Content, today: date, done: Done) -> None:
        self._acts = acts
        self._whole = whole
        self._today = today
        self._done = done
        self._directory = Directory(whole.users)
        self._founder = next(person for person in whole.users if person.side == "REGION")
        self.crew = Crew(acts, whole.users)
        self._accounts = Accounts(acts, self.crew)
        self._papers = Papers(acts)
        self._registering = Registering(acts, self._accounts, self._papers)
        self._begun: set[str] = set()

    async def first(self, invitation: str) -> None:
        """The people whose sign-ins are printed, with their organisations, and a few referrals between them."""
        await self.crew.take_up(self._founder, invitation)
        self._done(1)
        shown = self._whole.providers[: len(SHOWN_FIRST)]
        await self._providers_begin(shown)
        await self._open_authorities({provider.managing_authority for provider in shown})
        await self._bring_on(shown)
        early = [each for each in self._whole.referrals if self._between(each, shown)][:EARLY_REFERRALS]
        await _together(self._live, early)

    async def rest(self) -> None:
        others = self._whole.providers[len(SHOWN_FIRST) :]
        await self._providers_begin(others)
        await self._open_authorities({authority.key for authority in self._whole.authorities} - self._begun)
        await self._bring_on(others)
        await _together(self._live, self._whole.referrals)
        await self.crew.sign_everybody_out()

    # ── organisations and their people ───────────────────────────────────────
    async def _providers_begin(self, providers: Iterable[Provider]) -> None:
        await _together(lambda each: self._registering.begin(each, self._team(each.key)[0]), providers)

    async def _bring_on(self, providers: Iterable[Provider]) -> None:
        async def one(provider: Provider) -> None:
            officer = self._directory.holding(provider.managing_authority, "REGISTRATION_OFFICER")[0]
            await self._registering.bring_on(provider, self._team(provider.key), officer.email)
            self._done(_size_of(provider))

        await _together(one, providers)

    async def _open_authorities(self, keys: set[str]) -> None:
        """The region finds an authority by a registration that it manages."""
        found = (await self._acts.ask(self._founder.email, MANAGED))["registrations"]["nodes"]
        ids = {each["managingLocalAuthority"]["name"]: each["managingLocalAuthority"]["id"] for each in found}
        wanted = [each for each in self._whole.authorities if each.key in keys]
        await _together(lambda each: self._open_authority(each.key, ids[each.name]), wanted)
        self._begun |= keys

    async def _open_authority(self, key: str, id: str) -> None:
        administrator = self._directory.holding(key, "ADMINISTRATOR")[0]
        await self._accounts.open(administrator, self._founder.email, id)
        self._done(1)
        for colleague in self._team(key):
            if colleague is not administrator:
                await self._accounts.open(colleague, administrator.email)
                self._done(1)

    def _team(self, organisation: str) -> list[Person]:
        return [person for person in self._whole.users if person.organisation == organisation]

    # ── referrals ────────────────────────────────────────────────────────────
    def _between(self, referral: Referral, providers: tuple[Provider, ...]) -> bool:
        """Whether it can run its whole course with these providers alone."""
        with_others = {step.provider for step in referral.steps if isinstance(step, ProviderStep)}
        if not with_others <= {provider.key for provider in providers} or referral.authority not in self._begun:
            return False
        return bool(places_for(referral.category, referral.children, self._today, providers))

    async def _live(self, referral: Referral) -> None:
        """From its draft to its stage, or as far as the rules permit now; what they stopped is not tried again."""
        stopped = f"{referral.key}/stopped"
        if stopped in self._acts.journal:
            return
        officers = self._directory.holding(referral.authority, "PLACEMENT_OFFICER")
        author = chance("handled by", referral.key).choice(officers).email
        case = Case(
            acts=self._acts, crew=self.crew, papers=self._papers, referral=referral, today=self._today
        )  # fmt: skip
        try:
            await perform(case, author, lambda: self._done(1))
        except Declined as declined:
            self._acts.journal.keep(stopped, [str(declined), *declined.codes])


async def _together(work: Callable[[T], Coroutine[Any, Any, None]], on: Iterable[T]) -> None:
    """The same work on each, a few at a time; the first fault ends all and is raised."""
    places = asyncio.Semaphore(AT_ONCE)

    async def in_turn(each: T) -> None:
        async with places:
            await work(each)

    try:
        async with asyncio.TaskGroup() as group:
            for each in on:
                group.create_task(in_turn(each))
    except ExceptionGroup as faults:
        raise faults.exceptions[0] from faults
