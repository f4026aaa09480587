"""Documents that go with a message: each as it was when it was sent, for the two parties of the conversation."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, UniqueConstraint, and_, or_
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, coded
from models.delivery import still_has
from models.document import Attached
from models.lifecycle import Side
from models.referral_sent import shared_with

MOST = 10
"""How many documents may go with one message."""


class MessageDocument(Attached, Base):
    """A document sent with a message (S-068). Written with its message and never changed or taken back.

    One of the authority's that identifies the child is withheld from the provider until a draft agreement about it is
    shared; what a provider sends is seen by both sides at once.
    """

    __tablename__ = "message_document"
    __table_args__ = (
        UniqueConstraint("message_id", "place"),
        CheckConstraint("place BETWEEN 1 AND 10", name="place"),
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"))
    place: Mapped[int]
    referral_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    side: Mapped[Side] = coded(Side)
    identifies_child: Mapped[bool] = mapped_column(default=False)

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """What goes with the messages one sees, but for what names the child and may not be seen yet."""
        if me.side is Side.LOCAL_AUTHORITY:
            return still_has(row, me)
        open_to_it = or_(row.side == Side.PROVIDER, ~row.identifies_child, shared_with(row, me))
        return and_(still_has(row, me), open_to_it)
