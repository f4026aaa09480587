"""The server's WebSocket, held to a bound: nobody who stopped reading keeps memory or a place."""

from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class PortalSocket(WebSocketsSansIOProtocol):
    """uvicorn's, except where it would wait for a buffer that cannot drain, or fill it without looking."""

    async def send(self, message: Any) -> None:
        """Whoever says more to a socket that the server has closed by itself meets one that is gone, not a fault."""
        try:
            await super().send(message)
        except RuntimeError as fault:
            if self.close_sent and self.handshake_complete:
                raise ClientDisconnected from fault
            raise

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
