"""What an offer says: a home or a family, the fees, every promise, and answers in words or by an appendix."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func
from sqlalchemy.dialects.postgresql import JSONPATH

from models.base import Json
from models.home import FosteringFamily, FrameworkStatus, Home
from models.refusal import Code, Refused

QUESTIONS = ("matching", "staffing", "education", "further")
"""The questions beside "how is this need met" that an appendix may answer."""


@dataclass(frozen=True)
class Standing:
    """Where a placement stands on a day: with the framework and lot that govern it, or outside any (S-011)."""

    status: FrameworkStatus
    framework: str | None = None
    lot: str | None = None


class Answer:
    """What an offer says, worked out from its input: where, for how much, and every promise."""

    def __init__(
        self,
        where: Home | FosteringFamily,
        placement: Json,
        standing: Standing,
        terms: Mapping[str, Any],
        totals: tuple[Decimal, Decimal, Decimal],
    ) -> None:
        self.home_id = where.id if isinstance(where, Home) else None
        self.family_id = None if isinstance(where, Home) else where.id
        self.placement = {**placement, "framework": standing.framework, "lot": standing.lot}
        self.framework_status = standing.status
        self.terms = dict(terms)
        self.core_fee_weekly, self.weekly_total, self.first_year_total = totals
        start = terms.get("availableFrom")
        self.available_from = date.fromisoformat(start) if start else None


def placement_of(where: Home | FosteringFamily, agency_urn: str | None = None) -> Json:
    """The home or family as it stands when it is offered; the number of a family is that of its agency."""
    if isinstance(where, Home):
        return {
            "kind": "HOME",
            "name": where.name,
            "address": where.address,
            "postcode": where.postcode,
            "urn": where.urn,
            "regulator": where.regulator.value,
            "manager": where.registered_manager,
            "ofstedGrade": where.ofsted_grade,
            "ofstedInspectedOn": where.ofsted_inspected_on.isoformat() if where.ofsted_inspected_on else None,
        }
    return {
        "kind": "FAMILY",
        "name": where.name,
        "postcode": where.postcode,
        "urn": agency_urn,
        "supervisingSocialWorker": where.supervising_social_worker,
        "family": dict(where.details),
    }


# ── questions and their answers (S-098) ──────────────────────────────────────
def answers_in(terms: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every answer to a question with its path below the terms."""
    for name in QUESTIONS:
        if terms.get(name):
            yield (name,), terms[name]
    for place, need in enumerate(terms.get("needsMet") or ()):
        yield ("needsMet", str(place), "how"), need["how"]


def appendix_of(answer: Any) -> UUID | None:
    """The document that an answer refers to, if it is not given in words. Plain text is an answer in words."""
    appendix = answer.get("appendix") if isinstance(answer, Mapping) else None
    return UUID(appendix["documentId"]) if appendix else None


def refers_to(terms: Mapping[str, Any], document_id: UUID) -> bool:
    """Whether any answer refers to this document, so that it has to stay with the offer."""
    return any(appendix_of(answer) == document_id for _, answer in answers_in(terms))


def names(terms: Any, fact: str, value: Any) -> ColumnElement[bool]:
    """Whether any answer in a column of terms refers to an appendix of which this fact is so."""
    path, sought = f"$.**.appendix ? (@.{fact} == $sought)", func.jsonb_build_object("sought", cast(value, Text))
    found: ColumnElement[bool] = func.jsonb_path_exists(terms, cast(path, JSONPATH), sought)
    return found


def in_words(answer: Any) -> str | None:
    """An answer as a person reads it in a line: its text, or where to look."""
    if not isinstance(answer, Mapping):
        return answer or None
    appendix = answer.get("appendix")
    return f"See the appendix “{appendix['name']}”." if appendix else answer.get("text")


def dangling(terms: Mapping[str, Any], attached: Iterable[UUID], *above: str) -> list[Refused]:
    """A refusal for each answer that refers to a document which does not go with the offer."""
    there = set(attached)
    sentence = "This answer refers to an appendix that does not go with the offer. Attach it, or answer in words."
    return [
        Refused(Code.APPENDIX_NOT_ATTACHED, sentence, [*above, *path, "seeAppendix"])
        for path, answer in answers_in(terms)
        if (document := appendix_of(answer)) and document not in there
    ]
