"""One process of `portal serve`, as its parent starts it: `python -m portal.worker LISTENER TETHER`."""

import socket
import sys

from portal.app import Installation, Portal
from portal.clock import system_clock
from portal.production import keys_of
from portal.serving import serve
from portal.settings import Settings, from_environment


def work(settings: Settings, listener: socket.socket, tether: socket.socket | None = None) -> None:
    """Serve what the settings say, until told to stop."""
    assert settings.database_url is not None
    where = Installation(
        settings.database_url.get_secret_value(), settings.home, keys_of(settings), system_clock, settings.origin,
        settings.information(), shared_mailboxes=settings.mailboxes, **settings.keeping(), **settings.sealing(),
        **settings.mailing(), **settings.broadcasting(),
    )  # fmt: skip
    serve(Portal(where).asgi, listener, tether=tether, forwarded_allow_ips=settings.forwarded_allow_ips)


if __name__ == "__main__":
    work(from_environment().for_production(), *(socket.socket(fileno=int(given)) for given in sys.argv[1:]))
