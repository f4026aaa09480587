"""What is wrong with a workbook that somebody wanted to register with."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, ForeignKey, Select, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified
from models.lifecycle import PROVIDER_STAFF


def staff_only(row: Any, me: Any) -> ColumnElement[bool]:
    """The rows of the viewer's own provider, for its staff; nobody else has any."""
    if not PROVIDER_STAFF.includes(me.side, me.roles):
        return false()
    own: ColumnElement[bool] = row.provider_id == me.organisation_id
    return own


class Found(Protocol):
    """A fault as a reading of a workbook tells it: row and column as whoever filled it in sees them."""

    @property
    def sheet(self) -> str: ...

    @property
    def row(self) -> int | None: ...

    @property
    def column(self) -> str | None: ...

    @property
    def code(self) -> str: ...

    @property
    def message(self) -> str: ...


class RegistrationFault(Identified, Base):
    """A fault in one place of a workbook, in words that its provider's staff can act on (S-002). Never changed."""

    __tablename__ = "registration_fault"
    __table_args__ = (UniqueConstraint("import_id", "no"),)

    import_id: Mapped[UUID] = mapped_column(ForeignKey("registration_import.id"))
    provider_id: Mapped[UUID]
    no: Mapped[int]
    sheet: Mapped[str]
    at_row: Mapped[int | None]
    heading: Mapped[str | None]
    code: Mapped[str]
    message: Mapped[str]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return staff_only(row, me)

    @property
    def row(self) -> int | None:
        return self.at_row

    @property
    def column(self) -> str | None:
        return self.heading

    @staticmethod
    def values(import_id: UUID, provider_id: UUID, faults: Sequence[Found]) -> list[dict[str, Any]]:
        """Faults in their order, to be inserted in one statement."""
        return [
            {
                "id": uuid4(), "import_id": import_id, "provider_id": provider_id, "no": no, "sheet": fault.sheet,
                "at_row": fault.row, "heading": fault.column, "code": fault.code, "message": fault.message,
            }
            for no, fault in enumerate(faults, 1)
        ]  # fmt: skip
