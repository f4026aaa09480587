"""How a fresh clone makes the environment it runs in. The clone here needs no packages, so no network is used."""

from __future__ import annotations

import ast
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from portal.environment import RUN, TEST, Environment, surroundings

ROOT = Path(__file__).parents[2]
ANOTHER_LOCK = "# another version\n"

BACKEND = """
import pathlib, zipfile

INFO = "placement_clone-1.dist-info/"

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "placement_clone-1-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w") as wheel:
        wheel.writestr("placement_clone.pth", str(pathlib.Path.cwd()))
        wheel.writestr(INFO + "METADATA", "Metadata-Version: 2.1\\nName: placement-clone\\nVersion: 1\\n")
        wheel.writestr(INFO + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(INFO + "RECORD", "")
    return name
"""
NEVER_DONE = """
import pathlib, time

def build_editable(folder, config_settings=None, metadata_directory=None):
    pathlib.Path({!r}).touch()
    time.sleep(600)
"""
PROJECT = """
[project]
name = "placement-clone"
version = "1"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
COMMAND = """
import sys

def main():
    print("portal in", sys.prefix, "with", sys.argv[1:])
"""


def clone_into(root: Path) -> Path:
    (root / "portal").mkdir(parents=True)
    for name in ("__init__.py", "__main__.py", "environment.py"):
        shutil.copy(ROOT / "portal" / name, root / "portal")
    (root / "portal" / "cli.py").write_text(COMMAND)
    (root / "portal" / "pathlib.py").write_text("raise SystemExit('a module of the portal hid one of Python')\n")
    (root / "backend.py").write_text(BACKEND)
    (root / "pyproject.toml").write_text(PROJECT)
    for lock in (RUN, TEST):
        (root / lock).write_text("# nothing is needed\n")
    return root


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return clone_into(tmp_path / "a clone")


def call(clone: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, clone / "portal", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=600)[0]


def test_a_fresh_clone_makes_its_environment_once_and_runs_in_it(clone: Path) -> None:
    first = call(clone, "demo", "--at", "T")
    second = call(clone, "demo")
    both = [said(first), said(second)]
    assert f"portal in {clone / '.venv'} with ['demo', '--at', 'T']" in both[0]
    assert f"portal in {clone / '.venv'} with ['demo']" in both[1]
    assert sum("Making an environment" in output for output in both) == 1

    later = said(call(clone, "check"))
    assert later == f"portal in {clone / '.venv'} with ['check']\n"

    installed = said(
        subprocess.Popen([clone / ".venv/bin/python", "-m", "portal"], cwd=clone, stdout=subprocess.PIPE, text=True)
    )
    assert installed == f"portal in {clone / '.venv'} with []\n"


def test_an_interrupted_environment_is_made_anew(clone: Path) -> None:
    reached = clone / "reached"
    (clone / "backend.py").write_text(NEVER_DONE.format(str(reached)))
    first = call(clone, "demo")
    while not reached.exists():
        assert first.poll() is None
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    (clone / "backend.py").write_text(BACKEND)
    assert (clone / ".venv" / "bin").exists()
    assert not Environment(clone).is_ready(RUN)
    repaired = said(call(clone, "demo"))
    assert "Making an environment" in repaired
    assert repaired.endswith(f"portal in {clone / '.venv'} with ['demo']\n")
    assert Environment(clone).is_ready(RUN)


def test_no_module_here_hides_one_that_python_needs_before_it_comes_to_ours() -> None:
    loaded = "import runpy, sys; print(*sys.modules)"
    needed = subprocess.run([sys.executable, "-I", "-c", loaded], stdout=subprocess.PIPE, text=True, check=True).stdout
    assert {path.stem for path in (ROOT / "portal").iterdir()} & set(needed.split()) <= {"__main__"}


def test_an_older_python_is_told_what_is_missing(clone: Path) -> None:
    for read_by_it in ("__init__.py", "__main__.py"):
        ast.parse((clone / "portal" / read_by_it).read_text(), feature_version=(3, 7))
    older = "import sys, runpy; sys.version_info = (3, 10, 4); runpy.run_path(sys.argv[1], run_name='__main__')"
    start = subprocess.run(
        [sys.executable, "-c", older, clone / "portal"], stderr=subprocess.PIPE, text=True, check=False
    )
    assert start.returncode == 1
    assert start.stderr.startswith("The portal needs Python 3.11 or newer; this is Python ")
    assert not (clone / ".venv").exists()


def made(root: Path, *locks: str) -> Environment:
    """An environment as it is left behind, without the packages."""
    environment = Environment(root)
    environment.python.parent.mkdir(parents=True)
    environment.python.symlink_to(sys.executable)
    seals = [environment._seal(lock) for lock in locks]
    (environment.folder / "made-from").write_text("\n".join([environment._place(), *seals, ""]))
    return environment


def test_an_environment_is_ready_for_the_locks_it_was_made_from(clone: Path) -> None:
    environment = made(clone, RUN)
    assert environment.is_ready(RUN)
    assert not environment.is_ready(TEST)
    (clone / RUN).write_text(ANOTHER_LOCK)
    assert not environment.is_ready(RUN)


def test_a_clone_that_was_moved_is_not_ready(clone: Path) -> None:
    made(clone, RUN)
    moved = clone.rename(clone.with_name("elsewhere"))
    assert not Environment(moved).is_ready(RUN)


def test_an_environment_whose_python_is_gone_is_not_ready(clone: Path) -> None:
    environment = made(clone, RUN)
    environment.python.unlink()
    environment.python.symlink_to(clone / "python-of-last-year")
    assert not environment.is_ready(RUN)


def test_a_changed_lock_is_installed_into_the_environment_there_is(
    clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Environment(clone).prepare(RUN)
    (clone / ".venv" / "kept").touch()
    (clone / RUN).write_text(ANOTHER_LOCK)
    Environment(clone).prepare(TEST)
    assert Environment(clone).is_ready(RUN)
    assert Environment(clone).is_ready(TEST)
    assert (clone / ".venv" / "kept").exists()
    assert capsys.readouterr().out.count("Making an environment") == 1


def test_a_step_that_fails_is_shown_and_leaves_nothing_that_looks_ready(clone: Path) -> None:
    made(clone)
    (clone / RUN).write_text("no-hash-here==1\n")
    output = said(failing := call(clone, "demo"))
    assert failing.returncode == 1
    assert "This step failed" in output
    assert "hash" in output
    assert not Environment(clone).is_ready(RUN)


def test_somebody_elses_environment_is_left_alone(clone: Path) -> None:
    (clone / ".venv").mkdir()
    (clone / ".venv" / "theirs").touch()
    with pytest.raises(SystemExit, match="was not made by the portal"):
        Environment(clone).prepare(RUN)
    assert [entry.name for entry in (clone / ".venv").iterdir()] == ["theirs"]


def test_settings_of_pip_that_install_elsewhere_do_not_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_TARGET", "elsewhere")
    monkeypatch.setenv("PIP_PROXY", "kept")
    reach = surroundings()
    assert reach["PIP_USER"] == "0"
    assert "PIP_TARGET" not in reach
    assert reach["PIP_PROXY"] == "kept"


def pinned(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^(\S+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


def test_the_locks_hold_one_version_of_each_package_with_hashes_and_name_no_place_on_the_network() -> None:
    assert pinned(RUN).items() <= pinned(TEST).items()
    for lock in (RUN, TEST):
        text = (ROOT / lock).read_text()
        assert "://" not in text
        assert not re.findall(r"^--", text, re.MULTILINE)
        assert (
            re.findall(r"^[^\s#][^\n]*[^\\\n]$", text, re.MULTILINE) == []
        )  # every line of a package goes on to its hashes


def test_the_locks_hold_what_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["embedded"]]
    names = {re.split(r"[\[<>=;~! ]", requirement)[0] for requirement in declared}
    assert names - pinned(RUN).keys() == set()
