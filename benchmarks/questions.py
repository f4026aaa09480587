"""What is measured: the operations, who sends them, and what part of the limit is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson

from benchmarks.client import Request
from benchmarks.world import token
from portal.database import asyncpg_dsn

INBOX = """
query Inbox($first: Int!) {
  referrals(first: $first) {
    nodes {
      id reference status version category urgency dateRequired responseDeadline sentAt can
      authority { name }
      summary { duration preferredAreas solo legalStatus needs children { initials ageYears gender } }
      deliveries { status revision deliveredAt handler can }
      offers { id status version weeklyTotal availableFrom }
      threads { id head unread }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
REFERRAL = """
query Referral($id: UUID!) {
  referral(id: $id) {
    id reference status version revision category urgency dateRequired accepted sentAt createdAt updatedAt can
    authority { id name }
    summary {
      duration placingTeam preferredAreas excludedAreas radiusMiles solo legalStatus presentPlacement needs
      reasonForSearch carePlan placementHistory moveOn
      socialWorker { name role phone email } teamManager { name phone }
      risks { kind level note }
      requirements { staffingRatio wakingNight pets familyTime }
      children { id initials ageYears ageMonths gender ethnicity firstLanguage health education behaviour wishes }
    }
    children { id givenNames familyName dateOfBirth gender caseNumber }
    documents { id kind name byteSize attachedAt identifiesChild }
    offers {
      id status version category frameworkStatus weeklyTotal firstYearTotal availableFrom submittedAt authorName can
      provider { id name }
      placement { kind name address postcode urn manager ofstedGrade }
      terms {
        fees { childId coreFeeWeekly includes weeklyTotal additionalCosts { description amount unit quantity weekly } }
        matching { text } needsMet { need how { text } } staffing { text } education { text }
        conditions noticeByProvider
      }
      documents { id kind name expiresOn expiringSoon compulsory }
    }
    deliveries { id status revision deliveredAt firstOpenedAt declinedAt declineReason provider { id name } }
    threads { id head unread provider { id name } }
  }
}
"""
CHANGED = """
query Changed($since: DateTime!) {
  referrals(filter: { updatedSince: $since }, first: 500) {
    nodes {
      id reference status version revision category urgency accepted sentAt updatedAt
      offers {
        id status version coreFeeWeekly weeklyTotal availableFrom submittedAt
        provider { id name }
        placement { name postcode }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
BADGE = "{ unreadNotifications }"
SUBMIT = """
mutation Submit($id: UUID!, $version: Int!, $key: UUID!) {
  offerSubmit(id: $id, expectedVersion: $version, idempotencyKey: $key) {
    offer { id status version submittedAt documents { id kind } }
    problems { code message }
  }
}
"""


@dataclass(frozen=True)
class Question:
    """One kind of operation. `least` is the part of the limit asked for; None where none is."""

    name: str
    requests: Sequence[Request]
    least: float | None = None


def _request(person: str, query: str, **variables: Any) -> Request:
    return Request(token(person), orjson.dumps({"query": query, "variables": variables}))


async def reads(url: str, providers: int) -> list[Question]:
    """The four reads, each by many people or of many referrals."""
    ids = await _rows(url, OPEN)
    people = range(min(providers, 200))
    since = "2020-01-01T00:00:00Z"
    return [
        Question("inbox of 25", [_request(f"staff-{p}-0", INBOX, first=25) for p in people], 0.6),
        Question("one referral in full", [_request("officer-0-2", REFERRAL, id=str(i["id"])) for i in ids], 0.45),
        Question("500 for a case system", [_request("officer-0-1", CHANGED, since=since)], 0.9),
        Question("unread badge", [_request(f"staff-{p}-1", BADGE) for p in people]),
    ]


async def submissions(url: str) -> list[Request]:
    """A request for each drafted offer, by its provider: good once."""
    rows = await _rows(url, DRAFTS)
    return [_request(row["spoken"], SUBMIT, id=str(row["id"]), version=1, key=str(row["key"])) for row in rows]


async def _rows(url: str, query: str) -> list[Any]:
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        return list(await connection.fetch(query))
    finally:
        await connection.close()


OPEN = """
SELECT r.id FROM referral r JOIN person p ON p.organisation_id = r.la_id
WHERE p.email = 'officer-0-2@example.org' AND r.status = 'SENT' ORDER BY r.sent_at LIMIT 200
"""
DRAFTS = """
SELECT o.id, gen_random_uuid() AS key, split_part(p.email, '@', 1) AS spoken FROM offer o
JOIN LATERAL (
  SELECT email FROM person WHERE organisation_id = o.provider_id AND roles = ARRAY['MEMBER'] ORDER BY id LIMIT 1
) p ON true
WHERE o.status = 'DRAFT' ORDER BY o.created_at DESC
"""
