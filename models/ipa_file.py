"""The files of an agreement: each is made once, kept for good, and known by the SHA-256 of its bytes."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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


class SealLevel(StrEnum):
    """How much a seal proves by itself: who and what; when as well; both for as long as the file is kept."""

    B_B = "B_B"
    B_T = "B_T"
    B_LTA = "B_LTA"


class IpaFile(Base):
    """One file. Numbers count from 0, the file that was fixed at enabling.

    `party` is whose signature a SEALED one adds. `made_at` is wall time, as the certificates are.
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
