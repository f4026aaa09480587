"""The server's WebSocket, held to a bound: nobody who stopped reading keeps memory or a place."""

from typing import Any, Final

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import OPEN

from realtime.recovery import CHANCE

SAY: Final = "portal.say"
"""Where a socket's scope has, among its extensions, the `say` of the server it is open at; elsewhere there is none."""

SHORT, MIDDLE = 126, 1 << 16


class PortalSocket(WebSocketsSansIOProtocol):
    """uvicorn's, except where it would wait for a buffer that cannot drain, or fill it without looking."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: dict[str, Any] = self.scope.setdefault("extensions", {}) or {}
            extensions[SAY] = self.say

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        scope: Any = getattr(self, "scope", {})
        scope.get("extensions", {}).pop(SAY, None)  # so that nothing goes round, and it is forgotten at once

    def say(self, text: str) -> bool:
        """Send it now, where nothing is in the way: one text frame like any other, past all that could wait for it.

        False, and nothing is sent, where the other end does not read, or either has begun to close.
        """
        plain = self.conn.state is OPEN and not self.conn.extensions
        if not plain or self.close_sent or not self.writable.is_set() or self.transport.is_closing():
            return False
        self.transport.write(framed(text.encode()))
        return True

    async def send(self, message: Any) -> None:
        """Whoever says more to a socket that the server has closed by itself meets one that is gone, not a fault."""
        try:
            await super().send(message)
        except RuntimeError as fault:
            if self.close_sent and self.handshake_complete:
                raise ClientDisconnected from fault
            raise

    def start_keepalive(self) -> None:
        """At any time within the first interval: those who came together are not all asked together from then on."""
        self.last_ping_rtt = CHANCE.uniform(0, self.ping_interval or 0)
        super().start_keepalive()

    def handle_ping(self) -> None:
        """Answer, unless what was sent before is not read: then answers would pile up."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def keepalive_timeout(self) -> None:
        """Whoever answers nothing, and has not taken all that was sent before, need not be waited for."""
        unsent = self.transport.get_write_buffer_size()
        super().keepalive_timeout()
        if unsent:
            self.transport.abort()

    def shutdown(self) -> None:
        super().shutdown()
        if not self.writable.is_set():
            self.transport.abort()


def framed(payload: bytes) -> bytes:
    """A whole text message of a server: one frame without a mask."""
    size = len(payload)
    if size < SHORT:
        return b"\x81" + size.to_bytes(1, "big") + payload
    if size < MIDDLE:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload
