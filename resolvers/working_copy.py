"""Where an edit of a registration goes: into its rows, or beside them as changes that wait for approval (S-007)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import inspect, select, update
from strawberry.utils.str_converters import to_camel_case

from models.care import RegisteredCare, spoken_care
from models.home import FrameworkMembership, Home, spoken_membership
from models.provider import Provider
from models.refusal import not_found
from models.registration import RegistrationStatus
from models.registration_change import (
    WHOLE,
    ChangeAction,
    ChangeStatus,
    ChangeSubject,
    RegistrationChange,
    frozen,
    spoken,
    thawed,
)
from resolvers.context import Context
from resolvers.effect import end_parts
from resolvers.registration import profile_open

Part = Home | RegisteredCare | FrameworkMembership
P = TypeVar("P", Home, RegisteredCare, FrameworkMembership)
NOUNS: dict[type[Part], str] = {Home: "home", RegisteredCare: "care", FrameworkMembership: "membership"}


@dataclass
class WorkingCopy:
    """A registration held for editing. Nothing of it is written before `flush`; `count` is how many facts change."""

    context: Context
    registration: Provider
    pending: dict[tuple[UUID, str | None], RegistrationChange]
    changes: list[RegistrationChange] = field(default_factory=list)
    withdrawn: list[UUID] = field(default_factory=list)
    ended: list[UUID] = field(default_factory=list)
    of: dict[UUID, list[tuple[UUID, str | None]]] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        """Find what waits of a part, and of what belongs to it, without looking through everything each time."""
        for key, known in self.pending.items():
            for id in filter(None, {known.subject_id, known.home_id}):
                self.of.setdefault(id, []).append(key)

    @property
    def approved(self) -> bool:
        return self.registration.effective_since is not None

    def working(self, home: Home, name: str) -> Any:
        """A fact of a home as it will be when all that waits is approved."""
        known = self.pending.get((home.id, name))
        kind = inspect(Home).columns[name].type.python_type
        return thawed(kind, known.proposed[name]) if known else getattr(home, name)

    async def home(self, id: UUID) -> Home:
        """A home of this provider that has not ended."""
        return await self.own(Home, id)

    async def own(self, kind: type[P], id: UUID) -> P:
        """A part of this registration that has not ended."""
        mine = kind.id == id, kind.provider_id == self.registration.id, kind.ended_at.is_(None)
        found = await self.context.session.scalar(select(kind).where(*mine))
        if found is None:
            raise not_found(NOUNS[kind])
        return found

    async def home_of(self, part: RegisteredCare | FrameworkMembership) -> Home | None:
        return await self.home(part.home_id) if part.home_id else None

    def add(self, part: Part, home: Home | None = None) -> None:
        """A new part; that of a home which itself waits for approval is approved with it."""
        self.context.session.add(part)
        self.count += 1
        if self.approved and (home is None or home is part or home.approved_at is not None):
            self._propose(part, ChangeAction.ADD, home, after=part.spoken)

    def change(self, record: Part | Provider, facts: Mapping[str, Any], home: Home | None = None) -> None:
        """Facts of a record as they shall be: its whole range or dates as one change, else one change a fact."""
        whole = WHOLE.get(subject_of(record, None))
        for name, part in ({whole: facts} if whole else {name: {name: facts[name]} for name in facts}).items():
            self._change(record, name, dict(part), home)

    def end(self, part: Part, home: Home | None = None) -> None:
        """Take a part out: at once what never was approved or is approved and not opened, else on approval."""
        known = self.pending.get((part.id, None))
        if known is not None and known.action is ChangeAction.REMOVE:
            return
        for key in self.of.get(part.id, ()):
            if key in self.pending:
                self._withdraw(key)
        self.count += 1
        if part.approved_at is not None and self.registration.status is RegistrationStatus.OPEN_FOR_EDITING:
            self._propose(part, ChangeAction.REMOVE, home, before=part.spoken)
        else:
            part.ended_at = self.context.by.at
            self.ended += [part.id] if isinstance(part, Home) else []

    def keep(self, part: Part) -> None:
        """Think better of taking a part out."""
        known = self.pending.get((part.id, None))
        if known is not None and known.action is ChangeAction.REMOVE:
            self._withdraw((part.id, None))
            self.count += 1

    async def done(self, **facts: Any) -> None:
        """Write it all and say so: as a proposal where something waits for a decision of its own."""
        await self.flush()
        if self.changes and self.registration.status is RegistrationStatus.APPROVED:
            self.registration.propose(by=self.context.by, changes=[change.id for change in self.changes], **facts)
        else:
            self.registration.edit_profile(by=self.context.by, **facts)

    async def flush(self) -> None:
        """Write the rows, take back what was proposed before, propose what waits now."""
        session, by = self.context.session, self.context.by
        await session.flush()
        if self.withdrawn:
            gone = update(RegistrationChange).where(RegistrationChange.id.in_(self.withdrawn))
            gone = gone.values(status=ChangeStatus.WITHDRAWN, decided_at=by.at, decided_by_name=by.viewer.name)
            await session.execute(gone, execution_options={"synchronize_session": False})
        await end_parts(self.context, self.ended)
        session.add_all(self.changes)
        await session.flush()
        self.withdrawn, self.ended = [], []

    def _change(self, record: Part | Provider, name: str, facts: dict[str, Any], home: Home | None) -> None:
        new = any(getattr(record, fact) != value for fact, value in facts.items())
        known = self.pending.get((record.id, name))
        if known is not None and new and known.proposed == {fact: frozen(value) for fact, value in facts.items()}:
            return
        if known is not None:
            self._withdraw((record.id, name))
        self.count += new or known is not None
        if new and self._waits(record, facts):
            before, after = told(record, {f: getattr(record, f) for f in facts}), told(record, facts)
            self._propose(record, ChangeAction.CHANGE, home, name=name, before=before, after=after, facts=facts)
        elif new:
            for fact, value in facts.items():
                setattr(record, fact, value)

    def _waits(self, record: Part | Provider, facts: Mapping[str, Any]) -> bool:
        if not self.approved or (not isinstance(record, Provider) and record.approved_at is None):
            return False
        if self.registration.status is RegistrationStatus.OPEN_FOR_EDITING:
            return True
        return not isinstance(record, Provider) and record.widens(facts)

    def _withdraw(self, key: tuple[UUID, str | None]) -> None:
        self.withdrawn.append(self.pending.pop(key).id)

    def _propose(
        self, record: Part | Provider, action: ChangeAction, home: Home | None, name: str | None = None, **facts: Any
    ) -> None:
        proposed = {fact: frozen(value) for fact, value in facts.pop("facts", {}).items()}
        home = record if isinstance(record, Home) else home
        change = RegistrationChange(
            id=uuid4(), provider_id=self.registration.id, subject=subject_of(record, name), subject_id=record.id,
            home_id=home and home.id, label=home.name if home else self.registration.legal_name, action=action,
            field=name and to_camel_case(name), proposed=proposed, proposed_at=self.context.by.at,
            proposed_by_name=self.context.viewer.name, status=ChangeStatus.PENDING, **facts,
        )  # fmt: skip
        self.pending[record.id, name] = change
        self.changes.append(change)


async def profile(context: Context, expected_version: int | None = None) -> WorkingCopy:
    """The profile of the viewer's own provider, held; of an approved one only from its day on (S-049)."""
    Provider.entitle("edit_profile", by=context.by)
    registration = await context.change(Provider, context.viewer.organisation_id, expected_version)
    registration.ready("edit_profile", by=context.by)
    await profile_open(context, registration)
    return await copy_of(context, registration)


async def copy_of(context: Context, registration: Provider) -> WorkingCopy:
    """The working copy of a registration that is held already, with what waits in it."""
    waiting = RegistrationChange.provider_id == registration.id, RegistrationChange.status == ChangeStatus.PENDING
    known = await context.all(select(RegistrationChange).where(*waiting)) if registration.effective_since else []
    return WorkingCopy(context, registration, {(each.subject_id, each.fact): each for each in known})


def subject_of(record: Part | Provider, name: str | None) -> ChangeSubject:
    if isinstance(record, Provider):
        return ChangeSubject.CONTACTS if name == "contacts" else ChangeSubject.PROVIDER
    kinds = {
        Home: ChangeSubject.HOME,
        RegisteredCare: ChangeSubject.CARE,
        FrameworkMembership: ChangeSubject.MEMBERSHIP,
    }
    return kinds[type(record)]


def told(record: Part | Provider, facts: Mapping[str, Any]) -> str | None:
    """Facts of a record as a reviewer reads them."""
    if isinstance(record, RegisteredCare):
        return spoken_care(record.category, facts)
    if isinstance(record, FrameworkMembership):
        return spoken_membership(record.framework, facts)
    return spoken(next(iter(facts.values())))
