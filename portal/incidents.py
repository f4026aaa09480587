"""Faults of ours: the client is given a number, the log what happened, and neither gets anybody's data."""

import logging
import re
import traceback
from collections.abc import Iterable, Iterator
from secrets import token_hex

from graphql import GraphQLError

from portal.answers import RequestRefused, refused

log = logging.getLogger("portal.incidents")
SUGGESTION = re.compile(r"\s*Did you mean .*?\?(?=\s|$)", re.DOTALL)
SENTENCE = "Something went wrong on our side. Quote this number to support: {}."


def report(fault: BaseException) -> str:
    """Log `fault` under a new incident number, without its message: that may hold literals, parameters or rows."""
    incident = token_hex(6)
    log.error("incident %s\n%s", incident, "\n".join(_described(fault)), extra={"incident": incident})
    return incident


def internal(fault: BaseException) -> RequestRefused:
    incident = report(fault)
    return refused(500, "INTERNAL", SENTENCE.format(incident), incident=incident)


def masked(errors: Iterable[GraphQLError]) -> list[GraphQLError]:
    """The errors as clients may see them: each with a code, none with a suggestion or the text of a fault of ours."""
    return [_masked(error) for error in errors]


def without_suggestion(message: str) -> str:
    return SUGGESTION.sub("", message)


def _masked(error: GraphQLError) -> GraphQLError:
    if not _for_the_client(error):
        incident = report(error.original_error or error)
        return _as(error, SENTENCE.format(incident), {"code": "INTERNAL", "incident": incident})
    return _as(error, without_suggestion(error.message), {"code": "BAD_REQUEST", **(error.extensions or {})})


def _as(error: GraphQLError, message: str, extensions: dict[str, object]) -> GraphQLError:
    return GraphQLError(message, nodes=error.nodes, path=error.path, extensions=extensions)


def _for_the_client(error: GraphQLError) -> bool:
    """Raised with a code on purpose, or about what the client sent; a value that cannot be shown is our fault."""
    cause = error.original_error
    on_purpose = cause is None or isinstance(cause, GraphQLError)
    if on_purpose and "code" in (error.extensions or {}):
        return True
    if error.path is None:
        return cause is None or bool(error.nodes)
    return isinstance(cause, GraphQLError) and bool(cause.nodes)


def _described(fault: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    waiting = [fault]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield _kind(current)
        yield "".join(traceback.format_tb(current.__traceback__)).rstrip()
        waiting += [
            cause
            for cause in (getattr(current, "original_error", None), current.__cause__ or current.__context__)
            if isinstance(cause, BaseException)
        ]
        waiting += current.exceptions if isinstance(current, BaseExceptionGroup) else ()


def _kind(fault: BaseException) -> str:
    state = getattr(fault, "sqlstate", None)
    name = f"{type(fault).__module__}.{type(fault).__qualname__}"
    return f"{name} (SQLSTATE {state})" if isinstance(state, str) else name
