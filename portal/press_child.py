"""The process that prints and seals: it does what it is asked, one after the other, until the line is dead."""

import os
import sys
import threading
import traceback
from collections.abc import Sequence
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from queue import SimpleQueue
from time import sleep
from typing import Any

NICENESS = 5
GRACE = 0.5  # seconds to end by itself in, once nobody is there any more
STANDARD_INPUT = 0


def main(tools: Sequence[str]) -> None:
    """Fetch the tools, then work until nobody asks."""
    line: Connection[Any, Any] = Connection(STANDARD_INPUT)
    asked: SimpleQueue[bytes | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(line, asked), daemon=True).start()
    for tool in tools:
        import_module(tool)
    os.nice(NICENESS)  # not before: somebody may be waiting for the tools
    while (work := asked.get()) is not None:
        line.send_bytes(_answer(work))


def _listen(line: "Connection[Any, Any]", asked: "SimpleQueue[bytes | None]") -> None:
    """Pass on what is asked; when the parent is gone, this process must go, whatever it is at."""
    try:
        while True:
            asked.put(line.recv_bytes())
    except (EOFError, OSError):
        asked.put(None)
        sleep(GRACE)
        os._exit(0)


def _answer(work: bytes) -> bytes:
    try:
        function, given = ForkingPickler.loads(work)
        return bytes(ForkingPickler.dumps((True, function(*given))))
    except Exception as fault:  # noqa: BLE001  # whatever it is, it belongs to whoever asked
        return _fault(fault)


def _fault(fault: Exception) -> bytes:
    """The fault with where it happened; one that cannot travel is told of in another."""
    fault.add_note(traceback.format_exc())
    try:
        told = bytes(ForkingPickler.dumps((False, fault)))
        ForkingPickler.loads(told)
    except Exception:  # noqa: BLE001  # a fault may be anything
        return bytes(ForkingPickler.dumps((False, RuntimeError(f"{type(fault).__name__}: {fault}"))))
    return told


if __name__ == "__main__":
    main(sys.argv[1:])
