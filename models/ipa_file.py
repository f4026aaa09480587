"""The files of an agreement: each is made once, kept for good, and known by the SHA-256 of its bytes."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from models.base import Base, coded
from models.lifecycle import Side
from models.record import within


class IpaFileKind(StrEnum):
    """What a file of an agreement is; SEALED and TIMESTAMPED follow on the revision before them."""

    ENABLED = "ENABLED"
    SEALED = "SEALED"
    TIMESTAMPED = "TIMESTAMPED"
    CERTIFICATE = "CERTIFICATE"
    VOID_COPY = "VOID_COPY"


REVISIONS = (IpaFileKind.ENABLED, IpaFileKind.SEALED, IpaFileKind.TIMESTAMPED)
"""Files of the agreement itself: each begins with the bytes of the one before it."""


class IpaFileChoice(StrEnum):
    """Which file of an agreement somebody wants to open."""

    AGREEMENT = "AGREEMENT"
    ORIGINAL = "ORIGINAL"
    CERTIFICATE = "CERTIFICATE"
    PAGE = "PAGE"


class SealLevel(StrEnum):
    """How much a seal proves by itself: who and what; when as well; both for as long as the file is kept."""

    B_B = "B_B"
    B_T = "B_T"
    B_LTA = "B_LTA"


class IpaFile(Base):
    """One file. Numbers count from 0, the file that was fixed at enabling.

    `party` is whose signature a SEALED one adds. `made_at` is wall time, as the certificates are. What an earlier
    release fixed has no level, and a size of 0, since nobody counted.
    """

    __tablename__ = "ipa_file"
    __table_args__ = (
        ForeignKeyConstraint(["ipa_id", "la_id", "provider_id"], ["ipa.id", "ipa.la_id", "ipa.provider_id"]),
        UniqueConstraint("ipa_id", "party"),
        Index("ix_ipa_file_sha256", "sha256"),
        Index(
            "uq_ipa_file_one_of_a_kind", "ipa_id", "kind", unique=True,
            postgresql_where="kind IN ('ENABLED', 'CERTIFICATE', 'VOID_COPY')",
        ),
    )  # fmt: skip

    ipa_id: Mapped[UUID] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    la_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    kind: Mapped[IpaFileKind] = coded(IpaFileKind)
    party: Mapped[Side | None] = coded(Side)
    level: Mapped[SealLevel | None] = coded(SealLevel)
    sha256: Mapped[str]
    byte_size: Mapped[int]
    made_at: Mapped[datetime]

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return within(row, me)


def signed_by_both(row: Any) -> ColumnElement[Any]:
    """The SHA-256 of the newest revision that holds both signatures; null until both are sealed."""
    file, other = aliased(IpaFile), aliased(IpaFile)
    sealed = select(func.count()).where(
        other.ipa_id == file.ipa_id, other.no <= file.no, other.kind == IpaFileKind.SEALED.value
    )
    signed = or_(file.kind == IpaFileKind.SEALED.value, file.kind == IpaFileKind.TIMESTAMPED.value)
    held = select(file.sha256).where(file.ipa_id == row.id, signed, sealed.scalar_subquery() == 2)
    return held.order_by(file.no.desc()).limit(1).scalar_subquery()
