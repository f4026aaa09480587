"""The client example that needs the standard library and `websockets` alone, through what a client meets with."""
# S-028, S-119, S-124: 0 lost, 0 doubled, 0 out of order

import asyncio
import json
import os
import runpy
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from gql.transport.exceptions import TransportQueryError

from tests.faults.cast import Person
from tests.faults.front import Front
from tests.faults.site import Site
from tests.server import ROOT
from tests.waiting import PATIENCE, until

SHOULD = "select event_id::text as id from inbox_entry where person_id = $1 and notice is not null order by no"


class Following:
    """The example in a process of its own; `snapshots` are how often it read everything."""

    def __init__(self, process: asyncio.subprocess.Process, place: Path) -> None:
        self.process = process
        self._place = place
        self._cursor: str | None = None
        self.known: list[str] = []
        self.snapshots = 0
        self.remarks = ""
        self._reading = [asyncio.create_task(self._hear()), asyncio.create_task(self._overhear())]

    async def _hear(self) -> None:
        assert self.process.stdout
        async for line in self.process.stdout:
            told: dict[str, Any] = json.loads(line)
            self._cursor = told["cursor"]
            if told["__typename"] == "Snapshot":
                self.known = [node["id"] for node in reversed(told["notifications"]["nodes"])]
                self.snapshots += 1
            elif told["__typename"] == "NotificationAdded":
                self.known.append(told["notification"]["id"])

    async def _overhear(self) -> None:
        assert self.process.stderr
        async for line in self.process.stderr:
            self.remarks += line.decode()

    async def has_kept_its_place(self) -> None:
        """Return once it need not be told again of anything that it printed, or has ended."""
        await until(lambda: self.process.returncode is not None or self._cursor in (None, self._kept()))

    def _kept(self) -> str | None:
        return str(json.loads(self._place.read_text())["cursor"]) if self._place.exists() else None

    async def ended(self) -> None:
        await asyncio.wait_for(asyncio.gather(self.process.wait(), *self._reading), PATIENCE)


@asynccontextmanager
async def following(front: Front, who: Person, place: Path, silence: float = 55) -> AsyncIterator[Following]:
    options = {"--address": front.address, "--place": place, "--silence": silence, "--every": 0.5}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "client-examples/follow.py", *(str(each) for option in options.items() for each in option),
        cwd=ROOT, env={**os.environ, "PORTAL_TOKEN": who.token}, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, limit=2**20,
    )  # fmt: skip
    follower = Following(process, place)
    try:
        yield follower
        await follower.has_kept_its_place()
    except TimeoutError:
        raise AssertionError(follower.remarks) from None
    finally:
        if process.returncode is None:
            process.terminate()
        await follower.ended()


async def knows_all(site: Site, who: Person, follower: Following) -> None:
    """It read everything once, and what it was told since is what there is, in its order."""

    async def agrees() -> bool:
        should = [row["id"] for row in await site.stage.database.fetch(SHOULD, who.id)]
        assert len(follower.known) <= len(should), follower.remarks
        return follower.snapshots == 1 and follower.known == should

    await until(agrees)


async def cut(front: Front) -> None:
    front.cut()


async def silent(front: Front) -> None:
    """As when a firewall has forgotten the connection; what is opened afterwards works."""
    opened = front.opened
    front.silent = True
    await until(lambda: front.opened > opened)
    front.silent = False
    front.cut()


async def blocked(front: Front) -> None:
    front.blocks = True
    front.cut()
    await until(lambda: front.refused >= 2)


async def confused(front: Front) -> None:
    """It asks for the log, and twice the portal is at fault."""
    await blocked(front)
    front.confused = True
    await until(lambda: front.confusions >= 2)
    front.confused = False


@pytest.mark.parametrize("fault", [cut, silent, blocked, confused])
async def test_a_follower_is_told_of_everything_once(
    site: Site, tmp_path: Path, fault: Callable[[Front], Awaitable[None]]
) -> None:
    who = await site.newcomer()
    silence = 1.5 if fault is silent else 55
    async with (
        Front(lambda: site.addresses()[0]).set_up() as front,
        following(front, who, tmp_path / "place.json", silence) as follower,
    ):
        await knows_all(site, who, follower)
        for _ in range(3):
            await site.stage.tell(who.id)
        await knows_all(site, who, follower)
        await fault(front)
        for _ in range(150):  # more than one page of the log
            await site.stage.tell(who.id)
        await knows_all(site, who, follower)
        assert follower.snapshots == 1, follower.remarks
    assert ("asks for the log" in follower.remarks) == (fault in (blocked, confused))


@pytest.mark.parametrize(
    ("codes", "passing"),
    [(["INTERNAL"], True), (["TIMEOUT", "INTERNAL"], True), (["BAD_REQUEST"], False), (["INTERNAL", None], False)],
)
def test_both_examples_tell_a_passing_fault_of_the_portal_from_one_of_their_own(
    codes: list[str | None], passing: bool
) -> None:
    errors = [{"message": "No.", "extensions": {"code": code} if code else {}} for code in codes]
    follow, client = (
        runpy.run_path(str(ROOT / "client-examples" / name)) for name in ("follow.py", "portal_client.py")
    )
    assert isinstance(follow["refusal"](errors), ConnectionError if passing else SystemExit)
    assert client["passes"](TransportQueryError("No.", errors=errors)) is passing


async def test_a_follower_goes_on_from_its_place_and_reads_afresh_where_it_cannot(site: Site, tmp_path: Path) -> None:
    who, place = await site.newcomer(), tmp_path / "place.json"
    async with Front(lambda: site.addresses()[0]).set_up() as front:
        async with following(front, who, place) as follower:
            await knows_all(site, who, follower)
        await site.stage.tell(who.id)
        async with following(front, who, place) as follower:
            await until(lambda: len(follower.known) == 1)
        assert follower.snapshots == 0
        await site.stage.database.execute("select portal_renumber()")
        async with following(front, who, place) as follower:
            await until(lambda: follower.snapshots == 1)
            event = await site.stage.tell(who.id)
            await until(lambda: follower.known == [str(event)])
        assert "EPOCH_CHANGED: reads afresh" in follower.remarks


async def test_a_follower_stops_when_its_session_ends(site: Site, tmp_path: Path) -> None:
    who = await site.newcomer()
    async with (
        Front(lambda: site.addresses()[0]).set_up() as front,
        following(front, who, tmp_path / "place.json") as follower,
    ):
        await knows_all(site, who, follower)
        await until(lambda: front.opened)
        await site.stage.database.execute("update session set revoked_at = now() where person_id = $1", who.id)
        await follower.ended()
        assert follower.process.returncode == 0
        assert "The session has ended" in follower.remarks
