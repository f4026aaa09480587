"""How far the filling has come, on the error output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Done = Callable[[int], None]


@contextmanager
def shown_progress(total: int) -> Iterator[Done]:
    """A bar that moves on by as much as is done; where nobody looks at a terminal there is none."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("Filling the demonstration world", total=total)
        yield lambda amount: progress.advance(task, amount)
