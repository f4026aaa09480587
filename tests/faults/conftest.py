"""One site for all tests of this folder; every worker runs when a test begins."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.faults.site import Site, opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def founded() -> AsyncIterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="portal-faults-"))
    folder.chmod(0o711)
    async with opened(folder) as site:
        yield site
    shutil.rmtree(folder)


@pytest_asyncio.fixture(loop_scope="session")
async def site(founded: Site) -> Site:
    await founded.whole()
    return founded
