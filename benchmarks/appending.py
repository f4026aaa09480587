"""How long the last statement of an act takes that tells twelve hundred people (docs: benchmarks/README.md)."""

import sys
import time
from statistics import median
from typing import Any

from rich.console import Console

from benchmarks.ground import Ground, arguments, upon
from benchmarks.telling import PEOPLE, RECORD, Telling

MILLISECONDS, WARM = 12, 3
KEPT = """CREATE TEMP TABLE bare ON COMMIT DROP AS
  SELECT i.person_id, i.head + 1 AS no, (SELECT id FROM event LIMIT 1) AS event_id
  FROM inbox i JOIN person p ON p.id = i.person_id WHERE p.organisation_id = ANY ($1::uuid[])"""
BARE = (
    "INSERT INTO inbox_entry (person_id, no, event_id, notice) SELECT person_id, no, event_id, 'X' FROM bare",
    "UPDATE inbox i SET head = b.no FROM bare b WHERE i.person_id = b.person_id",
)
NO_MORE_THAN_THE_KEY = """DO $$ DECLARE each regclass; BEGIN
  FOR each IN SELECT indexrelid FROM pg_index WHERE indrelid = 'inbox_entry'::regclass AND NOT indisprimary LOOP
    EXECUTE 'DROP INDEX ' || each;
  END LOOP; END $$"""


async def appended(telling: Telling, whom: tuple[int, ...]) -> tuple[float, float]:
    """Milliseconds of the statement, and of its transaction with the commit."""
    happened = telling.happened(whom, everybody=True)
    began = time.perf_counter()
    async with telling.connection.transaction():
        await telling.connection.execute(RECORD, happened)
        recorded = time.perf_counter()
    return 1e3 * (recorded - began), 1e3 * (time.perf_counter() - began)


async def bare(telling: Telling, whom: tuple[int, ...]) -> float:
    """The same rows in two plain statements of the superuser."""
    connection: Any = telling.connection
    async with connection.transaction():
        await connection.execute(KEPT, [telling.providers[no] for no in whom])
        began = time.perf_counter()
        for statement in BARE:
            await connection.execute(statement)
        return 1e3 * (time.perf_counter() - began)


async def measure(ground: Ground, reached: int, rounds: int, console: Console) -> None:
    """Each kind by itself: what one leaves behind is not to be in another's way."""
    telling = await Telling.on(ground, max(reached, 40))
    whom = tuple(range(reached))
    took = [await appended(telling, whom) for _ in range(rounds + WARM)][WARM:]
    statement, whole = (median(each) for each in zip(*took, strict=True))
    least = median([await bare(telling, whom) for _ in range(rounds + WARM)][WARM:])
    await telling.connection.execute(NO_MORE_THAN_THE_KEY)
    keyed = median([await bare(telling, whom) for _ in range(rounds + WARM)][WARM:])
    await telling.close()
    console.print(
        f"appending to {reached * PEOPLE} inboxes: {statement:.1f} ms, with its commit {whole:.1f} ms;"
        f" the same rows barely {least:.1f} ms, ratio {statement / least:.1f}, with no index but the key {keyed:.1f} ms"
    )
    console.print(f"at most {MILLISECONDS} ms: {'passed' if statement <= MILLISECONDS else 'FAILED'}")


def main() -> int:
    parser = arguments("How long it takes to append to many inboxes.")
    parser.add_argument("--reached", type=int, default=300, help="organisations of four people each")
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    upon(given.server, lambda ground: measure(ground, given.reached, given.rounds, Console(width=160)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
