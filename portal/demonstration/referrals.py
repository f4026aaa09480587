"""Referrals: the header, the children, what is asked for and why, and the steps that bring each to its stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.demonstration import places, plan_words, voice
from portal.demonstration.agreements import AddressBook
from portal.demonstration.attachments import Attachment, attachments
from portal.demonstration.chance import Unrepeated, a_few, chance
from portal.demonstration.children import Child
from portal.demonstration.people import Contact, Register
from portal.demonstration.places import Authority
from portal.demonstration.plans import FamilyAssessment, Plan, Requirements, Situation
from portal.demonstration.plans import family_assessment as assessment
from portal.demonstration.plans import plan as plan_for
from portal.demonstration.plans import requirements as requirements_for
from portal.demonstration.schedule import ASSESSMENT, Entry, Stage
from portal.demonstration.siblings import Brief, Nursery
from portal.demonstration.steps import Step
from portal.demonstration.voice import Spoken

URGENCIES = ("EMERGENCY", "SHORT_NOTICE", "SHORT_NOTICE", "PLANNED", "PLANNED", "PLANNED")
DURATIONS = ("RESPITE", "UP_TO_6_MONTHS", "UP_TO_6_MONTHS", "OVER_6_MONTHS", "LONG_TERM", "LONG_TERM")
DAYS_UNTIL: dict[str, tuple[tuple[int, int], tuple[int, int], int]] = {
    "EMERGENCY": ((0, 0), (0, 1), 0),
    "SHORT_NOTICE": ((1, 3), (4, 14), 3),
    "PLANNED": ((5, 12), (18, 70), 21),
}
MILES = (5, 10, 15, 20, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Around a place, in miles."""

    place: str
    postcode_district: str
    radius_miles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """`authority` is a key. `sent_days_ago` is a wish; `steps` come in order and leave the referral at `stage`.

    Children stand eldest first. `needs` are the words for a list or a search. `family_assessment` is there for that
    category alone.
    """

    key: str
    authority: str
    team: str
    social_worker: Contact
    team_manager: Contact
    urgency: str
    date_required: date
    response_deadline: date
    sent_days_ago: int
    category: str
    duration: str
    preferred_areas: tuple[Area, ...]
    excluded_areas: tuple[Area, ...]
    solo: bool
    needs: tuple[str, ...]
    children: tuple[Child, ...]
    placed_together: bool
    requirements: Requirements
    plan: Plan
    family_assessment: FamilyAssessment | None
    attachments: tuple[Attachment, ...]
    stage: Stage
    steps: tuple[Step, ...]


class Desk:
    """Where referrals are written, before anything happens to them."""

    def __init__(self, today: date, register: Register, book: AddressBook, unrepeated: Unrepeated) -> None:
        self.today = today
        self._book = book
        self._unrepeated = unrepeated
        self._nursery = Nursery(today, register, unrepeated)

    def referral(self, number: int, entry: Entry, attempt: int) -> tuple[Referral, dict[str, str]]:
        """The referral without steps, and the words to speak of its children with."""
        rng = chance("referral", number, attempt)
        authority = places.authority(entry.authority)
        brief = _brief(rng, entry, authority)
        children = self._nursery.children(rng, brief)
        situation = self._situation(rng, brief, children)
        areas = _areas(rng, authority)
        answer_in, needed_in, since = DAYS_UNTIL[brief.urgency]
        referral = Referral(
            key=f"referral-{number + 1:03}",
            authority=entry.authority,
            team=rng.choice(plan_words.TEAMS),
            social_worker=self._book.someone(rng, authority.domain, "Social worker", team=4),
            team_manager=self._book.someone(rng, authority.domain, "Team manager"),
            urgency=brief.urgency,
            date_required=self.today + timedelta(days=rng.randint(*needed_in)),
            response_deadline=self.today + timedelta(days=rng.randint(*answer_in)),
            sent_days_ago=0 if entry.category == "SUPPORTED_ACCOMMODATION" else rng.randint(0, since),
            category=entry.category,
            duration=brief.duration,
            preferred_areas=areas[1:],
            excluded_areas=areas[:1] if rng.random() < 0.4 else (),
            solo=entry.category == "RESIDENTIAL" and len(children) == 1 and rng.random() < 0.08,
            needs=needs(children),
            children=children,
            placed_together=len(children) > 1,
            requirements=requirements_for(rng, situation, self._unrepeated),
            plan=plan_for(rng, situation, self._unrepeated),
            family_assessment=assessment(rng, situation, self.today) if entry.category == ASSESSMENT else None,
            attachments=attachments(rng, children, authority, emergency=situation.emergency),
            stage=entry.stage,
            steps=(),
        )
        return referral, situation.facts

    def _situation(self, rng: Random, brief: Brief, children: Sequence[Child]) -> Situation:
        eldest = children[0].identity.age_on(self.today)[0]
        spoken = Spoken(
            initials=tuple(each.identity.known_as[0] for each in children),
            gender=children[0].gender,
            years=eldest,
            authority=brief.authority.key,
        )
        return Situation(
            category=brief.entry.category,
            urgency=brief.urgency,
            duration=brief.duration,
            size="LITTLE" if eldest < 11 else "BIG",
            facts=voice.facts(rng, spoken),
        )


def _brief(rng: Random, entry: Entry, authority: Authority) -> Brief:
    """Family assessments follow a court's timetable: never in an emergency, and for some months."""
    assessed = entry.category == ASSESSMENT
    return Brief(
        entry=entry,
        authority=authority,
        urgency="PLANNED" if assessed else rng.choice(URGENCIES),
        duration="UP_TO_6_MONTHS" if assessed else rng.choice(DURATIONS),
    )


def _areas(rng: Random, authority: Authority) -> tuple[Area, ...]:
    return tuple(
        Area(place=each.name, postcode_district=rng.choice(each.outward), radius_miles=rng.choice(MILES))
        for each in a_few(rng, places.districts(authority.key), 2, 3)
    )


def needs(children: Sequence[Child]) -> tuple[str, ...]:
    """In a few words each, without repeating what the header says."""
    found = [need for child in children for need in _needs(child)]
    together = ["Brothers and sisters together"] if len(children) > 1 else []
    return tuple(dict.fromkeys([*together, *found])) or ("A warm and steady home",)


def _needs(child: Child) -> Iterator[str]:
    if child.disability:
        yield "Disability or neurodiversity"
    if child.ehcp:
        yield "Education, health and care plan"
    if child.keep_school:
        yield "Keeping the present school"
    if child.interpreter_needed:
        yield f"Interpreter for {child.first_language}"
    if child.medication:
        yield "Medication to be given"
    for risk in child.risks:
        if risk.level == "CURRENT":
            yield f"Safety plan: {risk.kind.replace('_', ' ').lower()}"
