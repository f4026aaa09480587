"""Acts of the people of the demonstration: the same documents a client would send, run in the same process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import NAMESPACE_URL, uuid5

import orjson

from models.person import Viewer
from portal.demonstration.asking import KEY, Contract
from portal.demonstration.journal import Journal
from portal.operations import Operation
from portal.served import ServedSchema
from resolvers.context import Caller, Context, Shell

SPACE = uuid5(NAMESPACE_URL, "https://placement-portal.example/demonstration")
VERSION = "expectedVersion"
MOST_LOST = 8


class Declined(Exception):
    """An act was refused, by the rules that hold for everybody."""

    def __init__(self, step: str, codes: list[str], sentence: str) -> None:
        super().__init__(f"{step}: {sentence}")
        self.codes = codes

    @property
    def done_before(self) -> bool:
        """Whether the act was done under its key already, with other arguments."""
        return "IDEMPOTENCY_KEY_REUSED" in self.codes


class Crew(Protocol):
    """Finds the session in which somebody acts."""

    async def viewer(self, email: str) -> Viewer: ...


@dataclass(frozen=True)
class Contracts:
    """The contract of signed-in people and that of anonymous callers."""

    signed_in: ServedSchema
    public: ServedSchema


class Acts:
    """Does what a step asks for, once: a step that stands in the journal answers with what came of it then."""

    def __init__(self, shell: Shell, contracts: Contracts, journal: Journal) -> None:
        self.shell = shell
        self.journal = journal
        self._signed_in = Contract(contracts.signed_in)
        self._public = Contract(contracts.public)
        self.crew: Crew

    async def do(self, by: str, step: str, act: str, selection: str, **arguments: Any) -> dict[str, Any]:
        """What was selected of the payload. Raises Declined.

        The idempotency key follows from the step, so that an act whose note was lost is not done twice. Where the notes
        of several were lost, each was done in an earlier version than the one that is known now.
        """
        if step in self.journal:
            return dict(self.journal[step])
        viewer = await self.crew.viewer(by)
        if self._signed_in.takes_key(act):
            arguments[KEY] = str(uuid5(SPACE, step))
        operation = self._signed_in.act(act, tuple(arguments), selection)
        for tries_left in reversed(range(MOST_LOST)):
            answer = await self._run(self._signed_in, operation, arguments, Context(self.shell, viewer))
            try:
                return dict(self.journal.keep(step, _done(step, answer[act])))
            except Declined as declined:
                if not (declined.done_before and arguments.get(VERSION) and tries_left):
                    raise
                arguments[VERSION] -= 1
        raise AssertionError("unreachable")

    async def do_anonymously(
        self, act: str, selection: str, input: dict[str, Any], *, address: str, shell: Shell | None = None
    ) -> dict[str, Any]:
        """An act of somebody not signed in, from that network address. Raises Declined."""
        operation = self._public.act(act, ("input",), selection)
        context = Context(shell or self.shell, None, Caller(address, "demonstration"))
        answer = await self._run(self._public, operation, {"input": input}, context)
        return _done(act, answer[act])

    async def ask(self, by: str, question: str, **variables: Any) -> dict[str, Any]:
        """The answer to a query."""
        context = Context(self.shell, await self.crew.viewer(by))
        return await self._run(self._signed_in, self._signed_in.read(question), variables, context)

    async def _run(
        self, contract: Contract, operation: Operation, variables: dict[str, Any], context: Context
    ) -> dict[str, Any]:
        result = await contract.schema.perform(operation, variables, context)
        for error in result.errors or ():
            raise RuntimeError(f"{error.message} ({error.extensions})")
        data: dict[str, Any] = orjson.loads(orjson.dumps(result.data))
        return data


def _done(step: str, payload: dict[str, Any]) -> dict[str, Any]:
    problems = payload.pop("problems")
    if problems:
        raise Declined(step, [each["code"] for each in problems], problems[0]["message"])
    return payload
