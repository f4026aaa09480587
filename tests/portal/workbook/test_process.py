"""The process that opens files: one beside the portal, without its settings, and never longer there than it."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.workbook import filled, read
from portal.workbook.process import OPENER, ROOT
from tests.portal.workbook.saying import EVERYTHING
from tests.waiting import PATIENCE

BROUGHT = """
import asyncio, sys, time
from pathlib import Path
from portal.workbook import read
from portal.workbook.process import OPENER
asyncio.run(read(Path(sys.argv[1])))
print(OPENER._process.pid, flush=True)
time.sleep(600)
"""


def opener() -> int:
    assert OPENER._process is not None
    return OPENER._process.pid


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "workbook.xlsx"
    path.write_bytes(filled(EVERYTHING))
    return path


async def test_several_files_are_opened_at_once_each_by_itself(workbook: Path) -> None:
    readings = await asyncio.gather(*(read(workbook) for _ in range(4)))
    assert [each.content == EVERYTHING for each in readings] == [True] * 4
    first = opener()
    await read(workbook)
    assert opener() == first


async def test_whoever_ends_it_only_has_it_begun_again(workbook: Path) -> None:
    await read(workbook)
    first = opener()
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert (await read(workbook)).content == EVERYTHING
    assert opener() != first


async def test_it_knows_none_of_the_portals_settings(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    OPENER.end()
    monkeypatch.setenv("PORTAL_SECRET_KEY", "c2VjcmV0")
    monkeypatch.chdir(workbook.parent)
    assert (await read(Path(workbook.name))).content == EVERYTHING
    environment = Path(f"/proc/{opener()}/environ")
    if environment.exists():
        assert b"PORTAL_" not in environment.read_bytes()


def test_it_ends_with_the_portal_even_if_that_is_killed(workbook: Path) -> None:
    portal = subprocess.Popen(
        [sys.executable, "-c", BROUGHT, str(workbook)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with portal:
        assert portal.stdout is not None
        pid = int(portal.stdout.readline())
        running = os.pidfd_open(pid)
        portal.kill()
    assert select.select([running], [], [], PATIENCE)[0] == [running]
    os.close(running)
