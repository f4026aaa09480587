"""The process in which a file from outside is opened: `python -m portal.workbook.child read|mark FILE [SHEET]`.

It limits itself before it looks at the file, is given none of the portal's settings, and answers on its standard
output: lines of progress, then the result. What it is told of faults, for marking, comes by its standard input.
"""

import resource
import sys
from pathlib import Path

from pydantic import TypeAdapter

from portal.workbook.fault import Fault, Reading
from portal.workbook.marking import marked_copy
from portal.workbook.reading import read_file

MEMORY = 512 * 1024 * 1024
SECONDS = 10
LARGEST_COPY = 100 * 1024 * 1024
READING = TypeAdapter(Reading)
FAULTS = TypeAdapter(tuple[Fault, ...])
PROGRESS, RESULT = b"progress ", b"result\n"


def limit_yourself() -> None:
    """No more memory, time, output or core than a registration needs (TRUST G3)."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_COPY),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def told(done: int, total: int) -> None:
    sys.stdout.buffer.write(PROGRESS + f"{done} {total}\n".encode())
    sys.stdout.buffer.flush()


def main(act: str, path: Path, sheet: str | None) -> None:
    limit_yourself()
    if act == "mark":
        answer = marked_copy(path, sheet, FAULTS.validate_json(sys.stdin.buffer.read()))
    else:
        answer = READING.dump_json(read_file(path, sheet, told))
    sys.stdout.buffer.write(RESULT + answer)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
