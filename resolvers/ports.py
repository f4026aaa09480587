"""What the shell supplies: the database, files, keys, the printer, and the hint that something has happened."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from enum import Enum, auto
from pathlib import Path
from typing import Any, Literal, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.ipa_file import SealLevel
from models.lifecycle import Side
from models.person import Viewer
from models.registration_content import RegistrationContent
from models.registration_fault import Found


class Connection(Protocol):
    """A connection inside a transaction that already stands behind the wall as its viewer."""

    async def fetchval(self, query: str, *args: Any) -> Any: ...

    async def fetchrow(self, query: str, *args: Any) -> Any: ...


class Database(Protocol):
    """Opens transactions as a viewer: read-only ones for reads, one unit of work for an act.

    These raise `SignedOut` when the viewer's session has ended by then. A viewer of None is somebody signing in.
    """

    def reading(self, viewer: Viewer | None, at: datetime) -> AbstractAsyncContextManager[Connection]: ...

    def acting(self, viewer: Viewer | None, at: datetime) -> AbstractAsyncContextManager[AsyncSession]: ...

    def consulting(self, viewer: Viewer, at: datetime) -> AbstractAsyncContextManager[AsyncSession]:
        """A read-only snapshot with records in it, for answers that the rules give and no statement alone can."""
        ...

    def working(self) -> AbstractAsyncContextManager[AsyncSession]:
        """One transaction of the portal itself, in which no person acts."""
        ...


class Stored(Protocol):
    @property
    def sha256(self) -> str: ...

    @property
    def size(self) -> int: ...


class Vault(Protocol):
    """Keeps bytes by their SHA-256; what `put` returned survives a power cut, and what it raised for is not kept."""

    async def put(
        self,
        stream: AsyncIterator[bytes],
        *,
        limit: int,
        expected_sha256: str | None = None,
        expected_size: int | None = None,
        check: Callable[[Path], Awaitable[None]] | None = None,
    ) -> Stored: ...

    async def put_bytes(self, content: bytes) -> Stored: ...

    async def read(self, sha256: str) -> bytes: ...

    def stream(self, sha256: str) -> AsyncIterator[bytes]: ...

    async def size(self, sha256: str) -> int: ...

    async def exists(self, sha256: str) -> bool: ...

    def older(self, before: datetime) -> AsyncIterator[list[str]]:
        """The names of what was kept before this moment of wall time, some at a time."""
        ...

    async def remove(self, sha256: str, before: datetime) -> None:
        """Forget it, unless it was kept anew after this moment."""
        ...

    async def sweep(self, *, before: datetime) -> int:
        """Remove what began to arrive before this moment and never did."""
        ...


class Scanner(Protocol):
    """Looks for malware in a file: returns where none is known, and raises Infected or ScanUnavailable."""

    async def scan(self, path: Path) -> None: ...


class Printer(Protocol):
    """Prints an agreement off the event loop; the same content and mark give the same bytes."""

    async def agreement(self, content: Mapping[str, Any], *, mark: Literal["DRAFT", "VOID"] | None) -> bytes: ...

    async def page(self, content: Mapping[str, Any], *, mark: Literal["DRAFT", "VOID"] | None) -> bytes:
        """The same as HTML, for who listens or reads on a small screen: same texts, same order."""
        ...

    async def certificate(self, content: Mapping[str, Any]) -> bytes:
        """Who signed an agreement, by which authority, what happened when, and the hash of each of its files."""
        ...


@dataclass(frozen=True)
class Stamp:
    """What is seen where a party has signed: lines of text, the first of them the signer's name."""

    party: Side
    lines: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class SealedFile:
    """A file as it is after sealing, and how much its newest seal proves by itself."""

    content: bytes
    level: SealLevel


class AlreadyFilled(Exception):
    """The party's field in this file is signed; nothing was done."""


class Sealer(Protocol):
    """Seals PDFs with the portal's key, off the event loop; what it returns begins with the bytes it was given."""

    @property
    def proves(self) -> bool:
        """Whether time stamps are wanted: `prove` gives a file, or None while none is to be had."""
        ...

    async def fix(self, pdf: bytes, canonical_form: bytes) -> SealedFile:
        """Enabled for signing: canonical form attached, fields of both parties placed, certified for filling alone."""
        ...

    async def fill(self, pdf: bytes, stamp: Stamp) -> SealedFile:
        """One party's field filled and signed. Raises AlreadyFilled where it is."""
        ...

    async def close(self, pdf: bytes) -> SealedFile:
        """A file of the portal's own, a certificate or a void copy: certified, and nothing may follow."""
        ...

    async def prove(self, pdf: bytes) -> SealedFile | None:
        """With what is needed to check it later and a time stamp behind it; None where no time stamp is to be had."""
        ...

    async def authorities(self) -> list[str]:
        """The certificates (PEM) that whoever checks sealed files has to trust, the newest first."""
        ...


class Trouble(Enum):
    """What kept a message from being taken: this message alone, its server, or how the portal is set up there.

    With SERVER and SETTINGS no other message would be taken either; with SETTINGS somebody has to do something.
    """

    MESSAGE = auto()
    SERVER = auto()
    SETTINGS = auto()


class NotTaken(Exception):
    """A message was not taken: its words say why without any address or secret; `for_good` if it never will be."""

    def __init__(self, why: str, *, trouble: Trouble = Trouble.MESSAGE, for_good: bool = False) -> None:
        super().__init__(why)
        self.trouble = trouble
        self.for_good = for_good


class Post(Protocol):
    """A way in which e-mail leaves the portal; `sender` is who it is from, None where that is said elsewhere."""

    @property
    def sender(self) -> str | None: ...

    async def send(self, message: EmailMessage, *, again: bool = False) -> None:
        """Return when it was taken, or raise NotTaken. `again`: it was tried before, and perhaps it was taken."""
        ...

    async def rest(self) -> None:
        """Keep no connection: nothing is to be sent for a while."""
        ...

    async def ready(self) -> None:
        """Return if something could be sent now, or raise NotTaken."""
        ...


class Reading(Protocol):
    """What a spreadsheet says, or everything that is wrong with it: there is content exactly where no fault is."""

    @property
    def content(self) -> RegistrationContent | None: ...

    @property
    def faults(self) -> Sequence[Found]: ...


class Workbooks(Protocol):
    """A registration as a spreadsheet: the sheets of its template by the names that people see, and its reader.

    `read` raises for nothing that a file can hold; `progress` hears how many rows of how many have been read. `marked`
    makes a copy, always a workbook, with those faults in red and commented.
    """

    @property
    def sheets(self) -> tuple[str, ...]: ...

    @property
    def template_name(self) -> str: ...

    async def template(self) -> bytes: ...

    async def read(self, path: Path, sheet: str | None, progress: Callable[[int, int], None]) -> Reading: ...

    async def marked(self, path: Path, sheet: str | None, faults: Sequence[Found]) -> bytes: ...


class Keys(Protocol):
    """Passwords, authenticator secrets, tokens. Codes are checked against wall time."""

    async def hash_password(self, text: str, about: Collection[str] = ()) -> str: ...

    async def verify_password(self, hash: str | None, text: str) -> bool: ...

    def seal(self, plain: bytes, owner: UUID) -> bytes: ...

    def unseal(self, sealed: bytes, owner: UUID) -> bytes: ...

    def new_authenticator_secret(self) -> str: ...

    def qr_code(self, uri: str) -> str: ...

    def new_recovery_codes(self, count: int) -> list[tuple[str, str]]: ...

    async def hash_secrets(self, secrets: Sequence[str]) -> list[str]: ...

    def provisioning_uri(self, secret: str, email: str) -> str: ...

    def code_step(self, secret: str, code: str, *, wall: datetime, after_step: int) -> int | None: ...

    def new_token(self) -> tuple[str, bytes]: ...

    def token_hash(self, text: str) -> bytes: ...

    def keyed_digest(self, text: str) -> bytes: ...


class Busy(Exception):
    """Too many want the same at this moment. Nothing was done; the caller may try again."""


class SignedOut(Exception):
    """The session has ended: expired, revoked, or its person suspended."""

    def __init__(self, code: Literal["UNAUTHENTICATED", "SESSION_EXPIRED"] = "UNAUTHENTICATED") -> None:
        super().__init__(code)
        self.code = code
