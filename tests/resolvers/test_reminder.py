"""Documents that run out: their provider hears of it twice, in time and on the day, and never again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from models.document import DocumentKind
from models.lifecycle import Role
from models.person import Viewer
from models.reminder import REMIND
from portal.jobs import Worker
from resolvers.reminder import AT_ONCE, remind
from tests.cases import Cases
from tests.world import Firm, World

TODAY = date(2026, 6, 15)
INSURANCE, PURPOSE = DocumentKind.PUBLIC_LIABILITY_INSURANCE, DocumentKind.STATEMENT_OF_PURPOSE


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


def worker(cases: Cases) -> Worker:
    return Worker(cases.world.shell, {REMIND: remind}, daily=[REMIND])


async def day(cases: Cases, days: int = 0) -> None:
    """This many days later the workers look again."""
    cases.world.clock.goes_on(days=days)
    await worker(cases).work_off()


async def heard(cases: Cases, who: Viewer) -> list[str]:
    """What somebody was told of documents, oldest first."""
    return [notice for notice in await cases.told(who) if notice.startswith("DOCUMENT")]


async def provider(cases: Cases, days_left: int, kind: DocumentKind = INSURANCE, **facts: Any) -> tuple[Firm, Viewer]:
    firm = await cases.world.provider()
    member = await cases.member(firm)
    await cases.papers(firm, kind, expires_on=TODAY + timedelta(days=days_left), **facts)
    return firm, member


@pytest.mark.parametrize(
    ("days_left", "told"),
    [(30, []), (29, ["DOCUMENT_EXPIRING"]), (1, ["DOCUMENT_EXPIRING"]), (0, ["DOCUMENT_EXPIRED"])],
)
async def test_strictly_fewer_than_thirty_days_are_told_of_once(  # S-084, S-085
    cases: Cases, days_left: int, told: list[str]
) -> None:
    _, member = await provider(cases, days_left)
    await day(cases)
    await day(cases)
    assert await heard(cases, member) == told


async def test_each_version_is_told_of_once_in_time_and_again_on_its_last_day(cases: Cases) -> None:  # S-085
    _, member = await provider(cases, 31)
    told = {}
    for passed in range(34):
        told[passed] = len(await heard(cases, member))
        await day(cases, 1)
    assert [passed for passed in range(1, 34) if told[passed] > told[passed - 1]] == [2, 31]
    assert await heard(cases, member) == ["DOCUMENT_EXPIRING", "DOCUMENT_EXPIRED"]


async def test_london_decides_which_day_it_is(cases: Cases) -> None:  # S-085
    _, member = await provider(cases, 30)
    cases.world.clock.now = cases.world.clock.now.replace(hour=22, minute=59)
    await day(cases)
    assert await heard(cases, member) == []
    cases.world.clock.goes_on(minutes=1)
    await day(cases)
    assert await heard(cases, member) == ["DOCUMENT_EXPIRING"]


async def test_workers_that_run_at_once_tell_once(cases: Cases) -> None:  # S-085
    _, member = await provider(cases, 3)
    await asyncio.gather(*(worker(cases).work_off() for _ in range(4)))
    assert await heard(cases, member) == ["DOCUMENT_EXPIRING"]
    jobs = await cases.world.sql("SELECT payload, done_at FROM job WHERE kind = $1", REMIND)
    assert [(job["payload"], job["done_at"]) for job in jobs] == [('{"day": "2026-06-15"}', cases.world.clock.now)]


async def test_telling_at_the_same_time_without_a_key_tells_once_all_the_same(cases: Cases) -> None:  # S-085
    _, member = await provider(cases, 3)
    await asyncio.gather(*(remind(cases.world.shell, None) for _ in range(4)))  # type: ignore[arg-type]
    assert await heard(cases, member) == ["DOCUMENT_EXPIRING"]


async def test_an_outage_of_three_days_is_caught_up_without_repetition(cases: Cases) -> None:  # S-085
    _, member = await provider(cases, 31)
    _, other = await provider(cases, 2)
    await day(cases)
    assert (await heard(cases, member), await heard(cases, other)) == ([], ["DOCUMENT_EXPIRING"])
    await day(cases, 4)
    await day(cases)
    assert await heard(cases, member) == ["DOCUMENT_EXPIRING"]
    assert await heard(cases, other) == ["DOCUMENT_EXPIRING", "DOCUMENT_EXPIRED"]


async def test_a_new_version_is_told_of_anew_and_the_one_it_replaced_never(cases: Cases) -> None:  # S-083, S-085
    firm, member = await provider(cases, 20)
    await day(cases)
    await cases.world.sql("UPDATE document SET replaced_at = $1", cases.world.clock.now)
    await cases.papers(firm, INSURANCE, expires_on=TODAY + timedelta(days=35))
    await day(cases)
    assert await heard(cases, member) == ["DOCUMENT_EXPIRING"]
    await day(cases, 25)
    assert await heard(cases, member) == ["DOCUMENT_EXPIRING", "DOCUMENT_EXPIRING"]


async def test_documents_of_a_home_that_has_ended_are_not_told_of(cases: Cases) -> None:
    firm, member = await provider(cases, 60)
    await cases.papers(firm, INSURANCE, home=firm.homes[0], expires_on=TODAY)
    await cases.world.sql("UPDATE home SET ended_at = $1", cases.world.clock.now)
    await day(cases)
    assert await heard(cases, member) == []


async def test_what_has_no_last_day_or_waits_for_its_bytes_or_is_no_part_of_a_profile_is_not_told_of(
    cases: Cases,
) -> None:
    firm, member = await provider(cases, 0, state="AWAITING_UPLOAD")
    await cases.papers(firm, PURPOSE, expires_on=None)
    await cases.papers(firm, DocumentKind.OTHER, expires_on=TODAY)
    officer = await cases.officer()
    await cases.papers(Firm(officer.organisation_id, "", []), INSURANCE, expires_on=TODAY)
    await day(cases)
    assert await heard(cases, member) == await heard(cases, officer) == []
    assert await cases.world.count("reminder") == 0


async def test_the_providers_staff_hear_of_it_and_nobody_else(cases: Cases) -> None:  # S-030, S-031, S-085
    firm, member = await provider(cases, 5)
    world = cases.world
    administrator = await world.person(firm.id, Role.ADMINISTRATOR)
    silent = [
        await world.person(firm.id, Role.SIGNATORY),
        await cases.member(await world.provider()),
        await cases.officer(),
        await world.person(await world.region(), Role.REGION_ADMIN),
    ]
    announced = len(world.announced)
    await day(cases)
    assert [await heard(cases, who) for who in (member, administrator)] == [["DOCUMENT_EXPIRING"]] * 2
    assert [await cases.told(who) for who in silent] == [[]] * len(silent)
    assert len(world.announced) > announced, "live listeners are told"


async def test_a_notification_leads_to_its_document_and_the_record_names_nobody(cases: Cases) -> None:  # S-100
    _, member = await provider(cases, 5)
    await day(cases)
    asked = "{ notifications { nodes { kind title subjectKind subjectId reference } } }"
    (node,) = (await cases.world.gql(member, asked))["notifications"]["nodes"]
    (document,) = await cases.world.sql("SELECT id FROM document")
    assert node == {
        "kind": "DOCUMENT_EXPIRING", "title": "A document of your profile expires within 30 days",
        "subjectKind": "DOCUMENT", "subjectId": str(document["id"]), "reference": None,
    }  # fmt: skip
    (event,) = await cases.world.sql("SELECT * FROM event WHERE subject_id = $1", UUID(node["subjectId"]))
    assert (event["kind"], event["actor_id"], event["actor_name"]) == ("document.expiring", None, None)
    assert event["payload"] == '{"expiresOn":"2026-06-20","kind":"PUBLIC_LIABILITY_INSURANCE"}'


async def test_a_reminder_is_never_changed(cases: Cases) -> None:
    await provider(cases, 5)
    await day(cases)
    for statement in ("UPDATE reminder SET kind = 'EXPIRED'", "DELETE FROM reminder"):
        with pytest.raises(Exception, match="never changed"):
            await cases.world.sql(statement)


@contextmanager
def statements(cases: Cases) -> Iterator[list[str]]:
    """What acts and workers send to the database meanwhile."""
    database: Any = cases.world.shell.database
    engine, sent = database._engine.sync_engine, list[str]()

    def noted(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", noted)
    yield sent
    event.remove(engine, "before_cursor_execute", noted)


async def test_thousands_of_documents_are_told_of_in_a_few_statements(
    cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worker, "lease", timedelta(hours=1))  # to renew it takes statements too
    _, member = await provider(cases, 5)
    await cases.world.sql(
        "INSERT INTO document (id, organisation_id, kind, name, sha256, byte_size, media_type, expires_on, state,"
        " uploaded_by, uploaded_at) SELECT gen_random_uuid(), organisation_id, kind, name, sha256, byte_size,"
        " media_type, expires_on, state, uploaded_by, uploaded_at FROM document, generate_series(1, $1)",
        3 * AT_ONCE,
    )
    with statements(cases) as sent:
        await day(cases)
    assert len(sent) < 50
    assert len(await heard(cases, member)) == await cases.world.count("document") == 3 * AT_ONCE + 1
