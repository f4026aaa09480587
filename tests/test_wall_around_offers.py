"""The wall around offers: what has been accepted stays, and what is submitted is changed by its own side alone.

Each way is tried by SQL as the portal itself signs in, standing as a person of either side or as nobody.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from models.person import Viewer
from portal.database import asyncpg_dsn, standing
from tests.cases import Cases
from tests.world import Care, Firm, World, as_app

REFUSED = ("no row was reached", "PT409", "42501", "42883", "428C9")
KEPT = " UNION ALL ".join(
    f"SELECT '{table}', md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"
    for table in ("offer", "offer_version", "offer_document", "referral", "document", "event")
)
ANOTHER = (
    "INSERT INTO offer SELECT (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid(), {changed}))).*"
    " FROM offer o"
)
ACCEPTED: dict[str, str] = {
    "the core fee": "UPDATE offer SET core_fee_weekly = 1",
    "the total": "UPDATE offer SET weekly_total = weekly_total - 0.01",
    "the total of a year": "UPDATE offer SET first_year_total = 1",
    "a promise": 'UPDATE offer SET terms = terms || \'{"staffing": "None"}\'',
    "a fee within": "UPDATE offer SET terms = jsonb_set(terms, '{fees,0,coreFeeWeekly}', '\"1.00\"')",
    "the home": "UPDATE offer SET home_id = (SELECT id FROM home WHERE id <> home_id LIMIT 1)",
    "the place as it stood": 'UPDATE offer SET placement = placement || \'{"name": "x"}\'',
    "framework or spot": "UPDATE offer SET framework_status = 'FRAMEWORK'",
    "from when": "UPDATE offer SET available_from = '2030-01-01'",
    "what it answers": "UPDATE offer SET revision = revision + 1",
    "the version": "UPDATE offer SET version = version + 1",
    "an older version": "UPDATE offer SET version = 1",
    "when it was submitted": "UPDATE offer SET submitted_at = NULL",
    "when it was decided": "UPDATE offer SET decided_at = now()",
    "who decided": "UPDATE offer SET decided_by_name = 'x'",
    "the checks": "UPDATE offer SET checks_confirmed = false",
    "the conditions": "UPDATE offer SET acknowledged_conditions = '{}'::uuid[] || gen_random_uuid()",
    "whose place it takes": "UPDATE offer SET supersedes_id = id",
    "its author": "UPDATE offer SET author_name = 'x'",
    "declined after all": "UPDATE offer SET status = 'DECLINED', decline_reasons = '{COST}'",
    "withdrawn after all": "UPDATE offer SET status = 'WITHDRAWN', withdraw_reason = 'x'",
    "submitted once more": "UPDATE offer SET status = 'SUBMITTED', version = version + 1",
    "void for less": "UPDATE offer SET status = 'VOIDED', weekly_total = 1",
    "gone": "DELETE FROM offer",
    "as if never accepted": "UPDATE referral SET accepted = false",
    "the case begun again": "UPDATE referral SET accepted = false, status = 'SENT', version = version + 1",
    "a version that was": "UPDATE offer_version SET terms = '{}'",
    "no version": "DELETE FROM offer_version",
    "a version more": "INSERT INTO offer_version SELECT (jsonb_populate_record(v, '{\"version\": 99}')).*"
    " FROM offer_version v",
    "a document less": "UPDATE offer_document SET removed_at = now()",
    "no documents": "DELETE FROM offer_document",
    "other bytes": "UPDATE offer_document SET sha256 = repeat('0', 64)",
    "not compulsory": "UPDATE offer_document SET compulsory = false",
    "a document more": "INSERT INTO offer_document SELECT (jsonb_populate_record(d, jsonb_build_object("
    "'id', gen_random_uuid()))).* FROM offer_document d LIMIT 1",
    "the file itself": "UPDATE document SET sha256 = repeat('0', 64)",
    "the file itself, gone": "DELETE FROM document",
}
SUBMITTED_BY_THE_AUTHORITY = {
    "cheaper": "UPDATE offer SET core_fee_weekly = 1, version = version + 1",
    "cheaper in the moment of accepting": "UPDATE offer SET status = 'ACCEPTED', weekly_total = 1,"
    " version = version + 1, checks_confirmed = true",
    "another promise": 'UPDATE offer SET terms = terms || \'{"staffing": "Three"}\'',
    "another home": 'UPDATE offer SET placement = placement || \'{"name": "x"}\'',
    "withdrawn for the provider": "UPDATE offer SET withdraw_reason = 'x', status = 'WITHDRAWN'",
    "a version": "INSERT INTO offer_version SELECT (jsonb_populate_record(v, '{\"version\": 99}')).*"
    " FROM offer_version v",
    "a document less": "UPDATE offer_document SET removed_at = now()",
    "one of its own": ANOTHER.format(changed="'status', 'SUBMITTED'"),
}
SUBMITTED_BY_THE_PROVIDER = {
    "accepted by itself": "UPDATE offer SET status = 'ACCEPTED', version = version + 1, checks_confirmed = true",
    "declined by itself": "UPDATE offer SET status = 'DECLINED', version = version + 1",
    "checked by itself": "UPDATE offer SET checks_confirmed = true",
    "decided by itself": "UPDATE offer SET decided_by_name = 'x', decided_at = now()",
    "agreed by itself": "UPDATE offer SET acknowledged_conditions = ARRAY[gen_random_uuid()]",
    "a draft again": "UPDATE offer SET status = 'DRAFT', version = version + 1",
    "never submitted": "UPDATE offer SET submitted_at = NULL",
    "an older version": "UPDATE offer SET version = version - 1",
    "many versions": "UPDATE offer SET version = version + 7",
    "a version that never was": "INSERT INTO offer_version SELECT (jsonb_populate_record(v,"
    " jsonb_build_object('version', o.version + 1, 'weekly_total', 1))).* FROM offer_version v, offer o",
    "an earlier version": "INSERT INTO offer_version SELECT (jsonb_populate_record(v, '{\"version\": 1}')).*"
    " FROM offer_version v",
    "other bytes": "UPDATE offer_document SET sha256 = repeat('0', 64)",
    "another name": "UPDATE offer_document SET name = 'x'",
    "another day": "UPDATE offer_document SET expires_on = '2040-01-01'",
    "for another authority": "UPDATE offer SET la_id = gen_random_uuid()",
    "for another case": "UPDATE offer SET referral_id = gen_random_uuid()",
    "gone": "DELETE FROM offer",
}


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def tried(connection: Any, viewer: Viewer | None, at: datetime, statement: str) -> str:
    """With which SQLSTATE it fails, or that it reached no row; whatever came of it is committed."""
    try:
        async with connection.transaction():
            if viewer is not None:
                await connection.execute(standing(viewer, at))
            return "no row was reached" if (await connection.execute(statement)).endswith(" 0") else "done"
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)


async def once(world: World, viewer: Viewer, statement: str) -> str:
    async with connected(as_app(world.dsn)) as connection:
        return await tried(connection, viewer, world.clock.now, statement)


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(asyncpg_dsn(dsn))
    try:
        yield connection
    finally:
        await connection.close()


async def unharmed(world: World, ways: dict[str, str], *viewers: Viewer | None) -> None:
    async with connected(world.dsn) as owner, connected(as_app(world.dsn)) as connection:
        before = await owner.fetch(KEPT)
        for name, statement in ways.items():
            for viewer in viewers:
                state = await tried(connection, viewer, world.clock.now, statement)
                who = viewer.side if viewer else "nobody"
                assert state in REFUSED or state.startswith("23"), (name, who, state)
                assert await owner.fetch(KEPT) == before, (name, who)


async def submitted(cases: Cases) -> tuple[Viewer, Viewer, str]:
    officer, firm = await cases.officer(), await cases.world.provider(Care(), Care())
    member = await offering(cases, firm)
    offer = await cases.submitted(member, await cases.sent(officer), at(firm))
    return officer, member, offer


async def offering(cases: Cases, firm: Firm) -> Viewer:
    await cases.papers(firm)
    return await cases.member(firm)


def at(firm: Firm) -> dict[str, str]:
    return {"homeId": str(firm.homes[0])}


async def test_nothing_of_an_accepted_offer_is_changed_by_sql(cases: Cases) -> None:  # S-077, S-083, S-118
    officer, member, offer = await submitted(cases)
    await cases.accepted(officer, offer)
    await unharmed(cases.world, ACCEPTED, officer, member, None)


async def test_an_authority_changes_nothing_of_what_is_offered(cases: Cases) -> None:  # S-076, S-092
    officer, _, _ = await submitted(cases)
    await unharmed(cases.world, SUBMITTED_BY_THE_AUTHORITY, officer)


async def test_a_provider_decides_nothing_and_leaves_its_history_as_it_was(cases: Cases) -> None:  # S-083, S-092
    _, member, _ = await submitted(cases)
    await unharmed(cases.world, SUBMITTED_BY_THE_PROVIDER, member)


@pytest.mark.parametrize("state", ["DRAFT", "SUBMITTED"])
async def test_a_second_live_offer_cannot_be_written(cases: Cases, state: str) -> None:  # S-075
    _, member, _ = await submitted(cases)
    again = ANOTHER.format(changed=f"'status', '{state}'")
    assert await once(cases.world, member, again) == "23505"
    assert await cases.world.count("offer") == 1


async def test_a_second_accepted_offer_cannot_be_written(cases: Cases) -> None:  # S-092
    officer, firms = await cases.officer(), [await cases.world.provider() for _ in range(2)]
    referral = await cases.sent(officer)
    first, second = [await cases.submitted(await offering(cases, firm), referral, at(firm)) for firm in firms]
    await cases.accepted(officer, first)
    accept = f"UPDATE offer SET status = 'ACCEPTED', version = version + 1 WHERE id = '{second}'"
    assert await once(cases.world, officer, accept) == "23505"
    assert await cases.world.count("offer", "status = 'ACCEPTED'") == 1


async def test_where_the_child_would_live_suits_the_category_in_the_database_too(cases: Cases) -> None:
    # S-072, S-073, S-074
    _, member, offer = await submitted(cases)
    await cases.on_offer(member, "offerWithdraw", offer, reason="To begin anew.")
    for changed in (
        "'status', 'DRAFT', 'category', 'FOSTERING'",
        "'status', 'DRAFT', 'home_id', NULL",
        f"'status', 'DRAFT', 'family_id', '{uuid4()}'",
        f"'status', 'DRAFT', 'home_id', NULL, 'family_id', '{uuid4()}'",
        f"'status', 'DRAFT', 'category', 'FOSTERING', 'family_id', '{uuid4()}'",
    ):
        assert await once(cases.world, member, ANOTHER.format(changed=changed)) == "23514", changed
    assert await cases.world.count("offer") == 1
