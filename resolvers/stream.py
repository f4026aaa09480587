"""Streams, declared: which entries of a person's log belong to one, and what each of them is told as."""

import inspect as signatures
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import strawberry

from realtime.entry import Entry
from resolvers.context import Context


def _as_it_is(event: Any, context: Context) -> Any:
    return event


@dataclass(frozen=True, slots=True)
class Interest:
    """What one subscription is about.

    `wants` sees entries before they are made tombstones, `tells` makes the event that a client gets of an entry, which
    may be a tombstone. Neither waits nor asks anything: each depends on the entry alone, and on what the stream was
    given. `lends` gives an event the context by which some of its fields ask for more, once such a field is wanted.
    """

    wants: Callable[[Entry], bool]
    tells: Callable[[Entry], object]
    lends: Callable[[Any, Context], Any] = _as_it_is


Stream = Callable[..., Interest]
"""From who listens, a `Viewer`, and the arguments of the subscription, all but `after`, to what it is about."""


def listening(stream: Stream) -> Callable[..., Any]:
    """The resolver of a stream: its arguments and `after`, its events, and what all streams have in common."""

    async def resolve(info: strawberry.Info, after: str | None = None, **arguments: Any) -> AsyncGenerator[Any, None]:
        context: Context = info.context
        viewer = context.viewer
        interest = stream(viewer, **arguments)
        log = context.shell.hub.listen(viewer.person_id, viewer.session_id, after, interest.wants)
        async with aclosing(log) as heard:
            async for item in heard:
                yield interest.lends(interest.tells(item), context) if isinstance(item, Entry) else item

    kind = signatures.Parameter.POSITIONAL_OR_KEYWORD
    info = signatures.Parameter("info", kind, annotation=strawberry.Info)
    after = signatures.Parameter("after", kind, default=None, annotation=str | None)
    given = signatures.signature(stream)
    parameters = [info, *list(given.parameters.values())[1:], after]
    returned = AsyncGenerator[Any, None]
    resolve.__signature__ = given.replace(  # type: ignore[attr-defined]
        parameters=sorted(parameters, key=lambda p: p.default is not p.empty), return_annotation=returned
    )
    resolve.__annotations__ = {**{p.name: p.annotation for p in parameters}, "return": returned}
    resolve.__module__, resolve.__name__ = stream.__module__, stream.__name__
    return resolve
