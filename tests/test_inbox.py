"""An inbox of fifty referrals with the provider's own offers: how many statements it takes, whatever is selected."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import pytest
import pytest_asyncio
from graphql import parse
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from models.lifecycle import Side
from models.person import Viewer
from portal.database import asyncpg_dsn
from portal.embedded import EmbeddedPostgres
from portal.keys import Keys
from resolvers.operation import compiled
from schema import schema
from tests.cases import Cases, everything
from tests.conftest import administer, database_url
from tests.reading.selections import Asker
from tests.world import World

INBOX, MOST = 50, 4
WITH_IDS = ("referral", "child", "delivery", "thread", "message", "offer", "offer_document")
CASE = (*WITH_IDS, "referral_revision", "offer_version")
MONEY = "weeklyTotal firstYearTotal coreFeeWeekly"
SELECTED = {
    "little": "reference deliveries { ownOffer { status weeklyTotal } }",
    "totals": f"offers {{ {MONEY} terms {{ fees {{ childId {MONEY} additionalCosts {{ amount weekly }} }} }} }}",
    "papers": "deliveries { ownOffer { documents { name kind sha256 expiringSoon } placement { name address } } }",
    "history": f"offers {{ versions {{ version weeklyTotal terms {{ conditions }} }} conditions {{ body }} {MONEY} }}",
    "twice": f"a: deliveries {{ ownOffer {{ {MONEY} }} }} b: deliveries {{ ownOffer {{ documents {{ name }} }} }}",
}
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK")


@dataclass
class Inbox:
    """The world, and the one who has all of these referrals."""

    world: World
    member: Viewer
    sent: list[str]

    @contextmanager
    def listening(self, connection: Any) -> Iterator[None]:
        """Every statement that goes over this connection, those that open and close a transaction apart."""
        self.sent.clear()

        def heard(query: Any) -> None:
            parts = query.query.split("; ") if query.query.startswith("BEGIN") else [query.query]
            self.sent.extend(part for part in parts if not part.startswith(CONTROL))

        with connection.query_logger(heard):
            yield

    async def read(self, selection: str, fragments: str = "", **variables: Any) -> Any:
        """The inbox as a client is answered, by statements that have been counted."""
        declared = ", ".join(f"${name}: Boolean!" for name in variables)
        head = f"query ({declared})" if declared else "query"
        document = f"{head} {{ referrals(first: {INBOX}) {{ totalCount nodes {{ {selection} }} }} }} {fragments}"
        lane = compiled(schema)(parse(document), None)
        assert lane is not None
        readers: Any = self.world.shell.database
        connections = readers._readers[Side.PROVIDER]
        connection = await connections.take()
        connections.give_back(connection)
        await lane.run(self.world.context(self.member), variables)  # what a connection asks once, of types, is asked
        with self.listening(connection):
            answer = await lane.run(self.world.context(self.member), variables)
        assert answer is not None
        return orjson.loads(answer)["referrals"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def inbox(
    postgres: EmbeddedPostgres, furnished: str, keys: Keys, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Inbox]:
    name = f"inbox_{uuid4().hex}"
    await administer(postgres, f"CREATE DATABASE {name} TEMPLATE {furnished} STRATEGY FILE_COPY")
    world = await World.of(database_url(postgres, name), keys, tmp_path_factory.mktemp("documents"))
    try:
        yield Inbox(world, await filled(world), [])
    finally:
        await world.close()
        await administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


async def filled(world: World) -> Viewer:
    """One referral with an offer that has been changed, and talked about; and copies of all that."""
    cases = Cases(world)
    officer, firm = await cases.officer(), await world.provider()
    member = await cases.member(firm)
    await cases.papers(firm)
    referral = await cases.sent(officer)
    night = {"description": "Waking night", "amount": "65.50", "unit": "NIGHT", "quantity": "2.5"}
    fees = [{"coreFeeWeekly": "4100.00", "additionalCosts": [night]}]
    offer = await cases.submitted(member, referral, {"homeId": str(firm.homes[0])}, fees=fees)
    await cases.on_offer(member, "offerUpdate", offer, input={"conditions": ["A lock"]})
    said: dict[str, Any] = {"body": "Only with a school place.", "tag": "CONDITION"}
    await cases.act(member, "messageSend", threadId=await cases.thread(referral, firm), input=said)
    await copied(world, INBOX - 1)
    return member


async def copied(world: World, times: int) -> None:
    """All rows of the case that many times more, with ids and references of their own."""
    rows = {table: await world.sql(f"SELECT to_jsonb(t)::text AS row FROM {table} t") for table in CASE}
    ids = {str(row["id"]) for row in await world.sql(" UNION ".join(f"SELECT id FROM {table}" for table in WITH_IDS))}
    (reference,) = {row["reference"] for row in await world.sql("SELECT reference FROM referral")}
    for number in range(times):
        fresh = {id: str(uuid4()) for id in ids} | {reference: f"WM-{number:05}-RES"}
        statements = ["SET session_replication_role = replica"]
        for table, kept in rows.items():
            made = renamed(f"[{','.join(each['row'] for each in kept)}]", fresh).replace("'", "''")
            statements.append(f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, '{made}')")
        await script(world, "; ".join(statements))


def renamed(text: str, names: dict[str, str]) -> str:
    return re.sub("|".join(map(re.escape, names)), lambda found: names[found[0]], text)


async def script(world: World, statements: str) -> None:
    connection = await asyncpg.connect(asyncpg_dsn(world.dsn))
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


@st.composite
def selections(draw: Callable[[Any], Any]) -> tuple[str, str, dict[str, Any]]:
    """Anything of a referral, its offers among it, with what that needs: fragments and variables."""
    asker = Asker(draw, schema._schema, {})
    offer = asker.selection("Offer", depth=3)
    own = f"deliveries {{ id ownOffer {offer} }} offers {{ id status }}"
    parts = [asker.selection("Referral", depth=2)[2:-2], own]
    return " ".join(parts), " ".join(asker.fragments), {name: value for name, (_, value) in asker.variables.items()}


def drawn(examples: int) -> list[tuple[str, str, dict[str, Any]]]:
    found: list[tuple[str, str, dict[str, Any]]] = []

    @seed(2026)
    @settings(max_examples=examples, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(selections())
    def draw(selection: tuple[str, str, dict[str, Any]]) -> None:
        found.append(selection)

    draw()
    return found


async def few(inbox: Inbox, selection: str, fragments: str = "", **variables: Any) -> Any:
    page = await inbox.read(selection, fragments, **variables)
    assert (page["totalCount"], len(page["nodes"])) == (INBOX, INBOX)
    assert 0 < len(inbox.sent) <= MOST, [statement[:300] for statement in inbox.sent]
    return page["nodes"]


@pytest.mark.parametrize("what", SELECTED)
async def test_an_inbox_with_the_own_offers_takes_four_statements_at_most(inbox: Inbox, what: str) -> None:
    await few(inbox, SELECTED[what])


async def test_it_takes_no_more_with_everything_selected(inbox: Inbox) -> None:
    nodes = await few(inbox, f"deliveries {{ ownOffer {{ {everything('Offer')} }} }}")
    offers = [node["deliveries"][0]["ownOffer"] for node in nodes]
    assert {offer["weeklyTotal"] for offer in offers} == {"4263.75"}
    assert {len(offer["documents"]) for offer in offers} == {5}
    assert {len(offer["versions"]) for offer in offers} == {2}
    assert {len(offer["conditions"]) for offer in offers} == {1}
    assert len({offer["id"] for offer in offers}) == INBOX


async def test_it_takes_no_more_whatever_is_selected(inbox: Inbox) -> None:
    for selection, fragments, variables in drawn(12):
        await few(inbox, selection, fragments, **variables)


@pytest.mark.long
async def test_it_takes_no_more_whatever_is_selected_at_length(inbox: Inbox) -> None:
    for selection, fragments, variables in drawn(300):
        await few(inbox, selection, fragments, **variables)
