"""Secrets: what is kept never says what was typed, and a code counts once."""

import base64
import hashlib
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import pyotp
import pytest

from portal.keys import Keys, Unsealable

SECRET, OLDER = bytes(range(32)), bytes(range(32, 64))
OWNER, SOMEBODY_ELSE = UUID(int=1), UUID(int=2)
AUTHENTICATOR = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B
WALL = datetime(2026, 4, 28, 9, 0, 10, tzinfo=UTC)
STEP = int(WALL.timestamp()) // 30


@pytest.fixture
async def keys() -> AsyncIterator[Keys]:
    keys = Keys(SECRET)
    yield keys
    keys.close()


def code_at(step: int) -> str:
    return pyotp.TOTP(AUTHENTICATOR).generate_otp(step)


def test_what_is_sealed_opens_for_its_owner_only(keys: Keys) -> None:
    sealed = keys.seal(b"an authenticator secret", OWNER)

    assert keys.unseal(sealed, OWNER) == b"an authenticator secret"
    assert b"authenticator" not in sealed
    with pytest.raises(Unsealable):
        keys.unseal(sealed, SOMEBODY_ELSE)


def test_the_same_thing_is_never_sealed_alike_twice(keys: Keys) -> None:
    assert keys.seal(b"", OWNER) != keys.seal(b"", OWNER)


def test_anything_changed_in_what_is_sealed_keeps_it_shut(keys: Keys) -> None:
    sealed = keys.seal(b"secret", OWNER)
    changed = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]

    for each in (*changed, *(sealed[:length] for length in range(len(sealed)))):
        with pytest.raises(Unsealable):
            keys.unseal(each, OWNER)


def test_after_a_rotation_the_old_still_opens_and_is_known_to_be_old(keys: Keys) -> None:
    before = Keys(OLDER).seal(b"secret", OWNER)
    rotated = Keys(SECRET, older=[OLDER])

    assert rotated.unseal(before, OWNER) == b"secret"
    assert rotated.is_outdated(before)
    assert not rotated.is_outdated(rotated.seal(b"secret", OWNER))
    assert keys.unseal(rotated.seal(b"secret", OWNER), OWNER) == b"secret"
    with pytest.raises(Unsealable):
        keys.unseal(before, OWNER)


def test_an_authenticator_secret_has_160_random_bits(keys: Keys) -> None:
    secret = keys.new_authenticator_secret()

    assert len(base64.b32decode(secret)) == 20
    assert keys.new_authenticator_secret() != secret


def test_the_app_shows_the_portal_and_the_account(keys: Keys) -> None:
    address = urlsplit(keys.provisioning_uri(AUTHENTICATOR, "ann+la@example.org"))

    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/West Midlands Placement Portal:ann+la@example.org"
    assert parse_qs(address.query) == {"secret": [AUTHENTICATOR], "issuer": ["West Midlands Placement Portal"]}


@pytest.mark.parametrize("skew", [-1, 0, 1])
def test_a_code_one_step_early_or_late_is_right(keys: Keys, skew: int) -> None:  # S-025
    assert keys.code_step(AUTHENTICATOR, code_at(STEP + skew), wall=WALL, after_step=0) == STEP + skew


@pytest.mark.parametrize("skew", [-2, 2])
def test_a_code_two_steps_away_is_wrong(keys: Keys, skew: int) -> None:  # S-025
    assert keys.code_step(AUTHENTICATOR, code_at(STEP + skew), wall=WALL, after_step=0) is None


def test_a_code_counts_once_and_never_before_a_later_one(keys: Keys) -> None:  # S-025
    code, earlier = code_at(STEP), code_at(STEP - 1)

    assert keys.code_step(AUTHENTICATOR, code, wall=WALL, after_step=STEP - 1) == STEP
    assert keys.code_step(AUTHENTICATOR, code, wall=WALL, after_step=STEP) is None
    assert keys.code_step(AUTHENTICATOR, earlier, wall=WALL, after_step=STEP) is None
    assert keys.code_step(AUTHENTICATOR, code, wall=WALL + timedelta(seconds=60), after_step=0) is None


@pytest.mark.parametrize("spaced", ["{0} {1}", " {0}{1}\n", "{0}\u00a0{1}"])
def test_spaces_in_a_code_do_not_matter(keys: Keys, spaced: str) -> None:
    code = code_at(STEP)

    assert keys.code_step(AUTHENTICATOR, spaced.format(code[:3], code[3:]), wall=WALL, after_step=0) == STEP


@pytest.mark.parametrize("odd", ["", "{}0", "0{}", "{}\0", "\0{}", "-{}", "{}" + " " * 60, "\ud800{}", "0x{}"])
def test_only_six_digits_are_a_code(keys: Keys, odd: str) -> None:
    assert keys.code_step(AUTHENTICATOR, odd.format(code_at(STEP)), wall=WALL, after_step=0) is None


def test_digits_of_other_scripts_are_no_code(keys: Keys) -> None:
    for zero in "\u0660\u0a66\uff10\U0001d7ce":
        code = "".join(chr(ord(zero) + int(digit)) for digit in code_at(STEP))

        assert keys.code_step(AUTHENTICATOR, code, wall=WALL, after_step=0) is None


def test_a_token_is_given_away_and_only_its_hash_kept(keys: Keys) -> None:
    text, kept = keys.new_token()

    assert len(base64.urlsafe_b64decode(text + "=")) == 32
    assert kept == keys.token_hash(text) == hashlib.sha256(text.encode()).digest()
    assert keys.new_token()[0] != text
    assert keys.token_hash("\ud800") != kept


def test_a_digest_tells_texts_apart_and_needs_the_key(keys: Keys) -> None:
    assert keys.keyed_digest("ann@example.org") == Keys(SECRET).keyed_digest("ann@example.org")
    assert keys.keyed_digest("ann@example.org") != keys.keyed_digest("bob@example.org")
    assert keys.keyed_digest("ann@example.org") != Keys(OLDER).keyed_digest("ann@example.org")
    assert len(keys.keyed_digest("\ud800")) == 32


def test_a_key_is_read_from_base64_of_32_bytes() -> None:
    sealed = Keys(SECRET).seal(b"secret", OWNER)

    assert Keys.from_text(base64.b64encode(SECRET).decode() + "\n").unseal(sealed, OWNER) == b"secret"
    for text in ("", "not base64", base64.b64encode(SECRET[:31]).decode(), "\u0661" * 44):
        with pytest.raises(ValueError, match="secret key must"):
            Keys.from_text(text)


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"
    sealed = Keys.from_file(path).seal(b"secret", OWNER)

    assert path.stat().st_mode & 0o777 == 0o600
    assert Keys.from_file(path).unseal(sealed, OWNER) == b"secret"
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_begin_together_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as at_once:
        digests = set(at_once.map(_digest_in_a_process, [tmp_path / "secret"] * 4))

    assert len(digests) == 1
    assert len(next(iter(digests)).strip()) == 64


def _digest_in_a_process(path: Path) -> str:
    say = (
        "import sys, pathlib, portal.keys as k;"
        "print(k.Keys.from_file(pathlib.Path(sys.argv[1])).keyed_digest('').hex())"
    )
    run = [sys.executable, "-c", say, str(path)]
    return subprocess.run(run, capture_output=True, text=True, check=True, timeout=300).stdout


def test_a_key_file_others_can_read_is_refused(tmp_path: Path) -> None:
    Keys.from_file(tmp_path / "secret")
    (tmp_path / "secret").chmod(0o640)

    with pytest.raises(PermissionError, match="Others can read"):
        Keys.from_file(tmp_path / "secret")
