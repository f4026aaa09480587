"""The production form: `init`, `serve`, `migrate`, `check`, `audit verify`, set up by the environment alone."""

import asyncio
import base64
import binascii
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from portal.clock import system_clock
from portal.crowd import crowd
from portal.database import asyncpg_dsn, sqlalchemy_url
from portal.founding import Founder, found, migrate
from portal.keys import Keys
from portal.settings import NotReady, Settings, from_environment

log = logging.getLogger("portal")
LEAST_POSTGRES = 180000
NEEDED = (
    "portal_la", "portal_provider", "portal_signatory", "portal_admin", "portal_signin", "portal_hub",
    "portal_worker",
)  # fmt: skip


def keys_of(settings: Settings) -> Keys:
    """The installation's secrets, or NotReady when they are no keys."""
    if settings.secret_key is None:
        raise NotReady("PORTAL_SECRET_KEY is missing: 32 random bytes in base64, kept outside the database.")
    older = [key.get_secret_value() for key in settings.older_secret_keys]
    try:
        newest = settings.secret_key.get_secret_value()
        if any(len(base64.b64decode(key, validate=True)) < 32 for key in (newest, *older)):
            raise ValueError
        return Keys.from_text(newest, older=older)
    except (ValueError, binascii.Error):
        raise NotReady("PORTAL_SECRET_KEY must be at least 32 random bytes in base64.") from None


async def initialise(name: str, email: str) -> str:
    """Migrate and write the first rows; the sentence that holds the one-use invitation."""
    settings = from_environment()
    owner, keys = settings.for_owner(), keys_of(settings)
    await migrate(owner)
    engine = create_async_engine(sqlalchemy_url(owner), hide_parameters=True)
    try:
        token = await found(engine, keys, Founder(name, email), system_clock(), datetime.now(UTC))
    finally:
        await engine.dispose()
    if token is None:
        raise NotReady("This database has been initialised before; nothing was changed.")
    return f"{name} is invited for 72 hours. The invitation works once:\n{settings.origin}/invitation#{token}"


async def upgrade() -> str:
    settings = from_environment()
    await migrate(settings.for_owner())
    return "The database is up to date."


async def renumber() -> str:
    """Number all inboxes anew, as the owner; the sentence that says so."""
    async with connected(from_environment().for_owner()) as connection:
        await connection.execute("SELECT portal_renumber()")
    return "Every client reads afresh, and goes on from there."


async def examine() -> list[str]:
    """Everything that keeps the portal from serving, a sentence each."""
    settings = from_environment()
    faults = []
    for needed in (settings.for_production, lambda: keys_of(settings), settings.sealing, settings.broadcasting):
        try:
            needed()
        except NotReady as missing:
            faults.append(str(missing))
    if settings.database_url is not None:
        keys = keys_of(settings) if not faults else None
        faults += await _hindrances(settings.database_url.get_secret_value(), keys, settings)
    faults += await post_faults(settings)
    return [*faults, *(await file_faults(settings) if "home" in settings.model_fields_set else ())]


async def _hindrances(url: str, keys: Keys | None, settings: Settings) -> list[str]:
    """The portal's own sealing keys hinder only where they are what it seals with."""
    faults = await database_faults(url)
    return faults if faults or keys is None or settings.seal_file is not None else await seal_faults(url, keys)


async def seal_faults(url: str, keys: Keys) -> list[str]:
    """Why the portal's own sealing keys cannot be used, where they have been made."""
    from portal.database import Database
    from portal.seal_keys import OwnSeal

    database = await Database.connect(url, size=1)
    try:
        await OwnSeal(database, keys).try_kept()
    except NotReady as lost:
        return [str(lost)]
    finally:
        await database.close()
    return []


async def file_faults(settings: Settings) -> list[str]:
    """What keeps documents from being kept or looked at, found out by keeping one and by asking the scanner."""
    from portal.keeping import scanner_faults, vault_faults

    return [*await vault_faults(settings.documents, settings.home), *await scanner_faults(settings.scanner)]


async def notes() -> list[str]:
    """What may be so, but somebody should know."""
    settings = from_environment()
    known = {
        "Uploads are not looked at for malware (PORTAL_SCANNER is none).": settings.scanner == "none",
        "No e-mail is sent (PORTAL_MAIL is not set).": settings.mail is None,
    }
    return [*(sentence for sentence, so in known.items() if so), *await _unneeded_keys(settings)]


async def _unneeded_keys(settings: Settings) -> list[str]:
    """What is wrong with the portal's own sealing keys while the operator's are used."""
    if settings.seal_file is None or settings.database_url is None or settings.secret_key is None:
        return []
    url = settings.database_url.get_secret_value()
    lost = [] if await database_faults(url) else await seal_faults(url, keys_of(settings))
    return [f"{sentence} Nothing is sealed with them while PORTAL_SEAL_FILE is set." for sentence in lost]


def mail_faults(settings: Settings) -> list[str]:
    """What keeps e-mail from being sent, as far as the settings say."""
    from portal.mail_post import UnknownPost

    try:
        settings.mailing()["sending"].post()
    except UnknownPost as unknown:
        return [str(unknown)]
    return []


async def post_faults(settings: Settings) -> list[str]:
    """The same, found out by asking whoever is to take it as well."""
    from resolvers.ports import NotTaken

    if faults := mail_faults(settings):
        return faults
    try:
        if post := settings.mailing()["sending"].post():
            await post.ready()
    except NotTaken as refused:
        return [f"E-mail cannot be sent now: {refused}."]
    return []


async def database_faults(url: str) -> list[str]:
    """What is wrong with the database as the application's role sees it."""
    try:
        async with connected(url) as connection:
            return await _faults(connection)
    except asyncpg.InvalidAuthorizationSpecificationError:
        return ["The database refuses the sign-in of DATABASE_URL: check its role and password, or run portal init."]
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        return [f"The database does not answer ({type(error).__name__})."]


@asynccontextmanager
async def connected(url: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    connection = await asyncpg.connect(asyncpg_dsn(url), timeout=5)
    try:
        yield connection
    finally:
        await connection.close()


async def _faults(connection: Any) -> list[str]:
    from alembic.script import ScriptDirectory

    from migrations.run import configuration

    version = int(await connection.fetchval("SELECT current_setting('server_version_num')"))
    if version < LEAST_POSTGRES:
        return ["PostgreSQL 18 or newer is required."]
    me = await connection.fetchrow("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    faults = []
    if me["rolsuper"] or me["rolbypassrls"]:
        faults.append("DATABASE_URL signs in as a role that passes the row policies; it must be portal_app.")
    missing = [role for role in NEEDED if not await connection.fetchval(MEMBER, role)]
    if missing:
        faults.append(f"The role of DATABASE_URL may not stand as {', '.join(missing)}; run portal migrate.")
    at = await connection.fetchval("SELECT to_regclass('public.organisation') IS NOT NULL")
    if not at:
        return [*faults, "The database has no schema yet; run portal init."]
    loose = await connection.fetch(LOOSE)
    faults += [f"The table {row['relname']} is not behind its row policies." for row in loose]
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    current = await connection.fetchval("SELECT portal_revision()")
    if current != head:
        faults.append(f"The schema is at {current}, this release needs {head}; run portal migrate.")
    return faults


MEMBER = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AND pg_has_role(current_user, $1, 'SET')"
LOOSE = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
   AND relname <> 'alembic_version' AND NOT (relrowsecurity AND relforcerowsecurity)
"""


async def verify_audit() -> list[Any]:
    """Every fault in the chains of events, read as the owner's backup role."""
    from portal.audit import verify

    async with connected(from_environment().for_owner()) as connection:
        return list(await verify(connection))


def run(workers: int | None = None) -> None:
    """Serve until told to stop, by `workers` processes of their own or, without a number, by this one.

    Refuses to start with a sentence that says what is missing.
    """
    settings = from_environment().for_production()
    keys = keys_of(settings)
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    count = workers or settings.workers
    if faults := [
        *settings.hearing(count or 1),
        *asyncio.run(_hindrances(url, keys, settings)),
        *mail_faults(settings),
    ]:
        raise NotReady("\n".join(faults))
    for note in asyncio.run(_remarks(url, count or 1)):
        log.warning(note)
    _serve(settings, count)


async def _remarks(url: str, count: int) -> list[str]:
    async with connected(url) as connection:
        return [*await notes(), *await crowd(connection, count)]


def _serve(settings: Settings, count: int | None) -> None:
    from portal.serving import listening

    with listening(settings.host, settings.port) as listener:
        if count is None:
            from portal.worker import work

            work(settings, listener)
        else:
            from portal.workers import Workers

            asyncio.run(Workers([sys.executable, "-m", "portal.worker"], listener, count).run())
