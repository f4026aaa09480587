"""What is asked for the children of a referral, why, and what shall come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.demonstration import plan_words as words
from portal.demonstration.chance import Unrepeated
from portal.demonstration.days import on_a_weekday
from portal.demonstration.schedule import ASSESSMENT
from portal.demonstration.voice import capitalised


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """`carer_gender` is ANY, FEMALE or MALE."""

    staffing_ratio: str
    waking_night: bool
    carer_gender: str
    matching: str
    pets: str
    smoking: str
    accessibility: str | None
    therapy: str | None
    transport: str
    family_time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """In an emergency only the reason is known."""

    care_plan: str | None
    reason_for_search: str
    placement_history: str | None
    move_on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtDate:
    hearing: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyAssessment:
    """`expected_on` is when a brother or sister not yet born is expected."""

    parents: tuple[str, ...]
    court: str
    court_dates: tuple[CourtDate, ...]
    expected_on: date | None
    questions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the texts of one referral depend on; `size` is LITTLE up to ten years of age and BIG from eleven on."""

    category: str
    urgency: str
    duration: str
    size: str
    facts: dict[str, str]

    @property
    def emergency(self) -> bool:
        return self.urgency == "EMERGENCY"


def requirements(rng: Random, of: Situation, unrepeated: Unrepeated) -> Requirements:
    def say(parts: tuple[str, ...]) -> str:
        return _sentence(rng, of, parts)

    return Requirements(
        staffing_ratio=rng.choice(words.STAFFING[of.category]),
        waking_night=of.category == "RESIDENTIAL" and rng.random() < 0.3,
        carer_gender=rng.choice(("ANY", "ANY", "ANY", "FEMALE", "MALE")),
        matching=say(words.MATCHING[of.size]),
        pets=rng.choice(words.PETS),
        smoking=rng.choice(words.SMOKING),
        accessibility=rng.choice(words.ACCESSIBILITY) if rng.random() < 0.15 else None,
        therapy=None if of.emergency or of.category == ASSESSMENT or rng.random() < 0.4 else say(words.THERAPY),
        transport=say(words.TRANSPORT[of.size]),
        family_time=unrepeated.text(lambda: say(words.FAMILY_TIME)),
    )


def plan(rng: Random, of: Situation, unrepeated: Unrepeated) -> Plan:
    def say(parts: tuple[str, ...]) -> str:
        return unrepeated.text(lambda: f"{_sentence(rng, of, parts)} {_second(rng, of)}")

    length = {"RESPITE": "respite", "UP_TO_6_MONTHS": "short"}.get(of.duration, "long")
    aims = words.CARE_PLANS.get(of.category, words.CARE_PLANS[length])
    circumstances = (of.urgency,) if of.emergency else (of.category, of.duration, of.urgency)
    reasons = next(words.REASONS[each] for each in circumstances if each in words.REASONS)
    return Plan(
        care_plan=None if of.emergency else say(aims),
        reason_for_search=say(reasons),
        placement_history=None if of.emergency else _sentence(rng, of, words.HISTORY[of.size]),
        move_on=None if of.emergency else _sentence(rng, of, words.MOVE_ON[of.size]),
    )


def _second(rng: Random, of: Situation) -> str:
    """A second sentence that says who has been spoken to."""
    spoken = rng.choice(words.SPOKEN_TO[of.size])
    when = rng.choice(words.SPOKEN_WHEN)
    told = rng.choice(words.SPEAKINGS).format(who=spoken, when=when)
    return capitalised(told.format_map(of.facts)) + "."


def _sentence(rng: Random, of: Situation, parts: tuple[str, ...]) -> str:
    facts = of.facts | {"hour": rng.choice(words.HOURS), "weeks": rng.choice(words.WEEKS)}
    return capitalised(rng.choice(parts).format_map(facts)) + "."


def family_assessment(rng: Random, of: Situation, today: date) -> FamilyAssessment:
    first = rng.choice(words.PARENTS)
    adults = [first, *([rng.choice(words.PARTNERS)] if rng.random() < 0.6 else [])]
    weeks = rng.choice(words.WEEKS)
    hearing = on_a_weekday(today + timedelta(days=rng.randint(9, 30)))
    return FamilyAssessment(
        parents=tuple(each.format(age=rng.randint(17, 36), weeks=weeks) for each in adults),
        court=rng.choice(words.COURTS),
        court_dates=(
            CourtDate(hearing="Case management hearing", on=hearing),
            CourtDate(hearing="Issues resolution hearing", on=hearing + timedelta(weeks=rng.randint(10, 14))),
            CourtDate(hearing="Final hearing", on=hearing + timedelta(weeks=rng.randint(18, 24))),
        ),
        expected_on=today + timedelta(days=rng.randint(40, 130)) if rng.random() < 0.25 else None,
        questions=_sentence(rng, of, words.ASSESSMENT_QUESTIONS).removesuffix("."),
    )
