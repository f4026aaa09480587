"""The history of an offer: each version with what it changed, its documents and its hash (S-076, S-083, S-099)."""

import hashlib
import json
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from models.document import DocumentKind
from models.lifecycle import Role
from models.person import Viewer
from tests.cases import FEES, Cases
from tests.standing import standing_as
from tests.world import Care, Firm, World

VERSIONS = """id version acceptedVersion acceptedContentHash versions { version revision homeId familyId frameworkStatus
  coreFeeWeekly weeklyTotal firstYearTotal contentHash byName documents { kind name sha256 compulsory }
  changes { path label before after } }"""
SINCE = "query ($id: UUID!, $since: Int!) { offerChanges(id: $id, since: $since) { path label before after } }"


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def stage(cases: Cases, *care: Care) -> tuple[Viewer, Firm, Viewer, str]:
    officer, firm = await cases.officer(), await cases.world.provider(*care)
    member = await cases.member(firm)
    await cases.papers(firm)
    return officer, firm, member, await cases.sent(officer)


def at(firm: Firm, number: int = 0) -> dict[str, str]:
    return {"homeId": str(firm.homes[number])}


def words(text: str) -> dict[str, str]:
    return {"text": text}


async def edited(cases: Cases, member: Viewer, offer: str, **input: Any) -> None:
    await cases.on_offer(member, "offerUpdate", offer, input=input)


def told(changes: list[dict[str, Any]]) -> dict[str, tuple[str | None, str | None]]:
    return {change["label"]: (change["before"], change["after"]) for change in changes}


async def since(cases: Cases, who: Viewer, offer: str, version: int) -> Any:
    return (await cases.world.gql(who, SINCE, id=offer, since=version))["offerChanges"]


# S-076, S-099
async def test_each_version_says_field_by_field_what_it_changed(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases, Care(), Care())
    offer = await cases.submitted(member, id, at(firm), staffing=words("Two, awake"))
    child = (await cases.seen(officer, "Offer", offer, "terms { fees { childId } }"))["terms"]["fees"][0]["childId"]
    bus = {"description": "Bus", "amount": "12.50", "unit": "WEEK", "quantity": "3", "until": "2026-10-01"}
    await edited(
        cases, member, offer, placement=at(firm, 1), staffing=None, availableFrom="2026-09-02", conditions=["A", "B"],
        needsMet=[{"need": "Sleep", "how": words("A quiet room")}],
        fees=[{"coreFeeWeekly": "4200.00", "additionalCosts": [bus]}],
    )  # fmt: skip
    homes = [row["name"] for row in await cases.world.sql("SELECT id, name FROM home ORDER BY id = $1", firm.homes[1])]
    for who in (officer, member):
        first, second = (await cases.seen(who, "Offer", offer, VERSIONS))["versions"]
        assert (first["version"], first["changes"]) == (2, [])
        assert (second["homeId"], second["coreFeeWeekly"], second["byName"]) == (
            str(firm.homes[1]), "4200.00", member.name,
        )  # fmt: skip
        found = told(second["changes"])
        assert found.pop("Placement: name") == tuple(homes)
        assert {label: pair for label, pair in found.items() if not label.startswith("Placement")} == {
            "Core fee a week in pounds": ("4100.00", "4200.00"),
            "Additional cost: Bus": (None, "12.50 a week, 3 a week, until 1 October 2026"),
            "All of it a week in pounds": ("4100.00", "4237.50"),
            "All of it in the first 365 days in pounds": (
                first["firstYearTotal"], second["firstYearTotal"],
            ),
            "Available from": ("14 August 2026", "2 September 2026"),
            "Conditions": (None, "A\nB"),
            "How it is met: Sleep": (None, "A quiet room"),
            "Staffing": ("Two, awake", None),
        }  # fmt: skip
        (cost,) = (change for change in second["changes"] if change["label"].endswith("Bus"))
        assert cost["path"] == ["fees", child, "additionalCosts", "Bus"]


# S-083
async def test_documents_that_come_go_or_are_replaced_are_told_and_a_hash_covers_them(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    old = await cases.world.sql("SELECT sha256 FROM document WHERE kind = 'PUBLIC_LIABILITY_INSURANCE'")
    await cases.world.sql("UPDATE document SET replaced_at = now() WHERE kind = 'PUBLIC_LIABILITY_INSURANCE'")
    await cases.papers(firm, DocumentKind.PUBLIC_LIABILITY_INSURANCE, name="new.pdf", sha256="f" * 64)
    before = (await cases.seen(officer, "Offer", offer, VERSIONS))["versions"]
    assert len(before) == 1
    await cases.on_offer(member, "offerRefreshDocuments", offer)
    await cases.papers(firm, DocumentKind.OTHER, name="menu.pdf", sha256="e" * 64)
    (menu,) = await cases.world.sql("SELECT id FROM document WHERE name = 'menu.pdf'")
    await cases.on_offer(member, "offerAttach", offer, documentId=str(menu["id"]))
    first, second, third = (await cases.seen(officer, "Offer", offer, VERSIONS))["versions"]
    assert [first] == before
    assert told(second["changes"]) == {
        "Document: Public liability insurance": (
            f"public_liability_insurance.pdf ({old[0]['sha256'][:8]})", "new.pdf (ffffffff)",
        )
    }  # fmt: skip
    assert third["changes"] == [
        {
            "path": ["documents", "OTHER", "menu.pdf"], "label": "Document: Other", "before": None,
            "after": "menu.pdf (eeeeeeee)",
        }
    ]  # fmt: skip
    assert {"kind": "OTHER", "name": "menu.pdf", "sha256": "e" * 64, "compulsory": False} in third["documents"]
    assert len({each["contentHash"] for each in (first, second, third)}) == 3


# S-077, S-092
async def test_the_accepted_version_is_named_and_its_hash_is_that_of_its_content(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    await edited(cases, member, offer, staffing=words("Three"))
    await edited(cases, member, offer, staffing=words("Two"))
    await edited(cases, member, offer, staffing=words("Three"))
    seen = await cases.seen(officer, "Offer", offer, VERSIONS)
    assert (seen["acceptedVersion"], seen["acceptedContentHash"]) == (None, None)
    hashes = [each["contentHash"] for each in seen["versions"]]
    assert hashes[1] == hashes[3]
    assert len(set(hashes)) == 3
    await cases.accepted(officer, offer)
    for who in (officer, member):
        seen = await cases.seen(who, "Offer", offer, VERSIONS)
        assert (seen["version"], seen["acceptedVersion"], seen["acceptedContentHash"]) == (6, 5, hashes[3])
    await cases.on_offer(officer, "offerVoid", offer, reason="The family was found.")
    seen = await cases.seen(member, "Offer", offer, VERSIONS)
    assert (seen["acceptedVersion"], seen["acceptedContentHash"]) == (5, hashes[3])
    (row,) = await cases.world.sql("SELECT * FROM offer_version WHERE version = 5")
    assert row["content_hash"] == hashed(row)


def hashed(row: dict[str, Any]) -> str:
    """The hash worked out from the row itself, by its description alone."""
    names = (
        "revision", "home_id", "family_id", "placement", "framework_status", "terms", "core_fee_weekly",
        "weekly_total", "first_year_total", "documents",
    )  # fmt: skip
    content = {
        name: json.loads(row[name]) if name in ("placement", "terms", "documents") else row[name] for name in names
    }
    text = json.dumps(_bare(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: bare for name, part in value.items() if (bare := _bare(part)) not in (None, "", [], {})}
    return [_bare(item) for item in value] if isinstance(value, list) else value


# S-076
async def test_what_changed_since_a_version_is_answered_from_then_to_now(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm), staffing=words("One"))
    for staffing, education in (("Two", None), ("Three", "A school"), ("One", "Another school")):
        await edited(cases, member, offer, staffing=words(staffing), education=education and words(education))
    for who in (officer, member):
        assert told(await since(cases, who, offer, 2)) == {"Education": (None, "Another school")}
        assert told(await since(cases, who, offer, 3)) == {
            "Staffing": ("Two", "One"), "Education": (None, "Another school"),
        }  # fmt: skip
        assert await since(cases, who, offer, 5) == await since(cases, who, offer, 99) == []
        assert await since(cases, who, offer, 0) == await since(cases, who, offer, 2)
    (stale,) = await cases.problems(
        officer, "offerAccept", id=offer, expectedVersion=3, input={"checksConfirmed": True}
    )
    assert (stale["code"], stale["currentVersion"]) == ("STALE_VERSION", 5)


# S-030, S-075
async def test_who_does_not_see_an_offer_learns_of_no_change(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.offered(member, id, at(firm))
    rival = await cases.member(await cases.world.provider())
    strangers = [rival, await cases.officer("Coventry"), await cases.member(firm, Role.SIGNATORY)]
    for who in (officer, *strangers):
        assert await since(cases, who, offer, 0) is None
    assert await since(cases, member, offer, 0) == []
    await cases.on_offer(member, "offerSubmit", offer)
    await edited(cases, member, offer, staffing=words("Two"))
    assert await since(cases, officer, offer, 0)
    for who in strangers:
        assert await since(cases, who, offer, 0) is None
    assert await since(cases, officer, str(uuid4()), 0) is None


# S-077
async def test_the_database_lets_no_version_be_changed_removed_or_added_late(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    held = "offer_id, {}, la_id, provider_id, placement, terms, weekly_total, at, by_name"
    last = "FROM offer_version WHERE offer_id = $1 ORDER BY version DESC LIMIT 1"
    add = f"INSERT INTO offer_version ({held.format('version')}) SELECT {held.format('version + 1')} {last}"
    for attempt in ("UPDATE offer_version SET by_name = 'x'", "DELETE FROM offer_version", "TRUNCATE offer_version"):
        for who in (member, officer):
            async with standing_as(cases.world, who) as connection:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(attempt)
    async with standing_as(cases.world, officer) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(add, UUID(offer))
    async with standing_as(cases.world, member) as connection:
        with pytest.raises(asyncpg.PostgresError, match="this is not what the offer says"):
            await connection.execute(add, UUID(offer))
    await cases.accepted(officer, offer)
    kept = await cases.world.sql("SELECT * FROM offer_version")
    async with standing_as(cases.world, member) as connection:
        with pytest.raises(asyncpg.PostgresError, match="the offer is ACCEPTED"):
            await connection.execute(add, UUID(offer))
    with pytest.raises(asyncpg.PostgresError, match="never changed"):
        await cases.world.sql("UPDATE offer_version SET by_name = 'x'")
    assert await cases.world.sql("SELECT * FROM offer_version") == kept


# S-076
async def test_a_version_kept_before_more_was_kept_reads_sensibly(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm), staffing=words("One"))
    bare = """UPDATE offer_version SET revision = NULL, home_id = NULL, framework_status = NULL, core_fee_weekly = NULL,
      first_year_total = NULL, documents = '[]', changes = '[]', content_hash = NULL"""
    await cases.world.sql("ALTER TABLE offer_version DISABLE TRIGGER never")
    await cases.world.sql(bare)
    await cases.world.sql("ALTER TABLE offer_version ENABLE TRIGGER never")
    (first,) = (await cases.seen(officer, "Offer", offer, VERSIONS))["versions"]
    assert (first["contentHash"], first["documents"], first["changes"]) == (None, [], [])
    await edited(cases, member, offer, staffing=words("Two"))
    _, second = (await cases.seen(officer, "Offer", offer, VERSIONS))["versions"]
    assert told(second["changes"]) == {"Staffing": ("One", "Two")}
    assert FEES[0]["coreFeeWeekly"] == second["coreFeeWeekly"]
