"""Terms that the authority may word otherwise than they were offered; the offer's words stay by them."""

from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Text, case, func, or_, select, text
from sqlalchemy.orm import aliased

from models.offer import Offer

OFFERED = MappingProxyType(
    {
        "noticeByAuthority": "noticeByAuthority",
        "noticeByProvider": "noticeByProvider",
        "trialPeriod": "trialPeriod",
        "staffingRatio": "staffing",
    }
)
"""Such terms, with the names by which the offer says them."""


def differs_from_offer(row: Any) -> ColumnElement[bool]:
    """Whether any of them is said otherwise than the accepted offer says it, or left out; blanks make no difference."""
    offer = aliased(Offer)
    said = row.details["terms"]
    differing = [_plain(said[ours].astext) != _plain(_words(offer.terms[theirs])) for ours, theirs in OFFERED.items()]
    promised = [_plain(_words(offer.terms[theirs])) != "" for theirs in OFFERED.values()]
    each = [both[0] & both[1] for both in zip(promised, differing, strict=True)]
    return select(offer.id).where(offer.id == row.offer_id, or_(*each)).exists()


def _words(answer: Any) -> ColumnElement[str]:
    """The same as models.offer_answer.in_words, in the database."""
    appendix = answer["appendix"]["name"].astext
    by_name = func.concat("See the appendix “", appendix, "”.")
    there = case((appendix.is_not(None), by_name), else_=answer["text"].astext)
    return case((func.jsonb_typeof(answer) == "object", there), else_=answer.astext)


def _plain(words: Any) -> ColumnElement[str]:
    """As details are kept: trimmed and composed; nothing is blank."""
    trimmed = func.regexp_replace(func.coalesce(words, ""), r"^\s+|\s+$", "", "g", type_=Text)
    return func.normalize(trimmed, text("NFC"), type_=Text)
