"""How far the reading of a workbook has come is seen up to its end."""

import asyncio
from typing import Any

import pytest

from models.lifecycle import Role
from portal import registration_reading
from resolvers import registration_reading as becomes
from tests.uploading import uploading
from tests.workbooks import saying
from tests.world import World


async def test_progress_that_is_being_written_when_the_reading_ends_is_written_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, read_so_far = asyncio.Event(), becomes.read_so_far

    async def interrupted_once(*given: Any) -> None:
        if not begun.is_set():
            begun.set()
            await asyncio.Event().wait()
        await read_so_far(*given)

    monkeypatch.setattr(registration_reading, "EVERY", 0.0)
    monkeypatch.setattr(becomes, "read_so_far", interrupted_once)
    member = await world.person((await world.provider(approved=False)).id, Role.MEMBER)
    async with uploading(world) as files:
        files.workbooks.meanwhile.append(begun.wait)
        seen = await files.read(member, saying("Alder Homes Limited"))
    assert (seen["status"], seen["progress"]) == ("TAKEN_IN", {"done": 7, "total": 9})
