"""What the shell supplies to this folder."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol, TypeAlias, TypeVar

import asyncpg

from realtime.entry import Heartbeat, Resync, Row

T = TypeVar("T")
Clock = Callable[[], datetime]
"""The time that dated rules and sessions go by: aware, UTC."""

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
OpenPool = Callable[[], Awaitable[Pool]]
"""Opens the hub's pool, with HUB_SETTINGS as its server settings; each connection has been through `recognise`."""

HUB_SETTINGS = {
    "application_name": "portal-hub",
    "role": "portal_hub",
    "jit": "off",
    # One plan for however many are asked for, by their indexes: planning would take longer than reading, and what is
    # best for two who listen is bad for two thousand.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}


class At(Protocol):
    """Where a subscription is: after everything up to `cursor`, and `last` told of the item with that cursor."""

    @property
    def cursor(self) -> str: ...

    @property
    def last(self) -> str: ...


Frame = str | Callable[[], Awaitable[str]]
LookAt = Callable[[str], Awaitable[T]]
"""What one who has come must know before they are told anything, given where their log stood before it was looked."""


class Sink(Protocol):
    """The way out of one subscription: what is rendered for it, and sent.

    Rendering is told of each entry once, in order. What it gives is sent before anything else is rendered; where that
    takes an executor it is something to call and await.
    """

    def tells(self, row: Row, at: At, /) -> Frame | None:
        """The frame of an entry; None where it is not wanted. What is not `visible` is told as a tombstone."""

    def says(self, item: Heartbeat | Resync, /) -> Frame:
        """The frame of what all subscriptions have in common."""

    def send(self, frame: str, /) -> Coroutine[Any, Any, None] | None:
        """None where it is sent already; what is given waits only where the other end does not take it yet, and raises
        where there is no other end.
        """

    def complete(self) -> None:
        """There is nothing more to come: the portal is being stopped. The other end is told if it still listens."""

    def failed(self, fault: Exception, /) -> None:
        """Rendering or sending failed so: nothing more is handed out."""
