"""The client example that follows notifications, through deaths of the server and of itself."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.journeys.asking import Asking, Somebody
from tests.journeys.placing import Placing
from tests.journeys.town import Town
from tests.server import ROOT, Server
from tests.waiting import PATIENCE, until


class Following:
    """A running example; `told` grows by the id of each notification that it prints."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.told: list[str] = []
        self.remarks = ""
        self._reading = [asyncio.create_task(self._hear()), asyncio.create_task(self._overhear())]

    async def _hear(self) -> None:
        assert self.process.stdout
        async for line in self.process.stdout:
            self.told.append(json.loads(line)["id"])

    async def _overhear(self) -> None:
        assert self.process.stderr
        async for line in self.process.stderr:
            self.remarks += line.decode()

    async def has_told(self, number: int) -> None:
        await until(lambda: len(self.told) >= number or self.process.returncode is not None)
        assert len(self.told) >= number, self.remarks

    async def ended(self) -> str:
        await asyncio.wait_for(asyncio.gather(self.process.wait(), *self._reading), PATIENCE)
        return self.remarks


@asynccontextmanager
async def following(server: Server, who: Somebody, place: Path) -> AsyncIterator[Following]:
    """The example, following from now or from its place."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "client-examples/live_notifications.py", "--address", server.address, "--place", str(place),
        "--json", cwd=ROOT, env={**os.environ, "PORTAL_TOKEN": who.token}, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    follower = Following(process)
    try:
        await until(lambda: place.exists() or process.returncode is not None)
        assert process.returncode is None, follower.remarks
        yield follower
    finally:
        if process.returncode is None:
            process.terminate()
        await follower.ended()


# S-028, S-119, S-123
async def test_a_follower_is_told_of_everything_once_whatever_dies_meanwhile(
    own: Server, town: Town, tmp_path: Path
) -> None:
    officer, reader, placing = town["second officer"], town["Alder"], Placing(Asking(own.address))
    before = len(await placing.notified(reader))
    async with following(own, reader, tmp_path / "place.json") as follower:
        _, threads = await placing.sent(officer)
        await placing.say(officer, threads["Alder"], "Before anything happens")
        await follower.has_told(2)
        own.kill()
        own.start()
        await placing.say(officer, threads["Alder"], "After the server was killed")
        await follower.has_told(3)
        own.stop()
        own.start()
        await placing.say(officer, threads["Alder"], "After the server was stopped")
        await follower.has_told(4)
    heard = follower.told
    await placing.say(officer, threads["Alder"], "While nobody followed")
    async with following(own, reader, tmp_path / "place.json") as follower:
        await placing.say(officer, threads["Alder"], "While somebody follows again")
        await follower.has_told(2)
    heard += follower.told
    assert heard == [known["id"] for known in (await placing.notified(reader))[before:]]
    assert len(heard) == len(set(heard)) == 6


# S-028, S-069
async def test_a_follower_hears_what_its_person_reads_on_another_screen(
    server: Server, asking: Asking, town: Town, tmp_path: Path
) -> None:
    reader, placing = town["Beech"], Placing(asking)
    async with following(server, reader, tmp_path / "place.json") as follower:
        await placing.sent(town["second officer"])
        await follower.has_told(1)
        read = "mutation ($id: UUID!) { notificationRead(id: $id) { unread problems { code } } }"
        unread = (await asking.do(reader, read, id=follower.told[0]))["unread"]
        await placing.sent(town["second officer"])
        await follower.has_told(2)
    assert f"read on some screen; {unread} unread" in follower.remarks


# S-119
async def test_a_follower_whose_cursor_is_of_no_use_reads_the_list_and_goes_on(
    server: Server, asking: Asking, town: Town, tmp_path: Path
) -> None:
    reader, placing, place = town["Beech"], Placing(asking), tmp_path / "place.json"
    await placing.sent(town["second officer"])
    known = await placing.notified(reader)
    place.write_text(json.dumps({"cursor": "nonsense", "newest": known[-2]["id"]}))
    async with following(server, reader, place) as follower:
        await follower.has_told(1)
        await placing.sent(town["second officer"])
        await follower.has_told(2)
    assert follower.told == [each["id"] for each in (await placing.notified(reader))[-2:]]
    assert "UNREADABLE_CURSOR: reads afresh, 1 to show" in follower.remarks


# S-027
async def test_a_follower_stops_when_its_session_ends(
    server: Server, asking: Asking, town: Town, tmp_path: Path
) -> None:
    async with following(server, town["other leaver"], tmp_path / "place.json") as follower:
        await asking.do(town["other leaver"], "mutation { signOut { ended problems { code } } }")
        assert "The session has ended" in await follower.ended()
        assert follower.process.returncode == 0
    assert follower.told == []
