"""A portal in a process of its own, which a test can stop, kill and start again on the same database and port."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette

from portal.app import Installation, Portal
from portal.clock import clock_from
from portal.database import PLANNED, SETTINGS
from portal.jobs import Worker
from portal.keys import Keys
from portal.serving import SERVER
from resolvers.context import Shell
from tests.world import AN_ORDINARY_DAY

ROOT = Path(__file__).resolve().parent.parent
SECRET = b"a secret that is known to everyone"
PATIENCE = 120


@dataclass
class Server:
    """`home` is where its files are; `doom`, once that file is there, makes the process die as `Mortal` says."""

    database_url: str
    home: Path
    port: int
    began: float = field(default_factory=time.monotonic)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def doom(self) -> Path:
        return self.home / "doom"

    def start(self) -> Self:
        """Start it and wait until it answers; its clock goes on where it would be had it never stopped."""
        self.process = self._begun()
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, "the server did not start"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)
        return self

    def _begun(self) -> "subprocess.Popen[bytes]":
        told = {
            "url": self.database_url,
            "home": str(self.home),
            "port": self.port,
            "now": (AN_ORDINARY_DAY + timedelta(seconds=time.monotonic() - self.began)).isoformat(),
        }
        return subprocess.Popen([sys.executable, "-m", "tests.server", json.dumps(told)], cwd=ROOT)

    def kill(self) -> None:
        """As when the power fails."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As when a new release is put in place."""
        self._end(signal.SIGTERM)

    def memory(self) -> int:
        """KiB that it has in use."""
        assert self.process
        (line,) = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text())
        return int(line)

    def set_clock_back(self) -> None:
        """By an hour."""
        assert self.process
        self.process.send_signal(signal.SIGUSR1)

    def has_died(self) -> None:
        """Wait until it has ended by itself."""
        assert self.process
        assert self.process.wait(PATIENCE) == -signal.SIGKILL
        self.process = None

    def _end(self, how: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
            self.process = None

    def _answers(self) -> bool:
        asking = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            asking.request("GET", "/readyz")
            return asking.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            asking.close()


@contextmanager
def held_port() -> Iterator[int]:
    """A port on which servers of ours come and go, and which nobody else is given meanwhile."""
    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(("127.0.0.1", 0))
        yield place.getsockname()[1]


@contextmanager
def running(database_url: str, home: Path, began: float | None = None) -> Iterator[Server]:
    """A server that is started, and stopped whatever becomes of the test; its clock can go on where one began."""
    with held_port() as port:
        server = Server(database_url, home, port, time.monotonic() if began is None else began).start()
        try:
            yield server
        finally:
            server.stop()


class Mortal(Portal):
    """The portal, except that it dies by SIGKILL between an act's commit and the hint of it, once `doom` is there."""

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        async with super()._lifespan(app):
            self.shell = replace(self.shell, announce=self._announce(self.shell.announce))
            yield

    def _worker(self, shell: Shell) -> Worker:
        return super()._worker(replace(shell, announce=self._announce(shell.announce)))

    def _announce(self, announce: Callable[[], None]) -> Callable[[], None]:
        doom = self.where.home / "doom"

        def unless_doomed() -> None:
            if doom.exists():
                os.kill(os.getpid(), signal.SIGKILL)
            announce()

        return unless_doomed


class Clock:
    """Shows `start` now and runs on from there; SIGUSR1 sets it back by an hour."""

    def __init__(self, start: datetime) -> None:
        self._shown = clock_from(start)
        self._moved = timedelta()
        signal.signal(signal.SIGUSR1, self._set_back)

    def __call__(self) -> datetime:
        return self._shown() + self._moved

    def _set_back(self, *_: object) -> None:
        self._moved -= timedelta(hours=1)


def main(told: dict[str, Any]) -> None:
    for settings in (SETTINGS, PLANNED):
        settings["statement_timeout"] = "2min"  # as in the process of the tests
    clock = Clock(datetime.fromisoformat(told["now"]))
    origin = f"http://127.0.0.1:{told['port']}"
    where = Installation(told["url"], Path(told["home"]), Keys(SECRET), clock, origin, {})
    portal = Mortal(where)
    portal.endpoint.seconds = PATIENCE
    uvicorn.run(portal.asgi, host="127.0.0.1", port=told["port"], **SERVER)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
