"""The production form of the command: set up by the environment alone, and refusing in a sentence."""

import asyncio
import base64
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import aiohttp
import asyncpg
import pytest
import pytest_asyncio

from models.lifecycle import Role
from portal.broadcasting import SILENT
from portal.crowd import MOST, crowd
from portal.embedded import EmbeddedPostgres
from portal.production import connected
from portal.region import AUTHORITIES, districts
from tests.conftest import administer, database_url
from tests.server import PATIENCE, held_port
from tests.world import as_app

UNREADY = 503  # where its database has not answered within two seconds
ROOT = Path(__file__).parent.parent.parent
UNSCANNED = "Uploads are not looked at for malware (PORTAL_SCANNER is none)."
UNSENT = "No e-mail is sent (PORTAL_MAIL is not set)."
SECRET = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


@pytest_asyncio.fixture(loop_scope="session")
async def empty(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """The superuser's address of a database that nobody has made ready."""
    name = f"empty_{uuid4().hex}"
    await administer(postgres, f"CREATE DATABASE {name}")
    yield database_url(postgres, name)
    await administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def environment(owner: str, **more: str) -> dict[str, str]:
    """A complete production environment, to take from or to change."""
    given = {
        "DATABASE_URL": as_app(owner), "PORTAL_OWNER_DATABASE_URL": owner, "PORTAL_SECRET_KEY": SECRET,
        "PORTAL_HOME": more.pop("home", "/nonexistent"), "PORTAL_ORIGIN": "https://portal.example",
        "PORTAL_SCANNER": "none", **more,
    }  # fmt: skip
    passed_on = {name: value for name, value in os.environ.items() if name == "PATH" or name.startswith("COV")}
    return {**passed_on, **given}


async def portal(*command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-m", "portal", *command]
    return await asyncio.to_thread(
        subprocess.run, run, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False
    )


async def test_init_makes_a_database_ready_once_and_invites_the_first_administrator(empty: str, tmp_path: Path) -> None:
    env = environment(empty, home=str(tmp_path))
    made = await portal("init", "Ada Admin", "ada@region.example", env=env)
    assert made.returncode == 0, made.stderr
    assert "https://portal.example/invitation#" in made.stdout
    connection = await asyncpg.connect(empty.replace("+asyncpg", ""))
    try:
        counted = await connection.fetch("SELECT side, count(*) AS n FROM organisation GROUP BY side")
        sides = {row["side"]: row["n"] for row in counted}
        people = await connection.fetch("SELECT email, status, roles FROM person")
        demonstration = await connection.fetchval("SELECT count(*) FROM provider")
    finally:
        await connection.close()
    assert sides == {"LOCAL_AUTHORITY": 14, "REGION": 1}
    assert [(p["email"], p["status"], p["roles"]) for p in people] == [
        ("ada@region.example", "INVITED", [Role.REGION_ADMIN])
    ]
    assert demonstration == 0
    again = await portal("init", "Eve Second", "eve@region.example", env=env)
    assert again.returncode == 1
    assert "initialised before" in again.stderr
    checked = await portal("check", env=env)
    assert (checked.returncode, checked.stdout.splitlines()) == (
        0,
        [UNSCANNED, UNSENT, "Everything is as it should be."],
    )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [], "what it kept to try is gone"


async def test_serve_names_everything_that_is_missing_and_does_not_start(empty: str) -> None:
    needed = ("DATABASE_URL", "PORTAL_SECRET_KEY", "PORTAL_HOME", "PORTAL_ORIGIN", "PORTAL_SCANNER")
    env = {name: value for name, value in environment(empty).items() if name not in needed}
    refused = await portal("serve", env=env)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"The portal needs {', '.join(needed)} in the environment")
    assert "Traceback" not in refused.stderr


async def test_serve_refuses_a_database_without_schema_and_a_key_that_is_none(empty: str, furnished: str) -> None:
    assert furnished != empty
    unready = await portal("serve", env=environment(empty))
    assert unready.returncode == 1
    assert "portal init" in unready.stderr
    short = await portal("serve", env=environment(empty, PORTAL_SECRET_KEY="c2hvcnQ="))
    assert short.returncode == 1
    assert "32 random bytes" in short.stderr


async def test_serve_refuses_a_carrier_that_cannot_be_and_memory_between_processes(world_url: str) -> None:
    unknown = await portal("serve", env=environment(world_url, BROADCAST_URL="redis://:geheim@host:port"))
    assert unknown.returncode == 1
    assert "BROADCAST_URL cannot be understood. Its port or host" in unknown.stderr
    assert "geheim" not in unknown.stderr
    alone = await portal("serve", "--workers", "2", env=environment(world_url, BROADCAST_URL="memory://"))
    assert alone.returncode == 1
    assert alone.stderr.startswith("BROADCAST_URL=memory:// is for one process")


async def test_more_processes_than_the_database_has_connections_for_are_remarked_upon(world_url: str) -> None:
    async with connected(as_app(world_url)) as database:
        assert await crowd(database, 1) == []
        (remark,) = await crowd(database, MOST)
    assert remark.startswith(f"{MOST} processes may take up to {MOST * 38} connections to the database, which has ")


async def test_serve_refuses_a_role_that_passes_the_row_policies(world_url: str) -> None:
    refused = await portal("serve", env=environment(world_url, DATABASE_URL=world_url))
    assert refused.returncode == 1
    assert "it must be portal_app" in refused.stderr


async def test_check_tells_every_fault_at_once(empty: str, tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("no folder")
    scanner = f"unix:{tmp_path}/clamd.ctl"
    env = environment("postgresql://nobody@127.0.0.1:1/none", home=str(tmp_path), PORTAL_SCANNER=scanner)
    env["PORTAL_SEAL_FILE"] = str(tmp_path / "seal.p12")
    del env["PORTAL_SECRET_KEY"]
    told = await portal("check", env=env)
    assert told.returncode == 1
    assert "PORTAL_SECRET_KEY" in told.stdout
    assert "The database does not answer" in told.stdout
    assert "PORTAL_SEAL_FILE cannot be read" in told.stdout
    assert f"Documents cannot be kept in {tmp_path}/documents" in told.stdout
    assert f"The scanner at {scanner} does not answer" in told.stdout
    assert empty not in told.stdout


async def test_check_fails_where_hints_do_not_come_back(world_url: str, tmp_path: Path) -> None:
    # S-028
    with held_port() as port:
        env = environment(world_url, home=str(tmp_path), BROADCAST_URL=f"redis://127.0.0.1:{port}")
        told = await portal("check", env=env)
    assert told.returncode == 1
    assert told.stdout.splitlines()[-1] == SILENT


@pytest.mark.parametrize("workers", [(), ("--workers", "2")])
async def test_serve_answers_and_stops_cleanly(world_url: str, tmp_path: Path, workers: tuple[str, ...]) -> None:
    with held_port() as port:
        await serve_answers_and_stops(world_url, tmp_path, port, workers)


async def serve_answers_and_stops(world_url: str, tmp_path: Path, port: int, workers: tuple[str, ...]) -> None:
    env = environment(world_url, home=str(tmp_path), PORTAL_PORT=str(port), PORTAL_ORIGIN=f"http://127.0.0.1:{port}")
    server = subprocess.Popen([sys.executable, "-m", "portal", "serve", *workers], cwd=ROOT, env=env)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
            assert await answer(client, server, "/readyz") == '{"ready":true}'
            page = await answer(client, server, "/")
            assert "/contract" in page
            assert "demonstration" not in page
            assert "type Mutation" in await answer(client, server, "/contract")
    finally:
        server.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(server.wait, PATIENCE) in (0, -signal.SIGTERM)


async def answer(client: aiohttp.ClientSession, server: "subprocess.Popen[bytes]", path: str) -> str:
    async with asyncio.timeout(PATIENCE):
        while True:
            assert server.poll() is None
            with suppress(aiohttp.ClientConnectionError):
                async with client.get(path) as response:
                    if response.status != UNREADY:
                        return await response.text()
            await asyncio.sleep(0.1)


def test_every_postcode_district_belongs_to_one_authority() -> None:
    known = [district for authority in AUTHORITIES for district in districts(authority)]
    assert len(known) == len(set(known)) > 150
    assert len({authority.gss_code for authority in AUTHORITIES}) == 14
