"""Repeatable choice: the same seed words give the same demonstration on every machine and every day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import TypeVar

Card = TypeVar("Card")

ENOUGH_TRIES = 400


def chance(*seed: object) -> Random:
    """A stream of its own for each seed, so that a longer list in one place moves nothing elsewhere."""
    return Random("/".join(str(part) for part in seed))


def deck(cards: Sequence[Card], *seed: object) -> Iterator[Card]:
    """Each card once, in shuffled order; when all are dealt, each card once more, without end."""
    rng = chance("deck", *seed)
    while True:
        yield from rng.sample(cards, len(cards))


def a_few(rng: Random, cards: Sequence[Card], least: int, most: int) -> tuple[Card, ...]:
    return tuple(rng.sample(cards, rng.randint(least, min(most, len(cards)))))


class Unrepeated:
    """Hands out only texts that it has not handed out before; running out is a fault of the word lists."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def text(self, make: Callable[[], str]) -> str:
        text = ""
        for _ in range(ENOUGH_TRIES):
            text = make()
            if text not in self._given:
                self._given.add(text)
                return text
        raise LookupError(f"the word lists are too short to say anything new: {text}")
