"""The wall around what agreements have gained: new tables, and functions that know more than before."""

from importlib import import_module
from pathlib import Path
from typing import Any

NOUNS = ("files", "mails", "reviews", "seals", "signatures", "verifying", "ends")
"""Each is a module here with the names below, as far as it needs them, and may have functions in its `.sql`."""


def listed(name: str) -> tuple[Any, ...]:
    """What the modules give under this name, one after the other."""
    return tuple(each for noun in NOUNS for each in getattr(_module(noun), name, ()))


def functions() -> list[str]:
    """The statements that make functions; each ends its body with `END $$;` on a line of its own."""
    paths = [Path(__file__).with_name(f"{noun}.sql") for noun in NOUNS]
    texts = [path.read_text() for path in paths if path.exists()]
    return [body + "END $$" for text in texts for body in text.split("END $$;\n")[:-1]]


def guarded() -> dict[str, tuple[str, ...]]:
    """New functions of the guard, and who may call each."""
    return {name: callers for noun in NOUNS for name, callers in getattr(_module(noun), "GUARDED", {}).items()}


def _module(noun: str) -> Any:
    return import_module(f"migrations.wall.agreements.{noun}")
