"""The bell is read from its indexes, however much somebody has been told (S-119)."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from benchmarks.bell import GROUPED, LIST, ring
from benchmarks.lists import Desk, fill, readers
from portal.database import PLANNED, asyncpg_dsn
from portal.embedded import EmbeddedPostgres
from tests.conftest import administer, database_url
from tests.test_worklists import nodes, pages
from tests.world import as_app

TOLD, FIRST = 20_000, 20
LOOKED_THROUGH = TOLD // 5 // 50  # pages of the index of what is unread, in which a kind is found by looking through it
LISTED = {"ix_inbox_entry_unread_listed", "ix_inbox_entry_read_listed"}
FILTERS: dict[str, dict[str, Any] | None] = {
    "all": None,
    "what comes most": {"kinds": ["MESSAGE_RECEIVED"]},
    "what came long ago": {"kinds": ["REFERRAL_CLOSED"]},
    "several": {"kinds": ["REFERRAL_CLOSED", "OFFER_VOIDED", "OFFER_DECLINED", "MESSAGE_RECEIVED"]},
    "a group": {"kinds": ["MESSAGE_RECEIVED"], "concernsId": "?"},
    "about one thing": {"concernsId": "?"},
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(postgres: EmbeddedPostgres, furnished: str) -> AsyncIterator[Desk]:
    """A provider's member with twenty thousand notifications, most of them messages of few conversations."""
    name = f"bell_{uuid4().hex}"
    await administer(postgres, f"CREATE DATABASE {name} TEMPLATE {furnished} STRATEGY FILE_COPY")
    url = database_url(postgres, name)
    owner = await asyncpg.connect(asyncpg_dsn(url))
    await fill(owner, providers=40, referrals=40)
    member = (await readers(owner))["provider"]
    await ring(owner, member, TOLD)
    await owner.close()
    connection = await asyncpg.connect(asyncpg_dsn(as_app(url)), server_settings=PLANNED)
    yield Desk(connection, member)
    await connection.close()
    await administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def scanned(plan: dict[str, Any]) -> set[str]:
    return {node["Relation Name"] for node in nodes(plan) if node["Node Type"] == "Seq Scan"} & {"inbox_entry", "event"}


@pytest.mark.parametrize("unread", [False, True])
@pytest.mark.parametrize("what", FILTERS)
async def test_a_page_of_the_list_reads_little_more_than_itself_however_deep(
    desk: Desk, what: str, unread: bool
) -> None:
    asked: dict[str, Any] = {"filter": None, "unread": unread, "first": FIRST, "after": None}
    concerned = (await desk.answer(LIST, **asked))["nodes"][1]["concernsId"]
    wanted = FILTERS[what]
    asked["filter"] = wanted and {name: concerned if value == "?" else value for name, value in wanted.items()}
    for _ in range(3):
        (answer,) = await desk.plans(LIST, **asked)
        assert scanned(answer["Plan"]) == set()
        limit = 20 * (FIRST + 1) * len((wanted or {}).get("kinds", "1")) + LOOKED_THROUGH
        assert pages(answer["Plan"]) < limit, what
        info = (await desk.answer(LIST, **asked))["pageInfo"]
        if not info["hasNextPage"]:
            break
        asked["after"] = info["endCursor"]


async def test_groups_are_counted_from_two_indexes_and_looked_up_for_their_page_alone(desk: Desk) -> None:
    asked: dict[str, Any] = {"filter": None, "unread": False, "first": FIRST, "after": None}
    for _ in range(2):
        (answer,) = await desk.plans(GROUPED, **asked)
        assert scanned(answer["Plan"]) == set()
        looked_up = [node for node in nodes(answer["Plan"]) if node.get("Index Name") == "pk_event"]
        assert sum(node["Actual Loops"] for node in looked_up) < 10 * FIRST
        counted = [node for node in nodes(answer["Plan"]) if node.get("Index Name") in LISTED]
        assert {node["Index Name"] for node in counted} == LISTED
        assert {(node["Node Type"], node["Actual Loops"]) for node in counted} == {("Index Only Scan", 1)}
        asked["after"] = (await desk.answer(GROUPED, **asked))["pageInfo"]["endCursor"]
