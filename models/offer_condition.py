"""Conditions told by message: the authority names each of them when it accepts, so that none is overlooked (S-066)."""

from collections.abc import Sequence
from uuid import UUID

from models.refusal import Code, Refused, refuse_all

WHERE = ("input", "acknowledgedConditions")
MOST = 100
"""Conditions in one conversation: fewer than one acceptance can name."""


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


def another(conditions: int) -> None:
    """Refuse a condition more than an acceptance can name: it could never be agreed to."""
    if conditions >= MOST:
        sentence = f"This conversation has {MOST} conditions already. Send this without the tag, or gather them in one."
        raise Refused(Code.INVALID_INPUT, sentence, ["input", "tag"])


def _unread(conditions: list[UUID]) -> Refused:
    how_many = "One condition" if len(conditions) == 1 else f"{len(conditions)} conditions"
    sentence = f"{how_many} of this conversation must be read first: acknowledge what they say, then accept the offer."
    return Refused(Code.CONDITIONS_NOT_ACKNOWLEDGED, sentence, WHERE, conditions=conditions)
