"""The socket through which the embedded database is reached: a private folder instead of a port and a password."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from portal.embedded.account import Account, EmbeddedPostgresError, own_folder

SOCKET = ".s.PGSQL.5432"
LONGEST_PATH = 100  # bytes; macOS takes 103, Linux 107
HELLO = b"\0\3\0\0user\0postgres\0database\0postgres\0\0"
GOODBYE = b"X\0\0\0\4"


@dataclass(frozen=True)
class Entrance:
    """Where the socket of the database in `home` is, the same for every process that asks."""

    home: Path

    @property
    def folder(self) -> Path:
        near = self.home / "run"
        return near if len(os.fsencode(near / SOCKET)) <= LONGEST_PATH else self._shelter / "run"

    @property
    def _shelter(self) -> Path:
        return Path("/tmp") / f"portal-{os.geteuid()}-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]}"

    @property
    def dsn(self) -> str:
        return f"postgresql://postgres@/postgres?host={quote(str(self.folder))}"

    def prepare(self, account: Account | None) -> None:
        """Make the shelter that a long path needs.

        Anybody can make folders there, so one that is not ours alone is refused.
        """
        if self.folder.parent == self.home:
            return
        shelter = self._shelter
        with contextlib.suppress(FileExistsError):
            shelter.mkdir(mode=0o700)
            shelter.chmod(0o711 if account else 0o700)
        seen = shelter.lstat()
        if shelter.is_symlink() or seen.st_uid != os.geteuid() or seen.st_mode & 0o022:
            raise EmbeddedPostgresError(
                f"{shelter} does not belong to this user alone: remove it, or choose a data home with a shorter path."
            )

    def open(self, account: Account | None) -> None:
        """Make the folder for the server; for the owner only, while no server runs.

        The signs of an earlier server are removed, because its process number may be somebody else's now.
        """
        own_folder(self.folder, account)
        (self.folder / SOCKET).unlink(missing_ok=True)
        (self.folder / f"{SOCKET}.lock").unlink(missing_ok=True)

    def answers(self) -> bool:
        """Whether the server would let somebody in now."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(self.folder / SOCKET))
            line.sendall((len(HELLO) + 4).to_bytes(4, "big") + HELLO)
            if line.recv(1) == b"R":  # about authentication; "E" while the server is still starting
                line.sendall(GOODBYE)
                while line.recv(4096):
                    continue
                return True
        return False
