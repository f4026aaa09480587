"""The database as a viewer meets it: the only place that opens transactions (TRUST A2)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, Self

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from models.lifecycle import Side
from models.person import Viewer
from portal.connections import Connections
from realtime.recognition import recognise
from resolvers.ports import SignedOut

READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
SETTINGS = {"timezone": "UTC", "statement_timeout": "5s", "idle_in_transaction_session_timeout": "30s"}
PLANNED = {**SETTINGS, "plan_cache_mode": "force_generic_plan", "random_page_cost": "1.1"}
STATEMENTS = 512  # prepared ones that a connection keeps: more than all acts together need
SIGNING_IN = text("SELECT set_config('role', 'portal_signin', true)")
WORKING = text("SELECT set_config('role', 'portal_worker', true)")
STANDING = text(
    "SELECT set_config('role', :role, true), set_config('app.org', :organisation, true), "
    "set_config('app.person', :person, true), set_config('app.session', :session, true)"
)
ALIVE = text("SELECT portal_session_live(CAST(:session AS uuid), CAST(:at AS timestamptz))")


def asyncpg_dsn(url: str) -> str:
    """The address without SQLAlchemy's driver name."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def sqlalchemy_url(url: str) -> str:
    """The address with it; whether TLS is wanted has another name there than in every other address of a database."""
    address = make_url(url).set(drivername="postgresql+asyncpg")
    tls = address.query.get("sslmode")
    address = address.difference_update_query(["sslmode"]).update_query_dict({"ssl": tls} if tls else {})
    return address.render_as_string(hide_password=False)


def standing(viewer: Viewer | None, at: datetime) -> str:
    """SQL that makes a transaction the viewer's, and fails with PT401 when the session has ended by then.

    Role, ids and time are the portal's own values, never a caller's text.
    """
    if viewer is None:
        return "SELECT set_config('role', 'portal_signin', true)"
    return f"{_standing(viewer)}, '{at.isoformat()}')"


@lru_cache(maxsize=4_096)
def _standing(viewer: Viewer) -> str:
    settings = {
        "role": viewer.database_role,
        "app.org": viewer.organisation_id,
        "app.person": viewer.person_id,
        "app.session": viewer.session_id,
    }
    sets = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())
    return f"SELECT {sets}; SELECT portal_session_live('{viewer.session_id}'"


class Database:
    """Connections for reads, apart for each kind of viewer so that plans stay good, and an engine for acts."""

    def __init__(self, readers: dict[Side, Connections], engine: AsyncEngine) -> None:
        self._readers = readers
        self._engine = engine

    @classmethod
    async def connect(cls, url: str, *, size: int = 8) -> Self:
        """`url` signs in as portal_app, which owns nothing and sees nothing until it stands as a viewer."""
        authority, provider = (Connections(lambda: _opened(url), size) for _ in range(2))
        for readers in (authority, provider):
            readers.give_back(await readers.take())
        of_side = {Side.LOCAL_AUTHORITY: authority, Side.REGION: authority, Side.PROVIDER: provider}
        engine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=size,
            max_overflow=size,
            hide_parameters=True,
            connect_args={"server_settings": SETTINGS, "prepared_statement_cache_size": STATEMENTS},
        )
        return cls(of_side, engine)

    async def close(self) -> None:
        for readers in set(self._readers.values()):
            await readers.close()
        await self._engine.dispose()

    @asynccontextmanager
    async def reading(self, viewer: Viewer | None, at: datetime) -> AsyncIterator[Any]:
        """A read-only snapshot as the viewer; role, settings and BEGIN go out in one round trip."""
        readers = self._readers[viewer.side if viewer else Side.LOCAL_AUTHORITY]
        connection = await readers.take()
        try:
            await connection.execute(READING + standing(viewer, at))
            yield connection
            await connection.execute("COMMIT")
        except Exception as error:
            await _rolled_back(connection, readers)
            if viewer and isinstance(error, asyncpg.PostgresError) and error.sqlstate == "PT401":
                raise SignedOut(_ended(viewer, at)) from None
            raise
        except BaseException:
            readers.discard(connection)
            raise
        readers.give_back(connection)

    @asynccontextmanager
    async def acting(self, viewer: Viewer | None, at: datetime) -> AsyncIterator[AsyncSession]:
        """The transaction of one act: committed when the block ends well, otherwise as if it had never been."""
        async with AsyncSession(self._engine, expire_on_commit=False, autoflush=False) as session, session.begin():
            await _stand(session, viewer, at)
            yield session

    @asynccontextmanager
    async def consulting(self, viewer: Viewer, at: datetime) -> AsyncIterator[AsyncSession]:
        """The records of one moment as the viewer sees them, in a transaction that the database lets write nothing."""
        async with AsyncSession(self._engine, expire_on_commit=False, autoflush=False) as session, session.begin():
            await session.connection(execution_options=SNAPSHOT)
            await _stand(session, viewer, at)
            yield session

    @asynccontextmanager
    async def working(self) -> AsyncIterator[AsyncSession]:
        """A transaction of the portal itself, as the role of its workers: no person acts."""
        async with AsyncSession(self._engine, expire_on_commit=False, autoflush=False) as session, session.begin():
            await session.execute(WORKING)
            yield session


async def _stand(session: AsyncSession, viewer: Viewer | None, at: datetime) -> None:
    """What `standing` says, in statements that are the same for everybody and so are prepared once."""
    try:
        await _placed(session, viewer, at)
    except DBAPIError as error:
        if viewer is not None and getattr(error.orig, "sqlstate", None) == "PT401":
            raise SignedOut(_ended(viewer, at)) from None
        raise


async def _placed(session: AsyncSession, viewer: Viewer | None, at: datetime) -> None:
    if viewer is None:
        await session.execute(SIGNING_IN)
        return
    who = {"organisation": str(viewer.organisation_id), "person": str(viewer.person_id)}
    await session.execute(STANDING, {"role": viewer.database_role, **who, "session": str(viewer.session_id)})
    await session.execute(ALIVE, {"session": viewer.session_id, "at": at})


def _ended(viewer: Viewer, at: datetime) -> Any:
    return "SESSION_EXPIRED" if viewer.expires_at <= at else "UNAUTHENTICATED"


async def _rolled_back(connection: Any, readers: Connections) -> None:
    """Give back a connection after a failure in its transaction; one that cannot roll back is not lent again."""
    leave = readers.discard
    try:
        await connection.execute("ROLLBACK")
        leave = readers.give_back
    finally:
        leave(connection)


async def _opened(url: str) -> Any:
    """A connection that takes what the database says in JSON as the bytes it is."""
    connection = await asyncpg.connect(asyncpg_dsn(url), server_settings=PLANNED)
    await recognise(connection)
    await connection.set_type_codec("json", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary")
    return connection
