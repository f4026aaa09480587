"""The order in which mixed writing stands on a line: Unicode Standard Annex 9 without embeddings and bracket pairs."""

import re
from collections.abc import Sequence
from unicodedata import bidirectional

_LETTER = {"L": "L", "R": "R", "AL": "A", "EN": "N", "AN": "U", "ES": "S", "ET": "T", "CS": "C", "NSM": "M"}
_DIRECTION = ("L", "R")


def base_level(text: str) -> int:
    """1 when the first letter with a direction is written from right to left, otherwise 0 (P2, P3)."""
    for character in text:
        kind = bidirectional(character)
        if kind in ("L", "R", "AL"):
            return int(kind != "L")
    return 0


def levels(text: str, base: int) -> list[int]:
    """The embedding level of each character; odd ones run from right to left."""
    kinds = _neutral(_weak(_kinds(text, base), base), base)
    rank = {"L": 0, "R": 1, "N": 2, "U": 2} if base == 0 else {"L": 2, "R": 1, "N": 2, "U": 2}
    return [rank[kind] for kind in kinds]


def visual_runs(line: Sequence[int]) -> list[tuple[int, int, int]]:
    """Stretches of one level as (start, stop, level), in the order in which they stand from left to right (L2)."""
    runs: list[tuple[int, int, int]] = []
    start = 0
    for stop in range(1, len(line) + 1):
        if stop == len(line) or line[stop] != line[start]:
            runs.append((start, stop, line[start]))
            start = stop
    for level in range(max(line, default=0), 0, -1):
        runs = _reversed_from(runs, level)
    return runs


def _reversed_from(runs: list[tuple[int, int, int]], level: int) -> list[tuple[int, int, int]]:
    ordered: list[tuple[int, int, int]] = []
    turned: list[tuple[int, int, int]] = []
    for run in runs:
        if run[2] >= level:
            turned.insert(0, run)
        else:
            ordered += [*turned, run]
            turned = []
    return ordered + turned


def _kinds(text: str, base: int) -> str:
    kinds: list[str] = []
    for character in text:
        kind = _LETTER.get(bidirectional(character), "O")
        if kind == "M":  # W1: a mark goes with what it stands on
            kind = kinds[-1] if kinds else _DIRECTION[base]
        kinds.append(kind)
    return "".join(kinds)


def _weak(kinds: str, base: int) -> str:
    kinds = re.sub("A[^LRA]+", lambda m: m[0].replace("N", "U"), kinds).replace("A", "R")  # W2, W3
    kinds = re.sub("(?<=N)[SC](?=N)", "N", kinds)  # W4
    kinds = re.sub("(?<=U)C(?=U)", "U", kinds)
    kinds = re.sub("T+(?=N)|(?<=N)T+", lambda m: "N" * len(m[0]), kinds)  # W5
    kinds = re.sub("[SCT]", "O", kinds)  # W6
    kinds = re.sub("L[^LR]+", lambda m: m[0].replace("N", "L"), kinds)  # W7
    return kinds if base else re.sub("^[^LR]+", lambda m: m[0].replace("N", "L"), kinds)


def _neutral(kinds: str, base: int) -> str:
    edge = _DIRECTION[base]

    def settle(stretch: re.Match[str]) -> str:
        before = kinds[stretch.start() - 1] if stretch.start() else edge
        after = kinds[stretch.end()] if stretch.end() < len(kinds) else edge
        left, right = before == "L", after == "L"
        side = ("L" if left else "R") if left == right else edge  # N1, N2
        return side * len(stretch[0])

    return re.sub("O+", settle, kinds)
