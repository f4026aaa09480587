"""Streams, declared: which entries of a person's log belong to one, and what each of them is told as."""

import inspect as signatures
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
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


@dataclass(frozen=True, slots=True)
class Last:
    """What a stream says before it ends, where there is nothing to listen to."""

    event: object


Stream = Callable[..., Interest]
"""From who listens, a `Viewer`, and the arguments of the subscription, all but `after`, to what it is about.

A stream that has to look first is given what was found as well, as `found`: it must not depend on who looked.
"""
Look = Callable[..., Awaitable[Any]]
"""From the context, where the person's log stands, the cursor they come with and the other arguments, to what was found
or `Last`. It is asked once, after the place was taken: what is lost after the look is told, and what was lost before is
not there.
"""


def listening(stream: Stream, look: Look | None = None) -> Callable[..., Any]:
    """The resolver of a stream: its arguments and `after`, its events, and what all streams have in common."""

    async def resolve(info: strawberry.Info, after: str | None = None, **arguments: Any) -> AsyncGenerator[Any, None]:
        context: Context = info.context
        who = (context.viewer.person_id, context.viewer.session_id)
        hub, place = context.shell.hub, None
        if look:
            seen = await hub.look(who, partial(look, context, after=after, **arguments))
            if seen is None:
                return
            place, found = seen
            if isinstance(found, Last):
                yield found.event
                return
            arguments["found"] = found
        interest = stream(context.viewer, **arguments)
        log = hub.listen(*who, after, interest.wants, *((place,) if place else ()))
        async with aclosing(log) as heard:
            async for item in heard:
                yield interest.lends(interest.tells(item), context) if isinstance(item, Entry) else item

    return _declared(resolve, stream)


def _declared(resolve: Callable[..., Any], stream: Stream) -> Callable[..., Any]:
    """As the contract has it: with the stream's own arguments, those first that must be given."""
    kind = signatures.Parameter.POSITIONAL_OR_KEYWORD
    info = signatures.Parameter("info", kind, annotation=strawberry.Info)
    after = signatures.Parameter("after", kind, default=None, annotation=str | None)
    given = signatures.signature(stream)
    parameters = [info, *(each for each in list(given.parameters.values())[1:] if each.kind is kind), after]
    returned = AsyncGenerator[Any, None]
    resolve.__signature__ = given.replace(  # type: ignore[attr-defined]
        parameters=sorted(parameters, key=lambda p: p.default is not p.empty), return_annotation=returned
    )
    resolve.__annotations__ = {**{p.name: p.annotation for p in parameters}, "return": returned}
    resolve.__module__, resolve.__name__ = stream.__module__, stream.__name__
    return resolve
