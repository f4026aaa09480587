"""What an authority checks before it accepts an offer: its own list, named check by check, kept with the offer."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from models.lifecycle import Role
from models.person import Viewer
from tests.cases import Cases
from tests.deciding import checks_of, confirming
from tests.resolvers.test_offer import at, stage
from tests.standing import standing_as
from tests.world import World

LIST = "version checks { id words } changedAt changedByName"
ASK = f"{{ acceptanceChecks {{ {LIST} }} }}"
KEPT = "status checksConfirmed confirmedChecks { checks { id words } at byName }"
ACCEPT = """mutation ($id: UUID!, $version: Int!, $input: OfferAcceptInput!) {
  offerAccept(id: $id, expectedVersion: $version, input: $input) { offer { id }
    problems { code message path ... on ChecksOpen { checkIds } } } }"""
NOON = "2026-06-15T12:00Z"
WRITTEN = ("offer", "offer_version", "offer_checks", "referral", "event", "inbox_entry", "acceptance_checks")
WORDS = ["Ofsted report read", "References of the manager"]


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def administrator(cases: Cases, authority: str = "Birmingham") -> Viewer:
    return await cases.officer(authority, Role.ADMINISTRATOR)


async def together(cases: Cases, who: Viewer, *statements: str) -> None:
    """One transaction of somebody, judged as when it ends; and taken back."""
    async with standing_as(cases.world, who) as connection:
        for statement in statements:
            await connection.execute(statement)
        await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")


async def listed(cases: Cases, who: Viewer) -> Any:
    return (await cases.world.gql(who, ASK))["acceptanceChecks"]


async def change(cases: Cases, who: Viewer, *words: str) -> dict[str, Any]:
    version = (await listed(cases, who))["version"]
    return await cases.act(who, "acceptanceChecksUpdate", LIST, expectedVersion=version, checks=list(words))


async def accepting(cases: Cases, who: Viewer, offer: str, *checks: str, **more: Any) -> list[dict[str, Any]]:
    """The problems of an acceptance that names these checks."""
    given = {"checksConfirmed": True, "checks": list(checks), **more}
    answer = await cases.world.gql(who, ACCEPT, id=offer, version=await cases.version(offer, "offer"), input=given)
    return list(answer["offerAccept"]["problems"])


# ── the list ─────────────────────────────────────────────────────────────────
# S-094
async def test_every_authority_begins_with_a_list_of_its_own(cases: Cases) -> None:
    mine = await listed(cases, await cases.officer())
    theirs = await listed(cases, await cases.officer("Coventry"))
    assert (mine["version"], mine["changedAt"], mine["changedByName"]) == (1, None, None)
    assert [check["words"] for check in mine["checks"]] == [check["words"] for check in theirs["checks"]]
    assert len(mine["checks"]) == 4
    assert not {check["id"] for check in mine["checks"]} & {check["id"] for check in theirs["checks"]}


# S-034, S-094
async def test_its_placement_team_reads_the_list_and_nobody_else(cases: Cases) -> None:
    firm = await cases.world.provider()
    assert await listed(cases, await administrator(cases))
    for role in (Role.READ_ONLY, Role.SIGNATORY, Role.REGISTRATION_OFFICER):
        assert await listed(cases, await cases.officer("Birmingham", role)) is None
    for who in (await cases.member(firm), await cases.member(firm, Role.SIGNATORY)):
        assert await listed(cases, who) is None
        async with standing_as(cases.world, who) as connection:
            assert await connection.fetchval("SELECT count(*) FROM acceptance_checks") == 0
            assert await connection.fetchval("SELECT count(*) FROM offer_checks") == 0


# S-094
async def test_an_administrator_says_the_whole_list_and_what_stays_keeps_its_id(cases: Cases) -> None:
    boss, officer = await administrator(cases), await cases.officer()
    first = await change(cases, boss, WORDS[0], "  The fee is agreed ")
    assert [check["words"] for check in first["checks"]] == [WORDS[0], "The fee is agreed"]
    assert (first["version"], first["changedByName"]) == (2, boss.name)
    second = await change(cases, boss, "The fee is agreed", WORDS[1])
    assert second["checks"][0] == first["checks"][1]
    assert second["checks"][1]["id"] not in str(first)
    assert await listed(cases, officer) == second
    (event,) = await cases.world.sql("SELECT * FROM event WHERE kind = 'acceptance_checks.update' AND version = 3")
    assert (event["la_id"], event["provider_id"], event["actor_id"]) == (boss.organisation_id, None, boss.person_id)
    assert (await change(cases, boss))["checks"] == []
    assert await cases.world.count("acceptance_checks", "la_id = $1", boss.organisation_id) == 4
    assert await cases.told(officer) == []


# S-034
async def test_nobody_else_changes_it(cases: Cases) -> None:
    firm = await cases.world.provider()
    given = {"expectedVersion": 1, "checks": WORDS}
    for who in (
        await cases.officer(), await cases.officer("Birmingham", Role.READ_ONLY, Role.SIGNATORY),
        await cases.member(firm, Role.ADMINISTRATOR),
    ):  # fmt: skip
        assert await cases.refused(who, "acceptanceChecksUpdate", **given) == ["FORBIDDEN"]
    async with standing_as(cases.world, await cases.officer()) as connection:
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("UPDATE acceptance_checks SET checks = '[]'")
    with pytest.raises(asyncpg.PostgresError, match="never changed"):
        await cases.world.sql("UPDATE acceptance_checks SET checks = '[]'")


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (["Read", " "], ["checks", "1"]),
        (["Read", "read "], ["checks", "1"]),
        (["x" * 301], ["checks", "0"]),
        ([f"Check {n}" for n in range(31)], ["checks"]),
    ],
)
async def test_a_list_of_blanks_repetitions_or_novels_is_refused(
    cases: Cases, words: list[str], path: list[str]
) -> None:
    boss = await administrator(cases)
    (problem,) = await cases.problems(boss, "acceptanceChecksUpdate", expectedVersion=1, checks=words)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", path)


async def test_of_two_who_change_it_at_once_the_second_reads_it_again(cases: Cases) -> None:
    people = [await administrator(cases), await administrator(cases)]
    given = [{"expectedVersion": 1, "checks": [words]} for words in WORDS]
    answers = await asyncio.gather(
        *(cases.answer(who, "acceptanceChecksUpdate", "version", each) for who, each in zip(people, given, strict=True))
    )
    (problem,) = [problem for answer in answers for problem in answer["problems"]]
    assert (problem["code"], problem["currentVersion"]) == ("STALE_VERSION", 2)
    assert (await listed(cases, people[0]))["version"] == 2
    assert await cases.world.count("event", "kind = 'acceptance_checks.update'") == 1


# ── accepting ────────────────────────────────────────────────────────────────
# S-094
async def test_an_offer_is_accepted_only_when_every_check_is_named(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    asked = (await listed(cases, officer))["checks"]
    ids = [check["id"] for check in asked]
    before = await cases.everything_kept()
    for named, missing in (([], ids), (ids[:1], ids[1:]), (ids[1:], ids[:1])):
        (problem,) = await accepting(cases, officer, offer, *named)
        assert (problem["code"], problem["path"]) == ("CHECKS_REQUIRED", ["input", "checks"])
        assert problem["checkIds"] == missing
        assert all((f"“{check['words']}”" in problem["message"]) is (check["id"] in missing) for check in asked)
        assert "changed" not in problem["message"]
    (problem,) = await accepting(cases, officer, offer, *ids, checksConfirmed=False)
    assert (problem["code"], problem["path"]) == ("CHECKS_REQUIRED", ["input", "checksConfirmed"])
    assert await cases.everything_kept() == before
    assert await accepting(cases, officer, offer, *reversed(ids)) == []
    kept = (await cases.seen(officer, "Offer", offer, KEPT))["confirmedChecks"]
    assert (kept["checks"], kept["byName"]) == (asked, officer.name)
    assert kept["at"] == "2026-06-15T09:00:00.000Z"


# S-094
async def test_a_check_that_is_not_on_the_list_cannot_be_confirmed(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    ids = await checks_of(cases.world, officer)
    foreign = (await checks_of(cases.world, await cases.officer("Coventry")))[0]
    for other in (str(uuid4()), foreign):
        (problem,) = await accepting(cases, officer, offer, *ids, other)
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "checks", str(len(ids))])
    assert (await cases.seen(officer, "Offer", offer, KEPT))["status"] == "SUBMITTED"


# S-094
async def test_whoever_read_an_older_list_is_told_that_it_has_changed(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    boss = await administrator(cases)
    first = [check["id"] for check in (await change(cases, boss, *WORDS))["checks"]]
    second = [check["id"] for check in (await change(cases, boss, WORDS[0], "Matching signed off"))["checks"]]
    gone, added = await accepting(cases, officer, offer, *first)
    assert (gone["code"], gone["path"]) == ("CHECKS_REQUIRED", ["input", "checks", "1"])
    assert "has changed since you read it" in gone["message"]
    assert (added["code"], added["checkIds"]) == ("CHECKS_REQUIRED", second[1:])
    assert "was changed on 15 June 2026" in added["message"]
    await change(cases, boss, WORDS[0])
    (gone,) = await accepting(cases, officer, offer, *second)
    assert gone["path"] == ["input", "checks", "1"]
    assert await accepting(cases, officer, offer, first[0]) == []


# S-077, S-094
async def test_what_was_confirmed_stays_in_the_words_of_its_day_and_is_the_authoritys_own(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    boss = await administrator(cases)
    asked = (await change(cases, boss, *WORDS))["checks"]
    await cases.accepted(officer, offer)
    await change(cases, boss, "Another")
    await cases.on_offer(officer, "offerVoid", offer, reason="The family was found.")
    for who in (officer, await cases.officer("Birmingham", Role.READ_ONLY)):
        assert (await cases.seen(who, "Offer", offer, KEPT))["confirmedChecks"]["checks"] == asked
    seen = await cases.seen(member, "Offer", offer, KEPT)
    assert (seen["checksConfirmed"], seen["confirmedChecks"]) == (True, None)
    (event,) = await cases.world.sql("SELECT payload FROM event WHERE kind = 'offer.accept'")
    assert not any(check["id"] in event["payload"] for check in asked)
    with pytest.raises(asyncpg.PostgresError, match="never changed"):
        await cases.world.sql("UPDATE offer_checks SET checks = '[]' WHERE offer_id = $1", UUID(offer))


# S-094
async def test_an_authority_that_lists_nothing_still_confirms_its_checks(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    await change(cases, await administrator(cases))
    (problem,) = await accepting(cases, officer, offer, checksConfirmed=False)
    assert problem["code"] == "CHECKS_REQUIRED"
    assert await accepting(cases, officer, offer) == []
    assert (await cases.seen(officer, "Offer", offer, KEPT))["confirmedChecks"]["checks"] == []


# S-092
async def test_who_accepts_again_what_is_accepted_is_answered_and_nothing_more_happens(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    said = await confirming(cases.world, officer)
    given = {"id": offer, "expectedVersion": 2, "input": said, "idempotencyKey": str(uuid4())}
    first = await cases.act(officer, "offerAccept", "id status version", **given)
    assert await cases.act(officer, "offerAccept", "id status version", **given) == first
    colleague = await cases.officer()
    before = [await cases.world.sql(f"SELECT t::text FROM {table} t ORDER BY 1") for table in WRITTEN]
    for who in (officer, colleague):
        del given["idempotencyKey"]
        assert await cases.act(who, "offerAccept", "id status version", **given) == first
        given["idempotencyKey"] = str(uuid4())
        assert await cases.act(who, "offerAccept", "id status version", **given) == first
    for version in (1, 3, 4):
        (problem,) = await cases.problems(officer, "offerAccept", id=offer, expectedVersion=version, input=said)
        assert (problem["code"], problem["state"]) == ("OFFER_LOCKED", "ACCEPTED")
    assert [await cases.world.sql(f"SELECT t::text FROM {table} t ORDER BY 1") for table in WRITTEN] == before
    assert await cases.world.count("event", "kind = 'offer.accept'") == 1
    assert await cases.world.count("inbox_entry", "notice = 'OFFER_ACCEPTED'") == 1
    await cases.on_offer(officer, "offerVoid", offer, reason="The family was found.")
    (problem,) = await cases.problems(officer, "offerAccept", id=offer, expectedVersion=2, input=said)
    assert (problem["code"], problem["state"]) == ("OFFER_LOCKED", "VOIDED")


# S-092
async def test_nobody_else_is_answered_by_accepting_again(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    given = {"id": offer, "expectedVersion": 2, "input": await confirming(cases.world, officer)}
    await cases.act(officer, "offerAccept", "id", **given)
    for who, code in (
        (await cases.officer("Coventry"), "NOT_FOUND"),
        (await cases.officer("Birmingham", Role.READ_ONLY), "FORBIDDEN"),
        (member, "FORBIDDEN"),
    ):
        assert await cases.refused(who, "offerAccept", **given) == [code]


# S-092, S-094
async def test_what_was_confirmed_is_kept_by_an_acceptance_alone(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    accept = f"UPDATE offer SET status = 'ACCEPTED', version = 3, decided_at = '{NOON}', decided_by_name = 'x'"
    newest = "(SELECT c.checks FROM acceptance_checks c ORDER BY c.version DESC LIMIT 1)"
    confirm = f"INSERT INTO offer_checks SELECT id, la_id, provider_id, {{}}, '{NOON}', 'x' FROM offer"
    for wrong in (
        [confirm.format("'[]'")], [confirm.format(newest)], [accept, confirm.format("'[]'")],
        [accept, confirm.format(newest).replace("'x'", "'y'")], [accept, confirm.format(newest).replace("12:", "13:")],
        [accept, confirm.format('\'[{"id": "1", "words": "Nothing"}]\'')],
    ):  # fmt: skip
        with pytest.raises(asyncpg.PostgresError) as error:
            await together(cases, officer, *wrong)
        assert getattr(error.value, "sqlstate", "") == "PT409", wrong
    for right in ([accept, confirm.format(newest)], [confirm.format(newest), accept]):
        await together(cases, officer, *right)
    await cases.accepted(officer, offer)
    await cases.world.sql("ALTER TABLE offer_checks DISABLE TRIGGER never")
    await cases.world.sql("DELETE FROM offer_checks")
    for late in (confirm, confirm.replace(f"'{NOON}', 'x'", "decided_at, decided_by_name")):
        with pytest.raises(asyncpg.PostgresError, match="checks are confirmed by accepting"):
            await together(cases, officer, late.format(newest))


# S-092
async def test_what_is_kept_of_an_offer_already_is_told_in_a_sentence(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    await cases.world.sql("ALTER TABLE offer_checks DISABLE TRIGGER as_accepted")
    await cases.world.sql("INSERT INTO offer_checks SELECT id, la_id, provider_id, '[]', now(), 'x' FROM offer")
    (problem,) = await accepting(cases, officer, offer, *await checks_of(cases.world, officer))
    assert problem["code"] == "OFFER_LOCKED"
    assert await cases.world.count("offer", "status = 'SUBMITTED'") == 1
