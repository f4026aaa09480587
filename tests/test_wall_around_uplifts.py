"""The wall around uplifts: what the database refuses even to a portal that is wrong (S-090)."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models.lifecycle import Role
from models.person import Viewer
from tests.standing import standing_as
from tests.uplifting import Uplifting
from tests.world import World

LOCKED, BEYOND, CONSTRAINTS = "PT409", "42501", "23"
ANOTHER = """INSERT INTO uplift (id, ipa_id, referral_id, la_id, provider_id, reference, status, version,
  authority_proposed, provider_proposed, proposed_at, proposed_by_id, proposed_by_name, percentage, amount, fee_before,
  fee_after, effective_from, reason, updated_at)
SELECT gen_random_uuid(), i.id, i.referral_id, i.la_id, i.provider_id, 'another', '{status}', 1, {authority},
  {provider},
  '2026-06-15T09:00Z', {person}, 'x', {percentage}, {amount}, {before}, {after}, '{day}', 'x', '2026-06-15T09:00Z'
FROM ipa i"""
WELL: dict[str, Any] = {
    "status": "PROPOSED", "authority": "false", "provider": "true", "percentage": "10", "amount": "NULL",
    "before": "4100.00", "after": "4510.00", "day": "2026-09-01",
}  # fmt: skip


def another(by: Viewer, **different: str) -> str:
    return ANOTHER.format(**{**WELL, "person": f"'{by.person_id}'", **different})


async def does(world: World, who: Viewer, statement: str) -> int:
    """How many rows that reaches when it is tried as somebody; whatever it did is taken back."""
    async with standing_as(world, who) as connection:
        return int((await connection.execute(statement)).split()[-1])
    raise AssertionError("unreachable")


VOID = "UPDATE {} SET status = 'VOIDED', void_reason = 'x', voided_at = now(), version = version + 1"


async def refused(world: World, who: Viewer | None, statement: str) -> None:
    """Nobody: the superuser, whom no policy holds back."""
    with pytest.raises(asyncpg.PostgresError) as error:
        await (does(world, who, statement) if who else world.sql(statement))
    state = str(getattr(error.value, "sqlstate", ""))
    assert state in (LOCKED, BEYOND) or state.startswith(CONSTRAINTS), (statement, state)


async def signed(world: World) -> Uplifting:
    return await (await Uplifting.of(world)).signed()


# S-090
async def test_only_what_is_right_can_be_proposed_at_all(world: World) -> None:
    case = await Uplifting.of(world)
    await refused(world, case.member, another(case.member))
    await case.signed()
    assert await does(world, case.member, another(case.member)) == 1
    for wrong in (
        {"status": "AGREED"},
        {"authority": "true", "provider": "false"},
        {"authority": "true"},
        {"provider": "false"},
        {"person": f"'{case.officer.person_id}'"},
        {"before": "4000.00", "after": "4400.00"},
        {"after": "4510.01"},
        {"percentage": "NULL"},
        {"amount": "10"},
        {"percentage": "100.01", "after": "8204.10"},
        {"percentage": "-10", "after": "3690.00"},
        {"percentage": "NULL", "amount": "-1", "after": "4099.00"},
        {"percentage": "NULL", "amount": "999999", "after": "1004099.00"},
        {"day": "2026-06-14"},
    ):
        await refused(world, case.member, another(case.member, **wrong))
    for who in (case.provider_signatory, case.authority_signatory, case.officer):
        await refused(world, who, another(who))
    await case.proposed(case.officer, {"percentage": "10"}, "2026-09-01")
    await refused(world, case.member, another(case.member, day="2026-10-01"))


# S-090
async def test_no_side_answers_for_the_other_or_changes_what_was_proposed(world: World) -> None:
    case = await signed(world)
    await case.proposed(case.member, {"percentage": "10"}, "2026-09-01")
    close = "UPDATE uplift SET status = '{}', closed_at = now(), closed_by_id = '{}', closed_by_name = 'x'"
    mine, theirs = case.member.person_id, case.officer.person_id
    assert await does(world, case.member, close.format("WITHDRAWN", mine)) == 1
    assert await does(world, case.officer, close.format("AGREED", theirs)) == 1
    for who, statement in (
        (case.member, close.format("AGREED", mine)),
        (case.member, close.format("AGREED", theirs)),
        (case.member, close.format("REFUSED", mine) + ", refuse_reason = 'x'"),
        (case.member, close.format("ENDED", mine)),
        (case.officer, close.format("AGREED", mine)),
        (case.officer, close.format("WITHDRAWN", theirs)),
        (case.officer, close.format("REFUSED", theirs)),
        (case.officer, close.format("ENDED", theirs)),
        (case.officer, close.format("AGREED", theirs) + ", fee_after = 4100.01"),
        (case.member, "UPDATE uplift SET effective_from = '2026-08-01'"),
        (case.member, "UPDATE uplift SET percentage = 99"),
        (case.member, "UPDATE uplift SET reason = 'x'"),
        (case.member, "UPDATE uplift SET version = 9"),
        (case.provider_signatory, close.format("WITHDRAWN", mine)),
        (case.member, "DELETE FROM uplift"),
    ):
        await refused(world, who, statement)


# S-078, S-090, S-108
async def test_what_is_open_ends_with_its_agreement_and_not_before(world: World) -> None:
    case = await signed(world)
    await case.proposed(case.member, {"percentage": "10"}, "2026-09-01")
    end, void = "UPDATE uplift SET status = 'ENDED', closed_at = now()", f"{VOID.format('offer')}; {VOID.format('ipa')}"
    for who in (case.officer, case.member):
        await refused(world, who, end)
    await refused(world, case.member, f"{void}; {end}")
    async with standing_as(world, case.officer) as connection:
        await connection.execute(void)
        assert await connection.execute(end) == "UPDATE 1"
        await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    async with standing_as(world, case.officer) as connection:
        await connection.execute(void)
        await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert await connection.fetchval("SELECT status FROM uplift") == "ENDED"


# S-090, S-118
async def test_what_was_agreed_stands_for_good(world: World) -> None:
    case = await signed(world)
    await case.agreed({"percentage": "10"}, "2026-09-01")
    for change in (
        "version = 9", "status = 'PROPOSED', closed_at = NULL", "status = 'ENDED'", "closed_by_name = 'x'",
        "fee_after = 4100.01", "effective_from = '2026-08-01'", "updated_at = now()",
    ):  # fmt: skip
        for who in (case.officer, case.member, None):
            await refused(world, who, f"UPDATE uplift SET {change}")
    for whole in ("DELETE FROM uplift", "TRUNCATE uplift"):
        for who in (case.officer, case.member, None):
            await refused(world, who, whole)
    (row,) = await world.sql("SELECT status, fee_after FROM uplift")
    assert (row["status"], str(row["fee_after"])) == ("AGREED", "4510.00")


# S-030, S-031, S-090
async def test_the_two_parties_read_the_chain_and_nobody_else(world: World) -> None:
    case = await signed(world)
    uplift = await case.agreed({"percentage": "10"}, "2026-09-01")
    coventry, other = await world.authority("Coventry"), await world.provider()
    reading = {case.officer: 1, case.member: 1, case.provider_signatory: 1, case.authority_signatory: 1}
    reading[await world.person(coventry, Role.PLACEMENT_OFFICER)] = 0
    reading[await world.person(other.id, Role.MEMBER)] = 0
    reading[await world.person(other.id, Role.SIGNATORY)] = 0
    reading[await world.person(await world.region(), Role.REGION_ADMIN)] = 0
    for who, number in reading.items():
        async with standing_as(world, who) as connection:
            assert await connection.fetchval("SELECT count(*) FROM uplift WHERE id = $1", UUID(uplift["id"])) == number
