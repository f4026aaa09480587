"""Whoever reads on is told how much is unread as whoever comes back is, without counting it again."""

from random import Random
from uuid import UUID

import pytest

from realtime.inbox import Asked, InboxLog, Page
from tests.realtime.live import Live
from tests.realtime.stage import Stage

NUMBER = "select no from inbox_entry where event_id = $1"
MARKED = (
    "update inbox_entry set read_at = now(), read_no = $2 where person_id = $1 and no = any($3) and read_at is null"
)
GONE = "update inbox_entry set gone_no = $2 where person_id = $1 and no = any($3) and gone_no is null"


async def happen(stage: Stage, person: UUID, chance: Random, head: int) -> None:
    """Something is told; now and then it marks some of what was told before as read, or takes some off the list."""
    kind = chance.choice(("offer.submit", "offer.submit", "notifications.read", "referral.withdraw"))
    some = chance.sample(range(1, head + 1), min(head, chance.randint(0, 3)))
    notice = chance.choice((None, "OFFER_SUBMITTED")) if kind == "offer.submit" else None
    async with stage.database.acquire() as connection, connection.transaction():
        event = await stage.tell(person, kind=kind, notice=notice, over=connection)
        no = await connection.fetchval(NUMBER, event)
        if kind == "notifications.read":
            shown = "select no from inbox_entry where person_id = $1 and notice is not null and gone_no is null"
            listed = {row["no"] for row in await connection.fetch(shown, person)}
            await connection.execute(MARKED, person, no, [one for one in some if one in listed])
        elif kind == "referral.withdraw":
            await connection.execute(GONE, person, no, some)


def counts(page: Page) -> list[list[tuple[int, int]]]:
    return [[(row.no, row.unread) for row in rows] for rows in page.rows]


@pytest.mark.parametrize("seed", range(2))
async def test_what_was_unread_where_somebody_read_to_the_end_need_not_be_counted_again(live: Live, seed: int) -> None:
    # S-119
    chance, person = Random(seed), await live.stage.person()
    pool = await live.stage.pool()()
    log, known = InboxLog(pool, live.stage.clock), dict[int, int]()
    for head in range(30):
        await happen(live.stage, person, chance, head)
        ((*_, last),) = counts(await log.entries([Asked.of(person, 0)]))
        by_number = [Asked.of(person, no, unread) for no, unread in known.items()]
        by_counting = [Asked.of(person, no) for no in known]
        assert counts(await log.entries(by_number)) == counts(await log.entries(by_counting)), f"after entry {head + 1}"
        known[last[0]] = last[1]
    assert len(set(known.values())) > 3
    await log.close()
