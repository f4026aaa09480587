"""A database that was in use is brought up to date, and says what it said before."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
from alembic import command
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from migrations.run import configuration, differences, upgrade
from models.lifecycle import Role, Side
from models.person import Viewer
from portal.audit import verify
from portal.database import asyncpg_dsn, sqlalchemy_url
from portal.embedded import EmbeddedPostgres
from portal.keys import Keys
from tests.agreeing import Agreeing
from tests.cases import Cases, everything
from tests.conftest import administer, database_url
from tests.world import Firm, World

BEFORE = {
    "0002": "before_offers_gained.json",
    "0004": "before_agreements_gained.json",
}
"""Rows as each of these revisions kept them: an offer submitted and changed, a draft, and one accepted, agreed and
signed; then an agreement in every state, the signed one with an uplift that waits.
"""


@dataclass(frozen=True)
class Lived:
    """What a database held at a revision."""

    revision: str
    rows: dict[str, list[dict[str, Any]]]


WHO = """
SELECT p.id, p.organisation_id, o.side, p.roles, s.id AS session, p.name, p.job_title, o.name AS organisation,
  s.expires_at FROM person p JOIN organisation o ON o.id = p.organisation_id JOIN session s ON s.person_id = p.id
WHERE p.name = $1"""


@pytest.fixture(params=BEFORE)
def lived(request: pytest.FixtureRequest) -> Lived:
    path = Path(__file__).with_name(BEFORE[request.param])
    return Lived(request.param, json.loads(path.read_text()))


@pytest_asyncio.fixture(loop_scope="session")
async def moved(postgres: EmbeddedPostgres, keys: Keys, tmp_path: Path, lived: Lived) -> AsyncIterator[World]:
    """The world of a database that was filled at that revision and migrated since."""
    name = f"moved_{uuid4().hex}"
    await administer(postgres, f"CREATE DATABASE {name}")
    dsn = database_url(postgres, name)
    engine = create_async_engine(sqlalchemy_url(dsn))
    async with engine.connect() as connection:
        await connection.run_sync(_live_then_move, lived)
        await connection.commit()
    await engine.dispose()
    world = await World.of(dsn, keys, tmp_path / "documents")
    yield world
    await world.close()
    await administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def _live_then_move(connection: Connection, lived: Lived) -> None:
    command.upgrade(configuration(connection), lived.revision)
    connection.exec_driver_sql("SET session_replication_role = 'replica'")
    for table, rows in lived.rows.items():
        columns = ", ".join(sorted({name for row in rows for name in row}))
        fill = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, $1)"
        connection.exec_driver_sql(fill, (json.dumps(rows),))
    connection.exec_driver_sql("SET session_replication_role = 'origin'")
    connection.commit()
    upgrade(connection)


async def viewer(world: World, name: str) -> Viewer:
    (row,) = await world.sql(WHO, name)
    return Viewer(
        row["id"], row["organisation_id"], Side(row["side"]), frozenset(map(Role, row["roles"])), row["session"],
        row["name"], row["job_title"], row["organisation"], row["expires_at"],
    )  # fmt: skip


async def test_the_schema_is_the_models_and_every_chain_holds(moved: World) -> None:
    async with moved.owner.connect() as connection:
        assert await connection.run_sync(differences) == []
    raw: Any = await asyncpg.connect(asyncpg_dsn(moved.dsn))
    assert await verify(raw) == []
    await raw.close()


async def test_every_row_that_was_there_says_what_it_said(moved: World, lived: Lived) -> None:
    for table, rows in lived.rows.items():
        kept = [
            flat(json.loads(row["row"])) for row in await moved.sql(f"SELECT to_jsonb(t)::text AS row FROM {table} t")
        ]
        changed = [row for row in map(flat, rows) if not any(now.items() >= row.items() for now in kept)]
        assert changed == [], table


def flat(row: dict[str, Any]) -> dict[str, str]:
    return {name: json.dumps(value, sort_keys=True) for name, value in row.items()}


@pytest.mark.parametrize("lived", ["0002"], indirect=True)
async def test_both_sides_read_their_offers_and_agreements_whole(moved: World) -> None:
    cases = Cases(moved)
    officer, member = await viewer(moved, "Olu Officer"), await viewer(moved, "Mia Member")
    for who, statuses in ((officer, ["ACCEPTED", "SUBMITTED"]), (member, ["ACCEPTED", "DRAFT", "SUBMITTED"])):
        seen = (await moved.gql(who, f"{{ offers {{ nodes {{ {everything('Offer')} }} }} }}"))["offers"]["nodes"]
        assert sorted(offer["status"] for offer in seen) == statuses
        agreements = (await moved.gql(who, f"{{ ipas {{ nodes {{ {everything('Ipa')} }} }} }}"))["ipas"]["nodes"]
        assert [agreement["status"] for agreement in agreements] == ["SIGNED"]
        assert [len(agreement["signatures"]) for agreement in agreements] == [2]
    changed = {row["status"]: str(row["id"]) for row in await moved.sql("SELECT id, status FROM offer")}
    await cases.on_offer(member, "offerUpdate", changed["SUBMITTED"], input={"availableFrom": "2026-07-02"})
    assert await cases.refused(
        member, "offerUpdate", id=changed["ACCEPTED"], expectedVersion=3, input={"availableFrom": "2026-07-02"}
    ) == ["OFFER_LOCKED"]
    await cases.on_offer(member, "offerUpdate", changed["DRAFT"], input={"availableFrom": "2026-07-02"})
    await cases.on_offer(member, "offerSubmit", changed["DRAFT"])
    await cases.accepted(officer, changed["SUBMITTED"])


@pytest.mark.parametrize("lived", ["0004"], indirect=True)
async def test_agreements_of_every_state_go_on_from_where_they_were(moved: World) -> None:
    """Read whole, opened, signed, voided with their offers, drawn up anew (S-108, S-109)."""
    cases, agreeing = Cases(moved), await agreed(moved)
    ids = {row["status"]: str(row["id"]) for row in await moved.sql("SELECT id, status FROM ipa")}
    officer, member = agreeing.officer, agreeing.member
    for who, hidden in ((officer, set[str]()), (member, {"DRAFT"})):
        seen = (await moved.gql(who, f"{{ ipas {{ nodes {{ {everything('Ipa')} }} }} }}"))["ipas"]["nodes"]
        assert {agreement["status"] for agreement in seen} == ids.keys() - hidden
        for agreement in seen:
            agreeing.ids["ipa"] = agreement["id"]
            opened = await agreeing.opened(who)
            assert opened["problems"] == []
            assert opened["contentHash"] == agreement["contentHash"]
    for state, signers in (
        ("READY_TO_SIGN", (agreeing.provider_signatory, agreeing.authority_signatory)),
        ("PARTLY_SIGNED", (agreeing.provider_signatory,)),
    ):
        agreeing.ids["ipa"] = ids[state]
        for signer in signers:
            await agreeing.enrol(signer)
            await agreeing.opened(signer)
            assert (await agreeing.sign(signer))["problems"] == []
    statuses = sorted(row["status"] for row in await moved.sql("SELECT status FROM ipa"))
    assert statuses == ["DRAFT", "IN_REVIEW", "SIGNED", "SIGNED", "SIGNED", "VOIDED"]
    (left,) = await moved.sql("SELECT offer_id FROM ipa WHERE status = 'VOIDED'")
    agreeing.ids["offer"] = str(left["offer_id"])
    await agreeing.drawn_up()  # before, voiding an agreement left its offer accepted
    (new,) = await moved.sql("SELECT supersedes_id FROM ipa WHERE id = $1", UUID(agreeing.ids["ipa"]))
    assert str(new["supersedes_id"]) == ids["VOIDED"]
    agreeing.ids["ipa"] = ids["SIGNED"]
    await agreeing.well(officer, "ipaVoid", 'reason: "The home has closed."')
    assert await moved.sql("SELECT status FROM uplift") == [{"status": "ENDED"}]
    (offer,) = await moved.sql("SELECT o.status FROM offer o JOIN ipa i ON i.offer_id = o.id WHERE i.id = $1",
                               UUID(ids["SIGNED"]))  # fmt: skip
    assert offer["status"] == "VOIDED"
    assert await cases.told(agreeing.provider_signatory) != []


async def agreed(world: World) -> Agreeing:
    """Everybody that those agreements take, as they were before."""
    names = ("Olu Officer", "Sian Signatory", "Mia Member", "Dev Director")
    officer, authoritys, member, providers = [await viewer(world, name) for name in names]
    firm = Firm(member.organisation_id, member.organisation_name, [])
    return Agreeing(world, officer, authoritys, member, providers, firm, {})
