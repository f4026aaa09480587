"""How an offer stands beside others: how far away, how long undecided, and whether the search went another way."""

from typing import Any

from sqlalchemy import Text, and_, case, func, literal_column, null, select
from sqlalchemy.orm import aliased

from models.base import shown
from models.lifecycle import Side
from models.postcode_district import PostcodeDistrict, miles

UNDECIDED: Any = literal_column("'SUBMITTED'", Text)
"""The state of an offer that waits for its authority, in the words of the index that such offers are found by."""


class Standing:
    """What is told of an offer that no column holds. Nothing of it is a score: nobody is ranked by the portal."""

    @shown
    def distance_miles(row: Any, me: Any) -> Any:
        """From the district that the referral as last sent names, to that of the home or family when it was offered."""
        from models.referral import Referral

        one, other = aliased(PostcodeDistrict), aliased(PostcodeDistrict)
        postcode = row.placement["postcode"].astext
        far = (
            select(miles(one, other))
            .select_from(Referral)
            .join(one, one.district == Referral.summary["near"].astext)
            .join(other, other.district == func.split_part(postcode, literal_column("' '"), literal_column("1")))
        )
        return far.where(Referral.id == row.referral_id).scalar_subquery()

    @shown
    def undecided_days(row: Any, me: Any) -> Any:
        """London days from the submission, which a later edit does not begin anew; null unless it is submitted."""
        submitted = func.date(func.timezone("Europe/London", row.submitted_at))
        return case((undecided(row), me.today - submitted), else_=null())

    @shown
    def another_accepted(row: Any, me: Any) -> Any:
        """Whether the authority has accepted another on the referral; never a provider's to know (decision 14)."""
        from models.offer import Offer

        if me.side is not Side.LOCAL_AUTHORITY:
            return null()
        other = aliased(Offer)
        accepted = other.status == literal_column("'ACCEPTED'", Text)
        here = and_(other.referral_id == row.referral_id, other.id != row.id, accepted)
        return select(other.id).where(here).exists()

    @shown
    def first_told_at(row: Any, me: Any) -> Any:
        """When it was begun; for the authority, which knows of no draft, when it was submitted."""
        return row.created_at if me.side is Side.PROVIDER else row.submitted_at

    @shown
    def referral_status(row: Any, me: Any) -> Any:
        from models.referral import Referral

        return (
            select(Referral.status)
            .where(Referral.id == row.referral_id, Referral.scope(Referral, me))
            .scalar_subquery()
        )


def undecided(row: Any) -> Any:
    """Whether it waits for the authority."""
    return row.status == UNDECIDED
