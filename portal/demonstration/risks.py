"""What is known of each risk, none, past or current, and how it is spoken of."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from portal.demonstration.chance import a_few

RISK_NOTES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "SELF_HARM": (
        ("Scratched the forearm in a hard spring; none since {when}.", "Pulled out hair when anxious, until {when}."),
        ("Superficial cuts at times of distress; a safety box and a named adult are in place.",
         "Hits the wall when overwhelmed; responds to company and distraction."),
    ),
    "SUICIDAL_IDEATION": (
        ("Spoke of not wanting to live in {when}; seen by the crisis team and closed.",),
        ("Passing thoughts without a plan; known to the community mental health team, with a safety plan in date.",),
    ),
    "GOING_MISSING": (
        ("Went to a friend's overnight twice in {when}; always came back by breakfast.",
         "Went missing from a former home to see family; none since family time was agreed in {when}."),
        ("Stays out beyond the agreed time about once a week; answers messages and returns by {hour}.",
         "Missing three times since {when}; each time found with family in the next town."),
    ),
    "SEXUAL_EXPLOITATION": (
        ("Groomed by an adult in {when}; police action completed and support finished well.",),
        ("Has received gifts from an older person; a disruption plan is shared with police and the school.",),
    ),
    "CRIMINAL_EXPLOITATION": (
        ("Carried a package once in {when}; national referral decision positive, no concern since.",),
        ("Older peers pressed for errands; a placement away from {place} is needed for now.",),
    ),
    "SUBSTANCE_USE": (
        ("Tried cannabis with friends in {when}; open about it.",),
        ("Smokes cannabis at weekends; attends the young people's service and is cutting down.",
         "Vapes daily; wants to stop and has asked for patches."),
    ),
    "VIOLENCE_TO_STAFF": (
        ("Pushed an adult during a hold in {when}; repaired afterwards and not repeated.",),
        ("Has thrown objects when limits are set suddenly; calm, early choices prevent it.",),
    ),
    "VIOLENCE_TO_PEERS": (
        ("One fight at school in {when}; both made peace.",),
        ("Squabbles can become physical when tired; needs an adult near in busy moments.",),
    ),
    "FIRE_SETTING": (
        ("Lit paper in the garden in {when}; fire service visit completed.",),
        ("Fascinated by lighters; checks are agreed openly, and the fire service visits each term.",),
    ),
    "HARMFUL_SEXUAL_BEHAVIOUR": (
        ("An incident of touching at the age of {diagnosed}; assessed, work completed, low concern.",),
        ("Assessment under way; must have an own bedroom and supervised time with younger children.",),
    ),
    "OFFENDING": (
        ("A community resolution for shop theft in {when}.",),
        ("A referral order until the autumn; the youth justice worker visits weekly and speaks well of progress.",),
    ),
    "ALLEGATIONS": (
        ("An allegation against a former carer in {when}; fully looked into and closed.",),
        ("Has made allegations when frightened; carers keep daily notes and work in pairs at bedtime.",),
    ),
    "ONLINE": (
        ("Shared a photograph in {when}; device rules have been followed since.",),
        ("Speaks to strangers in games; devices are charged downstairs at night by agreement.",
         "Several social accounts that adults do not know of; open to a weekly look through together."),
    ),
}  # fmt: skip
FOR_YOUNG = ("VIOLENCE_TO_PEERS", "ALLEGATIONS", "ONLINE", "VIOLENCE_TO_STAFF", "HARMFUL_SEXUAL_BEHAVIOUR")
WHEN = ("March", "June", "October", "the spring", "the summer", "the autumn of last year", "the winter before last")
MOST = 4
HOURS = ("half past nine", "ten", "half past ten", "eleven")
SHARES: dict[str, tuple[float, float]] = {
    "UNBORN": (0.0, 0.0), "BABY": (0.0, 0.0), "YOUNG": (0.16, 0.14), "TEEN": (0.2, 0.2), "OLDER": (0.22, 0.14),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """`level` is NONE, PAST or CURRENT; only the latter two have a note."""

    kind: str
    level: str
    note: str | None


def risks(rng: Random, band: str, facts: dict[str, str]) -> tuple[Risk, ...]:
    """All thirteen, so that a reader sees that each has been asked about."""
    levels = _levels(rng, band)
    return tuple(_risk(rng, kind, levels.get(kind, "NONE"), facts) for kind in RISK_NOTES)


def _levels(rng: Random, band: str) -> dict[str, str]:
    past, current = SHARES[band]
    likely = FOR_YOUNG if band == "YOUNG" else tuple(RISK_NOTES)
    known = [kind for kind in likely if rng.random() < past + current]
    return {kind: rng.choices(("PAST", "CURRENT"), (past, current))[0] for kind in a_few(rng, known, 0, MOST)}


def _risk(rng: Random, kind: str, level: str, facts: dict[str, str]) -> Risk:
    if level == "NONE":
        return Risk(kind=kind, level=level, note=None)
    past, current = RISK_NOTES[kind]
    known = {**facts, "when": rng.choice(WHEN), "hour": rng.choice(HOURS)}
    return Risk(kind=kind, level=level, note=rng.choice(past if level == "PAST" else current).format_map(known))
