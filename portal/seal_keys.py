"""The portal's own sealing keys: made once for all processes of an installation, and kept encrypted as rows."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.sealing_key import SealingKey
from portal.keys import Keys, Unsealable
from portal.seal_authority import RENEWED_BEFORE, Certified, new_authority, new_seal, nothing_revoked
from portal.seal_means import Means
from portal.settings import NotReady
from resolvers.ports import Database

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('sealing_key'))")
KEPT = SealingKey.__table__  # no mapping: whoever looks at the keys need not know every other record
NEWEST = select(KEPT).order_by(KEPT.c.made_at.desc(), KEPT.c.id).limit(1)
LOST = (
    "The portal's sealing keys cannot be opened with PORTAL_SECRET_KEY; "
    "name the key they were encrypted with in PORTAL_OLDER_SECRET_KEYS."
)


class OwnSeal:
    """Seals under an authority of the portal's own, which is made when it is first asked for.

    However many processes ask at once, they get the same. A new certificate of the same authority takes over ninety
    days before the old one ends; rows are added and never changed.
    """

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database = database
        self._keys = keys
        self._lock = asyncio.Lock()
        self._held: tuple[Certified, Certified] | None = None

    async def means(self) -> Means:
        """What to seal with now. Raises NotReady where the keys cannot be opened."""
        authority, seal = await self._current()
        revoked = nothing_revoked(authority, datetime.now(UTC)).public_bytes(Encoding.DER)
        return Means(_der(seal.certificate), _pkcs8(seal.key), (_der(authority.certificate),), revocations=(revoked,))

    async def authorities(self) -> list[str]:
        """Every authority that this installation has sealed under, as PEM, the newest first."""
        await self._current()
        return await kept_authorities(self._database)

    async def try_kept(self) -> None:
        """Raises NotReady where keys are kept that cannot be opened; makes none."""
        async with self._database.working() as session:
            row = (await session.execute(NEWEST)).one_or_none()
            if row is not None:
                self._opened(row)

    async def _current(self) -> tuple[Certified, Certified]:
        async with self._lock:
            if self._held is None or _ends_soon(self._held[1], datetime.now(UTC)):
                self._held = await self._found(datetime.now(UTC))
            return self._held

    async def _found(self, at: datetime) -> tuple[Certified, Certified]:
        async with self._database.working() as session:
            await session.execute(ONE_AT_A_TIME)
            row = (await session.execute(NEWEST)).one_or_none()
            held = self._opened(row) if row else None
            authority, seal = current(held, at)
            outdated = row is not None and self._keys.is_outdated(row.sealed_key)
            if outdated or held is None or seal is not held[1]:
                await self._keep(session, authority, seal, at)
            return authority, seal

    async def _keep(self, session: AsyncSession, authority: Certified, seal: Certified, at: datetime) -> None:
        name = uuid4()
        row = SealingKey(
            id=name,
            authority=_pem(authority.certificate),
            authority_key=self._keys.seal(_pkcs8(authority.key), name),
            certificate=_pem(seal.certificate),
            sealed_key=self._keys.seal(_pkcs8(seal.key), name),
            not_after=seal.certificate.not_valid_after_utc,
            made_at=at,
        )
        session.add(row)
        await session.flush()

    def _opened(self, row: Any) -> tuple[Certified, Certified]:
        return (
            self._certified(row.authority, row.authority_key, row.id),
            self._certified(row.certificate, row.sealed_key, row.id),
        )

    def _certified(self, certificate: str, key: bytes, owner: UUID) -> Certified:
        try:
            private = load_der_private_key(self._keys.unseal(key, owner), None)
        except Unsealable:
            raise NotReady(LOST) from None
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        return Certified(x509.load_pem_x509_certificate(certificate.encode()), private)


async def kept_authorities(database: Database) -> list[str]:
    """Every authority of the portal's own that was made, as PEM, the newest first; it makes none."""
    async with database.working() as session:
        return list(dict.fromkeys(await session.scalars(select(KEPT.c.authority).order_by(KEPT.c.made_at.desc()))))


def current(held: tuple[Certified, Certified] | None, at: datetime) -> tuple[Certified, Certified]:
    """The authority and the seal to use from now on: those that are held, as long as they last."""
    authority = new_authority(at) if held is None or _ends_soon(held[0], at) else held[0]
    if held is None or authority is not held[0] or _ends_soon(held[1], at):
        return authority, new_seal(authority, at)
    return held


def _ends_soon(certified: Certified, at: datetime) -> bool:
    return certified.certificate.not_valid_after_utc - at < RENEWED_BEFORE


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _pkcs8(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
