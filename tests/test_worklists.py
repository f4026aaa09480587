"""Lists and counts are read from their indexes, however much there is of others (S-052)."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from benchmarks.lists import LIST, ORDERS, PENDING, UNDECIDED, Desk, fill, readers
from portal.database import PLANNED, asyncpg_dsn
from portal.embedded import EmbeddedPostgres
from tests.conftest import administer, database_url
from tests.world import as_app

COMPARISON = """query ($id: UUID!) { offerComparison(referralId: $id, orderBy: DISTANCE_MILES) {
  providerName placementName weeklyTotal fees { weeklyTotal } distanceMiles daysAfterRequired documentsValidUntil
  documentsExpireSoon conditionCount conditionsTold { body } answersNewest undecidedDays anotherAccepted
  offer { documents { name } } } }"""
CROWDED = {"delivery", "referral", "thread", "message", "offer", "inbox_entry", "event", "referral_revision"}
READ_FROM = {
    ("provider", "newReferrals"): "ix_delivery_waiting",
    ("provider", "dueToday"): "ix_delivery_waiting",
    ("provider", "overdue"): "ix_delivery_waiting",
    ("authority", "dueToday"): "ix_referral_awaiting",
    ("authority", "overdue"): "ix_referral_awaiting",
    ("authority", "offersAwaiting"): "ix_offer_la_id",
    ("authority", "unreadMessages"): "ix_thread_la_spoken",
    ("authority", "unreadNotifications"): "an index of the bell",
}
BELL = {"ix_inbox_entry_unread_listed"}  # it holds what the reader has not read alone
SORTED_BY = {
    ("provider", "NEWEST"): "ix_delivery_inbox",
    ("provider", "NEEDED_SOONEST"): "ix_delivery_needed",
    ("provider", "DEADLINE"): "ix_delivery_deadline",
    ("provider", "CHANGED"): "ix_delivery_inbox",
    ("authority", "NEWEST"): "ix_referral_authority_list",
    ("authority", "NEEDED_SOONEST"): "ix_referral_needed",
    ("authority", "DEADLINE"): "ix_referral_deadline",
    ("authority", "CHANGED"): "ix_referral_changed",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desks(postgres: EmbeddedPostgres, furnished: str) -> AsyncIterator[dict[str, Desk]]:
    """The readers of a crowded region: every provider has a hundred referrals of eight thousand deliveries."""
    name = f"crowd_{uuid4().hex}"
    await administer(postgres, f"CREATE DATABASE {name} TEMPLATE {furnished} STRATEGY FILE_COPY")
    url = database_url(postgres, name)
    owner = await asyncpg.connect(asyncpg_dsn(url))
    await fill(owner, providers=80, referrals=200)
    people = await readers(owner)
    await owner.close()
    connection = await asyncpg.connect(asyncpg_dsn(as_app(url)), server_settings=PLANNED)
    yield {who: Desk(connection, viewer) for who, viewer in people.items()}
    await connection.close()
    await administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def walked(plan: dict[str, Any]) -> set[str]:
    """Crowded tables that the plan goes through from end to end."""
    scans = {node["Relation Name"] for node in nodes(plan) if node["Node Type"] == "Seq Scan"}
    return scans & CROWDED


def pages(plan: dict[str, Any]) -> int:
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


@pytest.mark.parametrize("who", ["provider", "authority", "authority behind with messages"])
async def test_every_count_is_read_from_an_index(desks: dict[str, Desk], who: str) -> None:
    for name in PENDING:
        (answer,) = await desks[who].plans(f"{{ viewer {{ pending {{ {name} }} }} }}")
        plan = answer["Plan"]
        used = {node.get("Index Name") for node in nodes(plan)}
        used |= {"an index of the bell"} if used & BELL else set()
        assert walked(plan) == set(), name
        assert READ_FROM.get((who, name)) in {None, *used}, (name, used)
        if (who, name) in READ_FROM:
            assert pages(plan) < (480 if name == "unreadNotifications" else 60), name  # with their events


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("who", ["provider", "authority"])
async def test_every_page_of_a_list_is_read_from_one_index_however_deep(
    desks: dict[str, Desk], who: str, order: str
) -> None:
    asked: dict[str, Any] = {"filter": None, "orderBy": order}
    after, read = None, []
    for _ in range(3):
        (answer,) = await desks[who].plans(LIST, **asked, first=10, after=after)
        plan = answer["Plan"]
        indexes = {node.get("Index Name") for node in nodes(plan)}
        assert SORTED_BY[who, order] in indexes
        found = next(node for node in nodes(plan) if node.get("Index Name") == SORTED_BY[who, order])
        assert after is None or "ROW(" in found["Index Cond"]
        assert walked(plan) == set()
        read.append(pages(plan))
        after = (await desks[who].answer(LIST, **asked, first=10, after=after))["pageInfo"]["endCursor"]
    assert max(read) < 2 * min(read) + 20, read


@pytest.mark.parametrize("wanted", [{"undecided": True}, {"undecidedDaysAtLeast": 10}])
async def test_the_offers_that_wait_the_longest_are_read_from_one_index_however_deep(
    desks: dict[str, Desk], wanted: dict[str, Any]
) -> None:  # S-092
    desk, after, read = desks["authority"], None, []
    for _ in range(3):
        (answer,) = await desk.plans(UNDECIDED, filter=wanted, first=3, after=after)
        plan = answer["Plan"]
        found = [node for node in nodes(plan) if node.get("Index Name") == "ix_offer_undecided"]
        assert found, plan
        assert after is None or "ROW(" in found[0]["Index Cond"]
        assert walked(plan) == set()
        read.append(pages(plan))
        after = (await desks["authority"].answer(UNDECIDED, filter=wanted, first=3, after=after))["pageInfo"][
            "endCursor"
        ]
    assert max(read) < 2 * min(read) + 20, read


async def test_offers_side_by_side_are_found_by_their_referral_alone(desks: dict[str, Desk]) -> None:
    desk = desks["authority"]
    page = await desk.answer(LIST, filter=None, orderBy="NEWEST", first=1, after=None)
    (answer,) = await desk.plans(COMPARISON, id=page["nodes"][0]["id"])
    indexes = {node.get("Index Name") for node in nodes(answer["Plan"])}
    assert walked(answer["Plan"]) == set()
    assert {"uq_offer_live", "ix_message_condition", "pk_postcode_district"} <= indexes
    assert answer["Plan"]["Actual Rows"] == 1
