"""Whatever people do one after the other: an offer says what was offered, and once accepted stands (S-072 to S-078)."""

from collections import Counter

import pytest

from tests.promises.acting import History
from tests.promises.holding import Held
from tests.promises.stage import Stage

SAMPLE = range(8)
STEPS = 20
BATCHES, BATCH, LONG = 10, 20, 60
FAULT = """CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {fault}; RETURN NEW; END $$;
  CREATE TRIGGER zz_fault BEFORE {when} ON offer FOR EACH ROW EXECUTE FUNCTION fault()"""
A_VOIDING = "UPDATE OF void_reason"
PLANTED = {
    "a penny": FAULT.format(fault="NEW.weekly_total := NEW.weekly_total + 0.01", when="INSERT"),
    "two versions": FAULT.format(fault="NEW.version := NEW.version + 1", when="UPDATE"),
    "another promise": FAULT.format(fault='NEW.terms := NEW.terms || \'{"staffing": "One."}\'', when=A_VOIDING),
    "to a rival": "CREATE POLICY fault ON offer FOR SELECT TO portal_provider USING (true)",
    "too early": "CREATE POLICY fault ON offer FOR SELECT TO portal_la USING (true)",
}
FOUND_IN = {"another promise": 3}
"""The history of the sample that comes to what is planted, where it is not the first."""
PULLED_UP = "DROP FUNCTION IF EXISTS fault CASCADE; DROP POLICY IF EXISTS fault ON offer"


async def lived(stage: Stage, seed: int, steps: int) -> Counter[str]:
    """What was done in one history; fails, with the story, as soon as something does not hold."""
    history = await History.begun(stage, seed)
    held = Held(history)
    await held.look()
    for _ in range(steps):
        done = await history.step()
        try:
            await held.after(done)
        except AssertionError as fault:
            story = "\n".join(map(str, history.done))
            raise AssertionError(f"seed {seed}, {fault} after\n{story}") from fault
    return history.counts


# S-075, S-076, S-077, S-078, S-089, S-092, S-102, S-118
@pytest.mark.parametrize("seed", SAMPLE)
async def test_whatever_is_done_offers_keep_their_promises(stage: Stage, seed: int) -> None:
    counts = await lived(stage, seed, STEPS)
    assert counts["offerCreate"]


@pytest.mark.long
@pytest.mark.parametrize("batch", range(BATCHES))
async def test_whatever_is_done_at_length_offers_keep_their_promises(stage: Stage, batch: int) -> None:
    """S-075 to S-078, S-089, S-092, S-102 and S-118 in hundreds of longer histories."""
    seeds = range(1_000 + batch * BATCH, 1_000 + (batch + 1) * BATCH)
    counts = sum([await lived(stage, seed, LONG) for seed in seeds], Counter[str]())
    print(f"seeds {seeds.start} to {seeds.stop - 1}:", dict(sorted(counts.items())))  # noqa: T201
    assert all(counts[act] for act in ("offerSubmit", "offerAccept", "offerVoid", "ipaCreate", "ipaEnable"))


@pytest.mark.parametrize("fault", PLANTED)
async def test_a_fault_that_is_planted_is_found(stage: Stage, fault: str) -> None:
    """The proof does not pass by observing nothing."""
    await stage.tables.script(PLANTED[fault])
    try:
        with pytest.raises(AssertionError, match=r"seed \d+, "):
            await lived(stage, FOUND_IN.get(fault, SAMPLE[0]), STEPS)
    finally:
        await stage.tables.script(PULLED_UP)
