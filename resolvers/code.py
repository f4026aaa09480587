"""One-time codes of the authenticator: each is used up once, for signing in or for signing (TRUST E1)."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from models.credential import Credential
from models.refusal import Code, Refused
from resolvers.context import Context
from resolvers.throttle import counted, second_factor

WRONG = "This code is not right, or it has been used already. Wait for the next one and try again."
USED = "This code has been used already, perhaps for signing in. Wait for the next one and try again."


@dataclass
class Tried:
    """Somebody tries a code. `admitted` is false while too many have been wrong, `right` once one was used up."""

    person_id: UUID
    admitted: bool
    right: bool = field(default=False, kw_only=True)


@asynccontextmanager
async def with_code(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[Tried]:
    """The guard of the acts that take a code of whoever is signed in: wrong ones count, whatever is rolled back."""
    person_id = context.viewer.person_id
    tried = Tried(person_id, admitted=False)
    async with counted(context, *second_factor(context, person_id), proved=lambda: tried.right) as tried.admitted:
        yield tried


@asynccontextmanager
async def with_code_where_given(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[Tried]:
    """The same for an act that takes a code in some cases alone; one that is given is always used up."""
    if arguments["input"].code is None:
        yield Tried(context.viewer.person_id, admitted=False)
        return
    async with with_code(context, arguments) as tried:
        yield tried


async def spend_code(context: Context, person_id: UUID, code: str) -> int:
    """Use a code up in this act's transaction; its 30-second step is the answer.

    Raises Refused: with CODE_USED for one that is right and was used before, for whatever it was, else CODE_REFUSED.

    The act must be guarded, by `with_code` or by a guard that counts in the same way.
    """
    tried = context.proof
    assert isinstance(tried, Tried), "an act that takes a code counts the wrong ones"
    assert tried.person_id == person_id, "the codes of this person are counted"
    step = await _step(context, person_id, code)
    if step is None or not tried.admitted:
        raise Refused(Code.CODE_REFUSED, WRONG, ["input", "code"])
    later = (Credential.person_id == person_id) & (Credential.last_step < step)
    spent = update(Credential).where(later).values(last_step=step).returning(Credential.person_id)
    if await context.session.scalar(spent.execution_options(synchronize_session=False)) is None:
        raise Refused(Code.CODE_USED, USED, ["input", "code"])
    tried.right = True
    return step


async def _step(context: Context, person_id: UUID, code: str) -> int | None:
    held = select(Credential.authenticator).where(Credential.person_id == person_id)
    sealed = await context.session.scalar(held)
    if sealed is None:
        return None
    keys = context.shell.keys
    secret = keys.unseal(sealed, person_id).decode()
    return keys.code_step(secret, code, wall=datetime.now(UTC), after_step=-1)
