"""The folder of data that a server serves, and what an earlier server may have left in it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from portal.embedded.account import Account, EmbeddedPostgresError, own_folder, run_as
from portal.embedded.entrance import Entrance

LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--locale=C")


@dataclass(frozen=True)
class Cluster:
    """Data, and the programs and account that serve them."""

    home: Path
    programs: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def make(self, *, durable: bool) -> None:
        """Make the cluster unless it exists; one that an interrupted start left half made never gets its name."""
        if self.data.exists():
            return
        half = self.home / "data-half"
        shutil.rmtree(half, ignore_errors=True)
        own_folder(half, self.account)
        options = ("-U", "postgres", "-A", "trust", "--data-checksums", *LOCALE, *(() if durable else ("--no-sync",)))
        made = run_as(self.account, self.programs / "initdb", "-D", half, *options)
        if made.returncode:
            raise EmbeddedPostgresError(f"The embedded database could not be made. {made.stderr.strip()}")
        half.rename(self.data)

    def clear_leftovers(self) -> None:
        """Stop the server of a killed owner, and see that its notes do not keep the next one from starting."""
        note = self.data / "postmaster.pid"
        if note.exists():
            number = _first_number(note)
            if number and f"postgres -D {self.data} " in _command_line(number):
                run_as(self.account, self.programs / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
            elif number:
                _disown(note)
            else:
                note.unlink()
        Entrance(self.home).open(self.account)


def _first_number(note: Path) -> int | None:
    with contextlib.suppress(ValueError):
        return int(note.read_text().partition("\n")[0])
    return None


def _disown(note: Path) -> None:
    """Put our own process number into the note, which a server takes for a stale one when it is its parent's.

    The number in it may belong to an innocent process by now, which would keep the server from starting. The note
    itself stays: it names the shared memory by which the server notices that sessions of its predecessor go on.
    """
    rest = note.read_text().partition("\n")[2]
    with os.fdopen(os.open(note, os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW), "w") as file:
        file.write(f"{os.getpid()}\n{rest}")


def _command_line(number: int) -> str:
    """How a living process was called; empty when there is none, or only its remains wait to be collected."""
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return os.fsdecode((Path("/proc") / str(number) / "cmdline").read_bytes()).replace("\0", " ")
        return ""
    listed = subprocess.run(
        ["ps", "-o", "stat=,args=", "-p", str(number)], capture_output=True, text=True, check=False
    ).stdout
    state, _, line = listed.strip().partition(" ")
    return "" if state.startswith("Z") else f"{line} "
