"""What of an offer follows from its columns: the additional costs apart, and where it stands on a framework."""

from typing import Any

from sqlalchemy import case, func, literal

from models.base import shown
from models.home import FrameworkStatus
from models.offer_answer import Standing

ON = "On the framework"
SPOT = "Spot purchase: the provider is on no framework."
OUTSIDE = "Outside the framework: the provider is on a framework, but not with this placement."


def spoken_standing(standing: Standing) -> str:
    """The same sentence for what has not been offered yet."""
    if standing.status is not FrameworkStatus.FRAMEWORK:
        return SPOT if standing.status is FrameworkStatus.SPOT else OUTSIDE
    return f"{ON} {standing.framework}{f', lot {standing.lot}' if standing.lot else ''}."


class Derived:
    """Expressions over one offer; each is read in the statement that reads the offer."""

    @shown
    def additional_weekly(row: Any, me: Any) -> Any:
        """What the additional costs of all children come to in a week (S-089)."""
        return row.weekly_total - row.core_fee_weekly

    @shown
    def outside_framework(row: Any, me: Any) -> Any:
        """Whether it is a framework provider's home, or family, that is not on its framework (S-011)."""
        return row.framework_status == FrameworkStatus.NON_FRAMEWORK

    @shown
    def framework_note(row: Any, me: Any) -> Any:
        """Where it stands, in a sentence that names the framework and lot as they were on the day of the offer."""
        framework, lot = (row.placement[name].astext for name in ("framework", "lot"))
        named = func.coalesce(literal(" ").concat(framework), ""), func.coalesce(literal(", lot ").concat(lot), "")
        return case(
            (row.framework_status == FrameworkStatus.FRAMEWORK, func.concat(ON, *named, ".")),
            (row.framework_status == FrameworkStatus.SPOT, SPOT),
            else_=OUTSIDE,
        )
