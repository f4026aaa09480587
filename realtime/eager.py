"""Coroutines that mostly need not wait are run at once, without a task; the rest of one that must becomes a task's."""

from collections.abc import Awaitable, Coroutine, Generator
from types import coroutine
from typing import Any


def begun(work: Coroutine[Any, Any, None]) -> Awaitable[None] | None:
    """Run it up to where it waits: None where it is done, else what is left of it, to be awaited by a task."""
    try:
        waits_for = work.send(None)
    except StopIteration:
        return None
    return _rest(work, waits_for)


@coroutine
def _rest(work: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    try:
        while True:
            try:
                given = yield waits_for
            except BaseException as fault:  # noqa: BLE001
                waits_for = work.throw(fault)
            else:
                waits_for = work.send(given)
    except StopIteration:
        return
    finally:
        work.close()
