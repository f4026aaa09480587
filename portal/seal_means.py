"""What sealing needs at hand, as plain values that can be given to another process."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Level = Literal["B_B", "B_T", "B_LTA"]

CERTIFICATION = "PORTAL"
PARTIES = ("LOCAL_AUTHORITY", "PROVIDER")


class FieldFilled(Exception):
    """This party's field in this file holds a signature."""


@dataclass(frozen=True)
class Means:
    """A certificate with its key and issuers (DER; the authority last), and where time stamps are to be had, if any.

    `revocations` are lists (DER) of what the issuers have revoked.
    """

    certificate: bytes
    key: bytes = field(repr=False)
    issuers: tuple[bytes, ...]
    timestamp_url: str | None = None
    revocations: tuple[bytes, ...] = ()


class Sealed(NamedTuple):
    """A sealed file. `away` says that a time stamp was wanted and not to be had."""

    content: bytes
    level: Level
    away: bool = False
