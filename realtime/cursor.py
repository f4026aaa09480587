"""A place in a person's log, as clients keep it: opaque, url-safe, good until the log is numbered anew."""

import base64
import binascii
from dataclasses import dataclass

LONGEST = 200
MOST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that is no cursor of this portal."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything up to and including entry `no` of the numbering `epoch` has been seen."""

    epoch: str
    no: int

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(f"{self.no}.{self.epoch}".encode()).decode().rstrip("=")

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
