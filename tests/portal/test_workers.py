"""Several processes on one socket: replaced when they die, or one by one when told to, and ended with their parent."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from portal.serving import listening
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parent.parent.parent


class Served:
    """A parent with its workers."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.count = count
        with listening("127.0.0.1", 0) as listener:
            self.port = listener.getsockname()[1]
            command = [sys.executable, "-m", "tests.portal.working", str(folder), str(count), str(listener.fileno())]
            self.parent = subprocess.Popen(
                command, cwd=ROOT, pass_fds=[listener.fileno()], stderr=subprocess.PIPE, text=True
            )
        self.known: set[int] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def tell(self, how: signal.Signals) -> None:
        self.parent.send_signal(how)

    def workers(self) -> set[int]:
        """The processes that live as children of the parent."""
        children = Path(f"/proc/{self.parent.pid}/task/{self.parent.pid}/children").read_text()
        self.known |= set(map(int, children.split()))
        return set(map(int, children.split()))

    async def who(self) -> int:
        timeout = aiohttp.ClientTimeout(PATIENCE)
        async with aiohttp.request("GET", self.url, timeout=timeout) as answer:
            return int(await answer.json())

    async def answering(self) -> set[int]:
        """Who has answered by now: everybody, soon."""
        seen: set[int] = set()
        async with asyncio.timeout(PATIENCE):
            while len(seen) < self.count or not seen <= self.workers():
                seen = (seen & self.workers()) | set(await asyncio.gather(*(self.who() for _ in range(8))))
        return seen

    def echo(self) -> connect:
        return connect(f"ws://127.0.0.1:{self.port}/", ping_interval=None, open_timeout=PATIENCE)

    @property
    def broken(self) -> int:
        """How many have begun that could not come to serve."""
        return len(list(self.folder.glob("broken-*")))

    async def ended(self) -> int:
        code = await asyncio.to_thread(self.parent.wait, PATIENCE)
        await until(lambda: not any(lives(pid) for pid in self.known))
        return code


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path, 2)
    try:
        yield served
    finally:
        with suppress(ProcessLookupError):
            served.parent.kill()
        assert served.parent.stderr
        served.parent.communicate()


async def test_told_to_renew_each_is_followed_by_one_that_serves_and_no_request_is_refused(served: Served) -> None:
    first = await served.answering()
    async with served.echo() as socket:
        served.tell(signal.SIGHUP)
        asked: list[int] = []
        while served.workers() & first:
            asked.append(await served.who())
            assert len(served.workers()) >= 2
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), PATIENCE)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
    second = await served.answering()
    assert not first & second
    assert set(asked) <= first | second
    assert {path.name for path in served.folder.glob("ended-*")} == {f"ended-{pid}" for pid in first}
    served.tell(signal.SIGINT)
    assert await served.ended() == 0


async def test_one_that_dies_is_replaced_while_the_other_serves_on(served: Served) -> None:
    first = await served.answering()
    victim = min(first)
    os.kill(victim, signal.SIGKILL)
    second = await served.answering()
    assert victim not in second
    assert len(second & first) == 1
    await stops_in_order(served)
    assert served.parent.stderr
    told = served.parent.stderr.read()
    assert f"process {victim} ended with -9; another takes its place" in told
    assert "Traceback" not in told
    assert "Warning" not in told
    assert {path.name for path in served.folder.glob("ended-*")} == {f"ended-{pid}" for pid in second}


async def stops_in_order(served: Served) -> None:
    """Told to stop, it closes sockets with 1012 and finishes what was asked."""
    async with (
        served.echo() as socket,
        aiohttp.ClientSession() as client,
        asyncio.TaskGroup() as group,
    ):
        await socket.send("a word")
        assert str(await socket.recv()).endswith("a word")
        asking = group.create_task(client.get(f"{served.url}/slow"))
        await until((served.folder / "asked").exists)
        served.tell(signal.SIGTERM)
        await asyncio.wait_for(socket.wait_closed(), PATIENCE)
        assert socket.close_code == 1012
        assert not asking.done()
        (served.folder / "go on").touch()
        assert await (await asking).text() == "done"
    assert await served.ended() == 0


async def test_no_process_outlives_a_parent_that_was_killed(served: Served) -> None:
    await served.answering()
    served.tell(signal.SIGKILL)
    assert await served.ended() == -signal.SIGKILL
    assert len(list(served.folder.glob("ended-*"))) == 2, "both ended in order"


@pytest.mark.long
async def test_those_that_serve_are_kept_while_new_ones_cannot_and_the_dead_are_replaced_as_soon_as_they_can(
    served: Served,
) -> None:
    first = await served.answering()
    broken = served.folder / "broken"
    broken.touch()
    served.tell(signal.SIGHUP)
    await until(lambda: served.broken == 1)
    await until(lambda: served.workers() == first)
    os.kill(min(first), signal.SIGKILL)
    await until(lambda: served.broken == 2)
    assert await served.who() == max(first)
    broken.unlink()
    assert max(first) in await served.answering()
    served.tell(signal.SIGTERM)
    assert await served.ended() == 0


async def test_where_none_comes_to_serve_the_parent_says_so_and_ends(tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    served = Served(tmp_path, 2)
    _, told = await asyncio.to_thread(served.parent.communicate, timeout=PATIENCE)
    assert served.parent.returncode == 1
    assert told.endswith("No process could begin to serve; what it said stands above.\n")
