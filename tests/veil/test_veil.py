"""Non-interference: nothing that anybody else can observe depends on whether a reader has read (S-069, S-070).

A schedule is played twice from the same beginning, once with the reader's readings and once with nothing in their
place. Compared byte by byte are: the answers to everybody's acts with status and headers, agreements' PDFs among them;
after each step what one of several watchers sees and every row of the database but the reader's own; the frames of the
watchers' streams, followed live and again from the beginning; at the end what each person can read in SQL. Chance and
clock are the same in both worlds, so nothing has to be made equal but what follows the wall's clock.
"""

from collections import Counter
from dataclasses import replace

import pytest

from tests.veil.differing import differences, told
from tests.veil.region import Region
from tests.veil.schedule import Schedule, Step

SAMPLE = range(5)
BATCHES, BATCH = 10, 50
WRITERS = ("Birmingham officer", "Birmingham colleague", "Birmingham administrator", "Alder member", "Beech member")
PLANTED = {
    "thread": """CREATE FUNCTION leak() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE referral r SET updated_at = r.updated_at + interval '1 second' FROM thread t
        WHERE t.id = NEW.thread_id AND r.id = t.referral_id; RETURN NEW; END $$;
        CREATE TRIGGER leak AFTER INSERT OR UPDATE ON thread_read FOR EACH ROW EXECUTE FUNCTION leak();
        ALTER FUNCTION leak() SECURITY DEFINER""",
    "view": """CREATE VIEW leak AS SELECT last_read_no FROM thread_read;
        GRANT SELECT ON leak TO portal_la, portal_provider, portal_admin""",
}
PULLED_UP = {"thread": "DROP TRIGGER leak ON thread_read; DROP FUNCTION leak", "view": "DROP VIEW leak"}


async def counted(region: Region, seed: int) -> Counter[str]:
    """How much of what was observed; fails where anybody can tell the readings from none."""
    schedule = Schedule.of(seed)
    one, other = [await region.played(schedule, reading=reading) for reading in (True, False)]
    for difference in differences(one, other):
        raise AssertionError(told(schedule, *difference))
    assert one.counts["marks"], f"seed {seed}: no reading moved a mark"
    assert not other.counts["marks"]
    compared = sum(len(seen) for seen in other.of.values())
    return Counter({**one.counts, "schedules": 1, "steps": len(schedule.steps), "compared": compared})


def shortest(*readers: str) -> Schedule:
    """The shortest schedule of the sample, with one of these readers where any are named."""
    schedules = [each for each in map(Schedule.of, SAMPLE) if not readers or each.reader in readers]
    return min(schedules, key=lambda schedule: len(schedule.steps))


async def found_out(region: Region, schedule: Schedule, instead: Schedule | None = None) -> set[str]:
    """By which ways somebody could tell this schedule from itself without its readings."""
    one = await region.played(instead or schedule, reading=True)
    other = await region.played(schedule, reading=False)
    return {mine.way for _, mine, _ in differences(one, other)}


async def test_nobody_else_can_tell_whether_a_reader_has_read(region: Region) -> None:  # S-069, S-070
    counts = sum([await counted(region, seed) for seed in SAMPLE], Counter[str]())
    assert all(counts[each] for each in ("pdf", "frames", "refused", "threadRead", "look", "bell", "bells", "signIn"))
    assert counts["marks"] > len(SAMPLE)


@pytest.mark.long
@pytest.mark.parametrize("batch", range(BATCHES))
async def test_nobody_can_tell_in_hundreds_of_schedules(region: Region, batch: int) -> None:  # S-069, S-070
    seeds = range(1_000 + batch * BATCH, 1_000 + (batch + 1) * BATCH)
    counts = sum([await counted(region, seed) for seed in seeds], Counter[str]())
    print(f"seeds {seeds.start} to {seeds.stop - 1}:", dict(sorted(counts.items())))  # noqa: T201
    assert counts["schedules"] == BATCH


async def test_it_is_found_by_every_way_when_the_reader_writes_instead(region: Region) -> None:
    """The proof does not pass by observing nothing."""
    schedule = shortest(*WRITERS)
    words = {"body": "This is not a reading.", "tag": None}
    last = max(number for number, step in enumerate(schedule.steps) if step.act == "threadRead")
    spoken = Step(schedule.reader, "messageSend", schedule.steps[last].of, words, reading=True)
    steps = [*schedule.steps[:last], spoken, *schedule.steps[last + 1 :]]
    ways = await found_out(region, schedule, replace(schedule, steps=steps))
    assert ways == {"answer", "stream", "tables", "database"}


@pytest.mark.parametrize(("leak", "ways"), [("thread", {"database", "tables"}), ("view", {"tables"})])
async def test_a_leak_that_is_planted_is_found(region: Region, leak: str, ways: set[str]) -> None:
    await region.tables.script(PLANTED[leak])
    try:
        assert ways <= await found_out(region, shortest())
    finally:
        await region.tables.script(PULLED_UP[leak])


def test_a_seed_gives_its_schedule() -> None:
    assert [Schedule.of(seed) for seed in SAMPLE] == [Schedule.of(seed) for seed in SAMPLE]
    assert {Schedule.of(seed).reader for seed in range(100)} > {"Alder member", "Birmingham machine"}
