"""One-time codes of the authenticator: each is used up once, for signing in or for signing (TRUST E1)."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from models.refusal import Code, Refused
from models.session import Credential
from resolvers.context import Context
from resolvers.throttle import by_codes_of, counted

WRONG = "This code is not right, or it has been used already. Wait for the next one and try again."


@dataclass(frozen=True)
class Tried:
    """Somebody tries a code. `admitted` is false while too many have been wrong."""

    person_id: UUID
    admitted: bool


@asynccontextmanager
async def with_code(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[Tried]:
    """The guard of the acts that take a code of whoever is signed in: wrong ones count, whatever is rolled back."""
    person_id = context.viewer.person_id
    async with counted(context, by_codes_of(context, person_id)) as admitted:
        yield Tried(person_id, admitted)


async def spend_code(context: Context, person_id: UUID, code: str) -> int:
    """Use a code up in this act's transaction; its 30-second step is the answer. Raises Refused with CODE_REFUSED.

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
        raise Refused(Code.CODE_REFUSED, WRONG, ["input", "code"])
    return step


async def _step(context: Context, person_id: UUID, code: str) -> int | None:
    held = select(Credential.authenticator, Credential.last_step).where(Credential.person_id == person_id)
    row = (await context.session.execute(held)).one_or_none()
    if row is None or row.authenticator is None:
        return None
    keys = context.shell.keys
    secret = keys.unseal(row.authenticator, person_id).decode()
    return keys.code_step(secret, code, wall=datetime.now(UTC), after_step=row.last_step)
