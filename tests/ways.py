"""How tests reach a database: as the portal does, and as the superuser."""

from dataclasses import dataclass, field
from typing import Any, Self

import asyncpg
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from portal.database import Database, asyncpg_dsn, sqlalchemy_url

READERS = 4


@dataclass
class Ways:
    """The connections of one database. They may serve one test after the other, as they serve one person after the
    other in production.
    """

    dsn: str
    database: Database
    owner: AsyncEngine
    idle: list[Any] = field(default_factory=list)

    @classmethod
    async def to(cls, dsn: str) -> Self:
        database = await Database.connect(as_app(dsn), size=READERS)
        return cls(dsn, database, create_async_engine(sqlalchemy_url(dsn)))

    async def sql(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Rows as the superuser sees them, on a connection that keeps nothing of a query but its plan."""
        connection = self.idle.pop() if self.idle else None
        if connection is None or connection.is_closed():
            connection = await asyncpg.connect(asyncpg_dsn(self.dsn))
        try:
            rows = [dict(row) for row in await connection.fetch(query, *values)]
            await connection.reset()
        except BaseException:
            connection.terminate()
            raise
        self.idle.append(connection)
        return rows

    def afresh(self) -> Database:
        """The portal's connections for another test, without what one may have put in the way of the last."""
        self.database = Database(self.database._readers, self.database._engine)
        return self.database

    def resting(self) -> list[Any] | None:
        """All connections, if every one is open and given back."""
        kept, lent = [*self.idle], 0
        for readers in set(self.database._readers.values()):
            kept += readers._idle
            lent += readers._closed + len(readers._waiting) + READERS - readers._room - len(readers._idle)
        for engine in (self.database._engine, self.owner):
            pool: Any = engine.sync_engine.pool
            lent += pool.checkedout()
            records = pool._pool._queue._queue if pool.checkedin() else ()
            kept += [each.dbapi_connection.driver_connection for each in records if each.dbapi_connection]
        return None if lent or any(each.is_closed() for each in kept) else kept

    async def close(self) -> None:
        await self.database.close()
        await self.owner.dispose()
        while self.idle:
            await self.idle.pop().close()


def as_app(dsn: str) -> str:
    """The same database for the role that the portal signs in with."""
    return make_url(dsn).set(username="portal_app").render_as_string(hide_password=False)
