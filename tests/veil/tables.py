"""What the database shows: to each person behind the wall, and beside what is one reader's own."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from models.base import Base
from models.event import READINGS
from models.person import Viewer
from portal.database import asyncpg_dsn, standing

WALL_TIME = {  # what follows the wall's clock, codes among it
    "credential": {"last_step"}, "ticket": {"expires_at", "used_at"}, "challenge": {"expires_at", "used_at"},
    "signature": {"code_step"}, "idempotency_key": {"arguments"},
    "throttle": {"last_at", "blocked_until"}, "invitation": {"expires_at"},
}  # fmt: skip
READING = f"(SELECT id FROM event WHERE actor_id = $1 AND kind IN {READINGS})"
READERS_OWN = {
    "thread_read": "person_id = $1",
    "inbox": "person_id = $1",
    "inbox_entry": "person_id = $1",
    "event": f"id IN {READING}",
    "event_stream": f"stream IN (SELECT stream FROM event WHERE id IN {READING})",
}
NOTHING: Mapping[str, set[str]] = {}
MAY_READ = """
SELECT c.relname AS table, array_agg(a.attname::text ORDER BY a.attname) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND c.relname <> 'alembic_version'
  AND has_column_privilege($1, c.oid, a.attnum, 'SELECT')
GROUP BY c.relname ORDER BY c.relname
"""


class Tables:
    """The tables of a region, read by its superuser, and under the roles of its people."""

    def __init__(self, owner: Any, clock: Callable[[], datetime]) -> None:
        self._owner = owner
        self._clock = clock
        self._shown: dict[str, str] = {}

    @classmethod
    async def of(cls, dsn: str, clock: Callable[[], datetime]) -> "Tables":
        """Statements are kept however long they are, so that each is planned once."""
        kept: dict[str, Any] = {"max_cacheable_statement_size": 0, "server_settings": {"timezone": "UTC"}}
        return cls(await asyncpg.connect(asyncpg_dsn(dsn), **kept), clock)

    async def close(self) -> None:
        await self._owner.close()

    async def sql(self, query: str, *values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await self._owner.fetch(query, *values)]

    async def script(self, statements: str) -> None:
        self._shown.clear()
        await self._owner.execute(statements)

    async def beside(self, reader: UUID) -> bytes:
        """A digest of each table without the rows that are the reader's own: marks, inbox, and records of reading."""
        return repr([tuple(row) for row in await self._owner.fetch(BESIDE, reader)]).encode()

    async def seen_by(self, viewer: Viewer, but: Mapping[str, set[str]] = NOTHING) -> bytes:
        """Every row of every table that this person's role may read, as SQL shows it to them, `but` some columns."""
        role = viewer.database_role
        key = f"{role} {sorted(but)}"
        if key not in self._shown:
            columns = await self._owner.fetch(MAY_READ, role)
            rows = ((row["table"], set(row["columns"]) - but.get(row["table"], set())) for row in columns)
            self._shown[key] = " UNION ALL ".join(_rows(table, [*shown]) for table, shown in rows)
        async with self._owner.transaction():
            await self._owner.execute(standing(viewer, self._clock()))
            rows = await self._owner.fetch(self._shown[key])
        return "\n".join(sorted(f"{row[0]}: {row[1]}" for row in rows)).encode()


def _row(table: str, columns: list[str]) -> str:
    return f"ROW({', '.join(sorted(set(columns) - WALL_TIME.get(table, set())))})::text"


def _rows(table: str, columns: list[str]) -> str:
    return f"SELECT '{table}', {_row(table, columns)} FROM {table}"


def _digest(table: str, columns: list[str]) -> str:
    row, own = _row(table, columns), READERS_OWN.get(table, "false")
    return f"SELECT '{table}', md5(string_agg({row}, E'\\n' ORDER BY {row})) FROM {table} WHERE NOT ({own})"


BESIDE = " UNION ALL ".join(
    _digest(table.name, [column.name for column in table.columns]) for table in Base.metadata.sorted_tables
)
