"""What an agreement costs: its child's line of the accepted offer, read from there and never copied (S-103)."""

from typing import Any

from sqlalchemy import Text, cast, func, literal_column, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from models.base import shown
from models.offer import Offer

OF_THE_CHILD: Any = literal_column("'$.fees[*] ? (@.childId == $child)'::jsonpath")


class Charged:
    """The price of one child's agreement."""

    @shown
    def fee(row: Any, me: Any) -> Any:
        """With the totals that the offer shows for this child (S-061, S-089)."""
        offer = aliased(Offer)
        child = func.jsonb_build_object(literal_column("'child'", Text), cast(row.child_id, Text))
        line = func.jsonb_path_query_first(offer.terms, OF_THE_CHILD, child)
        return select(type_coerce(line, JSONB)).where(offer.id == row.offer_id).scalar_subquery()
