"""How somebody wishes to be told by e-mail: for each kind of notification at once, in the daily digest, or not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, coded
from models.event import WISHING, Actor, Happened, Told
from models.lifecycle import Role
from models.mail_kind import ALWAYS, AT_ONCE, QUIET, grouped
from models.notification import NotificationKind as Kind
from models.refusal import Code, Refused


class MailChoice(StrEnum):
    """When an e-mail follows a notification."""

    IMMEDIATELY = "IMMEDIATELY"
    DAILY_DIGEST = "DAILY_DIGEST"
    OFF = "OFF"


IMMEDIATELY, DAILY, OFF = MailChoice
USUALLY = {kind.value: IMMEDIATELY if kind in AT_ONCE else OFF if kind in QUIET else DAILY for kind in Kind}
"""What holds for somebody who has chosen nothing (S-120). Whoever may sign an agreement is told of that at once."""
OWN_ACCOUNT = "What concerns the safety of your own account is always mailed at once."
TO_SIGN = "You may sign agreements, so you are always told at once that one is ready for it."


class MailPreference(Base):
    """One person's choice for one kind. Nobody else learns of it, not even from what could not be sent (S-070)."""

    __tablename__ = "mail_preference"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[MailChoice] = coded(MailChoice)


@dataclass(frozen=True, slots=True)
class MailWish:
    """What holds for one person and one kind. `fixed` says why it cannot be changed, None where it can."""

    kind: Kind
    group: str
    title: str
    choice: MailChoice
    usual: MailChoice
    fixed: str | None

    @property
    def changeable(self) -> bool:
        return self.fixed is None


def wishes(viewer: Any, chosen: Mapping[str, MailChoice], *, signs: bool) -> list[MailWish]:
    """What holds for somebody, for every kind that they can be told of; `signs` says whether they may sign anything."""
    return [
        _wish(kind, group, chosen, TO_SIGN if signs and kind is Kind.IPA_READY_TO_SIGN else None)
        for group, kinds in grouped(viewer.side, viewer.roles, signs=signs).items()
        for kind in kinds
    ]


def _wish(kind: Kind, group: str, chosen: Mapping[str, MailChoice], fixed: str | None) -> MailWish:
    fixed = OWN_ACCOUNT if kind in ALWAYS else fixed
    usual = IMMEDIATELY if fixed else USUALLY[kind]
    choice = usual if fixed else chosen.get(kind.value, usual)
    return MailWish(kind, group, kind.sentence, choice, usual, fixed)


def changes(
    wanted: Collection[tuple[Kind, MailChoice]], now: Collection[MailWish], *, by: Actor
) -> dict[Kind, MailChoice]:
    """What somebody's choices change, said to have happened; refused whole where a kind is not theirs, or is fixed."""
    if Role.MACHINE in by.viewer.roles:
        raise Refused(Code.FORBIDDEN, "A case system gets no e-mail.")
    known, changed = {wish.kind: wish for wish in now}, dict[Kind, MailChoice]()
    for place, (kind, choice) in enumerate(wanted):
        path = ["input", str(place), "kind"]
        if kind not in known or kind in changed:
            sentence = "You say this kind twice." if kind in changed else "You are not told of this kind."
            raise Refused(Code.INVALID_INPUT, sentence, path)
        wish = known[kind]
        if wish.fixed and choice is not IMMEDIATELY:
            raise Refused(Code.ALWAYS_MAILED, wish.fixed, path)
        changed[kind] = choice
    changed = {kind: choice for kind, choice in changed.items() if choice is not known[kind].choice}
    if changed:
        by.says(_wished(changed, by))
    return changed


def _wished(changed: Mapping[Kind, MailChoice], by: Actor) -> Happened:
    me = by.viewer.person_id
    return Happened(
        kind=WISHING, stream=me, subject_kind="MAIL_PREFERENCES", subject_id=me, version=0,
        facts={kind.value: choice.value for kind, choice in changed.items()}, tells=(Told(person=me),),
    )  # fmt: skip
