"""One act, one transaction: idempotency key, the act itself, its answer, what happened, commit, hint."""

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass, field, is_dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry import UNSET

from models.event import Actor
from models.person import Viewer
from models.refusal import Code, Refused
from models.session import IdempotencyKey
from resolvers.context import Context, Shell, Unit
from resolvers.ports import Busy, SignedOut
from resolvers.read import TOO_LONG, UNSTORABLE
from resolvers.record import kind_of

TRIES = 3
BEYOND = "42501"  # the wall: this kind of viewer has no such right at all
RETRIED = {"40001", "40P01", "55P03"}
DRAWN = {
    "uq_referral_reference",  # drawn by lot, so another try draws another one
    "uq_acceptance_checks_la_id_version",  # another try finds the list that was quicker
    "uq_fostering_family_live_name",  # another try finds the family that a colleague typed in at the same moment
}
TAKEN = {
    "uq_person_email_key": (Code.EMAIL_TAKEN, "There is an account with this e-mail address already."),
    "uq_offer_live": (Code.OFFER_EXISTS, "Your organisation has a live offer on this referral already."),
    "uq_offer_accepted": (Code.REFERRAL_ACCEPTED, "An offer on this referral has been accepted."),
    "pk_offer_checks": (Code.OFFER_LOCKED, "What was checked for this offer is kept already. Please read it again."),
    "uq_uplift_open": (Code.UPLIFT_EXISTS, "An uplift of this agreement waits for its answer already."),
    "uq_ipa_live": (Code.IPA_EXISTS, "There is an agreement for this child and offer already."),
    "uq_home_live_name": (Code.INVALID_INPUT, "You have a home of this name already."),
    "uq_fostering_family_live_name": (Code.INVALID_INPUT, "You have a family of this name already."),
    "uq_signature_ipa_id_person_id": (Code.ALREADY_SIGNED, "You have signed this agreement already."),
    "pk_signature": (Code.ALREADY_SIGNED, "Your party has signed this agreement already."),
}
SAID = {
    **dict.fromkeys(UNSTORABLE, (Code.INVALID_INPUT, "Text may not hold the character NUL.")),
    BEYOND: (Code.FORBIDDEN, "Your role does not include this."),
    "PT409": (Code.WRONG_STATE, "This has been locked meanwhile. Please read it again."),
}


@dataclass
class Answer:
    """What an act answers with: the record it changed, and plain values beside it."""

    record: Any = None
    more: dict[str, Any] = field(default_factory=dict)


Guard = Callable[[Context, Mapping[str, Any]], AbstractAsyncContextManager[Any]]


@asynccontextmanager
async def unguarded(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[None]:
    yield


@dataclass(frozen=True)
class Deed:
    """An act as it was asked for. `run` does it, `show` reads its answer before the transaction ends."""

    name: str
    key: UUID | None
    arguments: Mapping[str, Any]
    run: Callable[[], Awaitable[Any]]
    show: Callable[[Answer], Awaitable[Any]]
    find: Callable[[str, UUID], Any]


async def perform(context: Context, deed: Deed) -> Any:
    """Do it once and wholly, or refuse and change nothing. Deadlocks are tried again, and lots that are taken."""
    for turn in range(TRIES):
        try:
            return await _once(context, deed)
        except DBAPIError as error:
            state = getattr(error.orig, "sqlstate", None)
            again = state in RETRIED or _constraint(error) in DRAWN
            if not again or turn == TRIES - 1:
                raise _refusal(error, state) from error
        finally:
            context.unit = None
    raise AssertionError("unreachable")


async def _once(context: Context, deed: Deed) -> Any:
    viewer = context.signed_in
    async with context.shell.database.acting(viewer, context.now) as session:
        by = Actor(viewer or NOBODY, context.now)
        context.unit = Unit(session, by)
        answer = await _replayed(context, deed) if deed.key and viewer else None
        if answer is None:
            answer = _as_answer(await deed.run())
            await session.flush()
            await _remember(context, deed, answer)
        shown = await deed.show(answer)
        await _write_down(session, by)
    context.shell.announce()
    return shown


@asynccontextmanager
async def by_itself(shell: Shell) -> AsyncIterator[Unit]:
    """A unit of work in which no person acts but the portal itself, with whatever it says that happened."""
    async with shell.database.working() as session:
        by = Actor(NOBODY, shell.clock())
        yield Unit(session, by)
        await session.flush()
        await _write_down(session, by)
    shell.announce()


@asynccontextmanager
async def by_nobody(context: Context) -> AsyncIterator[Unit]:
    """A unit of work of its own beside an act that was refused, with the rights of somebody who is signing in."""
    async with context.shell.database.acting(None, context.now) as session:
        by = Actor(NOBODY, context.now)
        yield Unit(session, by)
        await session.flush()
        await _write_down(session, by)
    context.shell.announce()


async def _write_down(session: AsyncSession, by: Actor) -> None:
    if by.happened:
        record = func.portal_record_beyond_sight if by.beyond_sight else func.portal_record
        recorded = select(record(text("CAST(:happened AS jsonb)")))
        await session.execute(recorded, {"happened": by.as_rows()})


def _as_answer(result: Any) -> Answer:
    return result if isinstance(result, Answer) else Answer(result)


async def _replayed(context: Context, deed: Deed) -> Answer | None:
    """The first result of the same key and arguments, or None when this is the first time."""
    digest = arguments_digest(deed.arguments)
    new = insert(IdempotencyKey).values(
        person_id=context.viewer.person_id, key=deed.key, act=deed.name, arguments=digest, at=context.now
    )
    made = await context.session.execute(new.on_conflict_do_nothing().returning(IdempotencyKey.key))
    if made.first() is not None:
        return None
    kept = await context.session.get_one(IdempotencyKey, (context.viewer.person_id, deed.key))
    if (kept.act, kept.arguments) != (deed.name, digest):
        sentence = "This idempotency key was used for something else. Use a new key for a new act."
        raise Refused(Code.IDEMPOTENCY_KEY_REUSED, sentence, ["idempotencyKey"])
    return Answer(deed.find(kept.result_kind, kept.result_id) if kept.result_kind and kept.result_id else None)


async def _remember(context: Context, deed: Deed, answer: Answer) -> None:
    if deed.key is None or context.signed_in is None or answer.record is None:
        return
    kept = await context.session.get_one(IdempotencyKey, (context.viewer.person_id, deed.key))
    kept.result_kind, kept.result_id = kind_of(answer.record), answer.record.id


def arguments_digest(arguments: Mapping[str, Any]) -> bytes:
    """A digest by which the same arguments are known again."""
    return hashlib.sha256(json.dumps(arguments, default=_plain, sort_keys=True).encode()).digest()


def _plain(value: Any) -> Any:
    if value is UNSET:
        return "unset"
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def _refusal(error: DBAPIError, state: str | None) -> BaseException:
    if state == "PT401":
        return SignedOut("UNAUTHENTICATED")
    if state == TOO_LONG or state in RETRIED:
        return Busy("Many people are changing the same at this moment.")
    if state in SAID:
        return Refused(*SAID[state])
    constraint = _constraint(error)
    if isinstance(error, IntegrityError) and constraint in TAKEN:
        return Refused(*TAKEN[constraint])
    return error


def _constraint(error: DBAPIError) -> str:
    return getattr(getattr(error.orig, "__cause__", None), "constraint_name", None) or ""


NOBODY = Viewer.nobody()
