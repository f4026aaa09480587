"""Providers of the demonstration on their way through registration, by the hands of their own people."""

from __future__ import annotations

from typing import Any

from portal.demonstration import provider_inputs as inputs
from portal.demonstration.acts import Acts
from portal.demonstration.crew import Accounts
from portal.demonstration.papers import Paper, Papers
from portal.demonstration.providers import Provider
from portal.demonstration.users import Person

SHOWN = "registration { id version }"
FIND_ACCOUNT = "{ accounts(first: 100) { nodes { id version email } } }"
FIND_REGISTRATION = "{ registration { id version } }"


class Registering:
    def __init__(self, acts: Acts, accounts: Accounts, papers: Papers) -> None:
        self._acts = acts
        self._accounts = accounts
        self._papers = papers

    async def begin(self, provider: Provider, first: Person) -> None:
        """The form that anybody can send; sending it twice is the same as once."""
        step = f"{provider.key}/begin"
        if step not in self._acts.journal:
            given = inputs.beginning(provider, first)
            await self._acts.do_anonymously("registrationBegin", "received", given, address=provider.domain)
            self._acts.journal.keep(step, True)

    async def bring_on(self, provider: Provider, team: list[Person], officer: str) -> None:
        """From the form that was sent to the state that the registration shall reach."""
        first, *colleagues = team
        await self._accounts.bring_on(first, officer, await self._asked_for(first, officer))
        version = await self._profile(provider, first.email)
        for number, paper in enumerate(provider.documents):
            await self._papers.file(first.email, f"{provider.key}/{number}", Paper.of(paper))
        if provider.state != "DRAFT":
            await self._decide(provider, first.email, officer, version)
        for colleague in colleagues:
            await self._accounts.open(colleague, first.email)

    async def _asked_for(self, first: Person, officer: str) -> dict[str, Any]:
        """The first person's account as the officer finds it in the worklist."""
        step = f"{first.email}/asked for"
        if step in self._acts.journal:
            return dict(self._acts.journal[step])
        found = (await self._acts.ask(officer, FIND_ACCOUNT))["accounts"]["nodes"]
        account = next(each for each in found if each["email"] == first.email)
        return dict(self._acts.journal.keep(step, account))

    async def _profile(self, provider: Provider, by: str) -> int:
        """Everything that is registered, and the registration's version after it."""
        for family in provider.families:
            await self._acts.do(
                by, family_step(family.key), "fosteringFamilyAdd", "family { id }", input=inputs.family(family)
            )
        registration = await self._registration(provider, by)
        known = {"id": registration["id"], "expectedVersion": registration["version"]}
        written = await self._acts.do(
            by, f"{provider.key}/update", "registrationUpdate", SHOWN, **known, input=inputs.registration(provider)
        )
        version = written["registration"]["version"]
        if provider.families:
            care = inputs.fostering_care(provider)
            added = await self._acts.do(by, f"{provider.key}/care", "fosteringCareAdd", SHOWN, input=care)
            version = added["registration"]["version"]
        for home in provider.homes:
            made = await self._acts.do(
                by, home_step(home.key), "homeAdd", "home { id version }", input=inputs.home(home)
            )
            version = made["home"]["version"]
            for number, paper in enumerate(home.documents):
                await self._papers.file(by, f"{home.key}/{number}", Paper.of(paper, made["home"]["id"]))
        return int(version)

    async def _registration(self, provider: Provider, by: str) -> dict[str, Any]:
        step = f"{provider.key}/found"
        if step not in self._acts.journal:
            self._acts.journal.keep(step, (await self._acts.ask(by, FIND_REGISTRATION))["registration"])
        return dict(self._acts.journal[step])

    async def _decide(self, provider: Provider, by: str, officer: str, version: int) -> None:
        id = self._acts.journal[f"{provider.key}/found"]["id"]

        async def move(who: str, act: str, **more: Any) -> None:
            nonlocal version
            step = f"{provider.key}/{act}"
            answer = await self._acts.do(who, step, act, SHOWN, id=id, expectedVersion=version, **more)
            version = answer["registration"]["version"]

        await move(by, "registrationSubmit")
        if provider.state == "REJECTED":
            await move(officer, "registrationReject", reason=provider.state_reason)
        elif provider.state in ("APPROVED", "OPEN_FOR_EDITING"):
            await move(officer, "registrationApprove")
        if provider.state == "OPEN_FOR_EDITING":
            await move(officer, "registrationOpenForEditing")


def home_step(key: str) -> str:
    return f"home/{key}"


def family_step(key: str) -> str:
    return f"family/{key}"
