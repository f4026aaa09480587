"""What an offer says: a home or a family, the fees, every promise."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from models.base import Json
from models.home import FosteringFamily, FrameworkStatus, Home


class Answer:
    """What an offer says, worked out from its input: where, for how much, and every promise."""

    def __init__(
        self,
        where: Home | FosteringFamily,
        framework_status: FrameworkStatus,
        terms: Mapping[str, Any],
        totals: tuple[Decimal, Decimal, Decimal],
    ) -> None:
        self.home_id = where.id if isinstance(where, Home) else None
        self.family_id = None if isinstance(where, Home) else where.id
        self.placement = placement_of(where)
        self.framework_status = framework_status
        self.terms = dict(terms)
        self.core_fee_weekly, self.weekly_total, self.first_year_total = totals
        start = terms.get("availableFrom")
        self.available_from = date.fromisoformat(start) if start else None


def placement_of(where: Home | FosteringFamily) -> Json:
    """The home or family as it stands when it is offered."""
    if isinstance(where, Home):
        return {
            "kind": "HOME",
            "name": where.name,
            "address": where.address,
            "postcode": where.postcode,
            "urn": where.urn,
            "manager": where.registered_manager,
            "ofstedGrade": where.ofsted_grade,
        }
    return {
        "kind": "FAMILY",
        "name": where.name,
        "postcode": where.postcode,
        "supervisingSocialWorker": where.supervising_social_worker,
    }
