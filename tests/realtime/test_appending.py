"""What an act is written down with: numbers without gaps, inboxes in one order, and no more work than rows."""

import asyncio
import json
import random
import re
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.realtime.stage import Stage

ROLES = ["MEMBER"]
FOREIGN = "SELECT person_id FROM inbox WHERE person_id = ANY ($1::uuid[]) ORDER BY person_id FOR UPDATE SKIP LOCKED"
WAITING = "SELECT count(*) FROM pg_locks WHERE pid = $1 AND NOT granted"
COUNTED = "SELECT seq_scan, n_tup_ins, n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = $1"
EXPLAINED = "load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;"


def happened(*audiences: dict[str, Any], **more: Any) -> str:
    """One event for each audience, as an act writes them down together."""
    nothing: dict[str, Any] = {"organisations": [], "roles": ROLES, "person": None, "notice": "OFFER_SUBMITTED"}
    about: dict[str, Any] = {"subject_kind": "REFERRAL", "reference": "WM-1", "version": 1, "payload": "{}"}
    rows = [
        {
            "id": uuid4(), "stream": uuid4(), "subject_id": uuid4(), "at": "2026-11-23T09:00:00+00:00",
            "kind": "offer.submit", "tells": [{**nothing, **audience}], **about, **more,
        }
        for audience in audiences
    ]  # fmt: skip
    return json.dumps(rows, default=str)


async def crowd(stage: Stage, people: int) -> tuple[UUID, list[UUID]]:
    """An organisation, and its people in ascending order."""
    organisation = uuid4()
    return organisation, sorted([await stage.person(organisation) for _ in range(people)])


async def numbers(stage: Stage, person: UUID) -> list[int]:
    rows = await stage.database.fetch("SELECT no FROM inbox_entry WHERE person_id = $1 ORDER BY no", person)
    return [row["no"] for row in rows]


# S-100
async def test_acts_of_several_events_number_every_inbox_without_gaps_at_once(stage: Stage) -> None:
    _, people = await crowd(stage, 6)

    async def act(chance: random.Random) -> int:
        audiences = [{"person": person} for person in chance.choices(people, k=chance.randint(1, 5))]
        await stage.database.execute("SELECT portal_record($1)", happened(*audiences))
        return len(audiences)

    chance = random.Random(7)
    told = await asyncio.gather(*(act(random.Random(chance.random())) for _ in range(60)))
    written = [await numbers(stage, person) for person in people]
    assert sum(map(len, written)) == sum(told)
    for person, nos in zip(people, written, strict=True):
        assert nos == list(range(1, len(nos) + 1))
        assert await stage.database.fetchval("SELECT head FROM inbox WHERE person_id = $1", person) == len(nos)


# S-100
async def test_events_of_one_act_stand_in_their_order_with_what_each_is_about(stage: Stage) -> None:
    (one, other) = (await crowd(stage, 2))[1]
    text = happened({"person": one}, {"person": other, "notice": None}, {"person": one, "notice": "IPA_SIGNED"})
    await stage.database.execute("SELECT portal_record($1)", text)
    rows = await stage.database.fetch(
        "SELECT person_id, no, event_id::text, notice, concerns::text FROM inbox_entry"
        " WHERE person_id = ANY ($1::uuid[]) ORDER BY person_id, no",
        [one, other],
    )
    first, second, third = json.loads(text)
    assert [tuple(row) for row in rows] == [
        (one, 1, first["id"], "OFFER_SUBMITTED", first["subject_id"]),
        (one, 2, third["id"], "IPA_SIGNED", third["subject_id"]),
        (other, 1, second["id"], None, None),
    ]


# S-100
@pytest.mark.parametrize("many", [[1, 1, 1], [1, 2, 1]])
async def test_inboxes_are_held_in_the_order_of_their_people_however_they_lie(stage: Stage, many: list[int]) -> None:
    _, (first, middle, last) = await crowd(stage, 3)
    await stage.database.execute("UPDATE inbox SET oldest = 1 WHERE person_id = $1", first)  # now it lies behind them
    async with stage.database.acquire() as one, stage.database.acquire() as two, stage.database.acquire() as three:
        transaction = one.transaction()
        await transaction.start()
        await one.fetch(FOREIGN, [middle])
        asked = two.fetchval("SELECT portal_next_numbers($1, $2)", [first, middle, last], many)
        pid = two.get_server_pid()
        taking = asyncio.create_task(asked)
        while not await three.fetchval(WAITING, pid):
            await asyncio.sleep(0.005)
        async with three.transaction():
            assert [row["person_id"] for row in await three.fetch(FOREIGN, [first, middle, last])] == [last]
        await transaction.rollback()
        assert await taking == [1, 1, 1]
    heads = await stage.database.fetch("SELECT head FROM inbox WHERE person_id = ANY ($1) ORDER BY 1", [first, last])
    assert sorted(row["head"] for row in heads) == sorted((many[0], many[2]))


# S-100
async def test_nothing_is_written_down_where_somebody_told_has_no_inbox(stage: Stage) -> None:
    organisation, (one, other) = await crowd(stage, 2)
    async with stage.database.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("DELETE FROM inbox WHERE person_id = $1", one)
        with pytest.raises(asyncpg.RaiseError, match="no inbox"):
            await connection.execute("SELECT portal_record($1)", happened({"organisations": [organisation]}))
        await transaction.rollback()
    assert await numbers(stage, other) == []


# S-100
async def test_writing_down_touches_each_inbox_once_and_looks_through_none(stage: Stage) -> None:
    organisation, people = await crowd(stage, 40)
    async with stage.database.acquire() as connection, connection.transaction():
        text = happened({"organisations": [organisation]}, {"organisations": [organisation], "notice": None})
        await connection.execute("SELECT portal_record($1)", text)
        inbox, entries = await connection.fetchrow(COUNTED, "inbox"), await connection.fetchrow(COUNTED, "inbox_entry")
    assert inbox
    assert entries
    assert (inbox["seq_scan"], inbox["n_tup_upd"]) == (0, len(people))
    assert (entries["n_tup_ins"], entries["n_tup_upd"]) == (2 * len(people), 0)


# S-119
@pytest.mark.parametrize(("notice", "indexes"), [("OFFER_SUBMITTED", 3), (None, 2)])
async def test_what_is_told_is_written_into_few_indexes(stage: Stage, notice: str | None, indexes: int) -> None:
    person = await stage.person()
    event = await stage.tell(person, notice=notice)
    conditions = await stage.database.fetch(
        "SELECT coalesce(pg_get_expr(indpred, indrelid), 'true') AS holds FROM pg_index"
        " WHERE indrelid = 'inbox_entry'::regclass"
    )
    found = [
        await stage.database.fetchval(f"SELECT count(*) FROM inbox_entry WHERE event_id = $1 AND {row['holds']}", event)
        for row in conditions
    ]
    assert sum(found) == indexes


# S-100
async def test_no_step_of_writing_down_is_foreseen_to_cost_what_would_be_compiled_first(stage: Stage) -> None:
    organisation, _ = await crowd(stage, 3)
    said: list[str] = []

    def heard(_: Any, message: Any) -> None:
        said.append(message.message)

    async with stage.database.acquire() as connection:
        await connection.execute(EXPLAINED + "set auto_explain.log_level = notice")
        connection.add_log_listener(heard)
        text = happened({"organisations": [organisation]}, {"organisations": [organisation], "notice": None})
        await connection.execute("SELECT portal_record($1)", text)
        await connection.execute("SET auto_explain.log_min_duration = -1")
        connection.remove_log_listener(heard)
        threshold = float(await connection.fetchval("SELECT boot_val FROM pg_settings WHERE name = 'jit_above_cost'"))
    costs = [float(cost) for text in said for cost in re.findall(r"cost=[\d.]+\.\.([\d.]+)", text)]
    assert len(said) > 10
    assert max(costs) < threshold
