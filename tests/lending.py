"""Databases that tests are lent: each finds one as it was furnished, and as nobody but itself will see it.

A database is set back, instead of made anew, where nothing but rows has changed in it. It is dropped if its schema,
its rights or its statistics are others than they were, if somebody is still connected to it, or if its connections
have suffered.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

import asyncpg

from portal.database import asyncpg_dsn
from realtime.recovery import FAULTS
from tests.ways import Ways

FEW_PAGES = 8 * 8192  # to the planner a table of less than ten pages is as large as one that was always empty
MOST_LOANS = 100  # indexes keep their size when their tables are emptied
LOOKS = 40  # 5 ms apart, until connections that are being closed are gone
CATALOGUES = {
    "pg_proc": "oid", "pg_attribute": "attrelid", "pg_trigger": "tgrelid", "pg_constraint": "oid", "pg_policy": "oid",
    "pg_type": "oid", "pg_namespace": "oid", "pg_default_acl": "oid", "pg_event_trigger": "oid", "pg_extension": "oid",
    "pg_statistic": "starelid", "pg_rewrite": "oid", "pg_index": "indexrelid", "pg_attrdef": "oid",
}  # fmt: skip
OF_TABLES = """relname, relnamespace, relowner, relkind, relacl, relrowsecurity, relforcerowsecurity, relhasindex,
relchecks, reltuples, reloptions"""
SCHEMA = "SELECT " + ", ".join(
    [f"(SELECT (count(*), max(xmin::text::bigint))::text FROM {table} WHERE {oid} >= 16384) AS {table}"
     for table, oid in CATALOGUES.items()]
    + [f"""(SELECT md5(string_agg(({OF_TABLES})::text, '' ORDER BY oid)) FROM pg_class
            WHERE oid >= 16384 AND relkind NOT IN ('i', 't')) AS pg_class""",
       "(SELECT string_agg(s::text, '') FROM pg_db_role_setting s) AS pg_db_role_setting"]
)  # fmt: skip
WRITTEN = """SELECT relname::text AS name, pg_relation_size(oid) AS size FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"""
STRANGERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend' AND (pid <> ALL($1::int[]) OR state <> 'idle')"""

Administer = Callable[[str], Awaitable[None]]


@dataclass
class Lent:
    """A database on loan, and what it is compared with when it comes back."""

    name: str
    ways: Ways
    keeper: Any
    schema: str
    furniture: dict[str, list[str]]
    stamps: dict[str, str]
    loans: int = 1

    @classmethod
    async def of(cls, name: str, dsn: str) -> Self:
        ways, keeper, furniture = await Ways.to(dsn), await asyncpg.connect(asyncpg_dsn(dsn)), {}
        for row in await keeper.fetch(WRITTEN):
            furniture[row["name"]] = await keeper.fetchval(f"SELECT array_agg(t::text) FROM {row['name']} t")
        lent = cls(name, ways, keeper, await _schema(keeper), furniture, {})
        lent.stamps = await lent._stamps()
        return lent

    async def set_back(self) -> bool:
        """Whether the next test finds what this one found."""
        try:
            if self.loans == MOST_LOANS or not await self._left_alone() or await _schema(self.keeper) != self.schema:
                return False
            await self._emptied()
        except FAULTS:
            return False
        self.loans += 1
        return True

    async def is_alive(self) -> bool:
        """Whether nobody has cut its connections while it waited: some tests end whatever is connected to a server."""
        kept = self.ways.resting()
        try:
            for connection in (self.keeper, *(kept or ())):
                await connection.fetchval("SELECT 1")
        except FAULTS:
            return False
        return kept is not None

    async def close(self) -> None:
        for close in (self.ways.close, self.keeper.close):
            with suppress(*FAULTS):
                await close()

    async def _left_alone(self) -> bool:
        kept = self.ways.resting()
        if kept is None:
            return False
        for connection in kept:
            await connection.reset()
        known = [connection.get_server_pid() for connection in kept]
        for _ in range(LOOKS):
            if not await self.keeper.fetchval(STRANGERS, known):
                return True
            await asyncio.sleep(0.005)
        return False

    async def _emptied(self) -> None:
        written = {row["name"]: row["size"] for row in await self.keeper.fetch(WRITTEN)}
        now = await self._stamps()
        changed = [name for name, stamp in self.stamps.items() if now[name] != stamp]
        statements = [f"DELETE FROM {name}" for name in written if name not in self.stamps or name in changed]
        async with self.keeper.transaction():
            await self.keeper.execute("; ".join(["SET LOCAL session_replication_role = replica", *statements]))
            for name in changed:
                await self.keeper.execute(
                    f"INSERT INTO {name} SELECT (row::{name}).* FROM unnest($1::text[]) AS row", self.furniture[name]
                )
        large = [name for name, size in written.items() if size > FEW_PAGES and name not in self.furniture]
        if large:
            await self.keeper.execute(f"VACUUM {', '.join(large)}")
            forgotten = [f"pg_clear_relation_stats('public', '{name}')" for name in large]
            await self.keeper.execute(f"SELECT {', '.join(forgotten)}")
        if changed:
            self.stamps = await self._stamps()

    async def _stamps(self) -> dict[str, str]:
        """Of each table with furniture how many rows it has and which transaction wrote last."""
        each = [f"(SELECT (count(*), max(xmin::text::bigint))::text FROM {name}) AS {name}" for name in self.furniture]
        return dict(await self.keeper.fetchrow(f"SELECT {', '.join(each)}"))


async def _schema(keeper: Any) -> str:
    return repr(await keeper.fetchrow(SCHEMA))


class Lending:
    """The databases of one process of the tests; most of the time it is one."""

    def __init__(self, administer: Administer, address: Callable[[str], str], template: str) -> None:
        self._administer = administer
        self._address = address
        self._template = template
        self._spare: list[Lent] = []

    async def lend(self) -> Lent:
        while self._spare:
            lent = self._spare.pop()
            if await lent.is_alive():
                return lent
            await self._drop(lent)
        name = f"world_{uuid4().hex}"
        await self._administer(f"CREATE DATABASE {name} TEMPLATE {self._template} STRATEGY FILE_COPY")
        return await Lent.of(name, self._address(name))

    async def take_back(self, lent: Lent) -> None:
        if await lent.set_back():
            self._spare.append(lent)
        else:
            await self._drop(lent)

    async def close(self) -> None:
        while self._spare:
            await self._drop(self._spare.pop())

    async def _drop(self, lent: Lent) -> None:
        await lent.close()
        await self._administer(f"DROP DATABASE {lent.name} WITH (FORCE)")
