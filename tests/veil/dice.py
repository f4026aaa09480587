"""Loaded dice: in both worlds of a comparison chance falls alike, so that what differs cannot be chance."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from realtime import recovery

FIXED = ("delivery", "thread")  # the tables whose ids the database draws


class Dice:
    """Gives the bytes that programs ask the operating system for. Thrown anew before each step of a schedule, they
    fall alike in it whatever was drawn in the steps before, and whatever of another length is drawn meanwhile: what
    is compiled the first time asks for bytes too.
    """

    def __init__(self) -> None:
        self._name = ""
        self._of_size: dict[int, random.Random] = {}

    def throw(self, name: str) -> None:
        self._name = name
        self._of_size.clear()

    def __call__(self, size: int) -> bytes:
        if size not in self._of_size:
            self._of_size[size] = random.Random(f"{self._name} {size}")
        return self._of_size[size].randbytes(size)


@contextmanager
def loaded() -> Iterator[Dice]:
    """Ids, tokens and references are drawn with these dice meanwhile."""
    dice = Dice()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", dice)
        patch.setattr(random, "_urandom", dice)
        patch.setattr(recovery, "CHANCE", random.Random(0))  # the pauses of streams are drawn at any time
        yield dice


def fixed_ids() -> list[str]:
    """SQL by which the ids that the database draws follow from the case and the provider, of which there is one."""
    out = [
        """CREATE FUNCTION fixed_id() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.id := md5(TG_TABLE_NAME || NEW.referral_id || NEW.provider_id)::uuid; RETURN NEW; END $$"""
    ]
    for table in FIXED:
        out.append(f"CREATE TRIGGER a_fixed_id BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fixed_id()")
    return out
