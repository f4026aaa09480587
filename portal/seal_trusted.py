"""Every authority under which an installation may have sealed: the operator's, its own, and earlier ones."""

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates

from portal.seal import Seal
from portal.seal_keys import kept_authorities
from portal.seal_means import Means
from portal.seal_operator import operators_authority
from portal.settings import NotReady, Settings
from resolvers.ports import Database


class Succeeding:
    """A seal that follows others: it seals as the one given, and knows the authorities of those before it as well."""

    def __init__(self, seal: Seal, database: Database, older: Sequence[str] = ()) -> None:
        self._seal = seal
        self._database = database
        self._older = older

    async def means(self) -> Means:
        """What to seal with now. Raises NotReady where there is nothing."""
        return await self._seal.means()

    async def authorities(self) -> list[str]:
        """As PEM: the one in use, every one of the portal's own, and those that the settings name."""
        now = await self._seal.authorities()
        return list(dict.fromkeys([*now, *await kept_authorities(self._database), *self._older]))


def named_authorities(settings: Settings) -> list[str]:
    """The authorities that the settings name (PEM), whether or not they have ended.

    Raises NotReady where a file that is named cannot be read.
    """
    given = settings.seal_file
    own = [operators_authority(given, settings.seal_passphrase.get_secret_value())] if given is not None else []
    return [*own, *older_authorities(settings)]


def older_authorities(settings: Settings) -> list[str]:
    """Those under which the operator sealed before. Raises NotReady where they cannot be read."""
    return certificates_in(settings.older_seal_authorities) if settings.older_seal_authorities is not None else []


def certificates_in(path: Path) -> list[str]:
    """The certificates in a PEM file. Raises NotReady for anything else."""
    try:
        found = load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        raise NotReady(f"{path} cannot be read as a file of certificates (PEM).") from None
    return [each.public_bytes(Encoding.PEM).decode() for each in found]
