"""What is read and where to listen from come out of one snapshot, so that nothing lies between them (S-119)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import orjson
import pytest
from graphql import parse

from models.person import Viewer
from realtime.cursor import Cursor, numbering
from resolvers.operation import compiled
from schema import schema
from tests.cases import Cases
from tests.listening import no_of
from tests.world import World

COMPILED = "query ($id: UUID!) {{ {} }}"
STATE, MARK = "referral(id: $id) { version needs: workingCopy { needs } }", "cursor"
ORDINARY = "serviceInfo { __typename }"


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


@dataclass
class Slow:
    """A database of which each statement or transaction waits for what happens before it."""

    database: Any
    before: Callable[[], Awaitable[None]]

    @asynccontextmanager
    async def reading(self, viewer: Viewer, at: Any) -> AsyncIterator[Any]:
        async with self.database.reading(viewer, at) as connection:
            yield Slow(connection, self.before)

    async def fetchval(self, *asked: Any) -> Any:
        found = await self.database.fetchval(*asked)
        await self.before()
        return found


async def head(cases: Cases, who: Viewer) -> int:
    (row,) = await cases.world.sql("SELECT head FROM inbox WHERE person_id = $1", who.person_id)
    return int(row["head"])


async def test_the_cursor_is_the_one_that_streams_give(cases: Cases) -> None:
    officer = await cases.officer()
    (row,) = await cases.world.sql("SELECT epoch FROM portal_epoch")
    for _ in range(2):
        await cases.drafted(officer)
        found = (await cases.world.gql(officer, "{ cursor }"))["cursor"]
        assert found == str(Cursor(numbering(row["epoch"], officer.person_id), await head(cases, officer)))
    assert len(row["epoch"]) == 36


# S-119
@pytest.mark.parametrize("order", [(MARK, STATE), (STATE, MARK)])
async def test_a_compiled_reading_has_the_cursor_of_its_own_snapshot(cases: Cases, order: tuple[str, str]) -> None:
    """An act that commits between the parts is in none of them, and follows the cursor."""
    officer, colleague = await cases.officer(), await cases.officer()
    id = await cases.drafted(officer)

    async def edited() -> None:
        await cases.edited(officer, id, needs="Something else.")

    lane = compiled(schema)(parse(COMPILED.format(" ".join(order))), None)
    assert lane is not None
    context = cases.world.context(colleague)
    before = await head(cases, colleague)
    slow: Any = Slow(context.shell.database, edited)
    context.shell = replace(context.shell, database=slow)
    answer = await lane.run(context, {"id": id})
    found = orjson.loads(answer or b"")
    assert list(found) == [part.partition("(")[0] for part in order]
    assert (no_of(found["cursor"]), found["referral"]["version"]) == (before, 1)
    assert await head(cases, colleague) == before + 2, "one entry for each of the acts between"


# S-119
@pytest.mark.parametrize("order", [(MARK, STATE, ORDINARY), (STATE, ORDINARY, MARK)])
async def test_elsewhere_the_cursor_is_never_newer_than_what_stands_beside_it(
    cases: Cases, order: tuple[str, ...]
) -> None:
    officer, colleague = await cases.officer(), await cases.officer()
    id = await cases.drafted(officer)
    acted: list[int] = []

    async def edited() -> None:
        if not acted:
            acted.append(1)
            await cases.edited(officer, id, needs="Something else.")

    document = COMPILED.format(" ".join(order))
    assert compiled(schema)(parse(document), None) is None
    context = cases.world.context(colleague)
    before = await head(cases, colleague)
    slow: Any = Slow(context.shell.database, edited)
    context.shell = replace(context.shell, database=slow)
    result: Any = await schema.execute(document, {"id": id}, context)
    assert result.errors is None
    assert list(result.data) == [part.partition("(")[0].split(" ")[0] for part in order]
    found = orjson.loads(orjson.dumps(result.data))
    assert no_of(found["cursor"]) == before, "read before the act"
    assert found["referral"]["version"] == 2, "and the state after it, of which the log tells once more"
