"""Whoever holds a file of an agreement can find out whether it is genuine; whoever holds none finds out nothing."""

from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from graphql import GraphQLError

from models.person import Viewer
from portal.database import asyncpg_dsn
from resolvers.ipa_verification import MOST_UNKNOWN
from tests.agreeing import Agreeing
from tests.sealing import planted
from tests.world import World, as_app

VERIFY = """query ($sha256: String!) { verifyAgreement(sha256: $sha256) {
  state enabledAt signedAt voidedAt localAuthority provider } }"""
UNKNOWN = {
    "state": "UNKNOWN", "enabledAt": None, "signedAt": None, "voidedAt": None, "localAuthority": None, "provider": None,
}  # fmt: skip
KINDS = ("ENABLED", "SEALED", "TIMESTAMPED", "CERTIFICATE", "VOID_COPY")


async def answer(world: World, digest: str, who: Viewer | None = None) -> dict[str, Any]:
    found: dict[str, Any] = (await world.gql(who, VERIFY, sha256=digest))["verifyAgreement"]
    return found


async def filed(agreeing: Agreeing) -> dict[str, str]:
    """One file of each kind beside those that are there; the SHA-256 of each by its kind."""
    ipa, sql = UUID(agreeing.ids["ipa"]), agreeing.world.sql
    there = {
        row["kind"]: row["sha256"] for row in await sql("SELECT kind, sha256 FROM ipa_file WHERE ipa_id = $1", ipa)
    }
    for no, kind in enumerate(KINDS):
        if kind not in there:
            there[kind] = sha256(f"{ipa} {kind}".encode()).hexdigest()
            await planted(agreeing, 50 + no, kind, there[kind])
    return there


async def test_every_file_of_an_agreement_is_known_to_whoever_holds_it(world: World) -> None:
    # S-111
    agreeing = await (await Agreeing.among(world)).to_sign()
    files = await filed(agreeing)
    enabled = {
        **UNKNOWN, "state": "VALID", "enabledAt": "2026-06-15T09:00:00.000Z", "localAuthority": "Birmingham",
        "provider": f"{agreeing.firm.name} Ltd",
    }  # fmt: skip
    for who in (None, agreeing.officer, agreeing.provider_signatory):
        assert [await answer(world, digest, who) for digest in files.values()] == [enabled] * len(KINDS)
    assert await answer(world, f" {files['SEALED'].upper()}\n") == enabled


async def test_what_an_earlier_release_handed_out_as_signed_is_known(world: World) -> None:
    # S-111
    agreeing = await (await Agreeing.among(world)).to_sign()
    await world.sql("ALTER TABLE ipa DISABLE TRIGGER ALL")
    await world.sql("UPDATE ipa SET signed_pdf_sha256 = $1", "5" * 64)
    known = await answer(world, "5" * 64)
    assert (known["state"], known["provider"]) == ("VALID", f"{agreeing.firm.name} Ltd")


async def test_it_is_told_when_both_have_signed_and_when_it_was_voided(world: World) -> None:
    # S-108, S-116
    agreeing = await (await Agreeing.among(world)).to_sign()
    files = await filed(agreeing)
    await agreeing.sign(agreeing.authority_signatory)
    assert (await answer(world, files["SEALED"]))["signedAt"] is None
    world.clock.goes_on(hours=1)
    await agreeing.sign(agreeing.provider_signatory)
    signed = await answer(world, files["ENABLED"])
    assert (signed["state"], signed["signedAt"]) == ("VALID", "2026-06-15T10:00:00.000Z")
    world.clock.goes_on(hours=1)
    await agreeing.well(agreeing.officer, "ipaVoid", "reason: $why", why=("String!", "The home has closed."))
    void = {**signed, "state": "VOID", "voidedAt": "2026-06-15T11:00:00.000Z"}
    assert [await answer(world, digest) for digest in files.values()] == [void] * len(KINDS)


async def test_the_parties_are_named_as_the_agreement_names_them(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).to_sign()
    files = await filed(agreeing)
    before = await answer(world, files["ENABLED"])
    await world.sql("UPDATE provider SET legal_name = 'Another Name Ltd' WHERE id = $1", agreeing.firm.id)
    assert await answer(world, files["ENABLED"]) == before


async def test_a_drafts_print_and_every_other_file_are_unknown_alike(world: World) -> None:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
        await step()
    draft = (await agreeing.opened(agreeing.officer))["pdfSha256"]
    document = "ab" * 32  # that of every paper of the provider
    assert [await answer(world, digest) for digest in (draft, document, "0" * 64)] == [UNKNOWN] * 3


@pytest.mark.parametrize(
    "text", ["", "abc", "g" * 64, "a" * 63, "a" * 65, "a" * 32 + "\x00" + "a" * 31, "' OR true --"]
)
async def test_what_is_no_sha256_is_refused_and_counts_as_no_guess(world: World, text: str) -> None:
    fault = await world.error(None, VERIFY, sha256=text)
    assert isinstance(fault, GraphQLError)
    assert (fault.extensions or {})["code"] == "BAD_REQUEST"
    assert "64 hexadecimal digits" in fault.message
    assert await world.count("throttle") == 0


async def test_who_guesses_is_stopped_and_who_asks_for_what_there_is_goes_on(world: World) -> None:
    # TRUST E2
    agreeing = await (await Agreeing.among(world)).to_sign()
    digest = (await filed(agreeing))["ENABLED"]
    for _ in range(3):
        await answer(world, digest)
    assert await world.count("throttle", "failures > 0") == 0
    await answer(world, "0" * 64)
    await world.sql("UPDATE throttle SET failures = $1 WHERE failures = 1", MOST_UNKNOWN)
    for asked in (digest, "1" * 64):
        fault = await world.error(None, VERIFY, sha256=asked)
        assert isinstance(fault, GraphQLError)
        assert (fault.extensions or {})["code"] == "FORBIDDEN"
    assert (await answer(world, digest, agreeing.officer))["state"] == "VALID"
    world.address = "198.51.100.7"
    assert (await answer(world, digest))["state"] == "VALID"


async def test_nothing_but_the_one_function_answers_strangers(world: World) -> None:
    """It is for whoever is not signed in, and neither it nor its role reads the tables otherwise."""
    (row,) = await world.sql(
        "SELECT prosecdef, proconfig, pg_get_userbyid(proowner) AS owner, has_function_privilege('portal_la', oid,"
        " 'EXECUTE') AS la, has_function_privilege('portal_provider', oid, 'EXECUTE') AS provider"
        " FROM pg_proc WHERE proname = 'portal_verify_agreement'"
    )
    assert row == {
        "prosecdef": True, "proconfig": ['search_path=""'], "owner": "portal_guard", "la": False, "provider": False,
    }  # fmt: skip
    connection = await asyncpg.connect(asyncpg_dsn(as_app(world.dsn)))
    try:
        await connection.execute("SET ROLE portal_signin")
        for table in ("ipa_file", "sealing_key", "ipa"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT 1 FROM {table}")
    finally:
        await connection.close()
