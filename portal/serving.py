"""How a process serves: on a socket that was opened before, until it is told to stop or its parent is gone."""

import asyncio
import socket
from contextlib import suppress
from typing import Any, Final

import uvicorn

from portal.settings import NotReady
from portal.websocket import PortalSocket

FRAME: Final = 256 * 1024
STALLED: Final = 30.0
UNSENT: Final = 128 * 1024
READY: Final = b"1"
BEAT: Final = b"."
BEAT_EVERY: Final = 1.0

SERVER: Final[dict[str, Any]] = {
    "ws": PortalSocket,
    "ws_max_size": FRAME,
    "ws_per_message_deflate": False,
    "ws_ping_interval": 12.0,
    "ws_ping_timeout": 20.0,
    "server_header": False,
    "access_log": False,
    "log_level": "warning",
    "timeout_graceful_shutdown": 8,
}
"""What uvicorn is told. Whoever answers no ping is gone after 32 seconds; running requests get 8 to come to an end."""


def listening(host: str, port: int) -> socket.socket:
    """A listening socket, for any number of processes. Raises NotReady where somebody else serves there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return bounded(socket.create_server((host, port), family=family, backlog=2048))
    except OSError as taken:
        reason = taken.strerror or type(taken).__name__
        raise NotReady(f"The portal cannot listen on port {port} of {host}: {reason}.") from None


def bounded(listener: socket.socket, stalled: float = STALLED) -> socket.socket:
    """The same socket; what it accepts is dropped by the system when nothing that is sent arrives for so many seconds,
    whether the network is gone or its reader has stopped, and holds at most 128 KiB that are not on their way.
    """
    options = {"TCP_USER_TIMEOUT": int(stalled * 1000), "TCP_NOTSENT_LOWAT": UNSENT}  # where the system has them
    for name, value in options.items():
        if hasattr(socket, name):
            listener.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    return listener


def enough_files() -> None:
    """As many open files, each socket being one, as the system allows this process: often 1 024 unless one asks."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Server(uvicorn.Server):
    """Says by `tether` that it serves, and each second that its loop goes round, until it begins to end.

    It stops when the other end is closed: whoever started it has ended.
    """

    def __init__(self, config: uvicorn.Config, tether: socket.socket | None = None) -> None:
        super().__init__(config)
        self._tether = tether
        self._beating: asyncio.TimerHandle | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self._tether:
            self._tether.setblocking(False)
            asyncio.get_running_loop().add_reader(self._tether, self._let_go)
        await super().startup(sockets)
        if self._tether:
            self._tether.send(READY)
            self._beat(self._tether)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._beating:
            self._beating.cancel()
        await super().shutdown(sockets)

    def _beat(self, tether: socket.socket) -> None:
        with suppress(OSError):  # a parent of an earlier release takes none
            tether.send(BEAT)
        self._beating = asyncio.get_running_loop().call_later(BEAT_EVERY, self._beat, tether)

    def _let_go(self) -> None:
        assert self._tether
        asyncio.get_running_loop().remove_reader(self._tether)
        self.should_exit = True


def serve(app: Any, listener: socket.socket, *, tether: socket.socket | None = None, **more: Any) -> None:
    """Serve until SIGTERM, SIGINT or the end of whoever holds the tether.

    Sockets are then closed with 1012 at once, so that their clients go on elsewhere from their cursors; requests that
    run are answered first.
    """
    enough_files()
    for given in (listener, tether):
        if given:
            given.set_inheritable(False)
    Server(uvicorn.Config(app, **{**SERVER, **more}), tether).run(sockets=[listener])
