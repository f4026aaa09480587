"""A place in a person's log, as clients keep it: opaque, url-safe, good until the log is numbered anew."""

import base64
import binascii
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

LONGEST = 200
MOST = 2**63 - 1
MARK = 12
URL_SAFE = bytes.maketrans(b"+/", b"-_")


@lru_cache(maxsize=8_192)
def numbering(epoch: str, person_id: UUID) -> str:
    """What one person's numbers are told by: a mark of this life of the log, and one of the person in it.

    Nobody else's cursor is taken for theirs, and neither the epoch nor the person can be worked out from the marks.
    `resolvers.cursor` says the same in SQL.
    """
    return f"{_mark(epoch)}.{_mark(f'{epoch}{person_id}')}"


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:MARK]


@lru_cache(maxsize=8_192)
def written(epoch: str, no: int) -> str:
    """The text of a cursor, without making one: all screens of one person are told it."""
    return binascii.b2a_base64(f"{no}.{epoch}".encode(), newline=False).rstrip(b"=").translate(URL_SAFE).decode()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that is no cursor of this portal."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything up to and including entry `no` of a person's numbering `epoch` has been seen."""

    epoch: str
    no: int

    @property
    def life(self) -> str:
        """The mark of the log's life, which everybody's cursors of that life have in common."""
        return self.epoch.partition(".")[0]

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
