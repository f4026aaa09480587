"""The process dies between a signature and its seal: the signature stands, and its file follows once (TRUST J1)."""

import asyncio
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from models.person import Viewer
from tests.agreeing import SIGN, Agreeing
from tests.journeys.asking import Asking, Somebody, new_key
from tests.portal.sealing import is_sound
from tests.sealing import bytes_of, enabled, files_of
from tests.server import Server, running
from tests.waiting import PATIENCE
from tests.world import World, as_app

LONGEST = 1.5
"""Seconds after a signature within which the process dies: before its seal, while it is made, or after."""


async def signed_in(world: World, who: Viewer) -> Somebody:
    """The same person for whoever asks by HTTP."""
    token, digest = world.shell.keys.new_token()
    await world.sql("UPDATE session SET token_hash = $1 WHERE id = $2", digest, who.session_id)
    return Somebody("", "", "", token)


async def to_be_signed(world: World, times: int) -> list[tuple[Agreeing, Viewer]]:
    """So many signatures that can be given, in pairs of one agreement and in either order."""
    agreements = [await enabled(world) for _ in range((times + 1) // 2)]

    def signers() -> Iterator[tuple[Agreeing, Viewer]]:
        for place, each in enumerate(agreements):
            pair = (each.authority_signatory, each.provider_signatory)
            yield from ((each, who) for who in (pair if place % 2 else pair[::-1]))

    return list(islice(signers(), times))


async def sign(server: Server, agreeing: Agreeing, who: Viewer) -> None:
    world, id = agreeing.world, agreeing.ids["ipa"]
    (row,) = await world.sql("SELECT content_hash FROM ipa WHERE id = $1", UUID(id))
    given = {"hash": row["content_hash"], "code": agreeing.code(who), "consent": True, "key": new_key()}
    await Asking(server.address).do(await signed_in(world, who), SIGN, id=id, **given)


async def sealed(agreeing: Agreeing, who: Viewer) -> None:
    """Wait until there is a file for this party's signature, and for both the certificate."""
    world, id = agreeing.world, UUID(agreeing.ids["ipa"])
    for _ in range(int(PATIENCE / 0.1)):
        both = await world.count("signature", "ipa_id = $1", id) == 2
        lacking = "CERTIFICATE" if both else "SEALED"
        if await world.count("ipa_file", "ipa_id = $1 AND kind = $2", id, lacking):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"no seal followed the signature of {who.side}")


async def one_for_each_signature(agreeing: Agreeing) -> None:
    """Each signature has one file, which adds a sound seal to the file before it."""
    world, id = agreeing.world, UUID(agreeing.ids["ipa"])
    parties = [row["party"] for row in await world.sql("SELECT party FROM signature WHERE ipa_id = $1 ORDER BY at", id)]
    files, contents = await files_of(agreeing), await bytes_of(agreeing)
    assert [row["party"] for row in files if row["kind"] == "SEALED"] == parties
    assert [row["no"] for row in files] == list(range(len(files)))
    (key,) = await world.sql("SELECT authority FROM sealing_key")
    root = x509.load_pem_x509_certificate(key["authority"].encode()).public_bytes(Encoding.DER)
    for place in range(1, len(parties) + 1):
        assert contents[place].startswith(contents[place - 1])
        assert await is_sound(contents[place], place + 1, roots=[root])
    assert [row["kind"] for row in files[len(parties) + 1 :]] == ["CERTIFICATE"] * (len(parties) == 2)
    told = await world.count("event", "kind = 'agreement.sealed' AND subject_id = $1", id)
    assert told == len(parties)


async def survived(world: World, home: Path, times: int, seed: int) -> None:
    chance = Random(seed)
    waiting = await to_be_signed(world, times)
    with running(as_app(world.dsn), home) as server:
        for agreeing, who in waiting:
            await sign(server, agreeing, who)
            await asyncio.sleep(chance.uniform(0, LONGEST))
            server.kill()
            condition = "ipa_id = $1 AND party = $2"
            assert await world.count("signature", condition, UUID(agreeing.ids["ipa"]), str(who.side)) == 1
            await world.sql("UPDATE job SET lease_until = NULL")  # as when its twenty seconds have passed
            await asyncio.to_thread(server.start)
            await sealed(agreeing, who)
            await one_for_each_signature(agreeing)


# S-106, S-109, S-116
async def test_a_signature_outlives_the_process_and_its_seal_follows_once(world: World, tmp_path: Path) -> None:
    await survived(world, tmp_path, 2, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 13))
async def test_thirty_signatures_outlive_their_process(world: World, tmp_path: Path, seed: int) -> None:
    """S-106, S-109 and S-116, ten times for each seed."""
    await survived(world, tmp_path, 10, seed)
