"""The one gate: a governed record changes only as its lifecycle allows, and says so."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from models.event import Actor, Happened, Told
from models.lifecycle import Audience, Lifecycle, Rule, Side, verb
from models.looking import at_authority, at_provider
from models.refusal import Code, Refused

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

S = TypeVar("S", bound=StrEnum)
SIGNERS = (Audience.AUTHORITY_SIGNATORIES, Audience.PROVIDER_SIGNATORIES)
AUTHORITY_AUDIENCES = (Audience.AUTHORITY, Audience.AUTHORITY_SIGNATORIES, Audience.REVIEWERS)


class Governed(Generic[S]):
    """A record with a lifecycle. `status` is assigned here and nowhere else."""

    noun: ClassVar[str]
    subject: ClassVar[str]
    lifecycle: ClassVar[Lifecycle[Any]]
    id: Mapped[UUID]
    status: Mapped[S]
    version: Mapped[int]
    expected_version: int | None = None
    recipients: Sequence[UUID] = ()

    @property
    def stream(self) -> UUID:
        """The record whose chain of events this one belongs to."""
        return self.id

    @property
    def subject_id(self) -> UUID:
        """What a client is pointed to when it is told of an act on this record."""
        return self.id

    @property
    def spoken_reference(self) -> str | None:
        return getattr(self, "reference", None)

    def of(self, name: str) -> UUID | None:
        """The id of the referral, authority or provider this record concerns, if it has one."""
        return getattr(self, name, None)

    def step(self, action: str, *, by: Actor, **facts: Any) -> None:
        """Take one step of the lifecycle and record it, or refuse: wrong person, wrong state, stale version."""
        self._take(self.ready(action, by=by), by, facts)

    @classmethod
    def entitle(cls, action: str, *, by: Actor) -> None:
        """Refuse whoever may take this step in no state at all: their answer does not depend on what there is."""
        rules = [r for r in cls.lifecycle.by_action[action] if r.by]
        if not any(r.open_to(by.viewer.side, by.viewer.roles) for r in rules):
            spoken = " or ".join(dict.fromkeys(r.spoken_by for r in rules))
            raise Refused(rules[0].denied, f"Only {spoken} can {verb(action)} this {cls.noun}.")

    def ready(self, action: str, *, by: Actor) -> Rule[Any]:
        """The rule by which this step may be taken now, or the refusal. Nothing changes."""
        rule = self._allowed(action, by)
        if self.expected_version is not None and self.expected_version != self.version:
            raise Refused(
                Code.STALE_VERSION,
                f"This {self.noun} has changed since you read it. Please read it again.",
                ["expectedVersion"],
                current_version=self.version,
                subject_id=self.subject_id,
            )
        return rule

    def follow(self, action: str, *, by: Actor, **facts: Any) -> None:
        """Take a step that follows from another record's act: the rows of the table that name nobody."""
        rules = [r for r in self.lifecycle.by_action[action] if not r.by and self.status in r.when]
        if not rules:
            raise self._wrong_state(action)
        self._take(rules[0], by, facts)

    def _allowed(self, action: str, by: Actor) -> Rule[Any]:
        self.entitle(action, by=by)
        rules = [r for r in self.lifecycle.by_action[action] if r.by]
        mine = [r for r in rules if r.open_to(by.viewer.side, by.viewer.roles)]
        now = [r for r in mine if self.status in r.when]
        if not now:
            raise self._wrong_state(action)
        for condition in {r.unless for r in now if r.unless}:
            if getattr(self, condition):
                code, sentence = self.lifecycle.because[condition]
                raise Refused(code, sentence)
        return now[0]

    def _wrong_state(self, action: str) -> Refused:
        allowed = {s for r in self.lifecycle.by_action[action] for s in r.when}
        status = self.status.lower().replace("_", " ")
        code = self.lifecycle.locked if self.status in self.lifecycle.frozen else Code.WRONG_STATE
        sentence = f"You cannot {verb(action)} this {self.noun}: it is {status}."
        return Refused(code, sentence, state=self.status, allowed_in=sorted(allowed), subject_id=self.subject_id)

    def _take(self, rule: Rule[Any], by: Actor, facts: dict[str, Any]) -> None:
        before = self.status
        if rule.then is not None:
            self.status = rule.then
        if not rule.reads:
            self.version = (self.version or 0) + 1
        by.says(self._happened(rule, by, {"from": before, "to": self.status, **facts}))

    def _happened(self, rule: Rule[Any], by: Actor, facts: dict[str, Any]) -> Happened:
        side = by.viewer.side
        return Happened(
            kind=f"{self.noun.replace(' ', '_')}.{rule.action}",
            stream=self.stream,
            subject_kind=self.subject,
            subject_id=self.subject_id,
            version=self.version,
            referral_id=self.of("referral_id"),
            reference=self.spoken_reference,
            la_id=None if rule.private and side is not Side.LOCAL_AUTHORITY else self.of("la_id"),
            provider_id=None if rule.private and side is not Side.PROVIDER else self.of("provider_id"),
            facts=facts,
            tells=(*self.told(rule), *self.looking(rule, side)),
        )

    def told(self, rule: Rule[Any]) -> tuple[Told, ...]:
        """Who hears of an act by that rule."""
        made = (
            Told(
                self.parties(audience),
                tuple(sorted(audience.who.roles)),
                notice=rule.notice,
                delegates=audience in SIGNERS,
            )
            for audience in rule.tells
        )
        return tuple(told for told in made if told.organisations)

    def looking(self, rule: Rule[Any], side: Side) -> tuple[Told, ...]:
        """Who may have it before them, and is told without a bell: of a private act the side that took it alone.

        What reads changes nothing that anybody could see, unless its row tells somebody.
        """
        if rule.reads and not rule.tells:
            return ()
        sides = {side} if rule.private else {Side.LOCAL_AUTHORITY, Side.PROVIDER}
        authority = self.of("la_id") if Side.LOCAL_AUTHORITY in sides else None
        provider = self.of("provider_id") if Side.PROVIDER in sides else None
        return (*at_authority(authority), *at_provider(provider))

    def parties(self, audience: Audience) -> tuple[UUID, ...]:
        """The organisations an audience stands for on this record."""
        if audience is Audience.RECIPIENTS:
            return tuple(self.recipients)
        party = self.of("la_id" if audience in AUTHORITY_AUDIENCES else "provider_id")
        return (party,) if party else ()


def within(row: Any, me: Any) -> "ColumnElement[bool]":
    """The tenant condition of a record that carries both parties: own rows only, by equality on one column."""
    column = row.la_id if me.side is Side.LOCAL_AUTHORITY else row.provider_id
    condition: ColumnElement[bool] = column == me.organisation_id
    return condition
