"""The environment that `python3 portal …` makes for itself, beside pyproject.toml, and then runs in.

Standard library only, because it runs before anything is installed. What is slow to import is imported where it is
needed: every start passes through here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

RUN, TEST = "requirements.txt", "requirements-dev.txt"
NOT_FOR_US = ("PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PYTHONHOME", "PYTHONPATH")


class Environment:
    """The folder `.venv` of the clone in `root`.

    Its note says from what it was made: first the place and the Python, then the locks that are installed. A note that
    names none of them belongs to an environment that was interrupted while being made.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self._note = self.folder / "made-from"

    def is_ready(self, lock: str) -> bool:
        return {self._place(), self._seal(lock)} <= self._noted() and os.access(self.python, os.X_OK)

    def prepare(self, lock: str) -> None:
        """Make it ready for `lock`, from scratch if need be; one process at a time, and the others find it made."""
        if self.is_ready(lock):
            return
        with self._alone():
            if not self.is_ready(lock):
                self._make(lock)

    def _make(self, lock: str) -> None:
        if self._place() not in self._noted() or not os.access(self.python, os.X_OK):
            self._begin()
        self._note.write_text("unfinished\n")
        pip = self._pip()
        say("Installing the packages it needs, each checked against its hash. This takes about a minute.")
        run([*pip, "--require-hashes", "-r", str(self.root / lock)], on_line=Progress().note)
        run([*pip, "--no-deps", "--no-build-isolation", "-e", str(self.root)])
        seals = [self._seal(RUN)] if lock == RUN else [self._seal(RUN), self._seal(TEST)]
        fresh = self._note.with_suffix(".new")
        fresh.write_text("\n".join([self._place(), *seals, ""]))
        fresh.replace(self._note)
        say("The environment is ready.")

    def _begin(self) -> None:
        import shutil

        if self.folder.exists() and any(self.folder.iterdir()) and not self._note.exists():
            sys.exit(f"{self.folder} was not made by the portal. Move it away, and the portal makes its own.")
        if not has("ensurepip") and not has("pip"):
            sys.exit("The portal needs pip: install it, or Python's venv with it (on Debian: python3-venv).")
        say(f"Making an environment of the portal's own in {self.folder}, with Python {sys.version.split()[0]}.")
        self.folder.mkdir(exist_ok=True)
        self._note.write_text("unfinished\n")
        for part in self.folder.iterdir():
            if part.is_dir() and not part.is_symlink():
                shutil.rmtree(part)
            elif part != self._note:
                part.unlink()
        run([sys.executable, "-m", "venv", *([] if has("ensurepip") else ["--without-pip"]), str(self.folder)])

    def _pip(self) -> list[str]:
        """The pip of the environment; where the system has taken it out of Python, the system's own."""
        own = [str(self.python), "-m", "pip"]
        if not self.python.with_name("pip").exists():
            own = [sys.executable, "-m", "pip", "--python", str(self.python)]
        return [*own, "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]

    def _noted(self) -> set[str]:
        with contextlib.suppress(OSError):
            return set(self._note.read_text().splitlines())
        return set()

    def _place(self) -> str:
        return f"{self.root} {self.python.resolve()}"

    def _seal(self, lock: str) -> str:
        return f"{lock} {hashlib.sha256((self.root / lock).read_bytes()).hexdigest()}"

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        import fcntl

        clone = os.open(self.root, os.O_RDONLY)
        try:
            try:
                fcntl.flock(clone, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another start is making the environment; waiting for it.")
                fcntl.flock(clone, fcntl.LOCK_EX)
            yield
        finally:
            os.close(clone)


def enter(arguments: Sequence[str]) -> NoReturn:
    """Become the portal, or its tests, in an environment that is ready for it."""
    if os.name != "posix":
        sys.exit("The portal runs on Linux and macOS; on Windows start it in the Windows Subsystem for Linux.")
    environment = Environment(Path(__file__).resolve().parent.parent)
    testing = arguments[:1] == ["test"]
    try:
        environment.prepare(TEST if testing else RUN)
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. The next start makes the environment anew.")
    command = [str(environment.python), "-P", "-m", "portal", *arguments]
    if testing:
        os.chdir(environment.root)
        command = [str(environment.python), "-m", "pytest", *(arguments[1:] or ["--cov"])]
    sys.stdout.flush()
    os.execv(command[0], command)


def has(module: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(module) is not None


def say(sentence: str) -> None:
    print(sentence, flush=True)


def surroundings() -> dict[str, str]:
    """The variables a step sees: all but those that would have it install or look elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in NOT_FOR_US} | {"PIP_USER": "0"}


def run(command: Sequence[str], on_line: Callable[[str], None] | None = None) -> None:
    """Run a step to its end, unless it fails: then end with what it said last."""
    import subprocess

    said: list[str] = []
    with subprocess.Popen(
        command,
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as step:
        for line in step.stdout or ():
            said.append(line)
            if on_line:
                on_line(line)
    if step.returncode:
        sys.exit("".join(said[-15:]) + f"\nThis step failed: {' '.join(command)}")


class Progress:
    """What the person at the terminal sees of pip's long report."""

    def __init__(self) -> None:
        self._fetched = 0

    def note(self, line: str) -> None:
        if " (from -r " in line and not line.startswith(" "):
            self._fetched += 1
            if sys.stdout.isatty():
                print(f"\r  {self._fetched} fetched", end="", flush=True)
        elif line.startswith("Installing collected"):
            say(f"\r  {self._fetched} fetched; unpacking them.")
