"""Who the child is reaches the accepted provider with the shared agreement, and nobody else by any path (S-053)."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import orjson
import pytest
import pytest_asyncio
from graphql import get_named_type

from models.lifecycle import Role
from models.person import Viewer
from portal.app import Portal
from tests.agreeing import Agreeing
from tests.cases import CHILD, Cases
from tests.filing import FETCH, Filing, paper
from tests.journeys.asking import Asking, Somebody, Stream
from tests.sweeping import CONTRACT, everything_told, ids_of, selection
from tests.waiting import PATIENCE
from tests.world import Firm, World

SECRETS = (
    "zebedee", "quillfeather", "zebby", "2012-05-14", "14 may 2012", "14/05/2012", "case-778812", "778812",
    "9434765919", "943 476 5919",
)  # fmt: skip
NAMED_PAPER = "Zebedee Quillfeather, NHS 9434765919.pdf"

NO = {"reasons": ["MATCHING"], "note": "Too far from her school."}


@dataclass
class Watching:
    """Everything that providers have been told, by person, whichever way it came."""

    world: World
    asking: Asking
    told: dict[str, list[bytes]] = field(default_factory=dict)
    streams: dict[str, list[Stream]] = field(default_factory=dict)

    async def sweep(self, *people: Viewer) -> None:
        ids, references = await ids_of(self.world)
        for who in people:
            self.hears(who, await everything_told(self.world, who, ids, references))

    def hears(self, who: Viewer, told: bytes) -> None:
        self.told.setdefault(who.name, []).append(told)

    async def listens(self, open_: AsyncExitStack, who: Viewer) -> None:
        token = str(uuid4())
        digest = self.world.shell.keys.token_hash(token)
        await self.world.sql("UPDATE session SET token_hash = $1 WHERE id = $2", digest, who.session_id)
        somebody = Somebody("", "", "", token)
        for stream in ("notifications", "messages"):
            event = get_named_type(CONTRACT.subscription_type.fields[stream].type)  # type: ignore[union-attr]
            document = f"subscription ($after: String) {{ {stream}(after: $after) {selection(event, 1)} }}"
            listening = await open_.enter_async_context(self.asking.following(somebody, None, document))
            self.streams.setdefault(who.name, []).append(listening)

    async def frames(self, who: Viewer, at_least: int) -> None:
        """Everything that has come over somebody's sockets, once that is so much."""
        number = 0
        async with asyncio.timeout(PATIENCE):
            while number < at_least:
                number += await self._frames(who)
        await self._frames(who)

    async def _frames(self, who: Viewer) -> int:
        number = 0
        for stream in self.streams[who.name]:
            while True:
                try:
                    frame = await stream.hear(0.3)
                except TimeoutError:
                    break
                number += 1
                self.hears(who, orjson.dumps(frame))
        return number

    def found(self, who: Viewer) -> set[str]:
        everything = b"\n".join(self.told.pop(who.name)).decode().casefold()
        return {secret for secret in SECRETS if secret in everything}


@dataclass
class Case:
    """One referral on its way, everybody concerned, and what was said."""

    world: World
    cases: Cases
    agreeing: Agreeing
    watching: Watching
    filing: Filing
    rival_firm: Firm
    rival: Viewer
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def officer(self) -> Viewer:
        return self.agreeing.officer

    @property
    def member(self) -> Viewer:
        return self.agreeing.member

    async def sent(self) -> None:
        """Drafted in pieces, with a paper that names the child and one that does not, sent, and sent again changed."""
        id = await self.cases.drafted(self.officer, children=[{"givenNames": "Zeb"}])
        (child,) = (await self.cases.seen(self.officer, "Referral", id))["children"]
        await self.cases.edited(self.officer, id, children=[{**CHILD, "id": child["id"]}])
        for name, identifies in ((NAMED_PAPER, True), ("risks.pdf", False)):
            file = await self.filing.filed(self.officer, paper(), name=name, kind="RISK_ASSESSMENT")
            given: dict[str, Any] = {"documentId": file, "identifiesChild": identifies}
            await self.cases.on_referral(self.officer, "referralAttach", id, **given)
        await self.cases.on_referral(self.officer, "referralSend", id)
        await self.cases.resent(self.officer, id, moveOn="Home in a year.")
        self.ids["referral"] = self.agreeing.ids["referral"] = id
        for row in await self.world.sql("SELECT id, identifies_child FROM referral_document"):
            self.ids["named paper" if row["identifies_child"] else "open paper"] = str(row["id"])

    async def offered(self) -> None:
        await self.cases.act(self.member, "referralOpen", id=self.ids["referral"])
        thread = await self.cases.thread(self.ids["referral"], self.agreeing.firm)
        for who in (self.member, self.officer):
            await self.cases.act(who, "messageSend", threadId=thread, input={"body": "Until when is it open?"})
        await self.cases.papers(self.rival_firm)
        placement = {"homeId": str(self.rival_firm.homes[0])}
        self.ids["rival offer"] = await self.cases.submitted(self.rival, self.ids["referral"], placement)
        await self.agreeing.offered()
        await self.agreeing.accepted()
        await self.agreeing.drawn_up()

    async def downloads(self, who: Viewer) -> None:
        """Whatever somebody is given of the two papers: the address, the headers, the bytes, the problems."""
        for which in ("named paper", "open paper"):
            answer = await self.world.gql(who, FETCH, id=self.ids[which])
            self.watching.hears(who, orjson.dumps(answer))
            if given := answer["documentDownload"]["download"]:
                async with aiohttp.request("GET", given["url"]) as file:
                    self.watching.hears(who, f"{file.headers}".encode() + await file.read())

    async def refused(self, who: Viewer) -> None:
        """The problems of acts that are the authority's, tried by somebody who may not take them."""
        on = {"id": self.ids["referral"], "expectedVersion": 1}
        for act, given in (
            ("referralUpdate", {**on, "input": {"needs": "x"}}), ("referralResend", on), ("referralSend", on),
            ("referralClose", {**on, "reason": "WITHDRAWN"}), ("ipaShare", {**on, "id": self.agreeing.ids["ipa"]}),
            ("offerAccept", {**on, "input": {"checksConfirmed": True}}),
        ):  # fmt: skip
            payload = await self.cases.answer(who, act, "__typename", given)
            assert payload["problems"]
            self.watching.hears(who, orjson.dumps(payload))
        self.watching.hears(who, orjson.dumps(await self.agreeing.opened(who)))


@pytest_asyncio.fixture(loop_scope="session")
async def case(world: World, portal: Portal) -> AsyncIterator[Case]:
    """Acts are done in the portal's own process, so that what they say is heard over its sockets."""
    before, world.shell = world.shell, portal.shell
    address = portal.where.origin
    agreeing, rival = await Agreeing.among(world), await world.provider(name="Rival")
    watching, filing = Watching(world, Asking(address)), Filing(world, address)
    member = await world.person(rival.id, Role.MEMBER, Role.ADMINISTRATOR, Role.SIGNATORY, name="Rhea Rival")
    try:
        yield Case(world, Cases(world), agreeing, watching, filing, rival, member)
    finally:
        world.shell = before


async def test_no_provider_learns_who_the_child_is_before_the_agreement_is_shared_and_a_losing_one_never(
    case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    watching, providers = case.watching, (case.member, case.rival, case.agreeing.provider_signatory)
    async with AsyncExitStack() as open_:
        for who in providers:
            await watching.listens(open_, who)
        await case.sent()
        await case.offered()
        for who in providers:
            await case.downloads(who)
            await case.refused(who)
        await watching.sweep(case.member, case.rival)
        await watching.frames(case.member, at_least=3)
        await watching.frames(case.rival, at_least=2)
        for who in providers:
            assert watching.found(who) == set()

        await case.agreeing.shared()
        for who in (case.member, case.rival):
            await case.downloads(who)
        await watching.sweep(case.member, case.rival)
        assert {"zebedee", "quillfeather", "2012-05-14", "case-778812", "9434765919"} <= watching.found(case.member)
        await watching.frames(case.member, at_least=1)
        assert watching.found(case.member) == set(), "what is told live has a reference and no name"
        assert watching.found(case.rival) == set()

    await case.agreeing.ready()
    await case.cases.on_offer(case.officer, "offerDecline", case.ids["rival offer"], input=NO)
    await watching.sweep(case.rival)
    assert watching.found(case.rival) == set()
    assert not any(secret in caplog.text.casefold() for secret in SECRETS)
