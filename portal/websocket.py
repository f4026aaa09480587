"""The server's WebSocket, held to a bound: nobody who stopped reading keeps memory or a place."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class PortalSocket(WebSocketsSansIOProtocol):
    """uvicorn's, except where it would wait for a buffer that cannot drain, or fill it without looking."""

    def handle_ping(self) -> None:
        """Answer, unless what was sent before is not read: then answers would pile up."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._drop_if_stuck()

    def shutdown(self) -> None:
        super().shutdown()
        self._drop_if_stuck()

    def _drop_if_stuck(self) -> None:
        if not self.writable.is_set():
            self.transport.abort()
