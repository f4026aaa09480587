"""The demonstration world is made by acts alone, works as it is printed, and is never made twice."""

import asyncio
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pyotp
import pytest

from portal.demonstration.acts import Acts, Declined
from portal.demonstration.content import content
from portal.demonstration.journal import COMPLETE, JOURNAL, Journal
from portal.demonstration.sign_ins import printed_sign_ins
from portal.demonstration.users import Person, shown_people
from portal.demonstration.world import fill
from portal.embedded import EmbeddedPostgres
from tests.portal.filling import Demonstration, demonstration, expected, small

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SMALL = small(NOW.date())
WHOLE = content(NOW.date())


async def sign_in(world: Demonstration, person: Person, code: str) -> None:
    """With the password that is printed and a code, as anybody would. Raises Declined."""
    with closing(Journal(world.filling.home / "of a visitor")) as journal:
        acts = Acts(world.filling.shell, world.filling.contracts, journal)
        given = {"email": person.email, "password": person.password}
        first = await acts.do_anonymously("signIn", "challenge", given, address="a visitor")
        confirmed = {"challenge": first["challenge"], "code": code}
        second = await acts.do_anonymously("signInConfirm", "token", confirmed, address="a visitor")
        assert second["token"]


def unused_code(person: Person) -> str:
    """The next one, which is taken already; the one before may have been needed for the filling."""
    return pyotp.TOTP(person.secret).at(datetime.now(UTC) + timedelta(seconds=30))


def stopped(folder: Path) -> list[str]:
    """The journeys that a refusal has ended."""
    return [line for line in (folder / JOURNAL).read_text().splitlines() if "/stopped" in line]


async def test_printed_people_sign_in_and_a_second_start_changes_nothing(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    async with demonstration(postgres, tmp_path, NOW, small) as world:
        await fill(world.filling)
        assert {table: await world.count(table) for table in expected(SMALL)} == expected(SMALL)
        assert stopped(tmp_path) == []
        for person in shown_people():
            await sign_in(world, person, unused_code(person))
        with pytest.raises(Declined, match="not right"):
            await sign_in(world, shown_people()[0], "000000")
        done = await world.count("event")
        await fill(world.filling)
        assert await world.count("event") == done
        assert await world.count("session", "revoked_at IS NULL") == len(shown_people())


async def test_an_interrupted_filling_goes_on_and_makes_nothing_twice(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    rng = Random(20260428)
    noted, most = 0, 2.0
    async with demonstration(postgres, tmp_path, NOW, small) as world:
        while await interrupted(world, rng.uniform(0.5, most)):
            most += 0.2  # so that a slow machine comes to an end, too
            before, noted = noted, len((tmp_path / JOURNAL).read_text().splitlines())
            lose_the_last_note(tmp_path / JOURNAL, noted > before and rng.choice((True, False)))
        assert {path.suffix for path in (tmp_path / "workbooks").iterdir()} == {".xlsx"}
        assert {table: await world.count(table) for table in expected(SMALL)} == expected(SMALL)
        assert stopped(tmp_path) == []
        assert await world.count("session", "revoked_at IS NULL") == 0


async def interrupted(world: Demonstration, seconds: float) -> bool:
    """Fill for so long; whether that was too short."""
    try:
        await asyncio.wait_for(fill(world.filling), seconds)
    except TimeoutError:
        return True
    return False


def lose_the_last_note(path: Path, lost: bool) -> None:
    """As a process leaves it that is killed after an act and before, or while, it takes the note of it.

    No process loses a note that it did not come to take.
    """
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1] if lost else lines) + '["torn')


async def test_before_go_live_there_are_registrations_and_no_referral(  # S-015
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    async with demonstration(postgres, tmp_path, datetime(2026, 4, 27, 12, tzinfo=UTC), small) as world:
        await fill(world.filling)
        assert await world.states("provider") == {"APPROVED": 2}
        assert await world.count("referral") == 0
        assert all("NOT_LIVE" in line for line in stopped(tmp_path))
        await sign_in(world, shown_people()[0], unused_code(shown_people()[0]))


def test_the_printed_sign_ins_say_all_that_signing_in_takes() -> None:
    printed = printed_sign_ins("http://127.0.0.1:8000", NOW, NOW)
    for person in shown_people():
        assert f"{person.email}   password {person.password}   code {pyotp.TOTP(person.secret).at(NOW)}" in printed
    found = [pyotp.parse_uri(uri) for uri in re.findall(r"otpauth://\S+", printed)]
    assert [each.secret for each in found] == [person.secret for person in shown_people()]
    assert "http://127.0.0.1:8000/graphql" in printed
    assert "--at" not in printed
    assert "--at 2026-04-28T09:00+01:00" in printed_sign_ins("http://x", NOW, NOW, "2026-04-28T09:00+01:00")


def test_a_journal_forgets_a_torn_line_and_nothing_else(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.keep("one", {"id": "1"})
    journal.keep("two", True)
    journal.close()
    with (tmp_path / "journal").open("a") as file:
        file.write('["three", tr')
    again = Journal(tmp_path / "journal")
    assert again["one"] == {"id": "1"}
    assert "two" in again
    assert "three" not in again
    again.keep(COMPLETE, True)
    again.close()
    assert (tmp_path / "journal").read_text().splitlines() == [
        '["one", {"id": "1"}]',
        '["two", true]',
        '["complete", true]',
    ]


@pytest.mark.long
async def test_the_whole_world_holds_what_it_promises_in_every_state(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    async with demonstration(postgres, tmp_path, NOW) as world:
        await fill(world.filling)
        assert stopped(tmp_path) == []
        floors = {"provider": 60, "home": 150, "fostering_family": 40, "person": 150, "referral": 80}
        for table, floor in floors.items():
            assert await world.count(table) >= floor, table
        for table, number in {"provider": 5, "referral": 4, "delivery": 4, "offer": 6, "ipa": 6, "uplift": 4}.items():
            states = await world.states(table)
            assert len(states) == number, table
            assert min(states.values()) >= 3, table
        assert set(await world.states("person")) == {"REQUESTED", "APPROVED", "INVITED", "ACTIVE", "SUSPENDED"}
        assert await world.count("document", "state <> 'READY'") == 0
        assert {table: await world.count(table) for table in expected(WHOLE)} == expected(WHOLE)


@pytest.mark.long
async def test_in_the_pilot_three_authorities_refer_their_own_categories(  # S-043 S-044 S-045
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    async with demonstration(postgres, tmp_path, datetime(2026, 4, 28, 8, tzinfo=UTC)) as world:
        await fill(world.filling)
        by = "la_id IN (SELECT id FROM organisation WHERE name = '{}') AND category = '{}'"
        allowed = {("Birmingham", "RESIDENTIAL"), ("Coventry", "FOSTERING"), ("Stoke-on-Trent", "FOSTERING")}
        for name, category in allowed:
            assert await world.count("referral", by.format(name, category)) > 0, name
        assert await world.count("referral", by.format("Birmingham", "FOSTERING")) == 0
        assert await world.count("referral", by.format("Coventry", "RESIDENTIAL")) == 0
        pilot = "('Birmingham', 'Coventry', 'Stoke-on-Trent')"
        others = f"la_id NOT IN (SELECT id FROM organisation WHERE name IN {pilot})"
        assert await world.count("referral", others) == 0
        assert all("NOT_IN_PILOT" in line for line in stopped(tmp_path))
