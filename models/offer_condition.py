"""Conditions told by message: the authority names each of them when it accepts, so that none is overlooked (S-066)."""

from collections.abc import Sequence
from uuid import UUID

from models.refusal import Code, Refused, refuse_all

WHERE = ("input", "acknowledgedConditions")


def acknowledged(conditions: Sequence[UUID], named: Sequence[UUID]) -> list[UUID]:
    """The conditions of a conversation in their order, when all of them were named and nothing else was."""
    foreign = [
        Refused(Code.INVALID_INPUT, "This is no condition of this conversation.", [*WHERE, str(place)])
        for place, id in enumerate(named)
        if id not in conditions
    ]
    open_ = [id for id in conditions if id not in named]
    refuse_all([*foreign, *([_unread(open_)] if open_ else [])])
    return list(conditions)


def _unread(conditions: list[UUID]) -> Refused:
    how_many = "One condition" if len(conditions) == 1 else f"{len(conditions)} conditions"
    sentence = f"{how_many} of this conversation must be read first: acknowledge what they say, then accept the offer."
    return Refused(Code.CONDITIONS_NOT_ACKNOWLEDGED, sentence, WHERE, conditions=conditions)
