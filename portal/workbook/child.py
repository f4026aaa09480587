"""The process in which files from outside are opened: `python -m portal.workbook.child`, begun by process.py.

It has read all of its own code and none of the portal's settings. For every file it forks: the copy limits itself,
looks at one file and ends. Requests come as sockets over its standard input; on each the copy reads one line that
says what to do, and answers with lines of progress and then the result.
"""

import gc
import os
import resource
import signal
import socket
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter

from portal.workbook.fault import Reading
from portal.workbook.marking import marked_copy
from portal.workbook.process import PROGRESS, RESULT, Request
from portal.workbook.reading import read_file

MEMORY = 512 * 1024 * 1024
COMPUTING, WAITING = 10, 30  # seconds
LARGEST_COPY = 100 * 1024 * 1024
READING = TypeAdapter(Reading)
REQUEST = TypeAdapter(Request)


def limit_yourself() -> None:
    """No more memory, time, output or core than a registration needs (TRUST G3); beyond them the system ends it."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, COMPUTING),
        (resource.RLIMIT_FSIZE, LARGEST_COPY),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    signal.alarm(WAITING)


def answer(asked: bytes, out: BinaryIO) -> None:
    request = REQUEST.validate_json(asked)
    path = Path(request.path)

    def told(done: int, total: int) -> None:
        out.write(PROGRESS + f"{done} {total}\n".encode())
        out.flush()

    if request.mark is None:
        result = READING.dump_json(read_file(path, request.sheet, told))
    else:
        result = marked_copy(path, request.sheet, request.mark)
    out.write(RESULT + result)


def attend(connection: socket.socket) -> None:
    """One file, in a copy of this process that ends with it, however that goes."""
    try:
        limit_yourself()
        with connection, connection.makefile("rb") as asked, connection.makefile("wb") as out:
            answer(asked.readline(), out)
    finally:
        os._exit(0)


def main() -> None:
    """Until nobody is there to ask."""
    requests = socket.socket(fileno=0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    while True:
        asked, given, _, _ = socket.recv_fds(requests, 1, 1)
        if not asked:
            return
        connection = socket.socket(fileno=given[0])
        if os.fork() == 0:
            requests.close()  # else, were this process ended, whoever asks next would find nobody behind the line
            attend(connection)
        connection.close()


if __name__ == "__main__":
    main()
