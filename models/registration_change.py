"""What waits for approval: one row for each fact of an approved registration that shall change (S-007)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, and_, func, inspect, select, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from models.base import Base, Identified, Json, coded, shown
from models.lifecycle import Side
from models.provider import Provider


class ChangeSubject(StrEnum):
    """What of a registration changes."""

    PROVIDER = "PROVIDER"
    CONTACTS = "CONTACTS"
    HOME = "HOME"
    CARE = "CARE"
    MEMBERSHIP = "MEMBERSHIP"


class ChangeAction(StrEnum):
    ADD = "ADD"
    CHANGE = "CHANGE"
    REMOVE = "REMOVE"


class ChangeStatus(StrEnum):
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


WHOLE = {ChangeSubject.CARE: "care", ChangeSubject.MEMBERSHIP: "membership"}
"""What is changed as a whole, since its parts only make sense together."""


class RegistrationChange(Identified, Base):
    """One fact as it is in effect and as it shall be. What is added stands in its own table, not yet approved."""

    __tablename__ = "registration_change"
    __table_args__ = (
        Index(
            "uq_registration_change_pending", "subject_id", "field", unique=True,
            postgresql_where=text("status = 'PENDING'"), postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    subject: Mapped[ChangeSubject] = coded(ChangeSubject)
    subject_id: Mapped[UUID]
    home_id: Mapped[UUID | None] = mapped_column(ForeignKey("home.id"), index=True)
    label: Mapped[str]
    action: Mapped[ChangeAction] = coded(ChangeAction)
    field: Mapped[str | None]
    before: Mapped[str | None]
    after: Mapped[str | None]
    proposed: Mapped[Json]
    proposed_at: Mapped[datetime]
    proposed_by_name: Mapped[str]
    status: Mapped[ChangeStatus] = coded(ChangeStatus)
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str | None]
    reason: Mapped[str | None]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """The provider's staff, the authority that manages it and the region; nobody else."""
        if me.side is Side.PROVIDER:
            own: ColumnElement[bool] = row.provider_id == me.organisation_id
            return own
        if me.side is Side.REGION:
            return and_(row.id.is_not(None))
        managed = aliased(Provider)
        mine = and_(managed.id == row.provider_id, managed.managing_la_id == me.organisation_id)
        return select(managed.id).where(mine).exists()

    @property
    def fact(self) -> str | None:
        """The fact by its name in the house; a range or dates are changed as a whole."""
        whole = self.field if self.field in WHOLE.values() else next(iter(self.proposed), None)
        return whole if self.action is ChangeAction.CHANGE else None

    @shown
    def waiting_days(row: Any, me: Any) -> Any:
        """For how many days it has been proposed, as London counts them (S-018)."""
        today, since = (func.date(func.timezone("Europe/London", at)) for at in (me.now, row.proposed_at))
        return today - since

    def apply(self, to: Any) -> None:
        """Put what was proposed into the record."""
        columns = inspect(type(to)).columns
        for name, value in self.proposed.items():
            setattr(to, name, thawed(columns[name].type.python_type, value))


def frozen(value: Any) -> Any:
    """A fact as JSON keeps it."""
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def thawed(kind: type, value: Any) -> Any:
    """The fact that was frozen."""
    if value is None:
        return None
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if kind is Decimal or issubclass(kind, Enum) else value


def spoken(value: Any) -> str | None:
    """A fact as a reviewer reads it; nothing where there is none."""
    if value is None or value == []:
        return None
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if part)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "; ".join(spoken(each) or "" for each in value)
    return str(frozen(value))
