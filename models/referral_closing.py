"""What closing a referral would end and whom it would tell; asking for that changes and tells nothing."""

from typing import Any

from sqlalchemy import Select, and_, case, false, func, literal_column, null, or_, select
from sqlalchemy.orm import Mapped, foreign, relationship

from models.base import Base, shown
from models.delivery import Delivery, DeliveryStatus
from models.lifecycle import PLACEMENT_TEAM
from models.offer import Offer, OfferStatus
from models.referral import LIFECYCLE, Referral, ReferralStatus

REFERRAL = Referral.__table__
CLOSABLE = sorted({state for rule in LIFECYCLE.by_action["close"] for state in rule.when})


def _offers(status: OfferStatus) -> Any:
    return lambda: and_(REFERRAL.c.id == foreign(Offer.referral_id), Offer.status == status)


class ReferralClosing(Base):
    """A referral of the viewer's own authority, as closing it now would find it.

    Offers that no provider has submitted end too, and are neither shown nor counted: nobody but their author knows of
    them. Whoever has declined is not told.
    """

    __table__ = REFERRAL

    ending: Mapped[list[Offer]] = relationship(
        primaryjoin=_offers(OfferStatus.SUBMITTED), lazy="raise", viewonly=True, order_by=(Offer.submitted_at, Offer.id)
    )
    accepted_offer: Mapped[Offer | None] = relationship(
        primaryjoin=_offers(OfferStatus.ACCEPTED), lazy="raise", viewonly=True, uselist=False
    )

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        if not PLACEMENT_TEAM.includes(me.side, me.roles):
            return select(cls).where(false())
        return select(cls).where(REFERRAL.c.la_id == me.organisation_id)

    @staticmethod
    def _possible(row: Any) -> Any:
        return and_(or_(*(row.status == state for state in CLOSABLE)), ~row.accepted)

    @shown
    def possible(row: Any, me: Any) -> Any:
        return ReferralClosing._possible(row)

    @shown
    def hindrance(row: Any, me: Any) -> Any:
        """The sentence with which closing would be refused now."""
        _, accepted = LIFECYCLE.because["accepted"]
        ended = func.concat("You cannot close this referral: it is ", func.lower(row.status), ".")
        return case((ReferralClosing._possible(row), null()), (row.accepted, accepted), else_=ended)

    @shown
    def becomes(row: Any, me: Any) -> Any:
        return case((ReferralClosing._possible(row), ReferralStatus.CLOSED.value), else_=row.status)

    @shown
    def providers_told(row: Any, me: Any) -> Any:
        here = (Delivery.referral_id == row.id, Delivery.withdrawn_at.is_(None))
        told = select(func.count()).select_from(Delivery).where(*here, Delivery.status != DeliveryStatus.DECLINED)
        return case((ReferralClosing._possible(row), told.scalar_subquery()), else_=literal_column("0"))
