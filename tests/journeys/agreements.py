"""An agreement made once over HTTP, and copies of it in its database at any stage, each a case of its own."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import choices
from typing import Any
from uuid import uuid4

import asyncpg

from models.referral_reference import ALPHABET
from tests.agreeing import CONTACTS, DETAILS
from tests.journeys.asking import PROBLEMS, Asking, Somebody, new_key
from tests.journeys.placing import Placing
from tests.journeys.town import Town

DRAW_UP = f"""mutation ($offer: UUID!, $key: UUID!) {{ ipaCreate(offerId: $offer, idempotencyKey: $key) {{
  ipa {{ id version }} {PROBLEMS} }} }}"""
SHARE = f"""mutation ($id: UUID!, $version: Int!) {{ ipaShare(id: $id, expectedVersion: $version) {{
  ipa {{ id version }} {PROBLEMS} }} }}"""
ENABLE = f"""mutation ($id: UUID!, $version: Int!) {{ ipaEnable(id: $id, expectedVersion: $version) {{
  ipa {{ id version }} {PROBLEMS} }} }}"""
FILL_IN = f"""mutation ($id: UUID!, $version: Int!, $input: IpaInput!) {{
  ipaUpdate(id: $id, expectedVersion: $version, input: $input) {{ ipa {{ id version }} {PROBLEMS} }} }}"""
NAME_CONTACTS = f"""mutation ($id: UUID!, $version: Int!, $input: IpaContactsInput!) {{
  ipaUpdateContacts(id: $id, expectedVersion: $version, input: $input) {{ ipa {{ id version }} {PROBLEMS} }} }}"""
OPEN = f"mutation ($id: UUID!) {{ ipaOpen(id: $id) {{ contentHash {PROBLEMS} }} }}"
OF_A_CASE = """SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
  AND column_name IN ('referral_id', 'offer_id', 'ipa_id') AND table_name NOT IN ('event', 'reminder', 'delegation')"""
COLUMNS = """SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
  WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'"""
Rows = dict[str, list[dict[str, Any]]]


@dataclass
class Agreements:
    """Cases whose agreement is a DRAFT, IN_REVIEW, or READY_TO_SIGN and read by everybody who may sign it."""

    asking: Asking
    town: Town
    database: asyncpg.Connection
    readers: list[Somebody]
    stages: dict[str, Rows] = field(default_factory=dict)

    async def make(self) -> None:
        """By the real acts, and kept at each stage."""
        officer, placing = self.town["second officer"], Placing(self.asking)
        referral, _ = await placing.sent(officer)
        offer = await placing.offered(self.town["Alder"], referral, self.town.homes["Alder"])
        accepted = await placing.accept(officer, offer)
        assert accepted["problems"] == []
        drawn = await self.asking.do(officer, DRAW_UP, offer=offer["id"], key=new_key())
        self.stages["DRAFT"] = await self._rows(referral)
        shared = await self.asking.do(officer, SHARE, **drawn["ipa"])
        filled = await self.asking.do(officer, FILL_IN, **shared["ipa"], input=DETAILS)
        named = await self.asking.do(self.town["Alder"], NAME_CONTACTS, **filled["ipa"], input=CONTACTS)
        self.stages["IN_REVIEW"] = await self._rows(referral)
        await self.asking.do(officer, ENABLE, **named["ipa"])
        for reader in self.readers:
            await self.asking.do(reader, OPEN, id=drawn["ipa"]["id"])
        self.stages["READY_TO_SIGN"] = await self._rows(referral)

    async def copy(self, stage: str) -> dict[str, Any]:
        """A case like it that nothing has happened to yet: its agreement by id, version and content hash."""
        rows = self.stages[stage]
        text = json.dumps(rows)
        for id in {row["id"] for table in rows.values() for row in table if "id" in row}:
            text = text.replace(id, str(uuid4()))
        (referral,) = rows["referral"]
        copied = json.loads(text.replace(referral["reference"], "WM-" + "".join(choices(ALPHABET, k=5))))
        async with as_it_is(self.database):
            for table, each in copied.items():
                names = await self.database.fetchval(COLUMNS, table)
                new = f"SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, $1)"
                await self.database.execute(f"INSERT INTO {table} ({names}) {new}", json.dumps(each))
        (agreement,) = copied["ipa"]
        return {name: agreement[name] for name in ("id", "version", "referral_id", "content_hash")}

    async def _rows(self, referral: str) -> Rows:
        ids = {"referral_id": [referral]}
        for name, table in (("offer_id", "offer"), ("ipa_id", "ipa")):
            found = await self.database.fetch(f"SELECT id FROM {table} WHERE referral_id = $1", referral)
            ids[name] = [str(row["id"]) for row in found]
        rows = {"referral": await self._found("referral", "id", [referral])}
        for table, column in await self.database.fetch(OF_A_CASE):
            known = rows.setdefault(table, [])
            known += [row for row in await self._found(table, column, ids[column]) if row not in known]
        return {table: found for table, found in rows.items() if found}

    async def _found(self, table: str, column: str, ids: list[str]) -> list[dict[str, Any]]:
        query = f"SELECT to_jsonb({table}) AS row FROM {table} WHERE {column} = ANY ($1::uuid[])"
        return [json.loads(row["row"]) for row in await self.database.fetch(query, ids)]


@asynccontextmanager
async def as_it_is(database: asyncpg.Connection) -> AsyncIterator[None]:
    """Rows are written as they are given: nothing is looked at or told, as when a database is restored."""
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        yield
