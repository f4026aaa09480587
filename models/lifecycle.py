"""A lifecycle is a table of rules: who may do what, in which state, what comes next, and who is told."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, case, cast, literal
from sqlalchemy.dialects.postgresql import JSON

from models.refusal import Code

S = TypeVar("S", bound=StrEnum)


class Side(StrEnum):
    """The kinds of organisation that use the portal."""

    LOCAL_AUTHORITY = "LOCAL_AUTHORITY"
    PROVIDER = "PROVIDER"
    REGION = "REGION"


class Role(StrEnum):
    """What a person may do for their organisation. One person may hold several."""

    PLACEMENT_OFFICER = "PLACEMENT_OFFICER"
    REGISTRATION_OFFICER = "REGISTRATION_OFFICER"
    SIGNATORY = "SIGNATORY"
    ADMINISTRATOR = "ADMINISTRATOR"
    READ_ONLY = "READ_ONLY"
    MEMBER = "MEMBER"
    REGION_ADMIN = "REGION_ADMIN"
    MACHINE = "MACHINE"


@dataclass(frozen=True, slots=True)
class Who:
    """The people a rule speaks of: one side, any of these roles."""

    spoken: str
    side: Side
    roles: frozenset[Role]

    def includes(self, side: Side, roles: frozenset[Role]) -> bool:
        return side is self.side and bool(roles & self.roles)


def people(spoken: str, side: Side, *roles: Role) -> Who:
    return Who(spoken, side, frozenset(roles))


LA, PROVIDER, REGION = Side
PLACEMENT_TEAM = people("the authority's placement team", LA, Role.PLACEMENT_OFFICER, Role.ADMINISTRATOR)
REGISTRATION_TEAM = people("the authority's registration team", LA, Role.REGISTRATION_OFFICER, Role.ADMINISTRATOR)
AUTHORITY_SIGNATORY = people("a signatory of the authority", LA, Role.SIGNATORY)
AUTHORITY_READERS = people(
    "people of the authority",
    LA,
    Role.PLACEMENT_OFFICER,
    Role.ADMINISTRATOR,
    Role.SIGNATORY,
    Role.READ_ONLY,
    Role.REGISTRATION_OFFICER,
)
AUTHORITY_ADMINISTRATOR = people("an administrator of the authority", LA, Role.ADMINISTRATOR)
PROVIDER_STAFF = people("the provider's staff", PROVIDER, Role.MEMBER, Role.ADMINISTRATOR)
PROVIDER_SIGNATORY = people("a signatory of the provider", PROVIDER, Role.SIGNATORY)
PROVIDER_READERS = people("people of the provider", PROVIDER, Role.MEMBER, Role.ADMINISTRATOR, Role.SIGNATORY)
PROVIDER_ADMINISTRATOR = people("an administrator of the provider", PROVIDER, Role.ADMINISTRATOR)
REGION_ADMINISTRATOR = people("the regional administrator", REGION, Role.REGION_ADMIN)


VERBS = {
    "add_document": "add a document to",
    "agree": "agree to",
    "answer_correction": "answer a correction of",
    "attach": "attach a document to",
    "confirm_review": "confirm the review of",
    "detach": "detach a document from",
    "request_correction": "ask for a correction of",
    "edit_contacts": "edit the contacts of",
    "edit_profile": "edit the profile of",
    "approve_change": "approve a change of",
    "hand_over": "hand over",
    "open_for_editing": "open",
    "propose": "propose a change of",
    "propose_uplift": "propose an uplift of",
    "reject_change": "reject a change of",
    "withdraw_change": "withdraw a change of",
    "remove_child": "remove a child from",
    "refresh_documents": "refresh the documents of",
    "sign_on_behalf": "give a signature on somebody's behalf to",
    "undo_decline": "take back the declining of",
}


def verb(action: str) -> str:
    """An act as a sentence speaks of it: "You cannot … this offer"."""
    return VERBS.get(action, action.replace("_", " "))


class Audience(StrEnum):
    """Who is told of an act, beyond the one who acts."""

    AUTHORITY = "AUTHORITY"
    PROVIDER = "PROVIDER"
    AUTHORITY_SIGNATORIES = "AUTHORITY_SIGNATORIES"
    PROVIDER_SIGNATORIES = "PROVIDER_SIGNATORIES"
    RECIPIENTS = "RECIPIENTS"
    REVIEWERS = "REVIEWERS"

    @property
    def who(self) -> Who:
        return {
            Audience.AUTHORITY: PLACEMENT_TEAM,
            Audience.PROVIDER: PROVIDER_STAFF,
            Audience.AUTHORITY_SIGNATORIES: AUTHORITY_SIGNATORY,
            Audience.PROVIDER_SIGNATORIES: PROVIDER_SIGNATORY,
            Audience.RECIPIENTS: PROVIDER_STAFF,
            Audience.REVIEWERS: REGISTRATION_TEAM,
        }[self]


@dataclass(frozen=True, slots=True)
class Rule(Generic[S]):
    """One row: who may take an action in which states, what state follows, who is told and by which notice.

    `private` acts are on the timeline of the acting side alone; `reads` leave the record and its version as they are.
    """

    action: str
    by: tuple[Who, ...]
    when: frozenset[S]
    then: S | None = None
    tells: tuple[Audience, ...] = ()
    notice: str | None = None
    unless: str | None = None
    private: bool = False
    reads: bool = False
    denied: Code = Code.FORBIDDEN

    def open_to(self, side: Side, roles: frozenset[Role]) -> bool:
        return any(who.includes(side, roles) for who in self.by)

    @property
    def spoken_by(self) -> str:
        return " or ".join(who.spoken for who in self.by) or "the portal itself"


@dataclass(frozen=True)
class Lifecycle(Generic[S]):
    """The rules of one kind of record.

    `begins` is the act that makes the record, or the acts that do; none is open on one that exists. `frozen` names the
    states in which its content can never change again (the database refuses it too), `locked` the code of the refusal
    in those states, `free` the columns that may still move in a frozen state, `because` the refusal for each condition
    that a row's `unless` names.
    """

    rules: tuple[Rule[S], ...]
    start: S
    begins: str | tuple[str, ...] = "create"
    frozen: frozenset[S] = frozenset()
    locked: Code = Code.WRONG_STATE
    free: tuple[str, ...] = ()
    because: Mapping[str, tuple[Code, str]] = field(default_factory=dict)
    by_action: Mapping[str, tuple[Rule[S], ...]] = field(init=False)

    def __post_init__(self) -> None:
        actions = dict.fromkeys(rule.action for rule in self.rules)
        grouped = {action: tuple(r for r in self.rules if r.action == action) for action in actions}
        object.__setattr__(self, "by_action", grouped)

    def __iter__(self) -> Iterator[Rule[S]]:
        return iter(self.rules)

    @property
    def states(self) -> type[S]:
        return type(self.start)

    @property
    def beginnings(self) -> frozenset[str]:
        """The acts that make the record."""
        return frozenset({self.begins} if isinstance(self.begins, str) else self.begins)

    @property
    def moves(self) -> set[tuple[S, S]]:
        """Every change of state the table allows, from and to."""
        return {(state, rule.then) for rule in self.rules if rule.then for state in rule.when if state != rule.then}

    def can(self, row: Any, me: Any, *, but: Collection[str] = ()) -> ColumnElement[Any]:
        """The actions open to the viewer's side and roles in each state, as a JSON list of their public names.

        `but` leaves some out, where something beyond side, roles and state does not open them.
        """
        open_ = [r for r in self.rules if r.action not in {*self.beginnings, *but} and r.open_to(me.side, me.roles)]
        whens = [(row.status == state, _actions(row, state, open_)) for state in self.states]
        return case(*whens, else_=cast(literal("[]"), JSON))


def _actions(row: Any, state: StrEnum, open_: Iterable[Rule[Any]]) -> ColumnElement[Any]:
    return _unless(row, [r for r in open_ if state in r.when])


def _unless(row: Any, rules: list[Rule[Any]]) -> ColumnElement[Any]:
    """What is open by these rows: each condition that they name closes its own."""
    condition = next((r.unless for r in rules if r.unless), None)
    if condition is None:
        return _names(rules)
    without = [r for r in rules if r.unless != condition]
    met = [replace(r, unless=None) if r.unless == condition else r for r in rules]
    return case((getattr(row, condition), _unless(row, without)), else_=_unless(row, met))


def _names(rules: Iterable[Rule[Any]]) -> ColumnElement[Any]:
    names = list(dict.fromkeys(r.action.upper() for r in rules))
    return cast(literal(json.dumps(names)), JSON)


def rule(action: str, by: Who | Iterable[Who], when: Iterable[S], then: S | None = None, **more: Any) -> Rule[S]:
    """A row of the table; `tells` may be one audience or several."""
    tells = more.pop("tells", ())
    audiences = (tells,) if isinstance(tells, Audience) else tuple(tells)
    who = (by,) if isinstance(by, Who) else tuple(by)
    return Rule(action, who, frozenset(when), then, audiences, **more)
