"""Everything secret: passwords, authenticator secrets, one-time codes, tokens, and the one key they hang on."""

import base64
import hashlib
import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self
from uuid import UUID

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyotp.exceptions import OTPVerificationError

from portal.passwords import Busy, Passwords, UnfitPassword, WeakPassword

__all__ = ["Busy", "Keys", "UnfitPassword", "Unsealable", "WeakPassword"]

ISSUER = "West Midlands Placement Portal"
SECRET_BYTES = 32
KEY_ID, NONCE = 4, 12
HANDLE = 4
CODE = re.compile(r"[0-9]{6}")
LONGEST_CODE = 64  # with the spaces an app or a mail puts into it


class Unsealable(Exception):
    """Sealed with a key that is not here, for another owner, or changed since."""


class Keys:
    """The uses of the portal's secret key, each through a key of its own derived from it.

    `older` are the secrets used before this one: what they sealed can still be opened, nothing new is sealed with them.
    """

    def __init__(self, secret: bytes, *, older: Sequence[bytes] = ()) -> None:
        if any(len(each) < SECRET_BYTES for each in (secret, *older)):
            raise ValueError(f"The secret key must have at least {SECRET_BYTES} bytes.")
        self._current = _derived(secret, "key id", KEY_ID)
        self._sealers = {_derived(each, "key id", KEY_ID): AESGCM(_derived(each, "seal")) for each in (*older, secret)}
        self._digest_key = _derived(secret, "digest")
        self._passwords = Passwords()

    @classmethod
    def from_text(cls, text: str, *, older: Sequence[str] = ()) -> Self:
        """From secrets as they stand in a setting: base64 of 32 bytes. Raises ValueError."""
        return cls(_decoded(text), older=[_decoded(each) for each in older])

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """For demonstrations: from a file only its owner may read, made with a new secret when there is none.

        However many processes begin at once, they end up with the same secret.
        """
        if not path.exists():
            _write_once(path, base64.b64encode(secrets.token_bytes(SECRET_BYTES)))
        if path.stat().st_mode & 0o077:
            raise PermissionError(f"Others can read {path}. Make it readable by its owner only, or remove it.")
        return cls.from_text(path.read_text("ascii"))

    async def hash_password(self, text: str, about: Collection[str] = ()) -> str:
        """Argon2id, in its own encoding; `about` are words it must not be made of. Raises UnfitPassword,
        WeakPassword and Busy.
        """
        return await self._passwords.hash(text, about)

    async def verify_password(self, hash: str | None, text: str) -> bool:
        """Whether this is the password. Without a hash it takes as long, and is never so. Raises Busy."""
        return await self._passwords.verify(hash, text)

    def seal(self, plain: bytes, owner: UUID) -> bytes:
        """AES-256-GCM; only for this owner can it be opened again."""
        nonce = os.urandom(NONCE)
        return self._current + nonce + self._sealers[self._current].encrypt(nonce, plain, self._current + owner.bytes)

    def unseal(self, sealed: bytes, owner: UUID) -> bytes:
        """Raises Unsealable."""
        key_id, nonce, rest = sealed[:KEY_ID], sealed[KEY_ID : KEY_ID + NONCE], sealed[KEY_ID + NONCE :]
        try:
            return self._sealers[key_id].decrypt(nonce, rest, key_id + owner.bytes)
        except (KeyError, InvalidTag, ValueError):
            raise Unsealable("This cannot be opened with the keys at hand.") from None

    def is_outdated(self, sealed: bytes) -> bool:
        """Whether it was sealed with an older key and should be sealed anew."""
        return not sealed.startswith(self._current)

    def keyed_digest(self, text: str) -> bytes:
        """HMAC-SHA256: tells equal texts apart from others without saying what they are."""
        return hmac.digest(self._digest_key, text.encode(errors="surrogatepass"), "sha256")

    def close(self) -> None:
        self._passwords.close()

    def new_authenticator_secret(self) -> str:
        """160 random bits in base32."""
        return pyotp.random_base32()

    @staticmethod
    def provisioning_uri(secret: str, email: str) -> str:
        """What an authenticator app reads from the QR code."""
        return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)

    @staticmethod
    def qr_code(uri: str) -> str:
        """The same as a picture: SVG, drawn each time and kept nowhere."""
        import segno

        return str(segno.make_qr(uri, error="m").svg_inline(scale=4, dark="#000", light="#fff"))

    @staticmethod
    def new_recovery_codes(count: int) -> list[tuple[str, str]]:
        """So many codes, each as its public handle, told apart from the others by it, and a secret of 80 bits."""
        handles: dict[str, str] = {}
        while len(handles) < count:
            handles[_base32(5)[:HANDLE]] = _base32(10)
        return list(handles.items())

    async def hash_secrets(self, secrets: Sequence[str]) -> list[str]:
        """Argon2id of secrets drawn by lot. Raises Busy."""
        return await self._passwords.hash_all(secrets)

    @staticmethod
    def code_step(secret: str, code: str, *, wall: datetime, after_step: int) -> int | None:
        """The 30-second step of this code, if it is right, one step off at most, and later than `after_step`."""
        digits = "".join(code.split())
        if len(code) > LONGEST_CODE or not CODE.fullmatch(digits):
            return None
        try:
            step = pyotp.TOTP(secret).verify_and_get_timecode(digits, for_time=wall, valid_window=1)
        except OTPVerificationError:
            return None
        return step if step > after_step else None

    def new_token(self) -> tuple[str, bytes]:
        """A token of 256 random bits to give away, and its hash to keep."""
        text = secrets.token_urlsafe(32)
        return text, self.token_hash(text)

    @staticmethod
    def token_hash(text: str) -> bytes:
        return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def _base32(size: int) -> str:
    return base64.b32encode(secrets.token_bytes(size)).decode()


def _derived(secret: bytes, purpose: str, length: int = 32) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=f"placement portal/{purpose}/1".encode()).derive(secret)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except ValueError:
        raise ValueError("The secret key must be base64.") from None


def _write_once(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:  # 0600
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, path)  # fails when another process was first
        except FileExistsError:
            return
