"""Jobs: done at least once each by one worker at a time, again after a failure, and given up in the end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from migrations.wall.agreements import files
from models.job import TRIES, Job
from models.lifecycle import Role
from models.person import Viewer
from portal import lease
from portal.database import asyncpg_dsn
from portal.jobs import FORGET, Worker
from resolvers.context import Shell
from tests.waiting import PATIENCE, until
from tests.world import World, as_app


@dataclass
class Doing:
    """A handler that remembers what it was given and does what a test tells it to."""

    does: Callable[[Job], Awaitable[None]] | None = None
    seen: list[str] = field(default_factory=list)

    async def __call__(self, shell: Shell, job: Job) -> None:
        self.seen.append(job.key)
        if self.does:
            await self.does(job)


async def left(world: World, *keys: str, kind: str = "try", viewer: Viewer | None = None) -> None:
    """Jobs due now, left by an act of this viewer."""
    async with world.shell.database.acting(viewer, world.clock.now) as session:
        session.add_all(Job.of(kind, key, {"id": key}, world.clock.now) for key in keys)


async def row(world: World, key: str) -> dict[str, Any]:
    (found,) = await world.sql("SELECT * FROM job WHERE key = $1", key)
    return found


@asynccontextmanager
async def working(world: World, doing: Doing, **options: Any) -> AsyncIterator[Worker]:
    worker = Worker(world.shell, {"try": doing}, **options)
    worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


async def test_a_job_is_done_once_and_its_row_says_so(world: World) -> None:
    doing = Doing()
    worker = Worker(world.shell, {"try": doing})
    officer = await world.person(await world.authority(), Role.PLACEMENT_OFFICER)
    await left(world, "one", viewer=officer)
    await worker.work_off()
    await worker.work_off()
    assert doing.seen == ["one"]
    done = await row(world, "one")
    assert (done["done_at"], done["attempts"], done["error"]) == (world.clock.now, 1, None)


async def test_a_job_goes_with_its_act_or_not_at_all(world: World) -> None:
    async def fails() -> None:
        async with world.shell.database.acting(None, world.clock.now) as session:
            session.add(Job.of("try", "one", {}, world.clock.now))
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await world.count("job", "kind = 'try'") == 0


async def test_a_key_is_one_job_for_ever(world: World) -> None:
    doing = Doing()
    worker = Worker(world.shell, {"try": doing})
    for _ in range(3):
        async with world.shell.database.acting(None, world.clock.now) as session:
            await session.execute(Job.once("try", "one", {}, world.clock.now))
        await worker.work_off()
    assert doing.seen == ["one"]


async def test_nothing_is_done_before_it_is_due(world: World) -> None:
    doing = Doing()
    worker = Worker(world.shell, {"try": doing})
    async with world.shell.database.acting(None, world.clock.now) as session:
        session.add(Job.of("try", "later", {}, world.clock.now + timedelta(minutes=5)))
    await worker.work_off()
    assert doing.seen == []
    world.clock.goes_on(minutes=5)
    await worker.work_off()
    assert doing.seen == ["later"]


async def test_workers_of_several_processes_share_the_work_and_do_nothing_twice(world: World) -> None:
    doing = Doing(lambda job: asyncio.sleep(0.005))
    await left(world, *(f"job {n}" for n in range(40)))
    workers = [Worker(world.shell, {"try": doing}) for _ in range(4)]
    await asyncio.gather(*(worker.work_off() for worker in workers))
    assert sorted(doing.seen) == sorted(f"job {n}" for n in range(40))
    assert await world.count("job", "kind = 'try' AND done_at IS NOT NULL AND attempts = 1") == 40


async def test_a_failure_is_tried_again_later_and_the_row_holds_no_word_of_it(world: World) -> None:
    async def fails(job: Job) -> None:
        if job.attempts < 3:
            raise ValueError("Anna Example, born 2012")

    doing = Doing(fails)
    worker = Worker(world.shell, {"try": doing})
    await left(world, "one")
    await worker.work_off()
    failed = await row(world, "one")
    assert failed["error"].startswith("ValueError (incident ")
    assert "Anna" not in str(failed)
    assert failed["due_at"] == world.clock.now + timedelta(seconds=5)
    await worker.work_off()
    assert len(doing.seen) == 1
    world.clock.goes_on(seconds=5)
    await worker.work_off()
    assert (await row(world, "one"))["due_at"] == world.clock.now + timedelta(seconds=10)
    world.clock.goes_on(seconds=10)
    await worker.work_off()
    done = await row(world, "one")
    assert (done["attempts"], done["error"], done["done_at"]) == (3, None, world.clock.now)


async def test_after_eight_failures_a_job_is_dead_and_keeps_its_error(world: World) -> None:
    async def fails(job: Job) -> None:
        raise RuntimeError

    doing = Doing(fails)
    worker = Worker(world.shell, {"try": doing})
    await left(world, "one")
    for _ in range(12):
        await worker.work_off()
        world.clock.goes_on(hours=1)
    assert len(doing.seen) == TRIES == 8
    dead = await row(world, "one")
    assert dead["died_at"] is not None
    assert dead["done_at"] is None
    assert dead["error"].startswith("RuntimeError")


async def test_a_job_whose_worker_was_killed_is_done_again_when_its_lease_has_ended(world: World) -> None:
    doing = Doing()
    worker = Worker(world.shell, {"try": doing})
    await left(world, "one", "two")
    await world.sql("UPDATE job SET lease_until = clock_timestamp() + interval '1 h', attempts = 1 WHERE key = 'one'")
    await worker.work_off()
    assert doing.seen == ["two"]
    await world.sql("UPDATE job SET lease_until = clock_timestamp() - interval '1 ms' WHERE key = 'one'")
    await worker.work_off()
    assert doing.seen == ["two", "one"]
    assert (await row(world, "one"))["attempts"] == 2


async def test_a_job_that_kills_its_worker_each_time_is_given_up(world: World) -> None:
    doing = Doing()
    await left(world, "one")
    await world.sql("UPDATE job SET lease_until = clock_timestamp() - interval '1 ms', attempts = 8")
    await Worker(world.shell, {"try": doing}).work_off()
    assert doing.seen == []
    assert (await row(world, "one"))["error"].startswith("OutOfTries")


async def test_whoever_lost_the_lease_cannot_say_how_it_went(world: World) -> None:
    async def meanwhile(job: Job) -> None:
        await world.sql("UPDATE job SET attempts = attempts + 1")

    await left(world, "one")
    await Worker(world.shell, {"try": Doing(meanwhile)}).work_off()
    kept = await row(world, "one")
    assert (kept["attempts"], kept["done_at"]) == (2, None)


async def test_a_handler_that_hangs_is_ended(world: World) -> None:
    await left(world, "one")
    worker = Worker(world.shell, {"try": Doing(lambda job: asyncio.sleep(600))}, patience=timedelta(seconds=0.05))
    await worker.work_off()
    assert (await row(world, "one"))["error"].startswith("TimeoutError")


async def lease_is_renewed(world: World) -> None:
    held = (await row(world, "one"))["lease_until"]
    await until(lambda: world.count("job", "key = 'one' AND lease_until > $1", held))


async def test_a_job_in_hand_keeps_its_lease_however_long_it_takes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEWALS", 40)
    enough = asyncio.Event()

    async def long(job: Job) -> None:
        await enough.wait()

    first, second = Doing(long), Doing()
    await left(world, "one")
    async with working(world, first) as worker:
        worker.lease = timedelta(seconds=80)  # renewed every two
        await until(lambda: world.count("job", "lease_until IS NOT NULL AND kind = 'try'"))
        for _ in range(2):
            await lease_is_renewed(world)
            await Worker(world.shell, {"try": second}).work_off()
        enough.set()
        await until(lambda: world.count("job", "done_at IS NOT NULL AND kind = 'try'"))
    assert (first.seen, second.seen) == (["one"], [])


async def test_kinds_of_another_release_are_left_alone(world: World) -> None:
    await left(world, "one", kind="unheard of")
    await Worker(world.shell, {"try": Doing()}).work_off()
    assert (await row(world, "one"))["attempts"] == 0


async def test_a_running_worker_finds_what_is_left_for_it(world: World) -> None:
    doing = Doing()

    class Now:
        async def wait(self) -> None:
            await asyncio.sleep(0)

    async with working(world, doing, ear=Now):
        await left(world, "one")
        await until(lambda: world.count("job", "key = 'one' AND done_at IS NOT NULL"))
    assert doing.seen == ["one"]


async def test_a_worker_that_is_stopped_gives_back_what_it_was_doing(world: World) -> None:
    doing = Doing(lambda job: asyncio.sleep(600))
    await left(world, "one")
    async with working(world, doing) as worker:
        await until(lambda: doing.seen)
        async with asyncio.timeout(PATIENCE):
            await worker.stop()
    given_back = await row(world, "one")
    assert (given_back["attempts"], given_back["lease_until"], given_back["done_at"]) == (0, None, None)


async def test_a_daily_job_is_one_for_all_workers_each_london_day(world: World) -> None:
    """The day of London: 23:30 UTC in summer is the next one's."""
    doing = Doing()
    workers = [Worker(world.shell, {"try": doing}, daily=["try"]) for _ in range(3)]

    async def turn() -> None:
        await asyncio.gather(*(worker.work_off() for worker in workers))

    await turn()
    await turn()
    assert doing.seen == ["try 2026-06-15"]
    world.clock.now = world.clock.now.replace(hour=22, minute=59)
    await turn()
    assert len(doing.seen) == 1
    world.clock.now = world.clock.now.replace(hour=23, minute=0)
    await turn()
    assert doing.seen == ["try 2026-06-15", "try 2026-06-16"]
    world.clock.goes_on(days=4)
    await turn()
    assert doing.seen[2:] == ["try 2026-06-20"]


async def test_what_was_done_is_removed_after_thirty_days_and_what_died_stays(world: World) -> None:
    worker = Worker(world.shell, {"try": Doing()})
    await left(world, "one", "two")
    await worker.work_off()
    await world.sql("UPDATE job SET done_at = NULL, died_at = $1 WHERE key = 'two'", world.clock.now)
    world.clock.goes_on(days=29)
    await worker.work_off()
    assert await world.count("job", "kind = 'try'") == 2
    world.clock.goes_on(days=2)
    await worker.work_off()
    assert {job["key"] for job in await world.sql("SELECT key FROM job WHERE kind = 'try'")} == {"two"}
    assert await world.count("job", "kind = $1", FORGET) == 2


async def test_nobody_who_leaves_jobs_sees_or_changes_any(world: World) -> None:
    firm = await world.provider()
    viewers = [
        None,
        await world.person(await world.authority(), Role.PLACEMENT_OFFICER),
        await world.person(firm.id, Role.MEMBER),
        await world.person(firm.id, Role.SIGNATORY),
        await world.person(await world.region(), Role.REGION_ADMIN),
    ]
    await left(world, "one")
    for viewer in viewers:
        for statement in ("SELECT FROM job", "UPDATE job SET attempts = 9", "DELETE FROM job"):
            connection = await asyncpg.connect(asyncpg_dsn(as_app(world.dsn)))
            role = viewer.database_role if viewer else "portal_signin"
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"SET ROLE {role}; {statement}")
            await connection.close()
    assert (await row(world, "one"))["attempts"] == 0


WORKER_READS = {
    "document": {"id", "organisation_id", "home_id", "kind", "expires_on", "state", "replaced_at"},
    "event": {*files.EVENT.split(", ")},
    "home": {"id", "ended_at"},
    "ipa": {*files.AGREEMENT.split(", ")},
    "ipa_file": "*",
    "job": "*",
    "mail": "*",
    "offer_document": {"document_id", "kind", "compulsory", "removed_at"},
    "person": {"id", "name", "email", "status"},
    "provider": {"id"},
    "registration_fault": "*",
    "registration_import": "*",
    "reminder": "*",
    "sealing_key": "*",
    "signature": {*files.SIGNATURE.split(", ")},
}


async def test_the_worker_reaches_jobs_and_what_it_seals_sends_and_reminds_of_and_nothing_else(world: World) -> None:
    """Of a placement it reads agreements that are fixed; it knows nobody's secrets, and keys as they are encrypted."""
    granted = await world.sql(
        "SELECT table_name, array_agg(DISTINCT column_name::text) AS columns"
        " FROM information_schema.role_column_grants WHERE grantee = 'portal_worker' GROUP BY 1"
    )
    assert {row["table_name"] for row in granted} == set(WORKER_READS)
    for row in granted:
        wanted = WORKER_READS[row["table_name"]]
        assert wanted == "*" or set(row["columns"]) == wanted, row["table_name"]
