"""The SQL of reading the log, under the role `portal_hub`, which may read this and nothing more."""

import asyncio
import contextlib
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Self
from uuid import UUID

import asyncpg

from realtime.cursor import Cursor, Unreadable, numbering
from realtime.entry import Reason, Row, Told
from realtime.ports import Clock, Pool
from realtime.recovery import FAULTS, pauses

log = logging.getLogger("portal.hub")

NUMBER = itemgetter(0)
PAGE = 128
PATIENCE = 5.0
LONGEST_PAUSE = 2.0

# The head makes idle inboxes free; the epoch comes back even where there is nothing to tell. What a provider may see
# of a referral ends with its delivery, so `visible` asks for one wherever the reader is not the referral's authority;
# what has been taken away since is not told. `unread` is what the list showed at each number, of what stands in it
# still: from what it was at the place asked for, each notification adds one and each reading takes off what it marked.
# All who are told the same in the same way are one row, with their places in arrays: a row of its own for each of two
# thousand inboxes would cost more than telling them.
ENTRIES = """
select epoch.epoch, event.at, event.kind, event.subject_kind, event.subject_id, event.referral_id, event.reference,
       event.la_id, event.provider_id, event.actor_id, event.version, told.*
  from portal_epoch epoch
  left join (
    select alike.event_id, alike.notice, alike.ids, alike.thread_id, alike.from_others, alike.thread_unread,
           alike.visible,
           array_agg(alike.slot) as slots, array_agg(alike.no) as numbers, array_agg(alike.unread) as unread
      from (
        select at_no.slot::int as slot, entry.no, entry.notice, entry.event_id,
               (before.unread + sum((entry.notice is not null and entry.gone_no is null)::int - marked.many)
                 over (partition by at_no.slot order by entry.no))::int as unread,
               coalesce(gone.ids, marked.ids) as ids, conversation.id as thread_id,
               actor.organisation_id is distinct from reader.organisation_id as from_others,
               case when event.kind in ('message.send', 'thread.read')
                    then portal_unread_messages(reader.id, event.subject_id)::int end as thread_unread,
               (entry.gone_no is null and (event.referral_id is null or event.kind = 'referral.withdraw'
                or event.la_id = reader.organisation_id
                or exists (select from delivery
                            where delivery.referral_id = event.referral_id
                              and delivery.provider_id = reader.organisation_id
                              and delivery.withdrawn_at is null))) is true as visible
          from unnest($1::text::uuid[], $2::text::bigint[]) with ordinality as at_no (person_id, no, slot)
          join inbox on inbox.person_id = at_no.person_id and inbox.head > at_no.no
          left join person reader on reader.id = at_no.person_id
         cross join lateral (
           select (select count(*) from inbox_entry item
                    where item.person_id = at_no.person_id and item.no <= at_no.no
                      and item.notice is not null and item.read_at is null and item.gone_no is null)
                + (select count(*) from inbox_entry item
                    where item.person_id = at_no.person_id and item.no <= at_no.no
                      and item.read_no > at_no.no and item.gone_no is null) as unread) before
         cross join lateral (select * from inbox_entry item
                              where item.person_id = at_no.person_id and item.no > at_no.no
                              order by item.no limit $3) entry
          join event on event.id = entry.event_id
          left join person actor on actor.id = event.actor_id
         cross join lateral (select count(*) filter (where item.gone_no is null) as many,
                                    array_agg(item.event_id order by item.no) as ids
                               from inbox_entry item
                              where event.kind in ('notification.read', 'notifications.read', 'thread.read')
                                and item.person_id = at_no.person_id and item.read_no = entry.no) marked
         cross join lateral (select array_agg(item.event_id order by item.no) as ids
                               from inbox_entry item
                              where event.kind = 'referral.withdraw'
                                and item.person_id = at_no.person_id and item.gone_no = entry.no) gone
          left join thread conversation on conversation.referral_id = event.referral_id
                and conversation.provider_id = reader.organisation_id
                and (event.kind = 'referral.withdraw' or entry.notice = 'REFERRAL_RECEIVED')
      ) alike
     group by alike.event_id, alike.notice, alike.ids, alike.thread_id, alike.from_others, alike.thread_unread,
              alike.visible
  ) told on true
  left join event on event.id = told.event_id
"""
STANDING = """
select epoch.epoch, coalesce(inbox.head, 0) as head, coalesce(inbox.oldest, 1) as oldest,
       coalesce(inbox.since, 0) as since
  from portal_epoch epoch left join inbox on inbox.person_id = $1
"""
STANDINGS = """
select asked.person_id, epoch.epoch, coalesce(inbox.head, 0) as head, coalesce(inbox.oldest, 1) as oldest,
       coalesce(inbox.since, 0) as since
  from portal_epoch epoch
 cross join unnest($1::text::uuid[]) asked (person_id)
  left join inbox on inbox.person_id = asked.person_id
"""
POLL = """
select standing.head, standing.oldest, standing.since, told.* from (STANDINGS) standing cross join (ENTRIES) told
""".replace("STANDINGS", STANDINGS).replace("ENTRIES", ENTRIES)
ENDED = """
select asked.id from unnest($1::text::uuid[]) asked (id)
 where not exists (select from session join person on person.id = session.person_id
                    where session.id = asked.id and session.revoked_at is null and session.expires_at > $2
                      and person.status = 'ACTIVE')
"""


class LogClosed(Exception):
    """The hub is being stopped; nothing more is read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a person's log reaches, how far back it is kept, and since when it tells what the person sees now."""

    epoch: str
    head: int
    oldest: int
    since: int = 0

    @classmethod
    def of(cls, row: Any, person_id: UUID) -> Self:
        """What STANDING says of that person."""
        return cls(numbering(row["epoch"], person_id), row["head"], row["oldest"], row["since"])

    @property
    def now(self) -> Cursor:
        return Cursor(self.epoch, self.head)

    def take_up(self, after: str) -> tuple[Cursor, Reason | None]:
        """Where to go on for somebody who has seen everything up to `after`: there, or now and why not there."""
        cursor = Cursor.parse(after)
        if isinstance(cursor, Unreadable):
            return self.now, Reason.UNREADABLE_CURSOR
        if cursor.epoch != self.epoch:
            return self.now, Reason.NOT_YOURS if cursor.life == self.now.life else Reason.EPOCH_CHANGED
        if cursor.no > self.head:
            return self.now, Reason.AHEAD_OF_HEAD
        if cursor.no + 1 < self.oldest:
            return self.now, Reason.OLDER_THAN_RETAINED
        if cursor.no < self.since:
            return self.now, Reason.ACCESS_CHANGED
        return cursor, None


@dataclass(frozen=True, slots=True)
class Page:
    """What follows each place that was asked for, in its order, at most PAGE entries each."""

    epoch: str
    rows: list[list[Row]]

    @classmethod
    def of(cls, found: Sequence[asyncpg.Record], places: int) -> Self:
        """From what ENTRIES says of so many places."""
        rows: list[list[Row]] = [[] for _ in range(places)]
        for each in found:
            if each["slots"] is not None:
                told = Told.of(each)
                for slot, no, unread in zip(each["slots"], each["numbers"], each["unread"], strict=True):
                    rows[slot - 1].append(Row(no, unread, told))
        for read in rows:
            if len(read) > 1:
                read.sort(key=NUMBER)
        return cls(found[0]["epoch"], rows)


class InboxLog:
    """The log as the hub reads it. Every read is repeated until the database answers it."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._closed = False

    async def entries(self, places: Sequence[tuple[UUID, int]]) -> Page:
        """One statement for all places (person, number of the last entry seen)."""
        persons, numbers = _array(person for person, _ in places), _array(no for _, no in places)
        found = await self._fetch(ENTRIES, persons, numbers, PAGE)
        return Page.of(found, len(places))

    async def poll(self, person_id: UUID, no: int, most: int) -> tuple[Standing, Page]:
        """One statement for one person who asks: where their log stands, and at most so many entries after that."""
        found = await self._fetch(POLL, _array([person_id]), _array([no]), most)
        return Standing.of(found[0], person_id), Page.of(found, 1)

    async def standings(self, people: Collection[UUID]) -> dict[UUID, Standing]:
        """One statement for all of them."""
        found = await self._fetch(STANDINGS, _array(people))
        return {row["person_id"]: Standing.of(row, row["person_id"]) for row in found}

    async def ended(self, sessions: Collection[UUID]) -> set[UUID]:
        """Those of the sessions that are revoked, expired by the clock or unknown, or whose person is not active."""
        return {row["id"] for row in await self._fetch(ENDED, _array(sessions), self._clock())}

    async def close(self) -> None:
        self._closed = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._pool.close(), PATIENCE)

    async def _fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        for pause in pauses(LONGEST_PAUSE):
            if self._closed:
                break
            try:
                async with self._pool.acquire(timeout=PATIENCE) as connection:
                    return await connection.fetch(statement, *arguments, timeout=PATIENCE)
            except FAULTS as fault:
                await self._recover(fault, pause)
        raise LogClosed

    async def _recover(self, fault: BaseException, pause: float) -> None:
        if not self._closed:
            log.warning("reading the log failed (%s); again in %.2f s", type(fault).__name__, pause)
            await self._pool.expire_connections()
            await asyncio.sleep(pause)


def _array(values: Iterable[UUID | int]) -> str:
    """An array as PostgreSQL writes it: the driver looks at each element of a list for longer than it takes to read."""
    return "{" + ",".join(map(str, values)) + "}"
