"""Non-interference of offers: whom an offer does not concern observes nothing of it, nor that there is one.

A schedule is played twice from the same beginning, once with all that one provider does with its offer and once with
nothing in its place; compared is what `test_veil` compares, of everybody whom the offer does not concern.
"""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.veil.differing import differences, told
from tests.veil.offer_playing import OfferPlay
from tests.veil.offering import Offering
from tests.veil.region import Region

SAMPLE = range(1)
BATCHES, BATCH = 10, 20
KINDS: dict[str, Callable[[int], Offering]] = {"a draft": Offering.in_draft, "an offer": Offering.submitted}


async def counted(region: Region, schedule: Offering) -> Counter[str]:
    """How much of what was observed; fails where anybody can tell the offer from none."""
    one = await region.played(schedule, reading=True, of=OfferPlay)
    other = await region.played(schedule, reading=False, of=OfferPlay, probes=one.hidden)
    for difference in differences(one, other):
        raise AssertionError(told(schedule, *difference))
    assert one.counts["marks"], f"seed {schedule.seed}: nothing was offered"
    assert not other.counts["marks"]
    return Counter({**one.counts, "schedules": 1, "compared": sum(len(seen) for seen in other.of.values())})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SAMPLE)
async def test_nobody_whom_it_does_not_concern_can_tell_an_offer_from_none(
    region: Region, kind: str, seed: int
) -> None:  # S-034, S-071, S-092
    counts = await counted(region, KINDS[kind](seed))
    assert min(counts["offerCreate"], counts["frames"]) > 0


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch", range(BATCHES))
async def test_nobody_can_tell_in_hundreds_of_offers(region: Region, kind: str, batch: int) -> None:
    seeds = range(1_000 + batch * BATCH, 1_000 + (batch + 1) * BATCH)
    counts = sum([await counted(region, KINDS[kind](seed)) for seed in seeds], Counter[str]())
    print(f"{kind}, seeds {seeds.start} to {seeds.stop - 1}:", dict(sorted(counts.items())))  # noqa: T201
    assert counts["schedules"] == BATCH
