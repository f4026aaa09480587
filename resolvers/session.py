"""Signing in and out: a password, then a code of the authenticator, then a session of fourteen days."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import Select, select, update

from models.credential import Credential
from models.email import email_key
from models.event import Happened, Told
from models.organisation import Organisation
from models.person import AccountStatus, Person
from models.refusal import Code, Refused
from models.session import CHALLENGE_LASTS, CHALLENGE_TRIES, SESSION_LASTS, Challenge, Origin, Session
from resolvers.act import Answer, Deed, perform
from resolvers.code import Tried, spend_code
from resolvers.context import Caller, Context, Info, Shell
from resolvers.record import found
from resolvers.throttle import by_account, by_address, counted, second_factor

COOKIE = "__Host-portal"
WRONG = (
    "The e-mail address, the password or the code is not right, or there have been too many tries. "
    "Check them and begin again, or wait for a quarter of an hour."
)
NOT_ACTIVE = "Your account is not active. Ask the administrator of your organisation."


@strawberry.input(description="The first step of signing in.")
class SignInInput:
    email: str = strawberry.field(description="Your own e-mail address.")
    password: str = strawberry.field(description="Your password.")


@strawberry.input(description="The second step of signing in.")
class SignInConfirmInput:
    challenge: str = strawberry.field(description="What the first step answered.")
    code: str = strawberry.field(description="The six digits that your authenticator app shows now.")
    cookie: bool = strawberry.field(
        default=False, description="For browsers: keep the session in a cookie that no script can read, not in `token`."
    )


@dataclass(frozen=True)
class Known:
    """What is on file under an e-mail address; all None where nothing is."""

    person_id: UUID | None = None
    status: AccountStatus | None = None
    password_hash: str | None = None


def mine(me: Any) -> Select[Any]:
    alive = Session.visible_to(me).where(Session.expires_at > me.now)
    return alive.order_by(Session.created_at.desc(), Session.id)


# ── the first step ───────────────────────────────────────────────────────────
@asynccontextmanager
async def with_password(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[UUID]:
    """Who it is. Unknown, wrong and blocked are one refusal after the same work; no connection waits for the hash."""
    given: SignInInput = arguments["input"]
    key = email_key(given.email)
    async with counted(context, by_account(context, key), by_address(context)) as admitted:
        known = await _known(context, key)
        right = await context.shell.keys.verify_password(known.password_hash, given.password)
        if not (admitted and right and known.person_id):
            raise refused()
        if known.status is not AccountStatus.ACTIVE:
            raise Refused(Code.ACCOUNT_NOT_ACTIVE, NOT_ACTIVE)
        yield known.person_id


async def sign_in(info: Info, input: SignInInput) -> Answer:
    context = info.context
    challenge, digest = context.shell.keys.new_token()
    expires_at = datetime.now(UTC) + CHALLENGE_LASTS
    context.session.add(Challenge(token_hash=digest, person_id=context.proof, expires_at=expires_at, tries=0))
    return Answer(more={"challenge": challenge, "expires_at": expires_at})


# ── the second step ──────────────────────────────────────────────────────────
@asynccontextmanager
async def with_challenge(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[Tried]:
    """Whose challenge it is; each takes five tries, and its person's wrong codes are counted across all of them."""
    digest = context.shell.keys.token_hash(arguments["input"].challenge)
    person_id = await tried_challenge(context, digest)
    of_person = second_factor(context, person_id) if person_id else ()
    async with counted(context, by_address(context), *of_person) as admitted:
        if person_id is None:
            raise refused()
        try:
            yield Tried(person_id, admitted)
        except Refused as wrong:
            raise refused() if wrong.code in (Code.CODE_REFUSED, Code.CODE_USED) else wrong from None


async def confirm(info: Info, input: SignInConfirmInput) -> Answer:
    """A session, once: code and challenge are used up with it."""
    context = info.context
    person_id = context.proof.person_id
    person = await context.session.get_one(Person, person_id, with_for_update={"read": True})
    await spend_code(context, person_id, input.code)
    await use_up(context, context.shell.keys.token_hash(input.challenge))
    if person.status is not AccountStatus.ACTIVE:
        raise Refused(Code.ACCOUNT_NOT_ACTIVE, NOT_ACTIVE)
    token, session = await begun(context, person)
    organisation = await context.session.get_one(Organisation, person.organisation_id)
    context.signed_in = person.in_session(organisation, session.id, session.expires_at)
    if input.cookie:
        set_cookie(context, token, SESSION_LASTS)
    return Answer(more={"token": None if input.cookie else token, "expires_at": session.expires_at})


async def sign_out(info: Info, session: UUID | None = None) -> Answer:
    """End the present session, or another of one's own."""
    context = info.context
    wanted = session or context.viewer.session_id
    held = await context.change_where(Session, Session.id == wanted)
    held.end("SIGNED_OUT", by=context.by)
    if wanted == context.viewer.session_id:
        set_cookie(context, "", timedelta())
    return Answer(more={"ended": wanted})


async def end_others(info: Info) -> Answer:
    """End every session of one's own but the present one; their sockets close at once."""
    context = info.context
    viewer = context.viewer
    others = Session.ending(viewer.person_id, "SIGNED_OUT", at=context.now, kept=viewer.session_id)
    ended = list((await context.session.scalars(others.returning(Session.id))).all())
    context.by.says(
        Happened(
            kind="session.end_others", stream=viewer.person_id, subject_kind="PERSON", subject_id=viewer.person_id,
            version=0, facts={"ended": [str(id) for id in ended]},
            tells=(Told(person=viewer.person_id),),
        )
    )  # fmt: skip
    return Answer(more={"ended": len(ended)})


async def open_session(shell: Shell, email: str, caller: Caller | None = None) -> str | None:
    """A token as if somebody had signed in from there, without their password and code; None when no active person
    has this address. Nothing that a client can reach leads here.
    """
    context = Context(shell, None, caller or Caller())
    active = (Person.email_key == email_key(email)) & (Person.status == AccountStatus.ACTIVE)

    async def run() -> str | None:
        person = await context.session.scalar(select(Person).where(active))
        return (await begun(context, person))[0] if person else None

    async def show(answer: Answer) -> Any:
        return answer.record

    token: str | None = await perform(context, Deed("session_open", None, {}, run, show, found))
    return token


async def begun(context: Context, person: Person) -> tuple[str, Session]:
    """A session of this person, who acts from here on, and its token."""
    token, digest = context.shell.keys.new_token()
    origin = Origin(context.caller.address, context.caller.agent)
    session = Session.start(person.id, digest, origin, by=context.by)
    context.session.add(session)
    await context.session.flush()
    await context.becomes(person.id, session.id)
    return token, session


def set_cookie(context: Context, token: str, lasts: timedelta) -> None:
    """Only our own pages send it, and no script can read it (TRUST D2)."""
    age = int(lasts.total_seconds())
    cookie = f"{COOKIE}={token}; Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Strict"
    if context.set_cookie is not None:
        context.set_cookie.append((b"set-cookie", cookie.encode()))


def refused() -> Refused:
    return Refused(Code.SIGN_IN_REFUSED, WRONG)


async def _known(context: Context, key: str) -> Known:
    if not key.isprintable():
        return Known()
    found = (
        select(Person.id, Person.status, Credential.password_hash)
        .outerjoin(Credential, Credential.person_id == Person.id)
        .where(Person.email_key == key)
    )
    async with context.shell.database.acting(None, context.now) as session:
        row = (await session.execute(found)).one_or_none()
    return Known(*row) if row else Known()


async def tried_challenge(context: Context, digest: bytes) -> UUID | None:
    """Count a try of a challenge that is still open."""
    open_ = (Challenge.token_hash == digest) & Challenge.used_at.is_(None) & (Challenge.tries < CHALLENGE_TRIES)
    row = update(Challenge).where(open_, Challenge.expires_at > datetime.now(UTC)).values(tries=Challenge.tries + 1)
    async with context.shell.database.acting(None, context.now) as session:
        return await session.scalar(row.returning(Challenge.person_id))


async def use_up(context: Context, digest: bytes) -> None:
    unused = (Challenge.token_hash == digest) & Challenge.used_at.is_(None)
    row = update(Challenge).where(unused).values(used_at=datetime.now(UTC)).returning(Challenge.person_id)
    if await context.session.scalar(row) is None:
        raise refused()
