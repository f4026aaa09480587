"""What the portal's own record says of a file: whether it made it, what became of the agreement, and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.audit import verify

FILE = """
WITH f AS (
  SELECT ipa_id, kind, no, party, level, made_at FROM ipa_file WHERE sha256 = $1
  UNION ALL
  SELECT id, 'SEALED', NULL, NULL, NULL, coalesce(signed_at, updated_at) FROM ipa WHERE signed_pdf_sha256 = $1
   ORDER BY made_at LIMIT 1
)
SELECT f.kind, f.no, f.party, f.level, f.made_at, i.id AS ipa_id, i.referral_id AS stream, i.status, i.content_hash,
       i.enabled_at, i.signed_at, i.voided_at, o.name AS local_authority, p.legal_name AS provider
  FROM f JOIN ipa i ON i.id = f.ipa_id JOIN organisation o ON o.id = i.la_id
  JOIN provider p ON p.id = i.provider_id
"""
"""What an earlier release handed out once both had signed has no row of its own: it is told as signed, unsealed."""

SIGNATURES = "SELECT party, content_hash, at FROM signature WHERE ipa_id = $1 ORDER BY at"
EVENTS = """
SELECT kind, payload::jsonb ->> 'contentHash' AS content_hash, payload::jsonb ->> 'party' AS party
  FROM event WHERE stream = $1 AND subject_id = $2
   AND kind IN ('agreement.enable', 'agreement.sign', 'agreement.sign_on_behalf') ORDER BY seq
"""
AUTHORITIES = "SELECT authority FROM sealing_key ORDER BY made_at DESC"


@dataclass(frozen=True)
class Recorded:
    """A file that the portal made. `signed` are the content hashes that each party signed, `told` those of the events:
    of enabling under ENABLE, and of each party's signing; `broken` are the faults of their chain.
    """

    file: Mapping[str, Any]
    signed: dict[str, str]
    told: dict[str, str]
    broken: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        return "VOID" if self.file["status"] == "VOIDED" else "VALID"


async def authorities(connection: Any) -> list[str]:
    """Every authority of the portal's own that it has made (PEM), the newest first."""
    return list(dict.fromkeys(row["authority"] for row in await connection.fetch(AUTHORITIES)))


async def recorded(connection: Any, sha256: str) -> Recorded | None:
    """What is recorded of the file with this SHA-256; None where the portal never made it.

    Reads as a role that passes the row policies, as `portal.audit.verify` does.
    """
    file = await connection.fetchrow(FILE, sha256)
    if file is None:
        return None
    signatures = await connection.fetch(SIGNATURES, file["ipa_id"])
    events = await connection.fetch(EVENTS, file["stream"], file["ipa_id"])
    faults = await verify(connection, file["stream"])
    return Recorded(
        dict(file),
        {row["party"]: row["content_hash"] for row in signatures},
        {row["party"] or "ENABLE": row["content_hash"] for row in events},
        [str(fault) for fault in faults],
    )
