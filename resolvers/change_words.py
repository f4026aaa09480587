"""A difference as people read it: the name of what differs, and its values in words."""

from datetime import date, datetime
from enum import Enum
from types import NoneType
from typing import Any, get_args

from models.rollout import LONDON
from resolvers.plain import spoken

LABELS = {
    "ehcp": "Education, health and care plan",
    "expectedOn": "expected on",
    "first_review_on": "First statutory review",
    "gp": "General practitioner",
    "near": "Near the postcode district",
    "nhs_number": "NHS number",
    "radius_miles": "Radius in miles",
    "solo": "Only child placed",
    "starts_at": "Time of day",
    "starts_on": "First day",
    "together": "Siblings together",
    "upn": "UPN",
}


def label(name: str, of: str) -> str:
    """What a field is called, after that of which it is a part."""
    own = LABELS.get(name, name.replace("_", " ").strip().capitalize())
    initials = own[1:2].isupper()
    return f"{of}: {own if initials else own[0].lower() + own[1:]}" if of else own


def only(hint: Any) -> Any:
    """The kind of a value that may be left out."""
    kinds = [kind for kind in get_args(hint) if kind is not NoneType]
    return kinds[0] if NoneType in get_args(hint) else hint


def words(kind: Any, value: Any) -> str | None:
    """A value as people read it; None for what says nothing."""
    if value in (None, "", [], {}):
        return None
    if isinstance(value, list):
        return ", ".join(words(get_args(kind)[0], item) or "" for item in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if kind is date:
        return f"{date.fromisoformat(value):%-d %B %Y}"
    if kind is datetime:
        return f"{datetime.fromisoformat(value).astimezone(LONDON):%-d %B %Y, %H:%M}"
    return spoken(value) if isinstance(kind, type) and issubclass(kind, Enum) else str(value)
