"""The jobs that seal: each file once and in order, whatever dies at whichever point, and whoever works beside."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from models.ipa_sealing import SEAL, SWEEP
from models.job import TRIES, Job
from portal.app import DAILY, HANDLERS
from portal.jobs import Worker
from resolvers import ipa_sealing
from resolvers.ports import SealedFile, Stamp
from tests.resolvers.test_ipa import codes
from tests.sealing import PlainSealer, bytes_of, enabled, files_of, kinds_of, seals_plainly, signed, worked_off
from tests.world import AN_ORDINARY_DAY, World

SWEEPING = Job.of(SWEEP, SWEEP, {}, AN_ORDINARY_DAY)
BOTH = ["ENABLED", "SEALED", "SEALED", "CERTIFICATE"]


class Gone(BaseException):
    """The process is no more: nothing after this point is done."""


@pytest.fixture(autouse=True)
def plainly(world: World) -> None:
    seals_plainly(world)


def once(raised: BaseException, then: Callable[..., Any]) -> Callable[..., Any]:
    """Fails the first time."""
    left = [raised]

    async def called(*given: Any, **named: Any) -> Any:
        if left:
            raise left.pop()
        return await then(*given, **named)

    return called


POINTS = {
    "before anything is read": "_standing",
    "before a file is made": "_made",
    "after sealing, before its bytes are kept": "kept",
    "after its bytes are kept, before its row": "_write_down",
}


# S-106, H4
@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS)
async def test_wherever_the_process_dies_each_file_is_made_once(
    world: World, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    agreeing = await signed(world, sealed=False)
    monkeypatch.setattr(ipa_sealing, point, once(Gone(), getattr(ipa_sealing, point)))
    (job,) = await world.sql("SELECT id, payload FROM job WHERE kind = $1 AND key LIKE '%LOCAL_AUTHORITY'", SEAL)
    with pytest.raises(Gone):
        await ipa_sealing.seal(world.shell, await claimed(world))
    await world.sql("UPDATE job SET lease_until = NULL WHERE id = $1", job["id"])
    await worked_off(world)
    assert [row["kind"] for row in await files_of(agreeing)] == BOTH
    await unbroken(agreeing)
    assert await world.count("event", "kind = 'agreement.sealed'") == 2
    assert await world.count("signature") == 2


async def claimed(world: World) -> Any:
    return await Worker(world.shell, HANDLERS)._claim()


async def unbroken(agreeing: Any) -> None:
    """Every revision begins with the one before it."""
    revisions = [content for row, content in zip(await files_of(agreeing), await bytes_of(agreeing), strict=True)
                 if row["kind"] in ("ENABLED", "SEALED", "TIMESTAMPED")]  # fmt: skip
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(revisions))


# S-116, H4
async def test_workers_that_seal_at_once_make_no_file_twice_and_lose_none(world: World) -> None:
    agreeing = await signed(world, sealed=False)
    job = await claimed(world)
    meeting = asyncio.Barrier(3)
    shell = replace(world.shell, sealer=Together(meeting))
    await asyncio.gather(*(ipa_sealing.seal(shell, job) for _ in range(3)))
    assert [row["kind"] for row in await files_of(agreeing)] == BOTH
    assert [row["no"] for row in await files_of(agreeing)] == [0, 1, 2, 3]
    await unbroken(agreeing)
    assert await world.count("event", "kind = 'agreement.sealed'") == 2
    assert await world.count("event", "kind = 'agreement.certificate'") == 1


@dataclass
class Together(PlainSealer):
    """Seals when all workers have come to the first signature."""

    def __init__(self, meeting: asyncio.Barrier) -> None:
        super().__init__()
        self._meeting: asyncio.Barrier | None = meeting

    async def fill(self, pdf: bytes, stamp: Stamp) -> SealedFile:
        if meeting := self._meeting:
            await meeting.wait()
            self._meeting = None
        return await super().fill(pdf, stamp)


# H4
async def test_a_failure_is_tried_again_and_the_daily_sweep_takes_up_what_died(world: World) -> None:
    well = world.shell
    world.shell = replace(well, sealer=None)
    agreeing = await enabled_then_signed(world, well)
    for _ in range(TRIES):
        await worked_off(world)
        world.clock.goes_on(hours=2)
    assert await world.count("job", "kind = $1 AND died_at IS NOT NULL", SEAL) == 2
    assert await world.count("signature") == 2
    world.shell = replace(world.shell, sealer=PlainSealer())
    world.clock.goes_on(days=1)
    await Worker(world.shell, HANDLERS, daily=DAILY).work_off()
    assert [row["kind"] for row in await files_of(agreeing)] == BOTH
    assert await world.count("job", "kind = $1 AND done_at IS NOT NULL", SEAL) == 1


async def enabled_then_signed(world: World, well: Any) -> Any:
    broken, world.shell = world.shell, well
    agreeing = await enabled(world)
    world.shell = broken
    for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
        assert codes(await agreeing.sign(signer)) == []
    return agreeing


LOST = {
    "both seals": ("kind <> 'ENABLED'", []),
    "the certificate": ("kind = 'CERTIFICATE'", BOTH[:3]),
}


# H4
@pytest.mark.parametrize("which", LOST)
async def test_the_sweep_finds_every_agreement_that_lacks_a_file(world: World, which: str) -> None:
    agreeing = await signed(world)
    await world.sql("ALTER TABLE ipa_file DISABLE TRIGGER ALL")
    await world.sql(f"DELETE FROM ipa_file WHERE {LOST[which][0]}")
    await world.sql("ALTER TABLE ipa_file ENABLE TRIGGER ALL")
    await swept(world)
    assert [row["kind"] for row in await files_of(agreeing)] == BOTH


# S-108, H4
async def test_the_sweep_finds_a_voided_agreement_without_its_copy(world: World) -> None:
    agreeing = await signed(world)
    await agreeing.well(agreeing.officer, "ipaVoid", 'reason: "The home has closed."')
    await world.sql("DELETE FROM job WHERE key LIKE '%VOIDED'")
    await swept(world)
    assert (await kinds_of(agreeing))[-1] == ("VOID_COPY", None)


async def test_the_sweep_leaves_alone_what_is_complete_and_queues_nothing_twice_a_day(world: World) -> None:
    agreeing = await signed(world)
    before = await files_of(agreeing)
    for _ in range(2):
        await swept(world)
    assert await files_of(agreeing) == before
    assert await world.count("job", "kind = $1", SEAL) == 2
    await enabled_and_lost(world)
    for days in (0, 0, 1):  # as long as that job waits, others have their turn
        world.clock.goes_on(days=days)
        await ipa_sealing.sweep(world.shell, SWEEPING)
    assert await world.count("job", "kind = $1 AND done_at IS NULL", SEAL) == 1


async def enabled_and_lost(world: World) -> None:
    await world.sql("ALTER TABLE ipa_file DISABLE TRIGGER ALL")
    await world.sql("DELETE FROM ipa_file WHERE kind = 'CERTIFICATE'")


async def swept(world: World) -> None:
    await ipa_sealing.sweep(world.shell, SWEEPING)
    await worked_off(world)


def test_the_sweep_runs_daily() -> None:
    assert SWEEP in DAILY
    assert {SEAL, SWEEP} <= set(HANDLERS)


# TRUST 2h
async def test_no_transaction_is_open_while_a_file_is_made(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "lease", timedelta(hours=1))  # renewing it takes one
    await signed(world, sealed=False)
    seen = []

    class Looking(PlainSealer):
        async def fill(self, pdf: bytes, stamp: Stamp) -> SealedFile:
            waiting = "datname = current_database() AND state LIKE 'idle in transaction%'"
            seen.append(await world.count("pg_stat_activity", waiting))
            return await super().fill(pdf, stamp)

    world.shell = replace(world.shell, sealer=Looking())
    await worked_off(world)
    assert seen == [0, 0]
