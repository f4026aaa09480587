"""The whole journey by the client example, over HTTP and WebSocket alone."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.lifecycle import Role, Side
from models.person import Viewer
from portal.database import Database, asyncpg_dsn
from portal.demonstration.content import content
from tests.journeys.town import Town
from tests.server import ROOT, Server
from tests.world import AN_ORDINARY_DAY

EXAMPLES = ROOT / "client-examples"
CAST = {
    "officer": "officer", "authoritySignatory": "authority signatory", "member": "member",
    "providerSignatory": "provider signatory",
}  # fmt: skip
TOLD = (
    r"Officer .* drafts referral WM-\w{5}-RES",  # S-053
    r"Officer .* fills it in and attaches local-referral-form.pdf",  # S-055
    r"Officer .* sends it; 2 matching providers receive it",  # S-039, S-041
    r"Member .* hears live, \d+ ms after the sending began: New referral",  # S-028, S-063
    r"Member .* opens it: Z\.W\. 13 years,.* With local-referral-form.pdf",  # S-054, S-056
    r"Member .* asks: ",  # S-064
    r"Officer .* sees 1 New Message label",  # S-069
    r"Officer .* sees no New Message label",
    r"Member .* sees the conversation exactly as before",  # S-070
    r"Member .* drafts an offer with Alder House",  # S-072
    r"Member .* submits it; 5 compulsory documents attach themselves",  # S-079
    r"Officer .* compares what is offered: .*Alder House, \d+ miles, £4\d+\.\d\d",  # S-092
    r"Officer .* tries to accept the version read: refused, STALE_VERSION",  # S-076
    r"Officer .* accepts.*Officer .* the offer is ACCEPTED and locked",  # S-077
    r"Officer .* draws up agreement WM-\w{5}-RES-A1 from the offer: £4250\.00 a week",  # S-101, S-102
    r"Officer .* completes the child's details",  # S-104
    r"Officer .* shares it for review",  # S-105
    r"Member .* learns the child's name: Zofia Siân Wiśniewska",
    r"Officer .* enables it for signing: READY_TO_SIGN",  # S-106, S-107
    r"Provider Signatory .* signs with a fresh code: PARTLY_SIGNED",  # S-109
    r"Authority Signatory .* signs with a fresh code: SIGNED",  # S-116
    r"Officer .* sees both signatures sealed: SHA-256 \w{12}…",
    r"Member .* downloads the agreement.*downloads the certificate",  # S-111
    r"Officer .* downloads the agreement",
    r"Member .* tries to edit the accepted offer: refused, OFFER_LOCKED",  # S-077
    r"Officer .* tries to edit the signed agreement: refused, IPA_LOCKED",  # S-106, S-115
    r"Member .* tries to change its contacts: refused, IPA_LOCKED",
    r"Member .* proposes an uplift from \S+: £4250\.00 a week becomes £4398\.75",  # S-090
    r"Member .* tries to agree to it as well: refused, OTHER_SIDE_DECIDES",
    r"Officer .* agrees to WM-\w{5}-RES-A1-U1: The yearly rise of wages\.",
    r"Member .* reads what is owed on \S+: £4315\.00 a week.* reads what is owed on \S+: £4463\.75 a week",
)
PRINTED = (
    "Individual Placement Agreement", "Birmingham", "Alder", "Zofia Siân", "Wiśniewska", "Alder House", "£4,250.00",
    "School taxi", "Authority Signatory Of The Town", "Provider Signatory Of The Town", "Page 1 of ",
)  # fmt: skip


async def run(*command: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_a_child_is_placed_from_the_referral_to_both_signatures(
    server: Server, town: Town, tmp_path: Path
) -> None:
    sign_ins, signed = tmp_path / "sign-ins.json", tmp_path / "signed"
    sign_ins.write_text(json.dumps({role: town[name].as_sign_in for role, name in CAST.items()}))
    options = ("--address", server.address, "--sign-ins", str(sign_ins), "--save-to", str(signed))
    status, told = await run("client-examples/journey.py", *options)
    assert status == 0, told
    assert re.search(".*".join(TOLD), told, re.DOTALL), told
    certificates = {path.read_bytes() for path in signed.glob("*-certificate.pdf")}
    agreements = {path.read_bytes() for path in signed.iterdir()} - certificates
    assert len(list(signed.iterdir())) == 4
    (whole,), (certificate,) = agreements, certificates  # both sides have the same
    said = " ".join(" ".join(page.extract_text() for file in (whole, certificate)
                             for page in PdfReader(BytesIO(file)).pages).split())  # fmt: skip
    assert [words for words in PRINTED if words.lower() not in said.lower()] == []
    await nothing_changes_in_sql(server, town)


async def nothing_changes_in_sql(server: Server, town: Town) -> None:
    """Neither offer nor agreement, whoever the application stands as (S-077, S-106)."""
    changes = {
        "member": "UPDATE offer SET terms = '{}', weekly_total = 1",
        "officer": "UPDATE ipa SET details = '{}'",
        "provider signatory": "UPDATE ipa SET content_hash = 'other'",
        "authority signatory": "DELETE FROM signature",
    }
    owner = as_owner(server.database_url)
    kept = await everything_agreed(owner)
    for name, change in changes.items():
        async with standing_as(server, town[name].email) as session:
            with pytest.raises(DBAPIError, match=r"PT409|permission denied|locked"):
                await session.execute(text(change))
    assert await everything_agreed(owner) == kept


@asynccontextmanager
async def standing_as(server: Server, email: str) -> AsyncIterator[Any]:
    """A transaction as the application makes it for this person."""
    database = await Database.connect(server.database_url, size=1)
    try:
        async with database.acting(await viewer(as_owner(server.database_url), email), AN_ORDINARY_DAY) as session:
            yield session
            await session.rollback()
    finally:
        await database.close()


async def viewer(url: str, email: str) -> Viewer:
    (row,) = await rows(
        url,
        "SELECT p.id, p.organisation_id, o.side, p.roles, s.id AS session, p.name, o.name AS organisation, s.expires_at"
        " FROM person p JOIN organisation o ON o.id = p.organisation_id JOIN session s ON s.person_id = p.id"
        f" WHERE p.email = '{email}'",
    )
    return Viewer(
        row["id"], row["organisation_id"], Side(row["side"]), frozenset(map(Role, row["roles"])), row["session"],
        row["name"], None, row["organisation"], row["expires_at"],
    )  # fmt: skip


def as_owner(url: str) -> str:
    return url.replace("portal_app@", "postgres@", 1)


async def everything_agreed(url: str) -> list[Any]:
    return [await rows(url, f"SELECT * FROM {table}") for table in ("offer", "ipa", "signature")]


async def rows(url: str, query: str) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        return [dict(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


def test_the_sign_ins_of_the_example_are_those_of_the_demonstration() -> None:
    printed = {user.email: user for user in content(date(2026, 6, 15)).users}
    for role, known in json.loads((EXAMPLES / "demonstration.json").read_text()).items():
        user = printed[known["email"]]
        assert (user.password, user.secret, user.state) == (known["password"], known["secret"], "ACTIVE"), role
