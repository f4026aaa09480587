"""The acts on uplifts of the core fee, as steps of a journey."""

from __future__ import annotations

from datetime import date

from portal.demonstration import steps, uplift_words
from portal.demonstration.agreement_acts import SIDES
from portal.demonstration.scene import Scene
from portal.demonstration.steps import Step

MONTHS_APART = 3


def propose(scene: Scene) -> Step:
    """Either side may; from the first of a month, later for each."""
    side = scene.rng.choice(SIDES)
    by_share = scene.rng.random() < 0.5
    asked = steps.ProposeUplift(
        by=_of(scene, side),
        provider=scene.provider,
        side=side,
        percentage=scene.rng.choice(("2.50", "3.10", "3.75", "4.00")) if by_share else None,
        amount=None if by_share else scene.rng.choice(("45.00", "60.00", "82.50", "120.00")),
        effective_from=_first_of_a_month(scene.cast.today, MONTHS_APART * (len(scene.uplifts) + 1)),
        reason=scene.say(uplift_words.REASONS[side]),
    )
    scene.uplifts.append(asked)
    return asked


def agree(scene: Scene) -> Step:
    return _answer(scene, "upliftAgree")


def refuse(scene: Scene) -> Step:
    return _answer(scene, "upliftRefuse", scene.say(uplift_words.REFUSALS))


def withdraw(scene: Scene) -> Step:
    open_ = scene.uplifts[-1]
    return steps.AnswerUplift(by=open_.by, provider=scene.provider, act="upliftWithdraw")


def _answer(scene: Scene, act: str, reason: str | None = None) -> Step:
    """By the other side than the one that proposed it."""
    other = next(side for side in SIDES if side != scene.uplifts[-1].side)
    return steps.AnswerUplift(by=_of(scene, other), provider=scene.provider, act=act, reason=reason)


def _of(scene: Scene, side: str) -> str:
    return scene.member if side == "PROVIDER" else scene.officer


def _first_of_a_month(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
