"""How long a workbook takes from its first byte to the registration that says it (docs: benchmarks/README.md)."""

import asyncio
import hashlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

import aiohttp
import asyncpg
from rich.console import Console

from benchmarks.ground import Ground, arguments, upon
from benchmarks.serve import Job
from benchmarks.world import Size, region, token
from models.home import HomeKind
from models.provider import Category, ContactPurpose, Gender
from models.registration_content import (
    CareFacts,
    ContactFacts,
    FamilyFacts,
    HomeFacts,
    OrganisationFacts,
    RegistrationContent,
)
from portal.database import asyncpg_dsn
from portal.keys import Keys
from portal.workbook import filled

SECONDS = 10
STAFF = "newcomer"
BOTH = (Gender.FEMALE, Gender.MALE)
ANNOUNCE = """mutation ($input: RegistrationUploadInput!, $key: UUID!) {
  registrationUpload(input: $input, idempotencyKey: $key) {
    registrationImport { id } upload { url } problems { message } } }"""
SEEN = """query ($id: UUID!) { registrationImport(id: $id) {
  status progress { done total } faultCount faults { message } changed failure } }"""
NEWCOMER = """
WITH o AS (INSERT INTO organisation (id, side, name) VALUES (gen_random_uuid(), 'PROVIDER', 'Newcomer') RETURNING id),
  p AS (INSERT INTO provider (id, status, version, legal_name, postcode, contacts, announced)
        SELECT id, 'DRAFT', 0, 'Newcomer', 'B1 1AA', '[]', '[]' FROM o RETURNING id),
  who AS (INSERT INTO person (id, organisation_id, email, email_key, name, job_title, roles, status, version,
      requested_at)
    SELECT gen_random_uuid(), p.id, 'new@wmpp.example', 'new@wmpp.example', 'New', NULL, '{MEMBER}', 'ACTIVE', 1, now()
    FROM p
    RETURNING id)
INSERT INTO session (id, person_id, token_hash, created_at, expires_at)
SELECT gen_random_uuid(), who.id, $1, now(), now() + interval '1 day' FROM who
"""


@dataclass(frozen=True)
class Client:
    """Somebody of the new provider, at the portal."""

    address: str
    http: aiohttp.ClientSession

    async def ask(self, document: str, **variables: Any) -> Any:
        headers = {"authorization": f"Bearer {token(STAFF)}"}
        sent = {"query": document, "variables": variables}
        async with self.http.post(f"{self.address}/graphql", json=sent, headers=headers) as answer:
            (data,) = (await answer.json())["data"].values()
            return data

    async def bring_in(self, content: bytes, console: Console) -> tuple[float, int]:
        """Seconds until it was taken in, and how many different states of its progress were seen on the way."""
        began, states = time.perf_counter(), set[tuple[Any, ...]]()
        announced = {"name": "all.xlsx", "byteSize": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        given = await self.ask(ANNOUNCE, input=announced, key=str(uuid4()))
        assert not given["problems"], given["problems"]
        url = self.address + given["upload"]["url"].removeprefix("http://127.0.0.1")
        async with self.http.put(url, data=content) as sent:
            assert sent.status == 200, await sent.text()
        while True:
            seen = await self.ask(SEEN, id=given["registrationImport"]["id"])
            states.add((seen["status"], *seen["progress"].values()))
            if seen["status"] != "READING":
                break
            await asyncio.sleep(0.1)
        took = time.perf_counter() - began
        assert seen["status"] == "TAKEN_IN", seen
        console.print(
            f"{seen['progress']['total']} rows, {seen['changed']} facts, {len(states)} states of progress seen"
        )
        return took, len(states)


def content(homes: int, families: int) -> RegistrationContent:
    fostering = CareFacts(category=Category.FOSTERING, age_from=0, age_to=17, genders=BOTH)
    return RegistrationContent(
        organisation=OrganisationFacts(
            legal_name="Newcomer", address="1 High Street", postcode="B1 1AA", agency_urn="SC999999"
        ),
        contacts=(ContactFacts(purpose=ContactPurpose.REFERRALS, name="New", email="new@wmpp.example"),),
        care=(fostering,),
        memberships=(),
        homes=tuple(_home(number) for number in range(homes)),
        families=tuple(FamilyFacts(name=f"Family {number}", postcode="WS1 1AA") for number in range(families)),
        documents=(),
    )


def _home(number: int) -> HomeFacts:
    return HomeFacts(
        kind=HomeKind.CHILDRENS_HOME, name=f"Home {number}", address=f"{number + 1} Linden Road, Walsall",
        postcode="WS1 1AA", urn=f"SC{100_000 + number}", registered_manager="Morgan Reed", places=3,
        default_core_fee=Decimal("4100.00"),
        care=(CareFacts(category=Category.RESIDENTIAL, age_from=8, age_to=17, genders=BOTH),),
    )  # fmt: skip


async def measure(ground: Ground, homes: int, families: int, console: Console) -> bool:
    """Load a little world, bring one workbook in, print; whether it was in time with progress to be seen."""
    url = await loaded(ground)
    workbook = filled(content(homes, families))
    console.print(f"{homes} homes and {families} families in {len(workbook):,} bytes")
    with serving(Job(url, ground.home, [])) as address:
        async with aiohttp.ClientSession() as http:
            took, states = await Client(address, http).bring_in(workbook, console)
    word = "passed" if took < SECONDS and states > 1 else "FAILED"
    console.print(f"taken in after {took:.1f} s; at most {SECONDS} s: {word}")
    return took < SECONDS


async def loaded(ground: Ground) -> str:
    """The superuser's address of a little world with the newcomer in it."""
    url = await region(ground, Size.scaled(0.02))
    connection = await asyncpg.connect(asyncpg_dsn(url))
    await connection.execute(NEWCOMER, Keys.token_hash(token(STAFF)))
    await connection.close()
    return url


@contextmanager
def serving(job: Job) -> Iterator[str]:
    """The address of a portal in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-m", "benchmarks.serve", "portal", str(job.write()), str(listener.fileno())]
        process = subprocess.Popen(command, pass_fds=[listener.fileno()])
        port = listener.getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def main() -> int:
    parser = arguments("How long a registration takes to come in as a workbook.")
    parser.add_argument("--homes", type=int, default=2_000)
    parser.add_argument("--families", type=int, default=500)
    given = parser.parse_args()
    upon(given.server, lambda ground: measure(ground, given.homes, given.families, Console(width=130)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
