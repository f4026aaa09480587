"""Who takes part in the journey, and how what they do is told."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from portal_client import Authenticator, Person, Refused, SignIn


@dataclass(frozen=True)
class Cast:
    """Two people of the authority, two of the provider."""

    officer: Person
    authority_signatory: Person
    member: Person
    provider_signatory: Person

    @classmethod
    @asynccontextmanager
    async def signed_in(cls, address: str, sign_ins: dict[str, dict[str, str]]) -> AsyncIterator[Self]:
        async with AsyncExitStack() as stack:
            people = []
            for role in ("officer", "authoritySignatory", "member", "providerSignatory"):
                person = await stack.enter_async_context(Person.signed_in(address, _sign_in(sign_ins[role])))
                say(person, f"signs in with password and code, for {person.organisation}")
                people.append(person)
            yield cls(*people)


def _sign_in(given: dict[str, str]) -> SignIn:
    app = Authenticator(given["secret"], partial(_line, given["email"].partition("@")[0]))
    return SignIn(given["email"], given["password"], app)


def say(person: Person, what: str) -> None:
    _line(person.name, what)


def _line(name: str, what: str) -> None:
    print(f"{name:<20} {what}", flush=True)


async def is_refused(person: Person, what: str, act: str, **variables: Any) -> dict[str, Any]:
    """Try an act that the portal must refuse; its first problem."""
    try:
        await person.act(act, **variables)
    except Refused as refused:
        say(person, f"tries to {what}: refused, {refused}")
        return refused.problems[0]
    raise SystemExit(f"{person.name} was able to {what}, which should have been refused.")
