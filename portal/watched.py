"""Conversations with servers of somebody else that end in time, however slowly the other side speaks."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from socket import SHUT_RDWR, socket


@contextmanager
def watched(connection: HTTPConnection, seconds: float) -> Iterator[HTTPConnection]:
    """The connection, open; after so many seconds it is cut, and whoever reads from it finds that nothing follows.

    A timeout of the socket's own bounds each wait alone: a server that sends a byte now and then can be read for hours.
    """
    with closing(connection):
        connection.connect()
        watch = threading.Timer(seconds, _cut, (connection.sock,))
        watch.daemon = True
        watch.start()
        try:
            yield connection
        finally:
            watch.cancel()


def _cut(line: socket) -> None:
    with suppress(OSError):  # it was over at that moment
        line.shutdown(SHUT_RDWR)
