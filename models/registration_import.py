"""Workbooks on their way in: announced, sent, read, and then taken into the registration as a whole or not at all."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Select, Update, func, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.announcement import SHA256, check_name
from models.base import Base, Identified, coded, shown
from models.event import Actor, Told
from models.lifecycle import PROVIDER_STAFF, Audience, Lifecycle, Rule, rule
from models.record import Governed
from models.refusal import Code, Refused
from models.registration_fault import RegistrationFault, staff_only

LARGEST = 10 * 1024 * 1024
ENDING = re.compile(r"\.(xlsx|csv)", re.IGNORECASE)


class ImportStatus(StrEnum):
    AWAITING_UPLOAD = "AWAITING_UPLOAD"
    READING = "READING"
    FAULTY = "FAULTY"
    TAKEN_IN = "TAKEN_IN"
    FAILED = "FAILED"
    SUPERSEDED = "SUPERSEDED"


AWAITING, READING, FAULTY, TAKEN_IN, FAILED, SUPERSEDED = ImportStatus
LIFECYCLE = Lifecycle(
    (
        rule("announce", by=PROVIDER_STAFF, when=[AWAITING]),
        rule("upload", by=PROVIDER_STAFF, when=[AWAITING], then=READING),
        rule("download", by=PROVIDER_STAFF, when=[READING, FAULTY, TAKEN_IN, FAILED, SUPERSEDED], reads=True),
        rule("find_faults", by=(), when=[READING], then=FAULTY, tells=Audience.PROVIDER, notice="WORKBOOK_FAULTY"),
        rule("take_in", by=(), when=[READING], then=TAKEN_IN, tells=Audience.PROVIDER, notice="WORKBOOK_TAKEN_IN"),
        rule("fail", by=(), when=[READING], then=FAILED, tells=Audience.PROVIDER, notice="WORKBOOK_FAILED"),
        rule("supersede", by=(), when=[READING], then=SUPERSEDED),
    ),
    start=AWAITING,
    begins="announce",
)


class RegistrationImport(Governed[ImportStatus], Identified, Base):
    """One workbook, from its announcement to what became of it. It is its provider's alone: what has not been taken
    in is a draft, which no authority sees.

    Whoever uploaded it takes it in, too: `session_id` is the session in which they announced it. `help_url` and
    `support_email` are where help was to be found then (S-003).
    """

    __tablename__ = "registration_import"
    __table_args__ = (
        CheckConstraint("byte_size > 0", name="byte_size"),
        CheckConstraint("rows_done BETWEEN 0 AND coalesce(rows_total, rows_done)", name="progress"),
        Index("ix_registration_import_newest", "provider_id", "announced_at", "id"),
        Index("ix_registration_import_reading", "provider_id", postgresql_where="status = 'READING'"),
    )
    noun = "registration import"
    subject = "REGISTRATION_IMPORT"
    lifecycle = LIFECYCLE

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"))
    status: Mapped[ImportStatus] = coded(ImportStatus, default=AWAITING)
    version: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    sheet: Mapped[str | None]
    sha256: Mapped[str]
    byte_size: Mapped[int]
    media_type: Mapped[str | None]
    uploader_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    session_id: Mapped[UUID]
    uploaded_by: Mapped[str]
    announced_at: Mapped[datetime]
    uploaded_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int | None]
    fault_count: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int | None]
    failure: Mapped[str | None]
    marked_sha256: Mapped[str | None]
    help_url: Mapped[str]
    support_email: Mapped[str]

    faults: Mapped[list[RegistrationFault]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(RegistrationImport.id == RegistrationFault.import_id, RegistrationFault.no <= 100)",
        order_by="RegistrationFault.no",
    )

    @property
    def stream(self) -> UUID:
        """Its events belong to the registration's chain."""
        return self.provider_id

    @property
    def state(self) -> ImportStatus:
        return self.status

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return staff_only(row, me)

    @shown
    def can(row: Any, me: Any) -> Any:
        """What the viewer may do with it now."""
        return LIFECYCLE.can(row, me)

    @shown
    def progress(row: Any, me: Any) -> Any:
        return func.jsonb_build_object("done", row.rows_done, "total", row.rows_total)

    @shown
    def marked(row: Any, me: Any) -> Any:
        """Whether a copy with its faults marked can be fetched."""
        return row.marked_sha256.is_not(None)

    # ── the act of announcing ────────────────────────────────────────────────
    def check(self, sheets: Sequence[str]) -> None:
        """Refuse an announcement that cannot be met, and find the sheet's name as the template writes it."""
        check_name(self.name)
        ending = self._ending()
        if self.byte_size > LARGEST:
            raise Refused(Code.FILE_TOO_LARGE, "A registration may have 10 MiB at most.", ["input", "byteSize"])
        if self.byte_size <= 0:
            raise Refused(Code.INVALID_INPUT, "A file has at least one byte.", ["input", "byteSize"])
        if not SHA256.fullmatch(self.sha256):
            raise Refused(Code.INVALID_INPUT, "SHA-256 is written in 64 hexadecimal digits.", ["input", "sha256"])
        self.sheet = self._sheet(ending, sheets)

    def _ending(self) -> str:
        stem, dot, ending = self.name.rpartition(".")
        if not stem or not ENDING.fullmatch(dot + ending):
            sentence = (
                "A registration is an Excel workbook (.xlsx), or one sheet of it as .csv."
                " Save yours as .xlsx, without macros, and announce that file."
            )
            raise Refused(Code.FILE_NOT_ALLOWED, sentence, ["input", "name"])
        return ending.lower()

    def _sheet(self, ending: str, sheets: Sequence[str]) -> str | None:
        given = " ".join((self.sheet or "").split())
        if ending == "xlsx":
            if given:
                sentence = "A workbook names its own sheets; leave `sheet` out, or send the one sheet as .csv."
                raise Refused(Code.INVALID_INPUT, sentence, ["input", "sheet"])
            return None
        known = {sheet.casefold(): sheet for sheet in sheets}
        if given.casefold() not in known:
            sentence = f"Say which sheet this file is: {', '.join(sheets)}."
            raise Refused(Code.INVALID_INPUT if given else Code.INCOMPLETE, sentence, ["input", "sheet"])
        return known[given.casefold()]

    def announce(self, *, by: Actor) -> None:
        self.step("announce", by=by)

    # ── what comes of it ─────────────────────────────────────────────────────
    def upload(self, media_type: str, name: str, *, by: Actor) -> None:
        """Its bytes are here, as announced; whoever sent them will have taken them in."""
        self.step("upload", by=by, sha256=self.sha256)
        self.media_type, self.name, self.uploaded_at = media_type, name, by.at

    def download(self, *, by: Actor, marked: bool) -> str:
        """The hash of the bytes that were asked for; the reading is recorded."""
        self.step("download", by=by, marked=marked)
        if marked and self.marked_sha256 is None:
            sentence = "There is no marked copy of this file: it has no faults, or they are just being marked."
            raise Refused(Code.WRONG_STATE, sentence, ["marked"])
        return str(self.marked_sha256) if marked else self.sha256

    def find_faults(self, faults: int, *, by: Actor) -> None:
        """It cannot be taken in as it is. Nothing of the registration has changed (S-002)."""
        self.follow("find_faults", by=by, faults=faults)
        self.fault_count, self.finished_at = faults, by.at

    def take_in(self, changed: int, *, by: Actor) -> None:
        """The registration says what it says, in this same transaction (S-001)."""
        self.follow("take_in", by=by, changed=changed)
        self.changed, self.finished_at = changed, by.at

    def fail(self, sentence: str, *, by: Actor) -> None:
        self.follow("fail", by=by)
        self.failure, self.finished_at = sentence, by.at

    def supersede(self, *, by: Actor) -> None:
        """The bytes of a newer one came while it was being read."""
        self.follow("supersede", by=by)
        self.finished_at = by.at

    def told(self, rule: Rule[Any]) -> tuple[Told, ...]:
        """The colleagues, and whoever uploaded it: it was done in their name, but not by their hand."""
        others = super().told(rule)
        return (*others, Told(person=self.uploader_id, notice=rule.notice)) if rule.notice else others

    @classmethod
    def read_so_far(cls, id: UUID, done: int, total: int) -> Update:
        """The statement that lets everybody see how far its reading has come."""
        reading = (cls.id == id, cls.status == READING)
        return update(cls).where(*reading).values(rows_done=done, rows_total=total)
