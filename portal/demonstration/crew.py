"""The people of the demonstration as they act: accounts, sessions, and the codes of their authenticators."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pyotp
from starlette.requests import HTTPConnection

from models.person import Viewer
from portal.demonstration.acts import Acts, Declined
from portal.demonstration.known import KnownSecret, QuickPasswords
from portal.demonstration.users import Person
from portal.keys import Keys
from portal.sign_in import SignIn
from resolvers.context import Caller
from resolvers.session import open_session

STEP_SECONDS = 30
TRIES = 3
SHOWN = "account { id version }"
FILLER = Caller(agent="Filling of the demonstration")
HELD = "{ sessions { id agent current } }"


class Crew:
    """Somebody's session is opened when they first act. Codes are never used twice, and waited for where need be."""

    def __init__(self, acts: Acts, everybody: Iterable[Person]) -> None:
        acts.crew = self
        self._acts = acts
        self._people = {person.email: person for person in everybody}
        self._passwords = QuickPasswords()
        self._viewers: dict[str, Viewer] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._last_step: defaultdict[str, int] = defaultdict(int)

    async def viewer(self, email: str) -> Viewer:
        async with self._turns[email]:
            if email not in self._viewers:
                self._viewers[email] = await self._session(email)
            return self._viewers[email]

    async def _session(self, email: str) -> Viewer:
        token = await open_session(self._acts.shell, email, FILLER)
        if token is None:
            raise LookupError(f"{email} has no active account")
        header = (b"authorization", f"Bearer {token}".encode())
        viewer = await SignIn(self._acts.shell)(HTTPConnection({"type": "http", "headers": [header]}))
        assert viewer is not None
        return viewer

    async def with_code(self, email: str, use: Callable[[str], Awaitable[None]]) -> None:
        """Do what takes a code; another one where that came too late. Raises Declined."""
        for turn in range(TRIES):
            try:
                return await use(await self._code(email))
            except Declined as declined:
                if not {"CODE_REFUSED", "CODE_USED"} & {*declined.codes} or turn == TRIES - 1:
                    raise

    async def _code(self, email: str) -> str:
        """A code of this person that has not been used; the oldest that is taken for a while yet, to keep the newer."""
        newest = max(self._last_step[email], self._acts.journal.get(f"code/{email}", 0))
        while newest > _step():
            await asyncio.sleep(1)
        step = max(newest + 1, _step(ago=20))
        self._last_step[email] = self._acts.journal.keep(f"code/{email}", step)
        return pyotp.TOTP(self._people[email].secret).at(step * STEP_SECONDS)

    async def take_up(self, person: Person, invitation: str) -> None:
        """Password and authenticator as they are printed; nothing when that has been done."""
        step = f"{person.email}/activate"
        if step in self._acts.journal:
            return
        given = {"invitation": invitation, "password": person.password}
        keys = self._acts.shell.keys
        assert isinstance(keys, Keys)
        shell = replace(self._acts.shell, keys=KnownSecret.of(keys, person.secret, self._passwords))
        ask = self._acts.do_anonymously

        async def confirm(code: str) -> None:
            confirmed = {"invitation": invitation, "code": code}
            await ask("invitationConfirm", "email", confirmed, address=person.email, shell=shell)

        try:
            await ask("invitationAccept", "email", given, address=person.email, shell=shell)
            await self.with_code(person.email, confirm)
        except Declined:
            if await open_session(self._acts.shell, person.email, FILLER) is None:
                raise
        self._acts.journal.keep(step, True)

    async def sign_everybody_out(self) -> None:
        """End the sessions of the filling, interrupted starts included: a person's list shall hold their own alone."""
        for email, person in self._people.items():
            if person.state == "ACTIVE":
                held = (await self._acts.ask(email, HELD))["sessions"]
                own = [each for each in held if each["agent"] == FILLER.agent]
                for session in sorted(own, key=lambda each: bool(each["current"])):
                    await self._acts.do(email, _ended(session["id"]), "signOut", "ended", session=session["id"])
                del self._viewers[email]

    def close(self) -> None:
        self._passwords.close()


def _ended(session: str) -> str:
    return f"session/{session}/end"


def _step(ago: int = 0) -> int:
    """The step of codes so many seconds ago."""
    return (int(datetime.now(UTC).timestamp()) - ago) // STEP_SECONDS


class Accounts:
    """Accounts on their way from the request to the first sign-in."""

    def __init__(self, acts: Acts, crew: Crew) -> None:
        self._acts = acts
        self._crew = crew

    async def open(self, person: Person, by: str, organisation: str | None = None) -> None:
        """Ask for the account, and bring it to the state it shall have."""
        wanted = {
            "name": person.name, "email": person.email, "roles": list(person.roles), "jobTitle": person.job_title,
            "phone": person.phone,
        }  # fmt: skip
        if organisation:
            wanted["organisationId"] = organisation
        asked = await self._acts.do(by, f"{person.email}/request", "accountRequest", SHOWN, input=wanted)
        await self.bring_on(person, by, asked["account"])

    async def bring_on(self, person: Person, by: str, account: dict[str, Any]) -> None:
        """From the request, as far as the account shall come."""
        if person.state == "REQUESTED":
            return
        known = {"id": account["id"], "expectedVersion": account["version"]}
        approved = await self._acts.do(by, f"{person.email}/approve", "accountApprove", SHOWN, **known)
        if person.state == "APPROVED":
            return
        invited = await self._invite(person, by, approved["account"])
        if person.state == "INVITED":
            return
        await self._crew.take_up(person, invited["invitation"])
        if person.state == "SUSPENDED":
            await self._suspend(person, by, account["id"])

    async def _invite(self, person: Person, by: str, account: dict[str, Any]) -> dict[str, Any]:
        """An invitation is told once: whenever that was lost, another is issued in its place."""
        for attempt in count(1):
            known = {"id": account["id"], "expectedVersion": account["version"]}
            step = f"{person.email}/invite/{attempt}"
            told = await self._acts.do(by, step, "accountInvite", f"{SHOWN} invitation", **known)
            if told["invitation"] is not None:
                return told
            account = told["account"]
        raise AssertionError("unreachable")

    async def _suspend(self, person: Person, by: str, id: str) -> None:
        answer = await self._acts.ask(by, "query($id: UUID!) { account(id: $id) { status version } }", id=id)
        if answer["account"]["status"] == "ACTIVE":
            known = {"id": id, "expectedVersion": answer["account"]["version"]}
            await self._acts.do(by, f"{person.email}/suspend", "accountSuspend", SHOWN, **known)
