"""The documents an authority sends with a referral, its own local form first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from portal.demonstration.children import Child
from portal.demonstration.places import Authority

TITLES = {
    "LOCAL_REFERRAL_FORM": "{authority}: placement request",
    "RISK_ASSESSMENT": "Risk assessment",
    "CARE_PLAN": "Care plan",
    "CHRONOLOGY": "Chronology of significant events",
    "EDUCATION_PLAN": "Personal education plan",
    "HEALTH": "Initial health assessment",
}
IDENTIFYING = frozenset({"CARE_PLAN", "CHRONOLOGY"})
SHARES = {"RISK_ASSESSMENT": 0.5, "CARE_PLAN": 0.3, "CHRONOLOGY": 0.2, "EDUCATION_PLAN": 0.3, "HEALTH": 0.2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """`lines` are the paragraphs of its page; the child is named in them only where `identifies_child` says so."""

    kind: str
    title: str
    identifies_child: bool
    lines: tuple[str, ...]


def attachments(
    rng: Random, children: Sequence[Child], authority: Authority, *, emergency: bool
) -> tuple[Attachment, ...]:
    return tuple(_attachment(kind, children, authority) for kind in _kinds(rng, children, emergency))


def _kinds(rng: Random, children: Sequence[Child], emergency: bool) -> Iterator[str]:
    yield "LOCAL_REFERRAL_FORM"
    for kind, share in SHARES.items():
        for_school = kind == "EDUCATION_PLAN"
        wanted = any(child.ehcp for child in children) if for_school else not emergency or kind == "RISK_ASSESSMENT"
        if wanted and rng.random() < share:
            yield kind


def _attachment(kind: str, children: Sequence[Child], authority: Authority) -> Attachment:
    identifies = kind in IDENTIFYING
    about = [line for child in children for line in _about(kind, child, identifies)]
    return Attachment(
        kind=kind,
        title=TITLES[kind].format(authority=authority.acting_name),
        identifies_child=identifies,
        lines=(f"{authority.acting_name}. This page is made for a demonstration.", *about),
    )


def _about(kind: str, child: Child, identifies: bool) -> Iterator[str]:
    who = child.identity
    yield f"{who.given} {who.family}, {who.case_number}" if identifies else f"About {child.initials}"
    if kind == "RISK_ASSESSMENT":
        yield from (f"{risk.kind.replace('_', ' ').capitalize()}: {risk.note}" for risk in child.risks if risk.note)
    elif kind == "EDUCATION_PLAN":
        yield child.education or "School to be confirmed."
    elif kind == "HEALTH":
        yield child.health
    else:
        yield child.strengths
        yield child.emotional_and_behavioural
