"""The portal's own sealing keys: made once, kept encrypted, renewed in time."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key

from portal.app import Installation, shell_of
from portal.clock import system_clock
from portal.database import Database
from portal.keys import Keys
from portal.production import _hindrances, notes, seal_faults
from portal.seal_authority import Certified, new_authority, new_seal
from portal.seal_keys import OwnSeal, current
from portal.seal_operator import operators_seal
from portal.seal_trusted import Succeeding
from portal.settings import NotReady, Settings
from tests.portal.test_seal_operator import kept
from tests.world import World, as_app


@asynccontextmanager
async def another(world_url: str, keys: Keys) -> AsyncIterator[OwnSeal]:
    """As another process of the same installation has it."""
    database = await Database.connect(as_app(world_url), size=1)
    try:
        yield OwnSeal(database, keys)
    finally:
        await database.close()


async def test_an_installation_makes_its_keys_once(world: World, world_url: str, keys: Keys) -> None:
    async with another(world_url, keys) as first, another(world_url, keys) as second:
        one, other = await asyncio.gather(first.means(), second.means())
        assert one.certificate == other.certificate
        assert one.issuers == other.issuers
        assert await first.authorities() == await second.authorities()
    assert await world.count("sealing_key") == 1


async def test_keys_are_kept_encrypted_for_their_row(world: World, world_url: str, keys: Keys) -> None:
    async with another(world_url, keys) as seal:
        means = await seal.means()
    (row,) = await world.sql("SELECT * FROM sealing_key")
    assert means.key not in (row["sealed_key"], row["authority_key"])
    assert load_der_private_key(means.key, None).key_size == 256  # type: ignore[union-attr]
    assert keys.unseal(row["sealed_key"], row["id"]) == means.key
    assert row["not_after"] == x509.load_pem_x509_certificate(row["certificate"].encode()).not_valid_after_utc
    assert means.key.hex() not in repr(means)


async def test_a_changed_secret_goes_on_with_the_same_authority(world: World, world_url: str, keys: Keys) -> None:
    async with another(world_url, keys) as before:
        means = await before.means()
    known, fresh = b"a secret that is known to everyone", b"another secret, as long as it has to be"
    async with another(world_url, Keys(fresh, older=[known])) as after:
        assert (await after.means()).certificate == means.certificate
    async with another(world_url, Keys(fresh)) as later:
        assert (await later.means()).certificate == means.certificate
    assert await world.count("sealing_key") == 2


async def test_keys_of_another_secret_are_not_replaced(world: World, world_url: str, keys: Keys) -> None:
    async with another(world_url, keys) as before:
        await before.means()
    async with another(world_url, Keys(b"a secret that nobody has ever heard of")) as after:
        for asked in (after.means, after.try_kept):
            with pytest.raises(NotReady, match="PORTAL_OLDER_SECRET_KEYS"):
                await asked()
    assert await world.count("sealing_key") == 1


async def test_looking_for_lost_keys_makes_none(world: World, world_url: str, keys: Keys) -> None:
    assert await seal_faults(as_app(world_url), keys) == []
    assert await world.count("sealing_key") == 0
    async with another(world_url, keys) as seal:
        await seal.means()
    assert await seal_faults(as_app(world_url), keys) == []
    (lost,) = await seal_faults(as_app(world_url), Keys(b"a secret that nobody has ever heard of"))
    assert "PORTAL_OLDER_SECRET_KEYS" in lost


async def test_lost_keys_hinder_nothing_while_the_operators_are_used(
    world: World, world_url: str, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with another(world_url, keys) as seal:
        await seal.means()
    url, lost = as_app(world_url), Keys(b"a secret that nobody has ever heard of")
    (hindrance,) = await _hindrances(url, lost, Settings.model_validate({}))
    assert "PORTAL_OLDER_SECRET_KEYS" in hindrance
    given = {
        "DATABASE_URL": url,
        "PORTAL_SECRET_KEY": b64encode(b"never heard of " * 4).decode(),
        "PORTAL_SEAL_FILE": "/a.p12",
    }
    assert await _hindrances(url, lost, Settings.model_validate(given)) == []
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert (await notes())[-1] == f"{hindrance} Nothing is sealed with them while PORTAL_SEAL_FILE is set."


async def test_whoever_sealed_before_is_trusted_after_a_switch(
    world: World, world_url: str, keys: Keys, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    theirs, older = new_authority(now), "an older authority"
    operators = operators_seal(kept(tmp_path, new_seal(theirs, now), theirs.certificate), "open sesame")
    (operator,) = await operators.authorities()
    database = await Database.connect(as_app(world_url), size=1)
    try:
        switched = Succeeding(operators, database, [older])
        assert await switched.authorities() == [operator, older]
        assert await world.count("sealing_key") == 0
        own = await Succeeding(OwnSeal(database, keys), database, [operator]).authorities()
        assert (len(own), own[1]) == (2, operator)
        assert await switched.authorities() == [operator, own[0], older]
        assert await switched.means() == await operators.means()
    finally:
        await database.close()


async def test_an_installation_knows_all_of_them(world_url: str, keys: Keys, tmp_path: Path) -> None:
    where = Installation(
        as_app(world_url), tmp_path, keys, system_clock, "http://here", {}, older_authorities=("an older authority",)
    )
    async with shell_of(where) as shell:
        assert shell.sealer is not None
        assert (await shell.sealer.authorities())[1:] == ["an older authority"]


def test_a_certificate_is_followed_by_another_of_the_same_authority() -> None:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    held = current(None, made)
    authority, seal = held
    ends = seal.certificate.not_valid_after_utc
    assert current(held, ends - timedelta(days=91)) == held
    same, next_seal = current(held, ends - timedelta(days=89))
    assert same is authority
    assert next_seal.certificate.not_valid_after_utc > ends
    next_seal.certificate.verify_directly_issued_by(authority.certificate)


def test_a_certificate_never_outlives_its_authority() -> None:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    authority = new_authority(made)
    ends = authority.certificate.not_valid_after_utc
    assert new_seal(authority, ends - timedelta(days=400)).certificate.not_valid_after_utc == ends
    after, seal = current((authority, new_seal(authority, made)), ends - timedelta(days=30))
    assert after is not authority
    assert after.certificate.subject != authority.certificate.subject
    assert isinstance(seal, Certified)
    assert isinstance(seal.key.curve, ec.SECP256R1)
