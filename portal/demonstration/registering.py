"""Providers of the demonstration on their way through registration, by the hands of their own people."""

from __future__ import annotations

from typing import Any

from portal.demonstration import provider_inputs as inputs
from portal.demonstration.acts import Acts
from portal.demonstration.crew import Accounts
from portal.demonstration.papers import Paper, Papers
from portal.demonstration.providers import Provider
from portal.demonstration.users import Person
from portal.demonstration.workbooks import Workbooks

SHOWN = "registration { id version }"
FIND_ACCOUNT = "{ accounts(first: 100) { nodes { id version email } } }"
FIND_REGISTRATION = "{ registration { id version } }"
FIND_PARTS = "{ registration { version homes { id name } } }"
FIND_FAMILY = "query ($name: String!) { fosteringFamilySuggestions(prefix: $name) { id } }"


class Registering:
    def __init__(self, acts: Acts, accounts: Accounts, papers: Papers) -> None:
        self._acts = acts
        self._accounts = accounts
        self._papers = papers
        self._workbooks = Workbooks(acts, papers)

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
        """Everything that is registered, as its workbook says it, and the registration's version after it."""
        await self._registration(provider, by)
        await self._workbooks.take_in(provider, by)
        known = await self._known(provider, by)
        for home in provider.homes:
            for number, paper in enumerate(home.documents):
                await self._papers.file(by, f"{home.key}/{number}", Paper.of(paper, known["homes"][home.name]))
        return int(known["version"])

    async def _known(self, provider: Provider, by: str) -> dict[str, Any]:
        """What the portal calls the homes and families that came in, noted for whoever places a child there."""
        step = f"{provider.key}/known"
        if step not in self._acts.journal:
            found = (await self._acts.ask(by, FIND_PARTS))["registration"]
            homes = {each["name"]: each["id"] for each in found["homes"]}
            for home in provider.homes:
                self._acts.journal.keep(home_step(home.key), {"home": {"id": homes[home.name]}})
            for family in provider.families:
                (match,) = (await self._acts.ask(by, FIND_FAMILY, name=family.name))["fosteringFamilySuggestions"]
                self._acts.journal.keep(family_step(family.key), {"family": {"id": match["id"]}})
            self._acts.journal.keep(step, {"version": found["version"], "homes": homes})
        return dict(self._acts.journal[step])

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
