"""Follow one person's notifications and miss none: a program to copy, with the standard library and `websockets` alone.

It listens over a WebSocket, and asks for the log instead where something on the way blocks WebSockets. Its place is the
cursor of the last event that was dealt with, kept in a file. Your own work belongs into `Deals`.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

FOLLOWED = """__typename
  ... on NotificationAdded { cursor after unread notification { id no kind title reference subjectKind subjectId at } }
  ... on OfferChanged { cursor after unread offerId version }
  ... on IpaChanged { cursor after unread ipaId version }
  ... on NotificationsRead { cursor after unread ids upTo }
  ... on NotificationsWithdrawn { cursor after unread ids }
  ... on Withdrawn { cursor after }"""
LISTEN = f"""subscription ($after: String) {{ notifications(after: $after) {{ {FOLLOWED}
  ... on Heartbeat {{ cursor }} ... on Resync {{ cursor reason }} }} }}"""
ASK = f"""query ($after: String!) {{ log(after: $after, first: 20) {{ cursor remaining resync {{ reason }}
  entries {{ cursor after events {{ {FOLLOWED} }} }} }} }}"""
SNAPSHOT = """{ cursor unreadNotifications
  notifications(first: 100) { nodes { id no kind title reference subjectKind subjectId at readAt } } }"""

SESSION_ENDED, RESTARTING = 4401, 1012
SILENCE = 55.0  # seconds: two heartbeats of 25 have not come
LONGEST_PAUSE = 30.0
ASKED_EVERY = 5.0
ASKED_FOR = 300.0  # seconds, after which WebSockets are tried again
PASSING = {"INTERNAL", "TIMEOUT"}  # the portal was at fault, or its database away: the same may be asked again
TRIED = 2  # times that a WebSocket does not open before the log is asked for instead
CHANCE = random.SystemRandom()


class Ended(Exception):
    """The session is over: sign in again."""


class Afresh(Exception):
    """The log cannot go on from our cursor, for the reason given: read everything again."""


class Gap(Exception):
    """An event does not follow the last one that was dealt with."""


class Blocked(Exception):
    """The portal may be there, and no WebSocket can be opened to it."""


class Deals:
    """What is done with what is told: your part. An event is told again only where this program died over it."""

    def told(self, event: dict[str, Any]) -> None:
        """Of one event; skip kinds that you do not know."""
        print(json.dumps(event), flush=True)

    def read_afresh(self, everything: dict[str, Any]) -> None:
        """Replace what you keep by this: it is all there is at its cursor."""
        print(json.dumps({"__typename": "Snapshot", **everything}), flush=True)


class Place:
    """The cursor up to which everything has been dealt with; the file is replaced as a whole."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.cursor: str | None = json.loads(file.read_text())["cursor"] if file.exists() else None

    def reached(self, cursor: str) -> None:
        if cursor != self.cursor:
            self.cursor = cursor
            new = self._file.with_name(f"{self._file.name}.new")
            new.write_text(json.dumps({"cursor": cursor}))
            new.replace(self._file)


class Portal:
    """The two ways to reach it."""

    def __init__(self, address: str, token: str) -> None:
        self._address = f"{address}/graphql"
        self._token = token

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        return await asyncio.to_thread(self._ask, json.dumps({"query": query, "variables": variables}).encode())

    def _ask(self, body: bytes) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            with urllib.request.urlopen(urllib.request.Request(self._address, body, headers), timeout=20) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as refused:
            if refused.code == 401:
                raise Ended from None
            if refused.code == 400:
                raise SystemExit(f"The portal does not understand: {refused.read().decode()}") from None
            raise
        if "errors" in told:
            raise refusal(told["errors"])
        return dict(told["data"])

    async def listen(self, after: str | None, silence: float) -> AsyncGenerator[dict[str, Any], None]:
        """The events that follow; raises when the connection is lost, or has been silent for too long."""
        async with await self._opened() as socket:
            init = {"type": "connection_init", "payload": {"Authorization": f"Bearer {self._token}"}}
            await socket.send(json.dumps(init))
            subscription = {"query": LISTEN, "variables": {"after": after}}
            while True:
                message = json.loads(await asyncio.wait_for(socket.recv(), silence))
                if message["type"] == "connection_ack":
                    await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": subscription}))
                elif message["type"] == "ping":
                    await socket.send(json.dumps({"type": "pong"}))
                elif message["type"] == "next":
                    yield message["payload"]["data"]["notifications"]
                elif message["type"] == "error":
                    raise refusal(message["payload"])
                elif message["type"] == "complete":
                    return

    async def _opened(self) -> ClientConnection:
        url = self._address.replace("http", "ws", 1)
        try:
            return await connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], open_timeout=10)
        except (InvalidHandshake, TimeoutError) as fault:
            if isinstance(fault, InvalidStatus) and fault.response.status_code >= 500:
                raise ConnectionError("the portal is away") from None
            raise Blocked(repr(fault)) from fault


class Follower:
    """Goes on from its place for as long as the session lasts."""

    silence = SILENCE
    every = ASKED_EVERY

    def __init__(self, portal: Portal, place: Place, deals: Deals) -> None:
        self._portal = portal
        self._place = place
        self._deals = deals
        self._blocked = 0
        self._pauses = pauses()

    async def follow(self) -> None:
        """Return when the session has ended."""
        reason = None if self._place.cursor else "FIRST_TIME"
        while True:
            try:
                if reason:
                    await self._read_afresh(reason)
                reason = None
                why = await self._go_on()
            except Ended:
                return
            except Afresh as afresh:
                reason, why = str(afresh), "the log cannot go on from here"
            except (OSError, Gap) as fault:  # a time-out among them: two heartbeats are missing
                why = repr(fault)
            pause = next(self._pauses)
            remark(f"{why}; goes on in {pause:.1f} s")
            await asyncio.sleep(pause)

    async def _go_on(self) -> str:
        """Follow from our place until something comes to an end; what that was."""
        try:
            await (self._listen() if self._blocked < TRIED else self._ask_for_a_while())
        except Blocked as blocked:
            self._blocked += 1
            return f"no WebSocket: {blocked}"
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else None
            if code == SESSION_ENDED:
                raise Ended from None
            return "the portal is being restarted" if code == RESTARTING else f"closed with {code}"
        return "the stream has ended"

    async def _listen(self) -> None:
        async with contextlib.aclosing(self._portal.listen(self._place.cursor, self.silence)) as events:
            async for event in events:
                self._blocked = 0
                if event["__typename"] == "Resync":
                    raise Afresh(event["reason"])
                self._deal_with(event)

    async def _ask_for_a_while(self) -> None:
        """The same log, asked for."""
        remark("asks for the log")
        for _ in range(round(ASKED_FOR / self.every)):
            await self._ask_for_everything()
            await asyncio.sleep(self.every * CHANCE.uniform(0.8, 1.2))
        self._blocked = TRIED - 1

    async def _ask_for_everything(self) -> None:
        remaining = 1
        while remaining:
            log = (await self._portal.ask(ASK, after=self._place.cursor))["log"]
            if log["resync"]:
                raise Afresh(log["resync"]["reason"])
            for entry in log["entries"]:
                self._follows(entry)
                for event in entry["events"]:
                    if "cursor" in event:
                        self._deals.told(event)
                self._place.reached(entry["cursor"])
            remaining = log["remaining"]

    def _deal_with(self, event: dict[str, Any]) -> None:
        if "after" in event:
            self._follows(event)
            self._deals.told(event)
        self._place.reached(event["cursor"])
        self._pauses = pauses()

    def _follows(self, told: dict[str, Any]) -> None:
        if told["after"] != self._place.cursor:
            raise Gap(f"something lies between {self._place.cursor} and {told['after']}")

    async def _read_afresh(self, reason: str) -> None:
        """What there is and where the log stands, read as one: what comes after it is told, nothing twice."""
        everything = await self._portal.ask(SNAPSHOT)
        remark(f"{reason}: reads afresh")
        self._deals.read_afresh(everything)
        self._place.reached(everything["cursor"])


def refusal(errors: list[dict[str, Any]]) -> BaseException:
    """What top-level errors mean: try again, or mend this program."""
    if all(error.get("extensions", {}).get("code") in PASSING for error in errors):
        return ConnectionError(f"the portal could not answer: {errors}")
    return SystemExit(f"The portal does not understand: {errors}")


def pauses() -> Iterator[float]:
    """Seconds before the next try: doubled each time, and by chance, so that clients do not come back all at once."""
    pause = 0.5
    while True:
        yield pause * CHANCE.uniform(0.3, 1)
        pause = min(pause * 2, LONGEST_PAUSE)


def remark(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


async def main() -> None:
    parser = argparse.ArgumentParser(description="Follow one person's notifications. PORTAL_TOKEN says whose.")
    parser.add_argument("--address", default="http://127.0.0.1:8000", help="where the portal is (%(default)s)")
    parser.add_argument("--place", type=Path, default=Path("data/place.json"), help="where to keep the place")
    parser.add_argument("--silence", type=float, default=SILENCE, help="seconds without a word (%(default)s)")
    parser.add_argument("--every", type=float, default=ASKED_EVERY, help="seconds between askings (%(default)s)")
    options = parser.parse_args()
    if "PORTAL_TOKEN" not in os.environ:
        raise SystemExit("PORTAL_TOKEN is missing; for the demonstration: PORTAL_TOKEN=$(.venv/bin/portal token EMAIL)")
    options.place.parent.mkdir(parents=True, exist_ok=True)
    portal = Portal(options.address, os.environ["PORTAL_TOKEN"])
    follower = Follower(portal, Place(options.place), Deals())
    follower.silence, follower.every = options.silence, options.every
    await follower.follow()
    remark("The session has ended: sign in again.")


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
