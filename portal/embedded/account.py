"""As whom the embedded database runs, and where its files may lie.

PostgreSQL refuses to run as root. Started by root it therefore runs as `postgres` or `nobody`, whichever exists: no
account is made, and no folder that was there before gets other permissions. So its home must lie where that account can
reach it.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

FOLDER = "west-midlands-placement-portal"
STAND_INS = ("postgres", "nobody")
PLAIN = {"PATH": os.defpath, "LC_ALL": "C"}  # nothing of the caller's environment changes how the server behaves


class EmbeddedPostgresError(RuntimeError):
    """Why the embedded database cannot run, in words for whoever started it."""


@dataclass(frozen=True)
class Account:
    """The account that stands in for root."""

    name: str
    uid: int
    gid: int


def stand_in() -> Account | None:
    """The account the server has to run as; None means: as whoever starts it."""
    if os.geteuid() != 0:
        return None
    for name in STAND_INS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresError(
        "PostgreSQL does not run as root, and this machine has no account `postgres` or `nobody` to run it instead."
    )


def default_home() -> Path:
    """Where the portal keeps its data when nobody says otherwise: root's own folders are closed to the stand-in."""
    return Path("/var/lib") / FOLDER if os.geteuid() == 0 else Path.home() / ".local" / "share" / FOLDER


def run_as(account: Account | None, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, with a plain environment, and keep what it printed."""
    return subprocess.run(
        [str(part) for part in command],
        cwd="/",
        env=PLAIN,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def make_home(home: Path, account: Account | None) -> None:
    """Make the folder, and those missing above it, private; a stand-in may pass through but not look around."""
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711 if account else 0o700)
    if account:
        _require_reachable(home, account)


def own_folder(folder: Path, account: Account | None) -> None:
    """Make a folder for the server alone."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    if account:
        os.chown(folder, account.uid, account.gid)


def _require_reachable(home: Path, account: Account) -> None:
    for folder in (*reversed(home.parents), home):
        if run_as(account, "/bin/sh", "-c", 'cd "$1"', "sh", folder).returncode:
            raise EmbeddedPostgresError(
                f"{folder} is closed to the account `{account.name}`, as which the database runs because it does not "
                f"run as root. Choose a data home elsewhere (PORTAL_HOME, for example {Path('/var/lib') / FOLDER}), "
                "or start the portal as an ordinary user."
            )
