"""A rolling restart under people who listen: they are told to come back, and miss nothing."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from websockets.exceptions import ConnectionClosed

from portal.serving import listening
from tests.journeys.asking import Asking, Somebody
from tests.journeys.placing import Placing
from tests.journeys.town import Town
from tests.server import PATIENCE, ROOT, Server
from tests.world import AN_ORDINARY_DAY


class Follower:
    """A client that comes back with its cursor whenever it is told to."""

    def __init__(self, asking: Asking, who: Somebody) -> None:
        self.asking = asking
        self.who = who
        self.cursor: str | None = None
        self.told: list[str] = []
        self.codes: list[int | None] = []
        self.listening = asyncio.Event()

    async def follow(self) -> None:
        while True:
            async with self.asking.following(self.who, self.cursor) as stream:
                self.cursor = self.cursor or stream.cursor
                self.listening.set()
                try:
                    while True:
                        event = await stream.event()
                        self.cursor = stream.cursor
                        if notification := event.get("notification"):
                            self.told.append(notification["subjectId"])
                except ConnectionClosed:
                    self.codes.append(stream.socket.close_code)


# S-028, S-119
@pytest.mark.long
async def test_a_rolling_restart_loses_and_doubles_nothing(server: Server, town: Town) -> None:
    now = AN_ORDINARY_DAY + timedelta(seconds=time.monotonic() - server.began)
    told = json.dumps({"url": server.database_url, "home": str(server.home), "now": now.isoformat()})
    with listening("127.0.0.1", 0) as listener:
        asking = Asking(f"http://127.0.0.1:{listener.getsockname()[1]}")
        command = [sys.executable, "-m", "tests.journeys.rolling", told, str(listener.fileno())]
        parent = subprocess.Popen(command, cwd=ROOT, pass_fds=[listener.fileno()])
    try:
        follower = Follower(asking, town["Alder"])
        placing = Placing(Asking(server.address))
        _, threads = await placing.sent(town["second officer"])
        following = asyncio.create_task(follower.follow())
        await asyncio.wait_for(follower.listening.wait(), PATIENCE)
        parent.send_signal(signal.SIGHUP)
        said = 0
        async with asyncio.timeout(PATIENCE):
            while not follower.codes or len(follower.told) < said:
                if not follower.codes or said % 5:
                    await placing.say(town["second officer"], threads["Alder"], f"Word {said}")
                    said += 1
                await asyncio.sleep(0.05)
        following.cancel()
        assert set(follower.codes) == {1012}
        assert follower.told == [threads["Alder"]] * said
    finally:
        parent.terminate()
        assert await asyncio.to_thread(parent.wait, PATIENCE) == 0
