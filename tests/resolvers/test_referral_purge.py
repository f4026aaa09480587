"""Drafts of referrals: seen inside the authority alone, and removed when nobody has touched them for a month."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models.base import Base
from models.document import DocumentKind
from models.lifecycle import Role
from models.person import Viewer
from models.referral_purge import AT_ONCE, PURGE
from portal.jobs import Worker
from portal.settings import NotReady, from_environment
from resolvers.referral_purge import purge
from tests.cases import IDENTITY, Cases
from tests.standing import standing_as
from tests.world import Firm, World


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def later(cases: Cases, **by: float) -> None:
    """The workers look again after this time."""
    cases.world.clock.goes_on(**by)
    await Worker(cases.world.shell, {PURGE: purge}, daily=[PURGE]).work_off()


async def attached(cases: Cases, officer: Viewer, referral: str, name: str) -> str:
    """A file of the authority, attached to a draft; again where it is there already."""
    found = await cases.world.sql("SELECT id FROM document WHERE name = $1", name)
    if not found:
        await cases.papers(Firm(officer.organisation_id, "", []), DocumentKind.RISK_ASSESSMENT, name=name)
        found = await cases.world.sql("SELECT id FROM document WHERE name = $1", name)
    given: dict[str, Any] = {"documentId": str(found[0]["id"]), "identifiesChild": False}
    await cases.on_referral(officer, "referralAttach", referral, **given)
    return name


async def kept(cases: Cases) -> set[str]:
    return {str(row["id"]) for row in await cases.world.sql("SELECT id FROM referral")}


async def test_a_draft_goes_after_a_month_with_whom_it_names_and_what_was_attached(cases: Cases) -> None:
    officer = await cases.officer()
    id, other = await cases.drafted(officer), await cases.drafted(officer)
    alone = await attached(cases, officer, id, "alone.pdf")
    shared = await attached(cases, officer, id, "shared.pdf")
    await later(cases, days=20)
    officer = await cases.officer()
    await attached(cases, officer, other, shared)
    await later(cases, days=11)
    assert await kept(cases) == {id, other}
    await later(cases, days=1)
    assert await kept(cases) == {other}
    officer = await cases.officer()
    assert await cases.world.count("child") == await cases.world.count("referral_document") == 1
    assert await cases.world.count("document", "name = $1", alone) == 0
    assert await cases.world.count("document", "name = $1", shared) == 1
    assert await cases.seen(officer, "Referral", id) is None
    assert await cases.refused(officer, "referralUpdate", id=id, expectedVersion=3, input={}) == ["NOT_FOUND"]


async def test_what_stays_of_a_draft_is_that_there_was_one_for_its_authority_alone(cases: Cases) -> None:
    firm, id = await cases.world.provider(), await cases.drafted(await cases.officer())
    await later(cases, days=40)
    officer, stranger, member = await cases.officer(), await cases.officer("Solihull"), await cases.member(firm)
    (event,) = await cases.world.sql("SELECT * FROM event WHERE kind = 'referral.purge'")
    assert (event["referral_id"], event["la_id"], event["provider_id"]) == (UUID(id), officer.organisation_id, None)
    assert (event["actor_id"], event["payload"]) == (None, "{}")
    everything = str(await cases.world.sql("SELECT row_to_json(e)::text AS row FROM event e"))
    assert not any(secret in everything for secret in IDENTITY.values())
    for who, sees in ((officer, True), (stranger, False), (member, False)):
        async with standing_as(cases.world, who) as connection:
            seen = await connection.fetch("SELECT id FROM event WHERE kind = 'referral.purge'")
        assert bool(seen) is sees
    assert await cases.told(officer) == await cases.told(member) == []


async def test_what_was_touched_sent_or_closed_stays(cases: Cases) -> None:
    officer, _ = await cases.officer(), await cases.world.provider()
    sent, closed, touched = await cases.sent(officer), await cases.drafted(officer), await cases.drafted(officer)
    await cases.on_referral(officer, "referralClose", closed, reason="WITHDRAWN")
    cases.world.clock.goes_on(days=39)
    officer = await cases.officer()
    await cases.edited(officer, touched, needs="Still wanted.")
    await later(cases, days=1)
    assert await kept(cases) == {sent, closed, touched}
    assert await cases.world.count("event", "kind = 'referral.purge'") == 0


async def test_all_that_are_due_go_at_once(cases: Cases) -> None:
    officer = await cases.officer()
    await cases.drafted(officer)
    await cases.world.sql(
        "INSERT INTO referral SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'reference',"
        " 'WM-' || n))).* FROM referral r, generate_series(1, $1::int) n", AT_ONCE,
    )  # fmt: skip
    await later(cases, days=32)
    assert await kept(cases) == set()
    assert await cases.world.count("event", "kind = 'referral.purge'") == AT_ONCE + 1


async def test_how_long_a_draft_is_kept_can_be_set(cases: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment().keeping()["draft_days"] == 31
    monkeypatch.setenv("PORTAL_DRAFT_DAYS", "3")
    days = from_environment().keeping()["draft_days"]
    cases.world.shell = replace(cases.world.shell, draft_days=days)
    await cases.drafted(await cases.officer())
    await later(cases, days=3)
    assert len(await kept(cases)) == 1
    await later(cases, days=1)
    assert await kept(cases) == set()


@pytest.mark.parametrize("nonsense", ["0", "-1", "1000000", "a month", "1.5"])
def test_nonsense_is_refused_in_a_sentence(nonsense: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DRAFT_DAYS", nonsense)
    with pytest.raises(NotReady, match="PORTAL_DRAFT_DAYS"):
        from_environment()


# ── behind it ────────────────────────────────────────────────────────────────
async def test_nothing_but_the_purge_removes_a_referral_and_it_nothing_that_was_sent(cases: Cases) -> None:
    officer, _ = await cases.officer(), await cases.world.provider()
    await cases.sent(officer)
    await attached(cases, officer, await cases.drafted(officer), "form.pdf")
    for table in ("referral", "child", "referral_document", "document"):
        with pytest.raises(asyncpg.PostgresError, match="never removed"):
            await cases.world.sql(f"DELETE FROM {table}")
        for who in (officer, None):
            async with standing_as(cases.world, who) as connection:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.fetch(f"DELETE FROM {table}")
    guard = "SET LOCAL ROLE portal_guard; DELETE FROM {table} USING referral r WHERE {row} AND r.status = 'SENT'"
    for table, row in (("referral", "referral.id = r.id"), ("child", "child.referral_id = r.id")):
        with pytest.raises(asyncpg.PostgresError, match="never removed"):
            await cases.world.sql(f"DO $$ BEGIN {guard.format(table=table, row=row)}; END $$")
    async with standing_as(cases.world, officer) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT portal_purge_drafts(now(), 1)")


async def test_every_copy_of_a_file_keeps_it(world: World) -> None:
    """What decides that nothing has a copy knows each table that has one, and finds it there by an index."""
    copies = {
        name for name, table in Base.metadata.tables.items()
        if "document_id" in table.columns and name not in ("ticket", "required_document")
    }  # fmt: skip
    source = {
        row["proname"]: row["prosrc"] for row in await world.sql(
            "SELECT proname, prosrc FROM pg_proc WHERE proname IN ('portal_unattached', 'portal_purge_drafts',"
            " 'portal_only_unattached', 'portal_only_drafts')"
        )
    }  # fmt: skip
    unattached = source.pop("portal_unattached")
    assert {name for name in copies if f"public.{name} a WHERE a.document_id = file" not in unattached} == set()
    assert "public.portal_unattached(d.id)" in source["portal_purge_drafts"]
    assert "public.portal_unattached(OLD.id)" in source["portal_only_unattached"]
    assert "r.id = ANY (wanted)" in source["portal_only_drafts"]
    indexed = await world.sql(
        "SELECT i.indrelid::regclass::text AS name FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
        " AND a.attnum = i.indkey[0] WHERE a.attname = 'document_id'"
    )
    assert copies <= {row["name"] for row in indexed}


async def test_a_draft_is_nobody_elses_by_any_path(cases: Cases) -> None:  # S-030
    officer, _ = await cases.officer(), await cases.world.provider()
    member, stranger = await cases.member(await cases.world.provider()), await cases.officer("Solihull")
    region = await cases.world.person(await cases.world.region(), Role.REGION_ADMIN)
    await cases.sent(officer)
    made = await cases.act(officer, "referralCreate", "id reference children { id }", input={"needs": "Calm."})
    await cases.edited(officer, made["id"], children=[{"givenNames": "Zebedee"}])
    await attached(cases, officer, made["id"], "form.pdf")
    (child,) = await cases.world.sql("SELECT id FROM child WHERE referral_id = $1", UUID(made["id"]))
    (paper,) = await cases.world.sql("SELECT id FROM referral_document")
    asked = """query ($id: UUID!, $reference: String!, $ids: [UUID!]!) { referral(id: $id) { id }
      byReference: referral(reference: $reference) { id } referrals { nodes { id } } thread(referralId: $id) { id }
      timeline(referralId: $id) { nodes { id } } nodes(ids: $ids) { id } }"""
    ids = [made["id"], str(child["id"]), str(paper["id"])]
    for who in (member, stranger, region):
        seen = await cases.world.gql(who, asked, id=made["id"], reference=made["reference"], ids=ids)
        assert made["id"] not in str(seen)
        assert (seen["referral"], seen["byReference"], seen["thread"]) == (None, None, None)
        assert seen["timeline"]["nodes"] == []
        assert seen["nodes"] == [None] * len(ids)
    own = await cases.world.gql(officer, asked, id=made["id"], reference=made["reference"], ids=ids)
    assert own["referral"] == own["byReference"] == {"id": made["id"]}


# ── the reference ────────────────────────────────────────────────────────────
async def test_a_reference_that_is_taken_is_drawn_again(cases: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    officer, stranger = await cases.officer(), await cases.officer("Solihull")
    lots = iter("222222222233333")
    monkeypatch.setattr("secrets.choice", lambda letters: next(lots))
    shown = "reference version"
    first = await cases.act(officer, "referralCreate", shown, input={"category": "RESIDENTIAL"})
    second = await cases.act(stranger, "referralCreate", shown, input={"category": "RESIDENTIAL"})
    assert first == {"reference": "WM-22222-RES", "version": 1}
    assert second == {"reference": "WM-33333-RES", "version": 1}
    assert await cases.world.count("referral") == await cases.world.count("event", "kind = 'referral.create'") == 2
