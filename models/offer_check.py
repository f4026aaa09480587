"""What an authority checks before it accepts an offer: its own list, and what was confirmed each time (S-094)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Select,
    UniqueConstraint,
    false,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.age import london_day
from models.base import Base, Identified, Json
from models.event import Actor, Happened
from models.lifecycle import AUTHORITY_ADMINISTRATOR, PLACEMENT_TEAM, Side
from models.looking import at_authority
from models.refusal import Code, Refused, refuse_all

MOST = 30
LONGEST = 300
WHERE = ("input", "checks")
SUBJECT = "ORGANISATION"


class AcceptanceChecks(Identified, Base):
    """An authority's list from one change to the next; the newest is in force and none is ever changed.

    A check keeps its id for as long as its words stay the same, so an id names exactly what was read.
    """

    __tablename__ = "acceptance_checks"
    __table_args__ = (UniqueConstraint("la_id", "version"),)
    noun = "list of checks"

    la_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    version: Mapped[int]
    checks: Mapped[list[Json]]
    changed_at: Mapped[datetime | None]
    changed_by_name: Mapped[str | None]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """Those of the placement team's own authority; nobody else knows what it asks of itself."""
        own: ColumnElement[bool] = row.la_id == me.organisation_id
        team = me.side is not Side.LOCAL_AUTHORITY or PLACEMENT_TEAM.includes(me.side, me.roles)
        return own if team else false()

    @staticmethod
    def entitle(*, by: Actor) -> None:
        """Refuse whoever may not change a list, whatever there is."""
        if not AUTHORITY_ADMINISTRATOR.includes(by.viewer.side, by.viewer.roles):
            sentence = f"Only {AUTHORITY_ADMINISTRATOR.spoken} can change what it checks before it accepts an offer."
            raise Refused(Code.FORBIDDEN, sentence)

    def changed(self, words: Sequence[str], expected_version: int, *, by: Actor) -> Self:
        """The list that takes the place of this one: the whole of it, in this order."""
        self._is_current(expected_version)
        known = {check["words"]: check for check in self.checks}
        checks = [known.get(text) or {"id": str(uuid4()), "words": text} for text in spoken(words)]
        after = type(self)(
            id=uuid4(), la_id=self.la_id, version=self.version + 1, checks=checks, changed_at=by.at,
            changed_by_name=by.viewer.name,
        )  # fmt: skip
        by.says(Happened(
            kind="acceptance_checks.update", stream=self.la_id, subject_kind=SUBJECT, subject_id=self.la_id,
            version=after.version, la_id=self.la_id, facts={"checks": [check["id"] for check in checks]},
            tells=at_authority(self.la_id),
        ))  # fmt: skip
        return after

    def _is_current(self, expected_version: int) -> None:
        if expected_version != self.version:
            raise Refused(
                Code.STALE_VERSION,
                "This list has changed since you read it. Please read it again.",
                ["expectedVersion"],
                current_version=self.version,
            )


class OfferChecks(Base):
    """What the authority confirmed when it accepted an offer, in the words of that day; nothing for the provider."""

    __tablename__ = "offer_checks"
    __table_args__ = (
        ForeignKeyConstraint(["offer_id", "la_id", "provider_id"], ["offer.id", "offer.la_id", "offer.provider_id"]),
    )

    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    la_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    checks: Mapped[list[Json]]
    at: Mapped[datetime]
    by_name: Mapped[str]

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        own: ColumnElement[bool] = row.la_id == me.organisation_id
        return own


def spoken(words: Sequence[str]) -> list[str]:
    """The words of a whole list without surrounding space; refused where one says too much or is there twice."""
    texts = [text.strip() for text in words]
    faults = [Refused(Code.INVALID_INPUT, f"{MOST} checks are the most.", ["checks"])] if len(texts) > MOST else []
    for place, text in enumerate(texts):
        if len(text) > LONGEST:
            sentence = f"This has {len(text):,} characters; {LONGEST} are the most."
            faults.append(Refused(Code.INVALID_INPUT, sentence, ["checks", str(place)]))
        if text.lower() in (other.lower() for other in texts[:place]):
            faults.append(Refused(Code.INVALID_INPUT, "This check is in the list already.", ["checks", str(place)]))
    refuse_all(faults)
    return texts


def confirmed(lists: Sequence[AcceptanceChecks], named: Sequence[UUID]) -> list[Json]:
    """The checks in force, when all were named and nothing else was; `lists` are all there were, newest first."""
    asked = lists[0].checks if lists else []
    named_ids, ids = [str(id) for id in named], {check["id"] for check in asked}
    former = {check["id"] for held in lists for check in held.checks}
    faults = [_not_asked(place, id in former) for place, id in enumerate(named_ids) if id not in ids]
    open_ = [check for check in asked if check["id"] not in named_ids]
    refuse_all([*faults, *([_unconfirmed(open_, lists)] if open_ else [])])
    return list(asked)


def _not_asked(place: int, former: bool) -> Refused:
    path = [*WHERE, str(place)]
    if not former:
        return Refused(Code.INVALID_INPUT, "There is no such check on your authority's list.", path)
    sentence = "Your authority's list of checks has changed since you read it: this one is on it no longer."
    return Refused(Code.CHECKS_REQUIRED, f"{sentence} Read the list again.", path, checks=[])


def _unconfirmed(open_: list[Json], lists: Sequence[AcceptanceChecks]) -> Refused:
    """Which checks are open, and whether it can be that they were not on the list when it was read."""
    words = ", ".join(f"“{check['words']}”" for check in open_)
    sentence = f"Confirm before you accept: {words}."
    before = {check["id"] for held in lists[1:] for check in held.checks}
    if lists[0].changed_at and any(check["id"] not in before for check in open_):
        day = london_day(lists[0].changed_at)
        sentence += f" Your authority's list of checks was changed on {day.day} {day:%B %Y}; read it again."
    return Refused(Code.CHECKS_REQUIRED, sentence, WHERE, checks=[UUID(check["id"]) for check in open_])
