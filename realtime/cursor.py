"""A place in a person's log, as clients keep it: opaque, url-safe, good until the log is numbered anew."""

import base64
import binascii
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

LONGEST = 200
MOST = 2**63 - 1


@lru_cache(maxsize=8_192)
def numbering(epoch: str, person_id: UUID) -> str:
    """What one person's numbers are told by in this life of the log: nobody else's cursor is taken for theirs."""
    return blake2b(f"{epoch}{person_id}".encode(), digest_size=6).hexdigest()


def written(epoch: str, no: int) -> str:
    """The text of a cursor, without making one: each frame has its own."""
    return base64.urlsafe_b64encode(f"{no}.{epoch}".encode()).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that is no cursor of this portal."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything up to and including entry `no` of a person's numbering `epoch` has been seen."""

    epoch: str
    no: int

    def __str__(self) -> str:
        return written(self.epoch, self.no)

    @classmethod
    def parse(cls, text: str) -> "Cursor | Unreadable":
        """The cursor that `str` made this text from; anything else, however close, is unreadable. Never raises."""
        if len(text) > LONGEST:
            return Unreadable()
        try:
            plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True).decode()
        except (binascii.Error, ValueError):
            return Unreadable()
        no, _, epoch = plain.partition(".")
        if not (no.isascii() and no.isdigit() and int(no) <= MOST):
            return Unreadable()
        cursor = cls(epoch, int(no))
        return cursor if str(cursor) == text else Unreadable()
