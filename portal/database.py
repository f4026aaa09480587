"""The database as a viewer meets it: the only place that opens transactions (TRUST A2)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Self

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from models.lifecycle import Side
from models.person import Viewer
from resolvers.ports import SignedOut

READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
SETTINGS = {"timezone": "UTC", "statement_timeout": "5s", "idle_in_transaction_session_timeout": "30s"}
PLANNED = {**SETTINGS, "plan_cache_mode": "force_generic_plan"}


def asyncpg_dsn(url: str) -> str:
    """The address without SQLAlchemy's driver name."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def sqlalchemy_url(url: str) -> str:
    return make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def standing(viewer: Viewer | None, at: datetime) -> str:
    """SQL that makes a transaction the viewer's, and fails with PT401 when the session has ended by then.

    Role, ids and time are the portal's own values, never a caller's text.
    """
    if viewer is None:
        return "SELECT set_config('role', 'portal_signin', true)"
    settings = {
        "role": viewer.database_role,
        "app.org": viewer.organisation_id,
        "app.person": viewer.person_id,
        "app.session": viewer.session_id,
    }
    sets = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())
    return f"SELECT {sets}; SELECT portal_session_live('{viewer.session_id}', '{at.isoformat()}')"


class Database:
    """Connections for reads, one pool a kind of viewer so that plans stay good, and an engine for acts."""

    def __init__(self, pools: dict[Side, "asyncpg.Pool[Any]"], engine: AsyncEngine) -> None:
        self._pools = pools
        self._engine = engine

    @classmethod
    async def connect(cls, url: str, *, size: int = 8) -> Self:
        """`url` signs in as portal_app, which owns nothing and sees nothing until it stands as a viewer."""
        authority = await _pool(url, size)
        provider = await _pool(url, size)
        pools = {Side.LOCAL_AUTHORITY: authority, Side.REGION: authority, Side.PROVIDER: provider}
        engine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=size,
            max_overflow=size,
            hide_parameters=True,
            connect_args={"server_settings": SETTINGS},
        )
        return cls(pools, engine)

    async def close(self) -> None:
        for pool in set(self._pools.values()):
            await pool.close()
        await self._engine.dispose()

    @asynccontextmanager
    async def reading(self, viewer: Viewer, at: datetime) -> AsyncIterator[Any]:
        """A read-only snapshot as the viewer; role, settings and BEGIN go out in one round trip."""
        async with self._pools[viewer.side].acquire() as connection:
            try:
                await connection.execute(READING + standing(viewer, at))
                yield connection
                await connection.execute("COMMIT")
            except asyncpg.PostgresError as error:
                await connection.execute("ROLLBACK")
                if error.sqlstate == "PT401":
                    raise SignedOut(_ended(viewer, at)) from None
                raise
            except BaseException:
                await connection.execute("ROLLBACK")
                raise

    @asynccontextmanager
    async def acting(self, viewer: Viewer | None, at: datetime) -> AsyncIterator[AsyncSession]:
        """The transaction of one act: committed when the block ends well, otherwise as if it had never been."""
        async with AsyncSession(self._engine, expire_on_commit=False, autoflush=False) as session, session.begin():
            try:
                for statement in standing(viewer, at).split("; "):
                    await session.execute(text(statement))
            except DBAPIError as error:
                if viewer is not None and getattr(error.orig, "sqlstate", None) == "PT401":
                    raise SignedOut(_ended(viewer, at)) from None
                raise
            yield session


def _ended(viewer: Viewer, at: datetime) -> Any:
    return "SESSION_EXPIRED" if viewer.expires_at <= at else "UNAUTHENTICATED"


async def _pool(url: str, size: int) -> "asyncpg.Pool[Any]":
    return await asyncpg.create_pool(
        asyncpg_dsn(url),
        min_size=1,
        max_size=size,
        server_settings=PLANNED,
        init=_raw_json,
        reset=_nothing_left,
    )


async def _raw_json(connection: Any) -> None:
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary"
    )


async def _nothing_left(connection: Any) -> None:
    """Everything a transaction set was local to it, so there is nothing to reset."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")
