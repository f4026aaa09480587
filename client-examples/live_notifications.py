"""One person's notifications as they happen, each once, through every restart of the portal and of this program.

The token is taken from PORTAL_TOKEN; without it, somebody of the demonstration signs in.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import aclosing, suppress
from itertools import takewhile
from pathlib import Path
from typing import Any

from gql.transport.exceptions import TransportError, TransportQueryError
from portal_client import ADDRESS, HERE, Authenticator, Person, Refused, SignIn, close_code, passes, sign_in

SESSION_ENDED = 4401
SILENCE = 60  # seconds: a living stream has a heartbeat every 25
LONGEST_WAIT = 30.0
CHANCE = random.SystemRandom()


class Gap(Exception):
    """An event does not follow the last one that was seen."""


class Place:
    """How far the stream has been dealt with, kept in a file that is replaced as a whole."""

    def __init__(self, file: Path) -> None:
        self._file = file
        kept = json.loads(file.read_text()) if file.exists() else {}
        self.cursor: str | None = kept.get("cursor")
        self.newest: str | None = kept.get("newest")

    def reached(self, cursor: str, newest: str | None = None) -> None:
        """Up to this cursor; `newest` is the id of the notification there, if it is one."""
        if cursor == self.cursor:
            return
        self.cursor, self.newest = cursor, newest or self.newest
        new = self._file.with_name(f"{self._file.name}.new")
        new.write_text(json.dumps({"cursor": self.cursor, "newest": self.newest}))
        new.replace(self._file)


class Follower:
    """Deals with one event after the other, and remembers its place only when that is done.

    Asked to stop, it finishes that first. Should this very program be killed in between, that one notification comes
    again: its `id` tells.
    """

    def __init__(self, person: Person, place: Place, *, as_json: bool) -> None:
        self._person = person
        self._place = place
        self._as_json = as_json
        self._listed: set[str] = set()

    async def follow(self) -> str:
        """Follow until the session ends; a sentence about that."""
        waits = pauses()
        while True:
            try:
                async for event in self._events():
                    await self._deal_with(event)
                    waits = pauses()
                why = "the stream has ended"
            except (TransportError, OSError, Gap) as fault:
                if isinstance(fault, TransportQueryError) and not passes(fault):
                    raise
                if close_code(fault) == SESSION_ENDED:
                    return "The session has ended: sign in again."
                why = f"{fault!r}, close code {close_code(fault)}"
            wait = next(waits)
            tell(f"{why}; connects again in {wait:.1f} s")
            await asyncio.sleep(wait)

    async def _events(self) -> Any:
        """Go on after the last cursor: what happened while nobody listened comes first."""
        async with aclosing(self._person.follow("Notifications", after=self._place.cursor)) as events:
            tell("connects")
            while True:
                async with asyncio.timeout(SILENCE):
                    event = await anext(events, None)
                if event is None:
                    return
                yield event

    async def _deal_with(self, event: dict[str, Any]) -> None:
        """Events of a kind that is not known here only move the place."""
        if "after" in event and event["after"] != self._place.cursor:
            raise Gap("an event was missed")
        newest = None
        if event["__typename"] == "NotificationAdded":
            newest = event["notification"]["id"]
            if newest not in self._listed:
                self._show(event["notification"])
        elif event["__typename"] in ("OfferChanged", "IpaChanged"):
            tell(f"{event.get('offerId') or event.get('ipaId')} has changed, without a new bell")
        elif event["__typename"] == "NotificationsRead":
            tell(f"read on some screen; {event['unread']} unread")
        elif event["__typename"] == "NotificationsWithdrawn":
            tell(f"{len(event['ids'])} may no longer be seen; {event['unread']} unread")
        elif event["__typename"] == "Resync":
            newest = await self._read_afresh(event["reason"])
        self._place.reached(event["cursor"], newest)

    async def _read_afresh(self, reason: str) -> str | None:
        """The stream cannot go on from our cursor, so the list tells what is newer than the last one shown."""
        known = await self._person.ask("NotificationList")
        listed = known["notifications"]["nodes"]
        self._listed = {each["id"] for each in listed}
        newer = list(takewhile(lambda each: each["id"] != self._place.newest, listed))
        tell(f"{reason}: reads afresh, {len(newer)} to show, {known['unreadNotifications']} unread")
        for notification in reversed(newer):
            self._show(notification)
        return newer[0]["id"] if newer else None

    def _show(self, notification: dict[str, Any]) -> None:
        text = f"{notification['at']}  {notification['title']}"
        print(json.dumps(notification) if self._as_json else text, flush=True)


def pauses() -> Iterator[float]:
    """Seconds before the next try: doubled each time, shortened by chance so that clients do not come back at once."""
    pause = 0.25
    while True:
        yield pause * CHANCE.uniform(0.5, 1)
        pause = min(pause * 2, LONGEST_WAIT)


def tell(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


async def token(address: str, whose: str) -> str:
    if given := os.environ.get("PORTAL_TOKEN"):
        return given
    known = json.loads((HERE / "demonstration.json").read_text())[whose]
    app = Authenticator(known["secret"], tell)
    return str((await sign_in(address, SignIn(known["email"], known["password"], app)))["token"])


def stop_when_asked() -> None:
    """On SIGTERM, where there is such a thing: between two events, for dealing with one waits for nothing."""
    task = asyncio.current_task()
    with suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel if task else sys.exit)


async def main() -> str:
    parser = argparse.ArgumentParser(description="Follow one person's notifications.")
    parser.add_argument("--address", default=ADDRESS, help="where the portal is (%(default)s)")
    parser.add_argument("--who", default="member", help="whom of demonstration.json (%(default)s)")
    parser.add_argument("--place", type=Path, default=Path("data/notifications.json"), help="where to keep the place")
    parser.add_argument("--json", action="store_true", help="print each notification as a line of JSON")
    options = parser.parse_args()
    options.place.parent.mkdir(parents=True, exist_ok=True)
    stop_when_asked()
    person = Person(options.address, await token(options.address, options.who))
    async with person.connected():
        return await Follower(person, Place(options.place), as_json=options.json).follow()


if __name__ == "__main__":
    try:
        tell(asyncio.run(main()))
    except Refused as refused:
        raise SystemExit(f"The portal refused: {refused}") from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        pass
