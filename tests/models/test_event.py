"""What happened: one chained event an act, numbered inboxes without gaps, and tampering that shows."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from models.lifecycle import Role
from portal.audit import Fault, verify
from portal.database import asyncpg_dsn
from tests.agreeing import Agreeing
from tests.world import World

SEND = """mutation ($thread: UUID!, $key: UUID!, $body: String!) {
  messageSend(threadId: $thread, input: {body: $body}, idempotencyKey: $key) { message { no } problems { code } } }"""


async def faults(world: World) -> list[Fault]:
    connection = await asyncpg.connect(asyncpg_dsn(world.dsn))
    try:
        return await verify(connection)
    finally:
        await connection.close()


async def lived(world: World) -> Agreeing:
    """A world in which a good deal has happened."""
    return await (await (await Agreeing.among(world)).referred()).offered()


async def thread(agreeing: Agreeing) -> str:
    (row,) = await agreeing.world.sql("SELECT id FROM thread")
    return str(row["id"])


# S-121
async def test_every_act_leaves_one_event_and_a_refused_one_none(world: World) -> None:
    agreeing = await lived(world)
    before = await world.count("event")
    await agreeing.accepted()
    kinds = [row["kind"] for row in await world.sql("SELECT kind FROM event ORDER BY at, seq OFFSET $1", before)]
    assert sorted(kinds) == ["offer.accept", "referral.accept"]
    refused = 'mutation ($id: UUID!) { offerWithdraw(id: $id, expectedVersion: 9, reason: "no") { problems { code } } }'
    answer = await world.gql(agreeing.member, refused, id=agreeing.ids["offer"])
    assert answer["offerWithdraw"]["problems"] == [{"code": "OFFER_LOCKED"}]
    assert await world.count("event") == before + 2


# S-121
async def test_an_untouched_record_verifies(world: World) -> None:
    await lived(world)
    assert await faults(world) == []
    assert await world.count("event", "kind = 'offer.submit'") == 1


Tamper = Callable[[World, UUID], Awaitable[Any]]


async def edit(world: World, stream: UUID) -> None:
    await world.sql("UPDATE event SET payload = '{}' WHERE stream = $1 AND seq = 2", stream)


async def backdate(world: World, stream: UUID) -> None:
    await world.sql("UPDATE event SET at = at - interval '1 day' WHERE stream = $1 AND seq = 2", stream)


async def remove(world: World, stream: UUID) -> None:
    await world.sql("DELETE FROM inbox_entry n USING event e WHERE e.id = n.event_id AND e.stream = $1", stream)
    await world.sql("DELETE FROM event WHERE stream = $1 AND seq = 2", stream)


async def swap(world: World, stream: UUID) -> None:
    await world.sql("UPDATE event SET seq = -seq WHERE stream = $1 AND seq IN (2, 3)", stream)
    await world.sql("UPDATE event SET seq = CASE seq WHEN -2 THEN 3 ELSE 2 END WHERE stream = $1 AND seq < 0", stream)


async def insert(world: World, stream: UUID) -> None:
    await world.sql(
        "INSERT INTO event (id, stream, seq, at, at_text, kind, subject_kind, subject_id, version, payload, prev, hash)"
        " SELECT $2, stream, seq + 100, at, at_text, kind, subject_kind, subject_id, version, payload, hash, hash"
        " FROM event WHERE stream = $1 ORDER BY seq DESC LIMIT 1",
        stream,
        uuid4(),
    )


async def cut(world: World, stream: UUID) -> None:
    await world.sql("DELETE FROM inbox_entry n USING event e WHERE e.id = n.event_id AND e.stream = $1", stream)
    await world.sql(
        "DELETE FROM event WHERE stream = $1 AND seq = (SELECT max(seq) FROM event WHERE stream = $1)", stream
    )


async def drop(world: World, stream: UUID) -> None:
    await world.sql("DELETE FROM inbox_entry n USING event e WHERE e.id = n.event_id AND e.stream = $1", stream)
    await world.sql("DELETE FROM event WHERE stream = $1", stream)


# S-121
@pytest.mark.parametrize("tamper", [edit, backdate, remove, swap, cut, drop, insert])
async def test_tampering_is_found_where_it_was_done(world: World, tamper: Tamper) -> None:
    agreeing = await lived(world)
    stream = UUID(agreeing.ids["referral"])
    for table in ("event", "inbox_entry"):
        await world.sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    await tamper(world, stream)
    found = await faults(world)
    assert stream in {fault.stream for fault in found}
    assert {fault.stream for fault in found} <= {stream} | {row["person_id"] for row in await world.sql("TABLE inbox")}


async def test_nobody_can_be_named_as_the_actor_of_an_act_but_whoever_acts(world: World) -> None:
    agreeing = await lived(world)
    actors = await world.sql("SELECT DISTINCT actor_name FROM event WHERE kind = 'offer.submit'")
    assert actors == [{"actor_name": agreeing.member.name}]
    assert await world.count("event", "kind LIKE 'offer.%' AND actor_id <> $1", agreeing.member.person_id) == 0


# S-119
async def test_inboxes_are_numbered_without_gaps_whatever_happens_at_once(world: World) -> None:
    agreeing = await lived(world)
    colleagues = [await world.person(agreeing.firm.id, Role.MEMBER) for _ in range(3)]
    where = await thread(agreeing)

    async def speak(who: Any, body: str) -> Any:
        answer = await world.gql(who, SEND, thread=where, key=str(uuid4()), body=body)
        return answer["messageSend"]["message"]

    said = await asyncio.gather(
        *(speak(who, f"Hello {n}") for n in range(4) for who in (agreeing.member, *colleagues)),
        *(speak(agreeing.officer, " ") for _ in range(4)),
    )
    numbers = sorted(message["no"] for message in said if message)
    assert numbers == list(range(1, 17))
    heard = await world.sql("SELECT no FROM inbox_entry WHERE person_id = $1 ORDER BY no", agreeing.officer.person_id)
    assert [row["no"] for row in heard] == list(range(1, len(heard) + 1))
    assert (
        await world.count("inbox_entry", "person_id = $1 AND notice = 'MESSAGE_RECEIVED'", agreeing.officer.person_id)
        == 16
    )
    assert await faults(world) == []
