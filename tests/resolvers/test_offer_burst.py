"""Who is told of an offer, how often, and what each side can read of who did what (S-029, S-070, S-075, S-100)."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models.document import DocumentKind
from models.lifecycle import Role
from models.person import Viewer
from portal.database import asyncpg_dsn
from tests.cases import Cases
from tests.listening import Listening
from tests.waiting import until
from tests.world import Firm, World

BELLS = """{ unreadNotifications notifications(first: 50) { nodes { id kind subjectId readAt offerChangesSince
  offerChanges { label before after } } } }"""
READ = "mutation ($id: UUID!) { notificationRead(id: $id) { unread problems { code } } }"
COURSE = "id version updatedAt updatedByName authorName timeline { kind actorName version }"
WAITING = """SELECT query FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event IN ('transactionid', 'tuple')"""
DRAFTED = [("offer.create", None), ("offer.edit", None)]
NO = {"reasons": ["COST"], "note": "Over our means."}
BURST = timedelta(minutes=10)


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def stage(cases: Cases) -> tuple[Viewer, Firm, Viewer, str]:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    await cases.papers(firm)
    return officer, firm, member, await cases.sent(officer)


async def submitted(cases: Cases, member: Viewer, firm: Firm, id: str) -> str:
    return await cases.submitted(member, id, {"homeId": str(firm.homes[0])}, staffing={"text": "One"})


async def edited(cases: Cases, member: Viewer, offer: str, staffing: str) -> dict[str, Any]:
    return await cases.on_offer(member, "offerUpdate", offer, "id version can", input={"staffing": {"text": staffing}})


async def bells(cases: Cases, who: Viewer, kind: str = "OFFER_UPDATED") -> list[dict[str, Any]]:
    """Oldest first."""
    nodes = (await cases.world.gql(who, BELLS))["notifications"]["nodes"]
    return [node for node in reversed(nodes) if node["kind"] == kind]


async def entries(cases: Cases, who: Viewer) -> list[tuple[str, str | None]]:
    """Everything of offers that came to somebody's screens, with the bell that rang."""
    rows = await cases.world.sql(
        "SELECT e.kind, n.notice FROM inbox_entry n JOIN event e ON e.id = n.event_id"
        " WHERE n.person_id = $1 AND e.subject_kind = 'OFFER' ORDER BY n.no",
        who.person_id,
    )
    return [(row["kind"], row["notice"]) for row in rows]


# ── bursts ───────────────────────────────────────────────────────────────────
# S-076, S-100
async def test_a_burst_of_edits_rings_once_and_the_bell_leads_to_all_of_it(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await submitted(cases, member, firm, id)
    await cases.papers(firm, DocumentKind.OTHER, name="menu.pdf", sha256="e" * 64)
    (menu,) = await cases.world.sql("SELECT id FROM document WHERE name = 'menu.pdf'")
    papers = (await cases.seen(officer, "Offer", offer))["documents"]
    (old,) = (f"{each['name']} ({each['sha256'][:8]})" for each in papers if each["kind"] == "OFSTED_CERTIFICATE")
    for staffing in ("Two", "Three"):
        cases.world.clock.goes_on(minutes=3)
        await edited(cases, member, offer, staffing)
    await cases.on_offer(member, "offerAttach", offer, documentId=str(menu["id"]))
    await cases.papers(firm, DocumentKind.OFSTED_CERTIFICATE, name="new.pdf", sha256="d" * 64)
    await cases.on_offer(member, "offerRefreshDocuments", offer)
    await cases.on_offer(member, "offerDetach", offer, documentId=str(menu["id"]))
    (bell,) = await bells(cases, officer)
    assert (bell["subjectId"], bell["offerChangesSince"]) == (offer, 2)
    assert bell["offerChanges"] == [
        {"label": "Staffing", "before": "One", "after": "Three"},
        {"label": "Document: Ofsted certificate", "before": old, "after": "new.pdf (dddddddd)"},
    ]
    assert await entries(cases, officer) == [
        ("offer.submit", "OFFER_SUBMITTED"), ("offer.edit", "OFFER_UPDATED"), ("offer.edit", None),
        ("offer.attach", None), ("offer.refresh_documents", None), ("offer.detach", None),
    ]  # fmt: skip
    assert (await cases.world.gql(officer, BELLS))["unreadNotifications"] == 2


# S-076
@pytest.mark.parametrize(("later", "rung"), [(BURST - timedelta(seconds=1), 1), (BURST, 2)])
async def test_ten_minutes_after_its_bell_a_burst_is_over(cases: Cases, later: timedelta, rung: int) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await submitted(cases, member, firm, id)
    await edited(cases, member, offer, "Two")
    cases.world.clock.goes_on(seconds=later.total_seconds())
    await edited(cases, member, offer, "Three")
    assert [bell["offerChangesSince"] for bell in await bells(cases, officer)] == [2, 3][:rung]


# S-076
async def test_after_reading_the_bell_the_next_edit_rings_again_for_the_reader_alone(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    colleague = await cases.officer()
    offer = await submitted(cases, member, firm, id)
    await edited(cases, member, offer, "Two")
    (bell,) = await bells(cases, officer)
    await cases.world.do(officer, READ, id=bell["id"])
    await edited(cases, member, offer, "Three")
    assert [each["offerChangesSince"] for each in await bells(cases, officer)] == [2, 3]
    assert [each["offerChangesSince"] for each in await bells(cases, colleague)] == [2]
    assert (await bells(cases, officer))[1]["offerChanges"] == [
        {"label": "Staffing", "before": "Two", "after": "Three"}
    ]


# S-076
async def test_each_offer_has_bursts_of_its_own_and_every_other_bell_rings(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offers = [await submitted(cases, member, firm, each) for each in (id, await cases.sent(officer))]
    for offer in (*offers, *offers):
        await edited(cases, member, offer, "Two")
    assert [bell["subjectId"] for bell in await bells(cases, officer)] == offers
    await cases.on_offer(member, "offerWithdraw", offers[0], reason="Full")
    again = await submitted(cases, member, firm, id)
    await edited(cases, member, again, "Two")
    assert await cases.told(officer) == [
        "OFFER_SUBMITTED", "OFFER_SUBMITTED", "OFFER_UPDATED", "OFFER_UPDATED", "OFFER_WITHDRAWN", "OFFER_SUBMITTED",
        "OFFER_UPDATED",
    ]  # fmt: skip


# S-070
@pytest.mark.parametrize("reads", [False, True])
async def test_the_provider_sees_the_same_whether_the_bell_was_read_or_not(cases: Cases, reads: bool) -> None:
    officer, firm, member, id = await stage(cases)
    colleague = await cases.member(firm)
    offer = await submitted(cases, member, firm, id)
    await edited(cases, member, offer, "Two")
    if reads:
        (bell,) = await bells(cases, officer)
        await cases.world.do(officer, READ, id=bell["id"])
    assert await edited(cases, member, offer, "Three") == {
        "id": offer, "version": 4, "can": ["EDIT", "ATTACH", "DETACH", "REFRESH_DOCUMENTS", "WITHDRAW"],
    }  # fmt: skip
    for who in (member, colleague):
        assert await entries(cases, who) == [
            ("offer.create", None),
            ("offer.submit", None),
            ("offer.edit", None),
            ("offer.edit", None),
        ]
        course = (await cases.seen(who, "Offer", offer, COURSE))["timeline"]
        assert [(each["kind"], each["version"]) for each in course] == [
            ("offer.create", 1), ("offer.submit", 2), ("offer.edit", 3), ("offer.edit", 4),
        ]  # fmt: skip
    rows = await cases.world.sql("SELECT seq FROM event WHERE stream = $1::uuid ORDER BY seq", id)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert len(await bells(cases, officer)) == (2 if reads else 1)


# S-070, S-076
async def test_a_bell_that_is_read_as_the_next_edit_comes_is_followed_by_another(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    offer = await submitted(cases, member, firm, id)
    await edited(cases, member, offer, "Two")
    (bell,) = await bells(cases, officer)
    other = await asyncpg.connect(asyncpg_dsn(cases.world.dsn))
    async with other.transaction():
        await other.execute("SELECT FROM inbox WHERE person_id = $1 FOR UPDATE", officer.person_id)
        editing = asyncio.create_task(edited(cases, member, offer, "Three"))
        await until(lambda: cases.world.sql(WAITING))
        await other.execute("UPDATE inbox_entry SET read_at = now() WHERE event_id = $1", UUID(bell["id"]))
    await other.close()
    assert (await editing)["version"] == 4
    assert [each["readAt"] is None for each in await bells(cases, officer)] == [False, True]


# S-119
async def test_whoever_listens_knows_of_every_change_in_a_burst(world: World) -> None:
    cases = Cases(world)
    officer, firm, member, id = await stage(cases)
    async with Listening.to(world):
        offer = await submitted(cases, member, firm, id)
        for staffing in ("Two", "Three", "Four"):
            await edited(cases, member, offer, staffing)
        (bell,) = await bells(cases, officer)
        await world.do(officer, READ, id=bell["id"])
        await edited(cases, member, offer, "Five")
        await cases.accepted(officer, offer)
    assert len(await bells(cases, officer)) == 2


# ── who is told ──────────────────────────────────────────────────────────────
# S-100
async def test_each_milestone_is_one_event_that_rings_on_the_other_side_and_shows_on_ones_own(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    others = [await cases.officer(), await cases.member(firm)]
    rival = await cases.member(await cases.world.provider())
    await cases.member(firm, Role.SIGNATORY)
    draft = await cases.offered(member, id, {"homeId": str(firm.homes[0])})
    await edited(cases, member, draft, "Two")
    for who, drafting in ((officer, []), (others[0], []), (member, DRAFTED), (others[1], DRAFTED), (rival, [])):
        assert await entries(cases, who) == drafting
    await cases.on_offer(member, "offerSubmit", draft)
    await edited(cases, member, draft, "Three")
    await cases.on_offer(member, "offerWithdraw", draft, reason="Full")
    accepted = await submitted(cases, member, firm, id)
    await cases.accepted(officer, accepted)
    await cases.on_offer(officer, "offerVoid", accepted, reason="The family was found.")
    declined = await submitted(cases, member, firm, id)
    await cases.on_offer(officer, "offerDecline", declined, input=NO)
    acts = [
        ("offer.submit", "OFFER_SUBMITTED", None), ("offer.edit", "OFFER_UPDATED", None),
        ("offer.withdraw", "OFFER_WITHDRAWN", None), ("offer.submit", "OFFER_SUBMITTED", None),
        ("offer.accept", None, "OFFER_ACCEPTED"), ("offer.void", None, "OFFER_VOIDED"),
        ("offer.submit", "OFFER_SUBMITTED", None), ("offer.decline", None, "OFFER_DECLINED"),
    ]  # fmt: skip
    assert await entries(cases, officer) == [(kind, to_authority) for kind, to_authority, _ in acts]
    voided = acts.index(("offer.void", None, "OFFER_VOIDED"))
    acts[voided] = ("offer.void", "OFFER_VOIDED", "OFFER_VOIDED")  # a placement has fallen through: colleagues as well
    assert await entries(cases, others[0]) == [(kind, to_authority) for kind, to_authority, _ in acts]
    for who in (member, others[1]):
        heard = await entries(cases, who)
        assert heard[:2] == DRAFTED
        assert [each for each in heard[2:] if each != DRAFTED[0]] == [(kind, bell) for kind, _, bell in acts]
    assert await entries(cases, rival) == []
    assert await cases.world.count("event", "kind IN ('offer.submit', 'offer.accept', 'offer.void')") == 5


# S-075, S-093
async def test_closing_ends_an_offer_with_a_bell_for_the_provider_and_tells_nothing_of_drafts(cases: Cases) -> None:
    other = await cases.world.provider()
    officer, firm, member, id = await stage(cases)
    rival, colleague = await cases.member(other), await cases.officer()
    await submitted(cases, member, firm, id)
    await cases.offered(rival, id, {"homeId": str(other.homes[0])})
    await cases.on_referral(officer, "referralClose", id, reason="WITHDRAWN")
    assert (await entries(cases, member))[-1] == ("offer.end", "OFFER_DECLINED")
    for who in (officer, colleague):
        assert await entries(cases, who) == [("offer.submit", "OFFER_SUBMITTED"), ("offer.end", None)]
    assert await entries(cases, rival) == [("offer.create", None)], "its draft is its own"


# ── who did what ─────────────────────────────────────────────────────────────
# S-029, S-075
async def test_colleagues_see_who_drafts_an_offer_and_the_authority_nothing_of_the_draft(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    colleague = await cases.member(firm)
    draft = await cases.offered(member, id, {"homeId": str(firm.homes[0])})
    cases.world.clock.goes_on(minutes=5)
    await edited(cases, colleague, draft, "Two")
    for who in (member, colleague):
        seen = await cases.seen(who, "Offer", draft, COURSE)
        assert (seen["authorName"], seen["updatedByName"]) == (member.name, colleague.name)
        assert seen["updatedAt"] == "2026-06-15T09:05:00.000Z"
        assert [(each["kind"], each["actorName"]) for each in seen["timeline"]] == [
            ("offer.create", member.name), ("offer.edit", colleague.name),
        ]  # fmt: skip
    assert await cases.seen(officer, "Offer", draft, COURSE) is None
    await cases.on_offer(member, "offerSubmit", draft)
    await edited(cases, colleague, draft, "Three")
    seen = await cases.seen(officer, "Offer", draft, COURSE)
    assert seen["updatedByName"] == colleague.name
    assert [(each["kind"], each["actorName"], each["version"]) for each in seen["timeline"]] == [
        ("offer.submit", member.name, 3), ("offer.edit", colleague.name, 4),
    ]  # fmt: skip
    await cases.on_offer(officer, "offerDecline", draft, input=NO)
    for who, acts in ((officer, 3), (member, 5)):
        seen = await cases.seen(who, "Offer", draft, COURSE)
        assert (seen["updatedByName"], len(seen["timeline"])) == (officer.name, acts)
