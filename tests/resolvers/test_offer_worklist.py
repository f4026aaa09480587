"""The worklist of offers that wait for an answer: oldest first, with their age, and what became of the search."""

from datetime import UTC, datetime
from typing import Any

import pytest

from models.lifecycle import Role
from models.person import Viewer
from tests.cases import Cases
from tests.world import World

WAITING = """query ($filter: OfferFilter, $first: Int! = 20, $after: String) {
  offers(filter: $filter, orderBy: LONGEST_UNDECIDED, first: $first, after: $after) { totalCount
    nodes { id undecidedDays anotherAccepted referralStatus } pageInfo { endCursor hasNextPage } } }"""
UNDECIDED = {"undecided": True}


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def waiting(cases: Cases, who: Viewer, **filter: Any) -> list[tuple[str, Any]]:
    rows = (await cases.world.gql(who, WAITING, filter=filter or UNDECIDED))["offers"]["nodes"]
    return [(row["id"], row["undecidedDays"]) for row in rows]


async def badge(cases: Cases, who: Viewer) -> int:
    shown = await cases.world.gql(who, "{ viewer { pending { offersAwaiting } } }")
    return int(shown["viewer"]["pending"]["offersAwaiting"])


async def offers(cases: Cases, officer: Viewer, *names: str) -> tuple[str, dict[str, str], dict[str, Viewer]]:
    """A referral with an offer of each of these providers, a day apart."""
    firms = [await cases.world.provider(name=name) for name in names]
    id, made, people = await cases.sent(officer), {}, {}
    for firm in firms:
        people[firm.name] = await cases.member(firm)
        await cases.papers(firm)
        made[firm.name] = await cases.submitted(people[firm.name], id, {"homeId": str(firm.homes[0])})
        cases.world.clock.goes_on(days=1)
    return id, made, people


# S-092
async def test_undecided_offers_wait_oldest_first_with_their_age_until_each_has_its_answer(cases: Cases) -> None:
    officer = await cases.officer()
    _, made, people = await offers(cases, officer, "Anvil", "Brook", "Cedar")
    a, b, c = made.values()
    assert await waiting(cases, officer) == [(a, 3), (b, 2), (c, 1)]
    assert await badge(cases, officer) == 3
    assert await waiting(cases, officer, undecidedDaysAtLeast=2) == [(a, 3), (b, 2)]
    assert await waiting(cases, officer, undecidedDaysAtLeast=2_000_000_000) == []
    assert len(await waiting(cases, officer, undecidedDaysAtLeast=-2_000_000_000)) == 3
    await cases.on_offer(people["Anvil"], "offerUpdate", a, input={"availableFrom": "2026-09-01"})
    assert (await waiting(cases, officer))[0] == (a, 3), "an edit does not make it younger"
    await cases.accepted(officer, b)
    rows = (await cases.world.gql(officer, WAITING, filter=UNDECIDED))["offers"]["nodes"]
    assert [(row["id"], row["anotherAccepted"], row["referralStatus"]) for row in rows] == [
        (a, True, "SENT"), (c, True, "SENT"),
    ]  # fmt: skip
    assert await waiting(cases, officer, undecided=True, anotherAccepted=True) == [(a, 3), (c, 1)]
    assert await waiting(cases, officer, undecided=True, anotherAccepted=False) == []
    assert [id for id, days in await waiting(cases, officer, undecided=False)] == [b]
    no = {"reasons": ["ANOTHER_OFFER_ACCEPTED"], "note": "Thank you all the same."}
    for offer in (a, c):
        await cases.on_offer(officer, "offerDecline", offer, input=no)
    assert (await waiting(cases, officer), await badge(cases, officer)) == ([], 0)
    assert await waiting(cases, officer, anotherAccepted=True) == [], "what is decided needs no answer"


async def test_days_are_counted_as_london_counts_them(cases: Cases) -> None:
    officer = await cases.officer()
    cases.world.clock.now = datetime(2026, 6, 20, 22, 30, tzinfo=UTC)  # half past eleven at night in London
    _, made, _ = await offers(cases, officer, "Anvil")
    cases.world.clock.now = datetime(2026, 6, 20, 22, 59, tzinfo=UTC)
    assert await waiting(cases, officer) == [(made["Anvil"], 0)]
    assert await waiting(cases, officer, undecidedDaysAtLeast=1) == []
    cases.world.clock.now = datetime(2026, 6, 20, 23, 0, tzinfo=UTC)
    for given in ({}, {"undecidedDaysAtLeast": 1}):
        assert await waiting(cases, officer, **given) == [(made["Anvil"], 1)]


async def test_a_worklist_has_neither_drafts_nor_what_is_of_others(cases: Cases) -> None:  # S-070
    officer, elsewhere = await cases.officer(), await cases.officer("Coventry")
    id, made, people = await offers(cases, officer, "Anvil", "Brook")
    drafting = await cases.world.provider(name="Delta")
    member = await cases.member(drafting)
    draft = await cases.offered(member, await cases.sent(officer), {"homeId": str(drafting.homes[0])})
    assert [offer for offer, _ in await waiting(cases, officer)] == [*made.values()]
    reader = await cases.officer("Birmingham", Role.READ_ONLY)
    assert await waiting(cases, reader) == await waiting(cases, officer)
    assert await badge(cases, reader) == 0, "it waits for those who may answer"
    assert await waiting(cases, elsewhere) == []
    assert [offer for offer, _ in await waiting(cases, people["Brook"])] == [made["Brook"]]
    assert await waiting(cases, member) == []
    assert await waiting(cases, member, undecided=False) == [(draft, None)]
    await cases.accepted(officer, made["Anvil"])
    (row,) = (await cases.world.gql(people["Brook"], WAITING, filter={"referralId": id}))["offers"]["nodes"]
    assert row["anotherAccepted"] is None, "no provider is told that there are others"
    assert await waiting(cases, people["Brook"], anotherAccepted=True) == []
    assert await waiting(cases, people["Brook"], anotherAccepted=False) == []


async def test_a_worklist_is_read_page_by_page(cases: Cases) -> None:
    officer = await cases.officer()
    _, made, people = await offers(cases, officer, "Anvil", "Brook", "Cedar")
    for who, wanted in ((officer, [*made.values()]), (people["Cedar"], [made["Cedar"]])):
        seen, after, page = [], None, dict[str, Any]()
        for _ in wanted:
            page = (await cases.world.gql(who, WAITING, first=1, after=after))["offers"]
            seen += [row["id"] for row in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
        assert (seen, page["pageInfo"]["hasNextPage"], page["totalCount"]) == (wanted, False, len(wanted))
