"""What clients were told against what the database says they should have been told."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from tests.faults.clients import Client
from tests.realtime.stage import Stage
from tests.waiting import until

log = logging.getLogger("tests.faults")

SHOULD = """
select entry.no, case when entry.notice is not null then entry.event_id::text end as id
  from inbox_entry entry join event on event.id = entry.event_id
 where entry.person_id = $1 and entry.no > $2 and (entry.notice is not null or event.subject_kind in ('OFFER', 'IPA'))
 order by entry.no
"""
HEAD = "select coalesce(max(no), 0) from inbox_entry where person_id = $1"


@dataclass
class Verdict:
    """Over all clients together; `broken` are events that did not follow the one before.

    `resyncs` are the times a client was told to read afresh: what it had missed until then is counted nowhere.
    """

    clients: int = 0
    committed: int = 0
    delivered: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    broken: int = 0
    resyncs: int = 0
    connections: int = 0

    @property
    def clean(self) -> bool:
        """Everything arrived once and in its order, there was something to arrive, and nobody had to read afresh."""
        return not self.resyncs and self.whole

    @property
    def whole(self) -> bool:
        """The same where everybody was to read afresh, counted from there on."""
        wrong = self.lost or self.doubled or self.disordered or self.broken
        return not wrong and self.delivered == self.committed > 0

    def add(self, client: Client, should: list[tuple[int, str | None]]) -> None:
        told = Counter(client.heard)
        self.clients += 1
        self.committed += len(should)
        self.delivered += len(client.heard)
        self.lost += len(Counter(should) - told)
        self.doubled += sum(times - 1 for times in told.values())
        self.disordered += sum(later <= sooner for sooner, later in zip(client.heard, client.heard[1:], strict=False))
        self.broken += len(client.broken)
        self.resyncs += len(client.resyncs)
        self.connections += client.connections


async def verdict(stage: Stage, clients: Sequence[Client], what: str) -> Verdict:
    """Wait until everybody has been told of the last thing that is meant for them, then count."""
    found = Verdict()
    for client in clients:
        rows = await stage.database.fetch(SHOULD, client.person, client.began)
        should = [(row["no"], row["id"]) for row in rows]
        last = should[-1][0] if should else 0
        await until(partial(client.has_reached, last))
        found.add(client, should)
    log.info("%s: %s", what, found)
    return found
