"""A registration comes in as a spreadsheet: announced, sent, read, and taken in as a whole or not at all."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from models.lifecycle import Role
from models.person import Viewer
from models.registration_import import LARGEST
from tests.people import SUSPEND
from tests.portal.corpus import DOCX, OLD_OFFICE, XLSX_PARTS, archive
from tests.registering import Registering
from tests.uploading import AGAIN, ANNOUNCE, FAULTS, FETCH, LIST, Uploading, announcement, uploading
from tests.workbooks import saying
from tests.world import Firm, World

GONE = (404, "NOT_FOUND")


@pytest_asyncio.fixture(loop_scope="session")
async def files(world: World) -> AsyncIterator[Uploading]:
    async with uploading(world) as files:
        yield files


@pytest_asyncio.fixture(loop_scope="session")
async def firm(world: World) -> Firm:
    return await world.provider(approved=False, name="Alder")


@pytest_asyncio.fixture(loop_scope="session")
async def member(world: World, firm: Firm) -> Viewer:
    return await world.person(firm.id, Role.MEMBER, name="Ada Moss")


async def notices(world: World, who: Viewer) -> list[str]:
    rows = "SELECT notice FROM inbox_entry WHERE person_id = $1 AND notice IS NOT NULL ORDER BY no"
    return [row["notice"] for row in await world.sql(rows, who.person_id)]


# S-001
async def test_a_whole_workbook_is_taken_in_as_the_act_of_whoever_uploaded_it(
    files: Uploading, firm: Firm, member: Viewer
) -> None:
    colleague = await files.world.person(firm.id, Role.ADMINISTRATOR)
    seen = await files.read(member, saying("Alder Homes Limited"))
    assert (seen["status"], seen["uploadedBy"], seen["failure"], seen["faultCount"]) == (
        "TAKEN_IN",
        "Ada Moss",
        None,
        0,
    )
    assert seen["progress"] == {"done": 7, "total": 9}
    assert seen["changed"] >= 1
    assert seen["can"] == ["DOWNLOAD"]
    assert await files.legal_name() == "Alder Homes Limited"
    (event,) = await files.world.sql("SELECT * FROM event WHERE kind = 'registration_import.take_in'")
    assert (event["actor_id"], event["provider_id"], event["la_id"]) == (member.person_id, firm.id, None)
    assert await files.world.count("event", "kind = 'registration.edit' AND actor_id = $1", member.person_id) == 1
    for person in (member, colleague):
        assert await notices(files.world, person) == ["WORKBOOK_TAKEN_IN"]


# S-001
async def test_one_sheet_comes_as_csv_and_says_which_it_is(files: Uploading, member: Viewer) -> None:
    seen = await files.read(member, b"Alder of the one sheet", name="organisation.CSV", sheet="  organisation ")
    assert (seen["status"], seen["sheet"]) == ("TAKEN_IN", "Organisation")
    assert await files.legal_name() == "Alder of the one sheet"


# S-002, S-003
async def test_all_faults_are_told_at_once_with_where_help_is_and_nothing_changes(
    files: Uploading, firm: Firm, member: Viewer
) -> None:
    before = await files.legal_name()
    seen = await files.read(member, saying("Never", faults=130))
    assert (seen["status"], seen["faultCount"], len(seen["faults"])) == ("FAULTY", 130, 100)
    assert seen["faults"][0] == {
        "sheet": "Homes", "row": 2, "column": "Ofsted URN", "code": "URN", "message": "Homes, row 2: this is no URN."
    }  # fmt: skip
    assert seen["helpUrl"].startswith("https://www.birminghamchildrenstrust.co.uk/")
    assert seen["supportEmail"] == "necdigitalsupport@necsws.com"
    first = (await files.world.gql(member, FAULTS, id=seen["id"], first=100))["registrationFaults"]
    rest = await files.world.gql(member, FAULTS, id=seen["id"], first=100, after=first["pageInfo"]["endCursor"])
    told = [*first["nodes"], *rest["registrationFaults"]["nodes"]]
    assert [fault["row"] for fault in told] == list(range(2, 132))
    assert first["totalCount"] == 130
    assert await files.legal_name() == before
    assert await files.world.count("event", "kind = 'registration.edit'") == 0
    assert await notices(files.world, member) == ["WORKBOOK_FAULTY"]


# S-002
async def test_the_marked_copy_and_the_file_itself_can_be_fetched_by_the_providers_staff_alone(
    files: Uploading, firm: Firm, member: Viewer
) -> None:
    content = saying("Never", faults=3)
    seen = await files.read(member, content)
    assert seen["marked"]
    colleague = await files.world.person(firm.id, Role.MEMBER)
    for marked, bytes_ in ((True, saying("marked 3 times")), (False, content)):
        url = (await files.world.do(colleague, FETCH, id=seen["id"], marked=marked))["download"]["url"]
        fetched = await files.get(url)
        assert (fetched.status, fetched.body) == (200, bytes_)
        shown = "Our%20homes%20%28marked%29.xlsx" if marked else "Our%20homes.xlsx"
        assert fetched.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{shown}"
        assert (await files.get(url)).refused == GONE
    assert await files.world.count("event", "kind = 'registration_import.download'") == 2


async def test_there_is_no_marked_copy_of_what_has_no_faults(files: Uploading, member: Viewer) -> None:
    seen = await files.read(member, saying("Alder"))
    assert not seen["marked"]
    assert await files.world.refused(member, FETCH, id=seen["id"], marked=True) == ["WRONG_STATE"]


# S-007
@pytest.mark.parametrize("state", ["PENDING_APPROVAL", "APPROVED", "REJECTED"])
async def test_a_locked_registration_takes_no_spreadsheet(
    files: Uploading, firm: Firm, member: Viewer, state: str
) -> None:
    made = await files.announce(member, saying("Too late"))
    await files.world.sql("UPDATE provider SET status = $1", state)
    assert (await files.send(made["upload"]["url"], saying("Too late"))).refused == (409, "REGISTRATION_LOCKED")
    assert await files.world.refused(member, AGAIN, id=made["registrationImport"]["id"]) == ["REGISTRATION_LOCKED"]
    assert await files.world.refused(member, ANNOUNCE, key=str(uuid4()), input=announcement(saying("Later still"))) == [
        "REGISTRATION_LOCKED"
    ]
    assert await files.world.count("registration_import") == 1
    assert await files.world.count("job") == 0


# S-007
async def test_a_registration_submitted_while_it_is_read_stays_as_it_was_submitted(
    files: Uploading, firm: Firm, member: Viewer
) -> None:
    cases, before = Registering(files.world), await files.legal_name()
    files.workbooks.meanwhile.append(lambda: cases.pending(member, firm))
    seen = await files.read(member, saying("Too late"))
    assert seen["status"] == "FAILED"
    assert seen["failure"] == "You cannot edit this registration: it is pending approval."
    assert await files.legal_name() == before
    assert (await notices(files.world, member))[-1] == "WORKBOOK_FAILED"


async def test_nothing_is_taken_in_for_somebody_who_was_suspended_meanwhile(
    files: Uploading, firm: Firm, member: Viewer
) -> None:
    boss, before = await files.world.person(firm.id, Role.ADMINISTRATOR), await files.legal_name()
    files.workbooks.meanwhile.append(lambda: files.world.do(boss, SUSPEND, id=str(member.person_id), version=4))
    id = await files.send_in(member, saying("By a stranger"))
    await files.work()
    seen = await files.seen(boss, id)
    assert (seen["status"], await files.legal_name()) == ("FAILED", before)
    assert "signed out" in seen["failure"]


async def test_a_newer_spreadsheet_takes_the_place_of_one_that_is_being_read(
    files: Uploading, firm: Firm, member: Viewer
) -> None:
    colleague = await files.world.person(firm.id, Role.MEMBER)
    older = await files.send_in(member, saying("The older"))
    newer = await files.send_in(colleague, saying("The newer"))
    assert (await files.seen(colleague, older))["status"] == "SUPERSEDED"
    assert await files.work() == 3, "both jobs and the day's own"
    assert (await files.seen(member, newer))["status"] == "TAKEN_IN"
    assert (await files.seen(member, older))["status"] == "SUPERSEDED"
    assert await files.legal_name() == "The newer"
    assert await files.world.count("event", "kind = 'registration.edit'") == 1


async def test_one_that_is_superseded_at_the_last_moment_is_not_taken_in(
    files: Uploading, firm: Firm, member: Viewer
) -> None:
    async def newer() -> None:
        files.workbooks.meanwhile.clear()
        await files.send_in(member, saying("The newer", faults=1))

    before = await files.legal_name()
    files.workbooks.meanwhile.append(newer)
    seen = await files.read(member, saying("The older"))
    assert (seen["status"], seen["changed"]) == ("SUPERSEDED", None)
    assert await files.legal_name() == before


async def test_a_job_that_is_done_again_takes_nothing_in_twice(files: Uploading, member: Viewer) -> None:
    seen = await files.read(member, saying("Once"))
    await files.world.sql("UPDATE job SET done_at = NULL")
    await files.work()
    assert await files.seen(member, seen["id"]) == seen
    assert files.workbooks.times_read == 1
    assert await files.world.count("event", "kind = 'registration_import.take_in'") == 1


async def test_a_file_on_which_the_reader_breaks_fails_after_three_times_and_the_fault_is_ours(
    files: Uploading, member: Viewer, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks() -> None:
        raise RuntimeError

    files.workbooks.meanwhile.append(breaks)
    id = await files.send_in(member, saying("Unlucky"))
    for turn in range(1, 5):
        assert (await files.seen(member, id))["status"] == "READING"
        await files.work()
        assert files.workbooks.times_read == min(turn, 3)
        files.world.clock.goes_on(minutes=2)
    seen = await files.seen(member, id)
    assert seen["status"] == "FAILED"
    assert "necdigitalsupport@necsws.com" in seen["failure"]


# ── what is refused ──────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"name": "homes.docx"}, "FILE_NOT_ALLOWED", "name"),
        ({"name": "homes.xls"}, "FILE_NOT_ALLOWED", "name"),
        ({"name": "homes.xlsm"}, "FILE_NOT_ALLOWED", "name"),
        ({"name": ".xlsx"}, "FILE_NOT_ALLOWED", "name"),
        ({"name": " "}, "INVALID_INPUT", "name"),
        ({"name": f"{'n' * 200}.xlsx"}, "INVALID_INPUT", "name"),
        ({"byteSize": LARGEST + 1}, "FILE_TOO_LARGE", "byteSize"),
        ({"byteSize": 0}, "INVALID_INPUT", "byteSize"),
        ({"sha256": "abc"}, "INVALID_INPUT", "sha256"),
        ({"name": "homes.csv"}, "INCOMPLETE", "sheet"),
        ({"name": "homes.csv", "sheet": " "}, "INCOMPLETE", "sheet"),
        ({"name": "homes.csv", "sheet": "Houses"}, "INVALID_INPUT", "sheet"),
        ({"sheet": "Homes"}, "INVALID_INPUT", "sheet"),
    ],
)
async def test_what_cannot_be_a_registration_is_not_announced(
    files: Uploading, member: Viewer, changes: dict[str, Any], code: str, path: str
) -> None:
    problem = await files.refusal(member, **changes)
    assert (problem["code"], problem["path"]) == (code, ["input", path])


async def test_a_csv_is_told_the_names_of_the_sheets(files: Uploading, member: Viewer) -> None:
    assert "Organisation, Homes" in (await files.refusal(member, name="homes.csv"))["message"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("homes.xlsx", DOCX),
        ("homes.xlsx", OLD_OFFICE),
        ("homes.xlsx", archive(XLSX_PARTS | {"xl/vbaProject.bin": b"Sub"})),
        ("homes.xlsx", b"Name,Postcode"),
        ("homes.csv", saying("A workbook")),
        ("homes.csv", OLD_OFFICE),
        ("homes.csv", b"Name\0,Postcode"),
    ],
)
async def test_what_is_not_what_its_name_says_is_not_taken_and_can_be_sent_again(
    files: Uploading, member: Viewer, name: str, content: bytes
) -> None:
    made = await files.announce(member, content, name=name, sheet="Homes" if name.endswith("csv") else None)
    assert (await files.send(made["upload"]["url"], content)).refused == (415, "FILE_NOT_ALLOWED")
    assert (await files.seen(member, made["registrationImport"]["id"]))["status"] == "AWAITING_UPLOAD"
    assert await files.world.count("job") == 0
    assert await files.world.count("ticket", "used_at IS NOT NULL") == 0


async def test_bytes_other_than_announced_are_not_read(files: Uploading, member: Viewer) -> None:
    right = saying("Right")
    made = await files.announce(member, right)
    url = made["upload"]["url"]
    for wrong in (saying("Wrong"), right + b"\n", right[:-1], b""):
        assert (await files.send(url, wrong)).refused == (409, "FILE_NOT_AS_ANNOUNCED")
    assert (await files.send(url, bytes(LARGEST + 1))).refused == (413, "FILE_TOO_LARGE")
    assert await files.work() == 1, "the day's own"
    assert files.workbooks.times_read == 0
    assert (await files.send(url, right)).status == 200
    assert (await files.send(url, right)).refused == GONE
    assert await files.world.count("job", "kind = 'registration.read'") == 1


async def test_an_announcement_is_made_once_and_its_ticket_can_be_had_again(files: Uploading, member: Viewer) -> None:
    content, key = saying("Once"), str(uuid4())
    first = await files.world.do(member, ANNOUNCE, key=key, input=announcement(content))
    again = await files.world.do(member, ANNOUNCE, key=key, input=announcement(content))
    assert (again["registrationImport"], again["upload"]) == (first["registrationImport"], None)
    id = first["registrationImport"]["id"]
    ticket = (await files.world.do(member, AGAIN, id=id))["upload"]["url"]
    assert (await files.send(ticket, content)).status == 200
    assert await files.world.refused(member, AGAIN, id=id) == ["WRONG_STATE"]
    assert (await files.send(first["upload"]["url"], content)).status == 409
    assert await files.world.count("registration_import") == 1


# ── who cannot ───────────────────────────────────────────────────────────────
# S-030, S-031
async def test_only_the_providers_own_staff_upload_see_and_fetch(files: Uploading, firm: Firm, member: Viewer) -> None:
    seen = await files.read(member, saying("Never", faults=2))
    rival = await files.world.person((await files.world.provider(approved=False)).id, Role.MEMBER)
    outsiders = {
        "a signatory": await files.world.person(firm.id, Role.SIGNATORY),
        "the managing authority": await files.world.person(
            await files.world.authority(), Role.REGISTRATION_OFFICER, Role.ADMINISTRATOR
        ),
        "the region": await files.world.person(await files.world.region(), Role.REGION_ADMIN),
    }
    given = {"key": str(uuid4()), "input": announcement(saying("Mine"))}
    for who in outsiders.values():
        assert await files.world.refused(who, ANNOUNCE, **given) == ["FORBIDDEN"]
        assert await files.world.refused(who, AGAIN, id=seen["id"]) == ["FORBIDDEN"]
        assert await files.world.refused(who, FETCH, id=seen["id"]) == ["FORBIDDEN"]
    for unknown in (seen["id"], str(uuid4())):
        assert await files.world.refused(rival, AGAIN, id=unknown) == ["NOT_FOUND"]
        assert await files.world.refused(rival, FETCH, id=unknown, marked=True) == ["NOT_FOUND"]
    for who in (*outsiders.values(), rival):
        assert await files.seen(who, seen["id"]) is None
        assert (await files.world.gql(who, LIST))["registrationImports"] == {"totalCount": 0, "nodes": []}
        shown = (await files.world.gql(who, FAULTS, id=seen["id"], first=9))["registrationFaults"]
        assert (shown["totalCount"], shown["nodes"]) == (0, [])
    assert await files.world.count("registration_import") == 1


async def test_somebody_elses_ticket_ends_with_their_session(files: Uploading, member: Viewer) -> None:
    made = await files.announce(member, saying("Mine"))
    await files.world.sql("UPDATE session SET revoked_at = now() WHERE id = $1", member.session_id)
    assert (await files.send(made["upload"]["url"], saying("Mine"))).refused == GONE
    assert await files.world.count("registration_import", "status <> 'AWAITING_UPLOAD'") == 0


async def test_the_database_shows_no_foreign_spreadsheet_and_lets_nobody_change_a_fault(
    files: Uploading, member: Viewer
) -> None:
    await files.read(member, saying("Never", faults=2))
    (row,) = await files.world.sql("SELECT id FROM registration_import")
    for statement in ("UPDATE registration_fault SET message = 'x'", "DELETE FROM registration_fault",
                      "DELETE FROM registration_import"):  # fmt: skip
        with pytest.raises(Exception, match="never changed"):
            await files.world.sql(statement)
    assert isinstance(row["id"], UUID)


async def test_the_template_is_at_an_address_of_its_own(files: Uploading, member: Viewer) -> None:
    asked = "{ registrationTemplate { url name sheets } }"
    shown = (await files.world.gql(member, asked))["registrationTemplate"]
    address = f"{files.address}/registration-template.xlsx"
    assert shown == {"url": address, "name": "registration.xlsx", "sheets": ["Organisation", "Homes"]}
