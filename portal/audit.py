"""Verifying the record: every chain of events, and every inbox, followed from its first entry to its head."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

BROKEN = """
WITH chains AS (
SELECT e.stream, e.seq,
       e.seq IS DISTINCT FROM coalesce(lag(e.seq) OVER chain, 0) + 1 AS gap,
       e.prev IS DISTINCT FROM coalesce(lag(e.hash) OVER chain, ''::bytea) AS unlinked,
       e.hash IS DISTINCT FROM sha256(e.prev || convert_to(concat_ws('|', e.id, e.stream, e.seq, e.at_text, e.actor_id,
         e.session_id, e.kind, e.subject_kind, e.subject_id, e.version, e.payload), 'UTF8')) AS altered,
       e.at IS DISTINCT FROM e.at_text::timestamptz AS misdated
  FROM event e WHERE $1::uuid IS NULL OR e.stream = $1 WINDOW chain AS (PARTITION BY e.stream ORDER BY e.seq)
)
SELECT * FROM chains WHERE gap OR unlinked OR altered OR misdated ORDER BY stream, seq
"""
CUT = """
SELECT h.stream, h.seq FROM event_stream h
  LEFT JOIN event e ON e.stream = h.stream AND e.seq = h.seq
 WHERE h.seq > 0 AND e.hash IS DISTINCT FROM h.hash AND ($1::uuid IS NULL OR h.stream = $1)
 UNION ALL
SELECT e.stream, max(e.seq) FROM event e LEFT JOIN event_stream h ON h.stream = e.stream
 WHERE $1::uuid IS NULL OR e.stream = $1
 GROUP BY e.stream, h.stream, h.seq HAVING h.stream IS NULL OR max(e.seq) > h.seq
 ORDER BY 1, 2
"""
INBOXES = """
SELECT i.person_id, i.head FROM inbox i
  LEFT JOIN inbox_entry n ON n.person_id = i.person_id
 GROUP BY i.person_id, i.head, i.oldest
HAVING count(n.no) <> i.head - i.oldest + 1 OR coalesce(max(n.no), i.oldest - 1) <> i.head
    OR coalesce(min(n.no), i.oldest) <> i.oldest
 ORDER BY 1
"""
FAULTS = {
    "gap": "an event is missing before this one",
    "unlinked": "this event does not follow the one before it",
    "altered": "this event is not what was recorded",
    "misdated": "the time of this event is not what was recorded",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong with one chain or one inbox."""

    stream: UUID
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.stream} at {self.seq}: {self.what}."


async def verify(connection: Any, stream: UUID | None = None) -> list[Fault]:
    """The first fault of every broken chain and inbox, or of that one chain; empty where all are whole.

    Reads as a role that passes the row policies: the owner of the cluster, or a member of portal_backup. It shows
    tampering by whoever did not also rewrite every hash after it and the heads (TRUST C8).
    """
    found: dict[UUID, Fault] = {}
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        for row in await connection.fetch(BROKEN, stream):
            what = next(words for name, words in FAULTS.items() if row[name])
            found.setdefault(row["stream"], Fault(row["stream"], row["seq"], what))
        for row in await connection.fetch(CUT, stream):
            found.setdefault(row["stream"], Fault(row["stream"], row["seq"], "the chain does not end at its head"))
        for row in await connection.fetch(INBOXES) if stream is None else ():
            what = "the numbers of this person's inbox are not complete"
            found.setdefault(row["person_id"], Fault(row["person_id"], row["head"], what))
    return list(found.values())
