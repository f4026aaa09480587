"""The documents of a provider's profile: what its care requires, who else may read them, and how their dates change."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest_asyncio

from models.lifecycle import Role
from models.person import Viewer
from models.provider import Category
from tests.cases import Cases
from tests.filing import ANNOUNCE, FETCH, Filing, announcement, filing, paper
from tests.world import Care, Firm, World

INSURANCE, PURPOSE = "PUBLIC_LIABILITY_INSURANCE", "STATEMENT_OF_PURPOSE"
REQUIRED = """query ($id: UUID) { registration(id: $id) { requiredDocuments {
  category kind home { id } document { id name } expiresOn missing expired expiringSoon } } }"""
LISTED = "query ($id: UUID) { registration(id: $id) { documents { id kind name versions { id } } } }"
DATED = """mutation ($id: UUID!, $day: Date!) { documentSetExpiry(id: $id, expiresOn: $day) {
  document { expiresOn expiringSoon } problems { code message path } } }"""


@pytest_asyncio.fixture(loop_scope="session")
async def files(world: World) -> AsyncIterator[Filing]:
    async with filing(world) as files:
        yield files


async def required(files: Filing, who: Viewer, firm: Firm) -> list[dict[str, Any]]:
    shown = await files.world.gql(who, REQUIRED, id=str(firm.id))
    return list(shown["registration"]["requiredDocuments"])


async def listed(files: Filing, who: Viewer, firm: Firm) -> list[dict[str, Any]]:
    return list((await files.world.gql(who, LISTED, id=str(firm.id)))["registration"]["documents"])


async def reviewers(files: Filing) -> list[Viewer]:
    return [
        await files.officer("Birmingham", Role.REGISTRATION_OFFICER),
        await files.world.person(await files.world.region(), Role.REGION_ADMIN),
    ]


async def test_each_category_says_what_it_needs_of_each_home(files: Filing) -> None:  # S-079, S-086, S-097
    supported = Care(Category.SUPPORTED_ACCOMMODATION, (16, 17))
    firm = await files.world.provider(Care(), supported, Care(Category.FOSTERING))
    who = await files.staff(firm)
    rows = await required(files, who, firm)
    assert all(row["missing"] and not row["expired"] and row["document"] is None for row in rows)
    needed = {(row["category"], row["home"] and row["home"]["id"]) for row in rows}
    homes = [str(home) for home in firm.homes]
    assert needed == {("RESIDENTIAL", homes[0]), ("SUPPORTED_ACCOMMODATION", homes[1]), ("FOSTERING", None)}
    appendix = [row["category"] for row in rows if row["kind"] == "APPENDIX"]
    assert (len(rows), appendix) == (16, ["SUPPORTED_ACCOMMODATION"])


async def test_a_home_that_has_ended_needs_nothing(files: Filing) -> None:  # S-079
    firm = await files.world.provider(Care(), Care())
    await files.world.sql("UPDATE home SET ended_at = now() WHERE id = $1", firm.homes[0])
    await files.world.sql("UPDATE registered_care SET ended_at = now() WHERE home_id = $1", firm.homes[0])
    rows = await required(files, await files.staff(firm), firm)
    assert {row["home"]["id"] for row in rows} == {str(firm.homes[1])}


async def test_a_homes_own_document_comes_before_the_organisations(files: Filing) -> None:  # S-079
    firm = await files.world.provider(Care(), Care(ages=(0, 7)))
    who = await files.staff(firm)
    common = await files.filed(who, paper(), kind=PURPOSE, expiresOn="2026-07-14")
    own = await files.filed(who, paper(), kind=PURPOSE, homeId=str(firm.homes[1]), expiresOn="2026-07-15")
    await files.announced(who, paper(), kind=INSURANCE)
    rows = {(row["home"]["id"], row["kind"]): row for row in await required(files, who, firm)}
    first, second = (rows[str(home), PURPOSE] for home in firm.homes)
    assert (first["document"]["id"], first["expiresOn"], first["expiringSoon"]) == (common, "2026-07-14", True)
    assert (second["document"]["id"], second["expiresOn"], second["expiringSoon"]) == (own, "2026-07-15", False)
    assert rows[str(firm.homes[0]), INSURANCE]["missing"], "its bytes have not come"
    files.world.clock.goes_on(days=30)
    who = await files.staff(firm)
    rows = {(row["home"]["id"], row["kind"]): row for row in await required(files, who, firm)}
    assert [rows[str(home), PURPOSE]["expired"] for home in firm.homes] == [True, False]


async def test_those_who_decide_on_a_registration_read_its_documents_and_nobody_else(files: Filing) -> None:  # S-030
    firm = await files.world.provider(approved=False)
    who, content = await files.staff(firm), paper()
    id = await files.filed(who, content, kind=INSURANCE)
    extra = await files.filed(who, paper(), kind="APPENDIX")
    for reviewer in await reviewers(files):
        assert [document["id"] for document in await listed(files, reviewer, firm)] == [id]
        assert sum(row["document"] is not None for row in await required(files, reviewer, firm)) == 1
        assert await files.fetched(reviewer, id) == content
        assert await files.world.refused(reviewer, FETCH, id=extra) == ["NOT_FOUND"], "no part of the profile"
        node = await files.world.gql(reviewer, "query ($id: UUID!) { node(id: $id) { id } }", id=id)
        assert node["node"] == {"id": id}
        (read,) = await files.world.sql("SELECT * FROM event WHERE actor_id = $1", reviewer.person_id)
        assert (read["kind"], read["subject_id"]) == ("document.download", UUID(id))
    await files.world.sql("UPDATE provider SET status = 'APPROVED', effective_since = now()")
    others = [await files.officer("Coventry"), await files.staff(await files.world.provider())]
    missing = await files.world.gql(others[0], FETCH, id=str(uuid4()))
    for other in others:
        assert await files.world.gql(other, FETCH, id=id) == missing
        node = await files.world.gql(other, "query ($id: UUID!) { node(id: $id) { id } }", id=id)
        assert node["node"] is None
    assert await listed(files, others[0], firm) == await required(files, others[0], firm) == []


async def test_whoever_may_read_a_profiles_document_cannot_use_or_change_it(files: Filing) -> None:  # S-030
    firm = await files.world.provider()
    id = await files.filed(await files.staff(firm), paper(), kind=INSURANCE)
    officer = await files.officer()
    cases = Cases(files.world)
    referral = await cases.drafted(officer)
    given = {"id": referral, "documentId": id, "identifiesChild": False, "expectedVersion": 1}
    assert await cases.refused(officer, "referralAttach", **given) == ["NOT_FOUND"]
    assert await files.world.refused(officer, DATED, id=id, day="2027-01-01") == ["NOT_FOUND"]
    assert (await files.world.gql(officer, "{ documents { totalCount } }"))["documents"]["totalCount"] == 0
    async with files.world.shell.database.acting(officer, files.world.clock.now) as session:
        connection = await session.connection()
        changed = await connection.exec_driver_sql("UPDATE document SET name = 'x'")
        assert changed.rowcount == 0
    assert (await files.row(id))["name"] == "paper.pdf"


async def test_a_download_ends_with_the_right_to_review(files: Filing) -> None:  # S-008, S-030
    firm = await files.world.provider()
    id = await files.filed(await files.staff(firm), paper(), kind=INSURANCE)
    officer = await files.officer()
    url = await files.url(officer, id)
    await files.world.sql("UPDATE provider SET managing_la_id = $1", await files.world.authority("Coventry"))
    assert (await files.get(url)).refused == (404, "NOT_FOUND")


async def test_older_versions_stay_to_be_read_by_the_provider_and_its_reviewers(files: Filing) -> None:  # S-083
    firm = await files.world.provider()
    who, old, new = await files.staff(firm), paper("old"), paper("new")
    first = await files.filed(who, old, kind=INSURANCE)
    home = await files.filed(who, paper(), kind=INSURANCE, homeId=str(firm.homes[0]))
    files.world.clock.goes_on(minutes=1)
    second = await files.filed(who, new, kind=INSURANCE)
    for reader in (who, *await reviewers(files)):
        versions = {row["id"]: [one["id"] for one in row["versions"]] for row in await listed(files, reader, firm)}
        assert versions == {second: [second, first], home: [home]}
        assert [await files.fetched(reader, id) for id in (first, second)] == [old, new]


async def test_what_has_expired_does_not_come_into_a_profile(files: Filing) -> None:  # S-086
    firm = await files.world.provider()
    who = await files.staff(firm)
    assert await files.refusals(who, kind=INSURANCE, expiresOn="2026-06-14") == ["DOCUMENT_EXPIRED"]
    assert await files.refusals(who, kind=INSURANCE, expiresOn="2026-06-15") == []
    assert await files.refusals(who, kind="OTHER", expiresOn="2026-06-14") == []
    assert await files.world.count("document", "expires_on = '2026-06-14' AND kind <> 'OTHER'") == 0


async def test_an_insurance_has_a_last_day(files: Filing) -> None:  # S-084
    who = await files.staff(await files.world.provider())
    given = {"key": str(uuid4()), "input": announcement(paper(), kind=INSURANCE, expiresOn=None)}
    problems = (await files.world.gql(who, ANNOUNCE, **given))["documentUpload"]["problems"]
    assert [(each["code"], each["path"]) for each in problems] == [("INCOMPLETE", ["input", "expiresOn"])]
    assert await files.refusals(who, kind=PURPOSE, expiresOn=None) == []
    assert await files.world.count("document", f"kind = '{INSURANCE}'") == 0


async def test_a_last_day_is_corrected_on_the_record_and_offers_keep_theirs(files: Filing) -> None:  # S-083, S-085
    world = files.world
    cases, firm = Cases(world), await world.provider()
    member, officer = await files.staff(firm), await files.officer()
    await cases.papers(firm)
    referral = await cases.sent(officer)
    await cases.submitted(member, referral, {"homeId": str(firm.homes[0])})
    (document,) = await world.sql("SELECT id, sha256 FROM document WHERE kind = $1", INSURANCE)
    id = str(document["id"])
    made = await world.do(member, DATED, id=id, day="2026-07-01")
    assert made["document"] == {"expiresOn": "2026-07-01", "expiringSoon": True}
    kept = await world.sql("SELECT expires_on, sha256 FROM offer_document WHERE kind = $1", INSURANCE)
    assert kept == [{"expires_on": date(2027, 1, 1), "sha256": document["sha256"]}]
    (event,) = await world.sql("SELECT * FROM event WHERE kind = 'document.set_expiry'")
    assert (event["la_id"], event["provider_id"]) == (await world.authority(), firm.id)
    assert '"after":"2026-07-01","before":"2027-01-01"' in event["payload"]
    assert await world.count("job", "kind = 'documents.remind' AND key LIKE '%2026-07-01'") == 1
    timeline = "query ($id: UUID!) { timeline(subjectId: $id) { nodes { kind } } }"
    assert (await world.gql(officer, timeline, id=id))["timeline"]["nodes"] == [{"kind": "document.set_expiry"}]


async def test_a_last_day_follows_the_locks_and_gates_of_the_profile(files: Filing) -> None:  # S-007, S-049, S-087
    firm = await files.world.provider()
    who = await files.staff(firm)
    id = await files.filed(who, paper(), kind=INSURANCE, expiresOn="2027-06-01")
    refused = {"1989-01-01": "INVALID_INPUT", "2090-01-01": "INVALID_INPUT"}
    for day, code in refused.items():
        assert await files.world.refused(who, DATED, id=id, day=day) == [code]
    files.world.clock.goes_on(days=-30)
    assert await files.world.refused(who, DATED, id=id, day="2027-01-01") == ["FEATURE_NOT_YET_AVAILABLE"]
    await files.world.sql("UPDATE provider SET status = 'PENDING_APPROVAL'")
    assert await files.world.refused(who, DATED, id=id, day="2027-01-01") == ["REGISTRATION_LOCKED"]
    signatory, stranger = await files.staff(firm, Role.SIGNATORY), await files.staff(await files.world.provider())
    for other, code in ((signatory, "FORBIDDEN"), (stranger, "NOT_FOUND")):
        assert await files.world.refused(other, DATED, id=id, day="2027-01-01") == [code]
    await files.world.sql("UPDATE document SET replaced_at = now()")
    await files.world.sql("UPDATE provider SET status = 'OPEN_FOR_EDITING'")
    assert await files.world.refused(who, DATED, id=id, day="2027-01-01") == ["WRONG_STATE"]
    assert (await files.row(id))["expires_on"] == date(2027, 6, 1)
    assert await files.world.count("event", "kind = 'document.set_expiry'") == 0


async def test_a_paper_that_comes_with_little_time_left_is_told_of_at_once(files: Filing) -> None:  # S-084
    firm = await files.world.provider()
    who = await files.staff(firm)
    soon = await files.filed(who, paper(), kind=INSURANCE, expiresOn="2026-07-14")
    await files.filed(who, paper(), kind=PURPOSE, expiresOn="2026-07-15")
    jobs = await files.world.sql("SELECT key, due_at FROM job")
    assert [(job["key"], job["due_at"]) for job in jobs] == [
        (f"documents.remind {soon} 2026-07-14", files.world.clock.now)
    ]
