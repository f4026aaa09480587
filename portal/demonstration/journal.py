"""What of the demonstration world has been made: one line for each step, so that an interrupted filling goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

JOURNAL = "demonstration.jsonl"
COMPLETE = "complete"


class Journal:
    """A step that stands in it is not done again. The last line may be torn: what it told is done once more.

    It is written after the step itself. Whoever does a step must therefore be able to do it twice without harm.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = dict(_read(path)) if path.exists() else {}
        self._file = path.open("a", encoding="utf-8")

    def __contains__(self, step: str) -> bool:
        return step in self._known

    def __getitem__(self, step: str) -> Any:
        """What came of the step, as JSON."""
        return self._known[step]

    def get(self, step: str, otherwise: Any = None) -> Any:
        return self._known.get(step, otherwise)

    def keep(self, step: str, result: Any) -> Any:
        self._known[step] = result
        self._file.write(f"{json.dumps([step, result], ensure_ascii=False)}\n")
        self._file.flush()
        return result

    @property
    def folder(self) -> Path:
        return self._path.parent

    def close(self) -> None:
        self._file.close()


def _read(path: Path) -> list[tuple[str, Any]]:
    """The whole lines; a torn one at the end is cut off the file."""
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        path.write_bytes(whole)
    return [(step, result) for step, result in map(json.loads, whole.splitlines())]


def is_complete(path: Path) -> bool:
    """Whether the filling that writes this journal has come to its end; answered without reading all of it."""
    if not path.exists():
        return False
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 200))
        return file.read().splitlines()[-1:] == [json.dumps([COMPLETE, True]).encode()]
