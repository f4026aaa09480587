"""Offers on one referral side by side, for the authority that decides: facts and no score."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, Text, and_, case, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, foreign, relationship, remote

from models.base import Base, shown
from models.document import EXPIRES_SOON
from models.home import OfstedGrade
from models.message import A_CONDITION, Message
from models.offer import Offer
from models.offer_derived import Derived
from models.offer_document import Documented
from models.offer_standing import UNDECIDED, Standing
from models.organisation import Organisation
from models.referral import Referral

DAY = timedelta(days=1)
OFFER = Offer.__table__
ACCEPTED: Any = literal_column("'ACCEPTED'", Text)
NONE_STATED: Any = literal_column("'[]'::jsonb", JSONB)


class ComparedOffer(Derived, Documented, Standing, Base):
    """One row of a comparison: an offer's figures and facts flat beside each other, as its authority may see them."""

    __table__ = OFFER

    offer: Mapped[Offer] = relationship(
        primaryjoin=lambda: foreign(OFFER.c.id) == remote(Offer.id), lazy="raise", viewonly=True, uselist=False
    )
    conditions_told: Mapped[list[Message]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin=lambda: and_(
            OFFER.c.referral_id == foreign(Message.referral_id),
            OFFER.c.provider_id == foreign(Message.provider_id),
            Message.tag == A_CONDITION,
        ),
        order_by=Message.no,
    )

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> Any:
        return Offer.scope(row, me)

    @staticmethod
    def of(row: Any, referral_id: Any, *, ended: bool) -> Any:
        """Of this referral, and unless those that have ended are wanted too still in question."""
        live = or_(row.status == UNDECIDED, row.status == ACCEPTED)
        return and_(row.referral_id == referral_id, live) if not ended else row.referral_id == referral_id

    @shown
    def provider_name(row: Any, me: Any) -> Any:
        return select(Organisation.name).where(Organisation.id == row.provider_id).scalar_subquery()

    @shown
    def placement_kind(row: Any, me: Any) -> Any:
        return row.placement["kind"].astext

    @shown
    def placement_name(row: Any, me: Any) -> Any:
        return row.placement["name"].astext

    @shown
    def ofsted_grade(row: Any, me: Any) -> Any:
        """As it was when the home was offered; a family has none of its own."""
        return row.placement["ofstedGrade"].astext

    @shown
    def ofsted_inspected_on(row: Any, me: Any) -> Any:
        return row.placement["ofstedInspectedOn"].astext

    @shown
    def fees(row: Any, me: Any) -> Any:
        return row.terms["fees"]

    @shown
    def days_after_required(row: Any, me: Any) -> Any:
        """Negative where it is available earlier; null where either day is not known."""
        late = row.available_from - Referral.date_required
        return select(late).where(Referral.id == row.referral_id).scalar_subquery()

    @shown
    def documents_expire_soon(row: Any, me: Any) -> Any:
        """Whether what it must carry is valid for fewer than thirty days from today, or no more (S-084)."""
        soon = Documented.documents_valid_until(row, me) < me.today + literal_column(str(EXPIRES_SOON // DAY))
        return func.coalesce(soon, literal_column("false"))

    @shown
    def conditions_stated(row: Any, me: Any) -> Any:
        """Those that its terms name."""
        stated = row.terms["conditions"]
        return case((func.jsonb_typeof(stated) == literal_column("'array'"), stated), else_=NONE_STATED)

    @shown
    def condition_count(row: Any, me: Any) -> Any:
        """Of its terms and of messages together."""
        told = (Message.referral_id == row.referral_id, Message.provider_id == row.provider_id)
        tagged = select(func.count()).select_from(Message).where(*told, Message.tag == A_CONDITION)
        stated = func.jsonb_array_length(ComparedOffer.conditions_stated(row, me))
        return tagged.where(Message.scope(Message, me)).scalar_subquery() + stated

    @shown
    def answers_newest(row: Any, me: Any) -> Any:
        """Whether it answers the revision that was sent last."""
        same = row.revision == Referral.revision
        return select(same).where(Referral.id == row.referral_id).scalar_subquery()


def by_grade(row: Any, me: Any) -> Any:
    """The grades in the regulator's own order; a home that was not inspected has none."""
    places = {grade.value: place for place, grade in enumerate(OfstedGrade)}
    del places[OfstedGrade.NOT_YET_INSPECTED]
    return case(places, value=ComparedOffer.ofsted_grade(row, me))
