"""The portal by several processes with the clock of a town: `python -m tests.journeys.rolling TOLD LISTENER`."""

import asyncio
import json
import socket
import sys
from datetime import datetime
from pathlib import Path

from portal.app import Installation, Portal
from portal.clock import clock_from
from portal.keys import Keys
from portal.serving import serve
from portal.workers import Workers
from tests.server import SECRET


def main(told: str, listener: socket.socket, *tether: socket.socket) -> None:
    known = json.loads(told)
    if not tether:
        command = [sys.executable, "-m", "tests.journeys.rolling", told]
        return asyncio.run(Workers(command, listener, 2).run())
    clock = clock_from(datetime.fromisoformat(known["now"]))
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    where = Installation(known["url"], Path(known["home"]), Keys(SECRET), clock, origin, {})
    serve(Portal(where).asgi, listener, tether=tether[0])


if __name__ == "__main__":
    main(sys.argv[1], *(socket.socket(fileno=int(given)) for given in sys.argv[2:]))
