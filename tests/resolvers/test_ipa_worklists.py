"""Worklists of agreements: what waits for what, for whom, and for how long."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg

from benchmarks.lists import Desk
from models.person import Viewer
from portal.database import PLANNED, asyncpg_dsn
from tests.agreeing import Agreeing
from tests.test_worklists import nodes
from tests.world import World, as_app

LIST = """query ($filter: IpaFilter, $order: IpaOrder! = NEWEST_CHANGE, $after: String) {
  ipas(filter: $filter, orderBy: $order, first: 1, after: $after) {
    totalCount nodes { id status } pageInfo { hasNextPage endCursor } } }"""
COUNTS = "{ ipaCounts { awaits count oldestDays } }"
ALL = (
    "COMPLETION", "PROVIDER_REVIEW", "AUTHORITY_CORRECTION", "ENABLING", "MY_SIGNATURE", "OTHER_SIGNATURE", "VOIDING",
)  # fmt: skip


async def waiting(world: World, who: Viewer) -> dict[str, int]:
    """Which worklists an agreement is in, by the counts; the lists say the same."""
    counted = (await world.gql(who, COUNTS))["ipaCounts"]
    assert [each["awaits"] for each in counted] == list(ALL)
    for each in counted:
        listed = (await world.gql(who, LIST, filter={"awaits": each["awaits"]}))["ipas"]
        assert listed["totalCount"] == each["count"], each
        assert (each["oldestDays"] is None) == (each["count"] == 0)
    return {each["awaits"]: each["count"] for each in counted if each["count"]}


async def drafted(world: World) -> Agreeing:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up):
        await step()
    return agreeing


async def ids(world: World, who: Viewer, **given: Any) -> list[str]:
    """Page by page, one on each."""
    found: list[str] = []
    after = None
    while True:
        page = (await world.gql(who, LIST, after=after, **given))["ipas"]
        found += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


# S-105, S-113
async def test_an_agreement_goes_from_worklist_to_worklist(world: World) -> None:
    agreeing = await drafted(world)
    officer, member, signatory = agreeing.officer, agreeing.member, agreeing.provider_signatory
    assert await waiting(world, officer) == {"COMPLETION": 1}
    assert await waiting(world, member) == {}
    await agreeing.shared()
    for who in (officer, member):
        assert await waiting(world, who) == {"PROVIDER_REVIEW": 1}
    await agreeing.well(member, "ipaRequestCorrection", 'reason: "The first day is the 3rd."')
    for who in (officer, member):
        assert await waiting(world, who) == {"AUTHORITY_CORRECTION": 1}
    await agreeing.well(member, "ipaConfirmReview")
    assert await waiting(world, officer) == {"ENABLING": 1}
    assert await waiting(world, signatory) == {}
    await agreeing.ready()
    for signer in (agreeing.authority_signatory, signatory):
        await agreeing.opened(signer)
        assert await waiting(world, signer) == {"MY_SIGNATURE": 1}
    assert await waiting(world, officer) == {}
    assert (await agreeing.sign(signatory))["problems"] == []
    assert await waiting(world, signatory) == await waiting(world, member) == {"OTHER_SIGNATURE": 1}
    assert await waiting(world, agreeing.authority_signatory) == {"MY_SIGNATURE": 1}
    assert (await agreeing.sign(agreeing.authority_signatory))["problems"] == []
    for who in (officer, member, signatory):
        assert await waiting(world, who) == {}


# S-112
async def test_a_refused_agreement_waits_for_being_voided(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).to_sign()
    await agreeing.well(agreeing.provider_signatory, "ipaRefuse", 'reason: "The first day is wrong."')
    for who in (agreeing.officer, agreeing.member):
        assert await waiting(world, who) == {"VOIDING": 1}
        assert await ids(world, who, filter={"refused": True}) == [agreeing.ids["ipa"]]
        assert await ids(world, who, filter={"refused": False}) == []
    await agreeing.well(agreeing.officer, "ipaVoid", 'reason: "The first day was wrong."')
    assert await waiting(world, agreeing.officer) == {}
    assert await ids(world, agreeing.officer, filter={"refused": True}) == []


async def test_the_counts_say_how_long_the_oldest_has_waited(world: World) -> None:
    agreeing = await drafted(world)
    world.clock.now += timedelta(days=3)
    counted = (await world.gql(agreeing.officer, COUNTS))["ipaCounts"]
    assert counted[0] == {"awaits": "COMPLETION", "count": 1, "oldestDays": 3}
    await agreeing.shared()
    for who in (agreeing.officer, agreeing.member):
        assert (await world.gql(who, COUNTS))["ipaCounts"][1]["oldestDays"] == 0


async def test_agreements_are_found_by_what_they_concern_and_when(world: World) -> None:
    agreeing = await (await drafted(world)).shared()
    id, officer = agreeing.ids["ipa"], agreeing.officer
    now = world.clock.now
    met: list[dict[str, Any]] = [
        {"status": ["IN_REVIEW", "SIGNED"]}, {"referralId": agreeing.ids["referral"]},
        {"offerId": agreeing.ids["offer"]}, {"childId": agreeing.ids["child"]},
        {"providerId": str(agreeing.firm.id)}, {"authorityId": str(officer.organisation_id)},
        {"createdBefore": (now + timedelta(seconds=1)).isoformat()}, {"createdFrom": now.isoformat()},
        {"startsFrom": "2026-07-01", "startsBefore": "2026-07-02"}, {},
    ]  # fmt: skip
    not_met: list[dict[str, Any]] = [
        {"status": []}, {"status": ["DRAFT"]}, {"referralId": str(uuid4())}, {"offerId": str(uuid4())},
        {"childId": str(uuid4())}, {"providerId": str(uuid4())}, {"authorityId": str(uuid4())},
        {"createdBefore": now.isoformat()}, {"createdFrom": (now + timedelta(seconds=1)).isoformat()},
        {"startsFrom": "2026-07-02"}, {"startsBefore": "2026-07-01"}, {"awaits": "COMPLETION"},
    ]  # fmt: skip
    for who in (officer, agreeing.member):
        for wanted in met:
            assert await ids(world, who, filter=wanted) == [id], wanted
        for wanted in not_met:
            assert await ids(world, who, filter=wanted) == [], wanted


async def test_agreements_come_in_the_order_that_is_asked_for(world: World) -> None:
    agreeing = await drafted(world)
    first = agreeing.ids["ipa"]
    await agreeing.well(agreeing.officer, "ipaVoid", 'reason: "Drawn up for the wrong day."')
    world.clock.now += timedelta(hours=1)
    second = (await (await (await agreeing.offered()).accepted()).drawn_up()).ids["ipa"]
    place = {"placement": {"startsOn": "2026-06-20"}}
    await agreeing.well(agreeing.officer, "ipaUpdate", "input: $input", input=("IpaInput!", place))
    orders = {"NEWEST_CHANGE": [second, first], "OLDEST": [first, second], "START": [second, first]}
    for order, found in orders.items():
        assert await ids(world, agreeing.officer, order=order) == found, order
    empty = {"placement": {"startsOn": None}}
    await agreeing.well(agreeing.officer, "ipaUpdate", "input: $input", input=("IpaInput!", empty))
    assert await ids(world, agreeing.officer, order="START") == [first, second]


# ── read from an index ───────────────────────────────────────────────────────
CROWD = """
SET session_replication_role = replica;
INSERT INTO ipa SELECT made.* FROM ipa, generate_series(1, 4000) n, jsonb_populate_record(ipa, jsonb_build_object(
  'id', gen_random_uuid(), 'offer_id', gen_random_uuid(), 'reference', 'X' || n, 'la_id', '{}'::uuid,
  'provider_id', gen_random_uuid())) made;
UPDATE session SET expires_at = '2100-01-01';
ANALYZE ipa
"""


async def test_each_list_and_the_counts_are_one_statement_that_passes_by_what_is_of_others(world: World) -> None:
    agreeing = await drafted(world)
    owner = await asyncpg.connect(asyncpg_dsn(world.dsn))
    await owner.execute(CROWD.format(await world.authority("Coventry")))
    await owner.close()
    connection = await asyncpg.connect(asyncpg_dsn(as_app(world.dsn)), server_settings=PLANNED)
    desk = Desk(connection, agreeing.officer)
    asked: list[tuple[str, dict[str, Any]]] = [
        (COUNTS, {}),
        *((LIST, {"filter": {"awaits": what}}) for what in ALL),
        *((LIST, {"order": order}) for order in ("NEWEST_CHANGE", "OLDEST", "START")),
    ]
    for query, given in asked:
        (answer,) = await desk.plans(query, **given)
        scanned = [node for node in nodes(answer["Plan"]) if node.get("Relation Name") == "ipa"]
        assert {node["Node Type"] for node in scanned} <= {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}, given
        assert answer["Plan"]["Shared Hit Blocks"] + answer["Plan"]["Shared Read Blocks"] < 100, given
    await connection.close()
