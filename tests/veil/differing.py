"""What somebody observed in one world and not in the other."""

from collections.abc import Iterator
from itertools import zip_longest

from tests.veil.schedule import Schedule
from tests.veil.watching import Observed, Seen

NOTHING = Seen(-1, "nothing", "nothing", b"")
AROUND = 300


def differences(one: Observed, other: Observed) -> Iterator[tuple[str, Seen, Seen]]:
    """Who observed what differently; of somebody who observed more in one world, what was not there in the other."""
    for who in sorted({*one.of, *other.of}):
        for mine, theirs in zip_longest(one.of.get(who, ()), other.of.get(who, ()), fillvalue=NOTHING):
            if mine != theirs:
                yield who, mine, theirs


def told(schedule: Schedule, who: str, mine: Seen, theirs: Seen) -> str:
    """In words, with the seed and the step by which it can be found again."""
    step = schedule.steps[mine.step] if 0 <= mine.step < len(schedule.steps) else "the end"
    here, there = mine.content.splitlines(), theirs.content.splitlines()
    only_here = b"\n".join(line for line in here if line not in there)
    only_there = b"\n".join(line for line in there if line not in here)
    pairs = zip(only_here, only_there, strict=False)
    first = max(next((at for at, (one, other) in enumerate(pairs) if one != other), 0) - AROUND, 0)
    part = slice(first, first + 3 * AROUND)
    return (
        f"seed {schedule.seed}, reader {schedule.reader}: {who} can tell after step {mine.step} ({step}) from"
        f" {mine.way} {mine.what!r}:\n{only_here[part]!r}\nwithout the readings:\n{only_there[part]!r}"
    )
