"""Something happens: events written down by the statement with which every act ends, and hinted at as acts do."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID, uuid4

import asyncpg
import orjson

from benchmarks.ground import Ground
from benchmarks.world import Size, region
from portal.database import PLANNED, asyncpg_dsn
from realtime.hints import Hints
from realtime.line import PostgresHints

MEMBERS, PEOPLE = 3, 4
RECORD = "SELECT portal_record($1::jsonb)"
PROVIDERS = "SELECT id, split_part(name, ' ', 2)::int AS no FROM organisation WHERE side = 'PROVIDER' ORDER BY 2"
DELIVERED = """INSERT INTO delivery (id, referral_id, la_id, provider_id, reference, status, version, revision,
    delivered_at, first_revision, searching)
  SELECT gen_random_uuid(), r.id, r.la_id, p.id, r.reference, 'NEW', 1, 1, now(), 1, true
  FROM referral r, provider p WHERE r.id = $1
  ON CONFLICT DO NOTHING"""


@dataclass
class Telling:
    """A region in which one referral reached every provider; `hints` are those of a process that acts."""

    url: str
    connection: Any
    hints: Hints
    providers: list[UUID]
    referral: Any

    @classmethod
    async def on(cls, ground: Ground, providers: int) -> Self:
        url = await region(ground, Size(providers=providers, referrals=60, drafts=0, entries=10))
        connection = await asyncpg.connect(asyncpg_dsn(url), server_settings=PLANNED)
        referral = await connection.fetchrow("SELECT id, la_id, reference FROM referral WHERE status = 'SENT' LIMIT 1")
        assert referral
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(DELIVERED, referral["id"])
        await connection.execute("RESET session_replication_role")
        await connection.execute("ANALYZE")
        app = asyncpg_dsn(url).replace("//postgres@", "//portal_app@")
        hints = Hints(PostgresHints(app))
        await hints.start()
        return cls(url, connection, hints, [row["id"] for row in await connection.fetch(PROVIDERS)], referral)

    async def close(self) -> None:
        await self.hints.stop()
        await self.connection.close()

    async def tell(self, *providers: int, everybody: bool = False) -> None:
        """One event to the members of these providers, or to all their staff; it has committed when this returns."""
        await self.connection.execute(RECORD, self.happened(providers, everybody=everybody))
        self.hints.announce()

    def happened(self, providers: tuple[int, ...], *, everybody: bool = False) -> str:
        told = {
            "organisations": [str(self.providers[no]) for no in providers],
            "roles": ["MEMBER", *(["SIGNATORY"] if everybody else [])], "person": None, "notice": "REFERRAL_UPDATED",
            "delegates": False, "everybody": False,
        }  # fmt: skip
        event = {
            "id": str(uuid4()), "stream": str(uuid4()), "at": datetime.now(UTC).isoformat(), "kind": "referral.resend",
            "subject_kind": "REFERRAL", "subject_id": str(self.referral["id"]), "version": 2, "payload": "{}",
            "referral_id": str(self.referral["id"]), "la_id": str(self.referral["la_id"]),
            "reference": self.referral["reference"], "provider_id": None, "tells": [told],
        }  # fmt: skip
        return orjson.dumps([event]).decode()
