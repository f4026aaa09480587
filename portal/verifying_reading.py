"""Files that somebody wants checked are taken apart in a process of their own, with limits; here it is asked."""

import hashlib
import json
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST = 64 * 1024 * 1024
MEMORY = 1024 * 1024 * 1024
COMPUTING, WAITING = 20, 60  # seconds
ROOT = Path(__file__).parent.parent
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
TOO_MUCH = "It cannot be taken apart in the time and memory allowed; no file of the portal needs so much."


@dataclass(frozen=True)
class Taken:
    """A file as it lies there: the SHA-256 of its bytes, and what is seen in it, or why nothing is."""

    sha256: str | None
    seen: dict[str, Any] | None
    unreadable: str | None = None


def taken_apart(path: Path, authorities: Sequence[str]) -> Taken:
    """What the file at this path is, held against these authorities (PEM); it raises for nothing that it can be."""
    fault, content = _content(path)
    if content is None:
        return Taken(None, None, fault)
    digest = hashlib.sha256(content).hexdigest()
    answer = _asked(path, authorities)
    if answer is None:
        return Taken(digest, None, TOO_MUCH)
    return Taken(digest, answer.get("seen"), answer.get("unreadable"))


def limit_yourself() -> None:
    """No more memory, time, output or core than a check of an agreement needs; beyond them the system ends it."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, COMPUTING),
        (resource.RLIMIT_FSIZE, LARGEST),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _content(path: Path) -> tuple[str, bytes | None]:
    try:
        kept = path.stat()
        if not stat.S_ISREG(kept.st_mode):
            return "This is not a file.", None
        if kept.st_size > LARGEST:
            return f"It is larger than {LARGEST // 1024 // 1024} MB; no file of the portal is.", None
        return "", path.read_bytes()
    except OSError as fault:
        return f"It cannot be opened: {fault.strerror or type(fault).__name__}.", None


def _asked(path: Path, authorities: Sequence[str]) -> dict[str, Any] | None:
    """The answer of the other process, or None where it ended without one."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"PYTHONPATH": str(ROOT)}
    asked = json.dumps({"path": str(path.absolute()), "authorities": list(authorities)}) + "\n"
    try:
        done = subprocess.run(
            [sys.executable, "-m", "portal.verifying_pdf"], input=asked.encode(), stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, cwd=ROOT, env=environment, timeout=WAITING, check=False,
        )  # fmt: skip
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return answer
