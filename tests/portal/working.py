"""A small application served by several processes: `python -m tests.portal.working FOLDER COUNT LISTENER`."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from portal.serving import serve
from portal.settings import NotReady
from portal.workers import Workers


class Small:
    """Starts unless `broken` is in the folder; says who answers, slowly where asked to, and echoes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        routes = [Route("/", self.who), Route("/slow", self.slow), WebSocketRoute("/", self.echo)]
        self.app = Starlette(routes=routes, lifespan=self.life)

    @asynccontextmanager
    async def life(self, _: Starlette) -> AsyncIterator[None]:
        if (self.folder / "broken").exists():
            (self.folder / f"broken-{os.getpid()}").touch()
            raise RuntimeError("broken")
        yield
        (self.folder / f"ended-{os.getpid()}").touch()

    async def who(self, _: Request) -> Response:
        return JSONResponse(os.getpid(), headers={"connection": "close"})

    async def slow(self, _: Request) -> Response:
        (self.folder / "asked").touch()
        while not (self.folder / "go on").exists():
            await asyncio.sleep(0.01)
        return PlainTextResponse("done")

    async def echo(self, socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                await socket.send_text(f"{os.getpid()} {await socket.receive_text()}")
        except WebSocketDisconnect:
            pass


def main(folder: str, *told: str) -> None:
    if told[0] == "serve":
        listener, tether = (socket.socket(fileno=int(given)) for given in told[1:])
        return serve(Small(Path(folder)).app, listener, tether=tether, timeout_graceful_shutdown=25)
    count, listener = int(told[0]), socket.socket(fileno=int(told[1]))
    command = [sys.executable, "-m", "tests.portal.working", folder, "serve"]
    try:
        asyncio.run(Workers(command, listener, count).run())
    except NotReady as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main(*sys.argv[1:])
