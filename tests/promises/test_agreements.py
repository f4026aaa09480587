"""Whatever people do one after the other: a fixed agreement stays as it was, and so does what is drawn from it."""

from collections import Counter

import pytest
import pytest_asyncio

from tests.promises.agreed import HeldAgreements
from tests.promises.agreeing import Agreements, Signatories
from tests.promises.stage import Stage

SAMPLE = range(4)
STEPS = 24
BATCHES, BATCH, LONG = 10, 10, 80
FAULT = """CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {fault}; RETURN {left}; END $$;
  CREATE TRIGGER zz_fault BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION fault()"""


def planted(table: str, when: str, fault: str, left: str = "NEW") -> str:
    return FAULT.format(table=table, when=when, fault=fault, left=left)


PLANTED = {
    "two versions": planted("ipa", "UPDATE", "NEW.version := NEW.version + 1"),
    "placed too early": planted("referral", "UPDATE", "IF NEW.accepted THEN NEW.status := 'PLACED'; END IF"),
}
LATE = {
    "another word": planted("ipa", "UPDATE OF provider_signed", "NEW.canonical_form := NEW.canonical_form || ' '"),
    "other bytes": planted("ipa_file", "INSERT", "NEW.sha256 := repeat('0', 64)"),
}
"""What shows only once an agreement is fixed, which not every short history comes to."""
PULLED_UP = "DROP FUNCTION IF EXISTS fault CASCADE"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def signatories(stage: Stage) -> Signatories:
    return await Signatories.of(stage)


async def lived(stage: Stage, signatories: Signatories, seed: int, steps: int) -> Counter[str]:
    """What was done in one history; fails, with the story, as soon as something does not hold."""
    history = await Agreements.agreed(stage, signatories, seed)
    held = HeldAgreements(history)
    await held.look()
    held.versions = {offer["id"]: offer["version"] for offer in await history.offers()}
    for _ in range(steps):
        done = await history.step()
        try:
            await held.after(done)
        except AssertionError as fault:
            story = "\n".join(map(str, history.done))
            raise AssertionError(f"seed {seed}, {fault} after\n{story}") from fault
    return history.counts


async def sampled(stage: Stage, signatories: Signatories, steps: int) -> None:
    for seed in SAMPLE:
        await lived(stage, signatories, seed, steps)


# S-101, S-102, S-106, S-108, S-109, S-114, S-115, S-116, S-118
@pytest.mark.parametrize("seed", SAMPLE)
async def test_whatever_is_done_agreements_keep_what_they_say(
    stage: Stage, signatories: Signatories, seed: int
) -> None:
    counts = await lived(stage, signatories, seed, STEPS)
    assert counts["ipaCreate"]


@pytest.mark.long
@pytest.mark.parametrize("batch", range(BATCHES))
async def test_whatever_is_done_at_length_agreements_keep_what_they_say(
    stage: Stage, signatories: Signatories, batch: int
) -> None:
    """The same in longer histories, in which everything that there is to do with an agreement is done."""
    seeds = range(2_000 + batch * BATCH, 2_000 + (batch + 1) * BATCH)
    counts = sum([await lived(stage, signatories, seed, LONG) for seed in seeds], Counter[str]())
    print(f"seeds {seeds.start} to {seeds.stop - 1}:", dict(sorted(counts.items())))  # noqa: T201
    acts = ("ipaCreate", "ipaUpdate", "ipaShare", "ipaEnable", "ipaOpen", "ipaSign", "ipaVoid", "upliftPropose")
    assert [act for act in acts if not counts[act]] == []


@pytest.mark.parametrize("fault", PLANTED)
async def test_a_fault_that_is_planted_is_found(stage: Stage, signatories: Signatories, fault: str) -> None:
    """The proof does not pass by observing nothing."""
    await found(stage, signatories, PLANTED[fault], STEPS)


@pytest.mark.long
@pytest.mark.parametrize("fault", LATE)
async def test_a_fault_in_what_is_fixed_is_found(stage: Stage, signatories: Signatories, fault: str) -> None:
    await found(stage, signatories, LATE[fault], LONG)


async def found(stage: Stage, signatories: Signatories, fault: str, steps: int) -> None:
    await stage.tables.script(fault)
    try:
        with pytest.raises(AssertionError, match=r"seed \d+, "):
            await sampled(stage, signatories, steps)
    finally:
        await stage.tables.script(PULLED_UP)
