"""What a resolver may use: who is asking, when, the database and what the shell supplies; and the one unit of work."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.email import GENERIC
from models.event import Actor
from models.person import Viewer
from models.record import Governed
from models.refusal import not_found
from models.rollout import Rollout
from resolvers.arguments import Arguments
from resolvers.ports import Database, Keys, Post, Printer, Scanner, Sealer, SignedOut, Vault, Workbooks
from resolvers.read import Asked, Reader, Source, fragment, named_values, told_to_client

R = TypeVar("R")
G = TypeVar("G", bound=Governed[Any])
Clock = Callable[[], datetime]


CLEAN = object()
"""The proof of an upload that a scanner has looked at."""
QUOTA = 5 * 1024**3
"""Bytes of documents that one organisation may keep, unless set otherwise."""


@dataclass(frozen=True)
class Shell:
    """Everything that outlives a request."""

    clock: Clock
    database: Database
    reader: Reader
    keys: Keys
    vault: Vault
    printer: Printer
    announce: Callable[[], None]
    hub: Any = None
    workbooks: Workbooks | None = None
    scanner: Scanner | None = None
    sealer: Sealer | None = None
    post: Post | None = None
    quota: int = QUOTA
    draft_days: int = 31
    address: str = "http://127.0.0.1:8000"
    information: dict[str, Any] = field(default_factory=dict)
    shared_mailboxes: frozenset[str] = GENERIC


@dataclass(frozen=True)
class Caller:
    """Where a request came from, as far as it can be believed."""

    address: str | None = None
    agent: str | None = None


@dataclass
class Unit:
    """The unit of work of one act: its session, and the actor who says what happened."""

    session: AsyncSession
    by: Actor


@dataclass
class Context:
    """One operation's context. Times come from the injected clock, the person from the session; neither is global.

    `proof` is what the guard of an act has found out. `set_cookie` takes headers for the HTTP answer, if there is one.
    """

    shell: Shell
    signed_in: Viewer | None
    caller: Caller = field(default_factory=Caller)
    unit: Unit | None = None
    set_cookie: list[tuple[bytes, bytes]] | None = None
    proof: Any = None

    @property
    def now(self) -> datetime:
        return self.shell.clock()

    @property
    def viewer(self) -> Viewer:
        if self.signed_in is None:
            raise SignedOut("UNAUTHENTICATED")
        return self.signed_in

    @property
    def by(self) -> Actor:
        """Who acts, in the unit of work of this act."""
        assert self.unit is not None, "only an act changes anything"
        return self.unit.by

    @property
    def session(self) -> AsyncSession:
        assert self.unit is not None, "only an act changes anything"
        return self.unit.session

    async def read(self, info: strawberry.Info, source: Source, arguments: dict[str, Any]) -> Any:
        """A root field as finished JSON, read by one statement behind the wall."""
        raw: Any = info._raw_info
        asked = Asked(raw.field_nodes, raw.return_type, raw.fragments, raw.variable_values)
        given = Arguments(arguments)
        plan = self.shell.reader.plan(asked, self.viewer, source, given)
        with told_to_client():
            values = plan.values(named_values(self.viewer, self.now, given))
            async with self.shell.database.reading(self.viewer, self.now) as connection:
                return fragment(await connection.fetchval(plan.sql, *values))

    async def change(self, kind: type[R], id: UUID, expected_version: int | None = None, **where: Any) -> R:
        """The record the viewer may change, held until the act ends; NOT_FOUND where there is none to be seen.

        A record of a case is held after its referral, so acts on one case follow each other and cannot deadlock.
        """
        return await self.change_where(kind, getattr(kind, "id") == id, expected_version)  # noqa: B009

    async def take(self, kind: type[G], action: str, id: UUID, expected_version: int | None) -> G:
        """The record, held, when the viewer may take that step with it now; else the refusal, whatever there is."""
        kind.entitle(action, by=self.by)
        record = await self.change(kind, id, expected_version)
        record.ready(action, by=self.by)
        return record

    async def change_where(self, kind: type[R], condition: Any, expected_version: int | None = None) -> R:
        visible: Select[Any] = kind.visible_to(self.viewer).where(condition)  # type: ignore[attr-defined]
        case = getattr(kind, "referral_id", None)
        if case is not None or kind.__name__ == "Referral":
            column = getattr(kind, "id") if case is None or kind.__name__ == "Referral" else case  # noqa: B009
            await self.hold_case(await self.session.scalar(visible.with_only_columns(column)), kind)
        record: Any = await self.session.scalar(visible.with_for_update(of=kind))
        if record is None:
            raise not_found(noun_of(kind))
        record.expected_version = expected_version
        return record  # type: ignore[no-any-return]

    async def hold_case(self, referral_id: UUID | None, kind: Any) -> Any:
        """Hold a referral against every other act on its case; its status, acceptance, revision and category."""
        if referral_id is None:
            raise not_found(getattr(kind, "noun", "referral"))
        held = select("*").select_from(func.portal_lock_case(referral_id).table_valued(
            "status", "accepted", "revision", "category"
        ))  # fmt: skip
        row = (await self.session.execute(held)).one()
        if row.status is None:
            raise not_found("referral")
        return row

    async def find(self, kind: type[R], id: UUID, *path: str) -> R:
        """A record the viewer may see, to be used by an act but not changed by it. `path` names the input it is for."""
        visible: Select[Any] = kind.visible_to(self.viewer)  # type: ignore[attr-defined]
        record = await self.session.scalar(visible.where(getattr(kind, "id") == id))  # noqa: B009
        if record is None:
            raise not_found(noun_of(kind), *path)
        return record  # type: ignore[no-any-return]

    async def becomes(self, person_id: UUID, session_id: UUID | None = None) -> None:
        """What happens in this act was done by this person, who was nobody when it began."""
        for name, value in (("app.person", person_id), ("app.session", session_id or "")):
            await self.session.execute(select(func.set_config(name, str(value), True)))

    async def all(self, rows: Select[Any]) -> list[Any]:
        return list((await self.session.scalars(rows)).all())

    async def rollout(self) -> list[Rollout]:
        return await self.all(select(Rollout))


def noun_of(kind: type[Any]) -> str:
    """What people call a record of this kind: "fostering family"."""
    return str(getattr(kind, "noun", re.sub(r"\B(?=[A-Z])", " ", kind.__name__).lower()))


Info = strawberry.Info[Context, None]
