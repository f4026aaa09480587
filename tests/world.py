"""A portal without its web server: real rules, real database, a clock that is told what time it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

import asyncpg
import orjson
import pyotp
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from strawberry import Schema

from models.event import Actor
from models.lifecycle import Role, Side
from models.organisation import Organisation, PostcodeArea
from models.person import AccountStatus, NewAccount, Person, Viewer
from models.provider import Category, Gender, Provider, RegisteredCare
from models.rollout import first_rows
from models.session import SESSION_LASTS, Credential, Session
from portal.database import Database, asyncpg_dsn, sqlalchemy_url
from portal.keys import Keys
from portal.vault import FolderVault
from resolvers.context import Caller, Context, Shell
from resolvers.read import Reader
from schema import schema
from tests.homes import care_home
from tests.paper import Printer

AN_ORDINARY_DAY = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)  # every gate is open but that of e-mails
AUTHORITIES = {"Birmingham": "B1", "Coventry": "CV1", "Stoke-on-Trent": "ST1", "Solihull": "B91"}
BOTH = (Gender.FEMALE, Gender.MALE)


@dataclass
class Clock:
    """The injected clock of a test: stands still until it is set."""

    now: datetime = AN_ORDINARY_DAY

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Care:
    """What a provider is registered to give; each line but fostering brings a home of its own."""

    category: Category = Category.RESIDENTIAL
    ages: tuple[int, int] = (8, 17)
    genders: tuple[Gender, ...] = BOTH


@dataclass(frozen=True)
class Firm:
    """A provider as a test made it, with its homes in the order of its care."""

    id: UUID
    name: str
    homes: list[UUID]


@dataclass
class World:
    """What a test of acts and reads needs. `announced` counts the hints given to live delivery."""

    shell: Shell
    clock: Clock
    owner: AsyncEngine
    dsn: str
    announced: list[datetime] = field(default_factory=list)
    made: int = 0
    address: str = "192.0.2.1"

    @classmethod
    async def of(cls, dsn: str, keys: Keys, folder: Path) -> Self:
        """The world of one database, reached by its superuser's address for setting up and as portal_app for use."""
        clock, announced = Clock(), list[datetime]()
        database = await Database.connect(as_app(dsn), size=4)
        shell = Shell(
            clock, database, Reader(), keys, FolderVault(folder), Printer(), lambda: announced.append(clock.now)
        )
        return cls(shell, clock, create_async_engine(sqlalchemy_url(dsn)), dsn, announced)

    async def close(self) -> None:
        database: Any = self.shell.database
        await database.close()
        await self.owner.dispose()

    # ── asking ───────────────────────────────────────────────────────────────
    def context(self, viewer: Viewer | None) -> Context:
        return Context(self.shell, viewer, Caller(self.address, "a test"))

    async def gql(self, viewer: Viewer | None, document: str, **variables: Any) -> dict[str, Any]:
        """`data` of a request; a top-level error fails the test. Without a viewer it goes to the public schema."""
        result = await _schema_for(viewer).execute(document, variables, self.context(viewer))
        for error in result.errors or ():
            raise AssertionError(f"{error}") from error.original_error
        data: dict[str, Any] = orjson.loads(orjson.dumps(result.data))
        return data

    async def error(self, viewer: Viewer | None, document: str, **variables: Any) -> BaseException:
        """What a request fails with that cannot be answered at all."""
        result = await _schema_for(viewer).execute(document, variables, self.context(viewer))
        assert result.errors
        return result.errors[0].original_error or result.errors[0]

    async def do(self, viewer: Viewer | None, document: str, **variables: Any) -> dict[str, Any]:
        """The payload of the one act in the document, which must succeed and must select `problems{code message}`."""
        (payload,) = (await self.gql(viewer, document, **variables)).values()
        assert payload["problems"] == []
        return dict(payload)

    async def refused(self, viewer: Viewer | None, document: str, **variables: Any) -> list[str]:
        """The codes of the problems for which the one act in the document did nothing."""
        (payload,) = (await self.gql(viewer, document, **variables)).values()
        assert payload["problems"], "this was not refused"
        assert not any(value for name, value in payload.items() if name != "problems")
        return [problem["code"] for problem in payload["problems"]]

    async def sql(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Rows as the superuser sees them: for what a test asserts, and for what no act can bring about."""
        connection = await asyncpg.connect(asyncpg_dsn(self.dsn))
        try:
            return [dict(row) for row in await connection.fetch(query, *values)]
        finally:
            await connection.close()

    async def count(self, table: str, condition: str = "true", *values: Any) -> int:
        (row,) = await self.sql(f"SELECT count(*) AS n FROM {table} WHERE {condition}", *values)
        return int(row["n"])

    # ── people and organisations, made by the models' own rules ──────────────
    async def authority(self, name: str = "Birmingham") -> UUID:
        async with AsyncSession(self.owner) as session:
            found = select(Organisation.id).where(Organisation.name == name, Organisation.side == Side.LOCAL_AUTHORITY)
            return (await session.execute(found)).scalar_one()

    async def person(self, organisation: UUID, *roles: Role, name: str = "", email: str = "") -> Viewer:
        """An active colleague with a session of fourteen days; nobody has a password until they take one."""
        self.made += 1
        name = name or f"Person {self.made}"
        async with AsyncSession(self.owner, expire_on_commit=False) as session, session.begin():
            where = await session.get_one(Organisation, organisation)
            by = Actor(regional(self.clock.now), self.clock.now)
            who = NewAccount(name, email or f"person.{self.made}@example.org", [*roles], "Officer")
            person = Person.ask(where, who, by=by)
            person.id = uuid4()
            for step in ("request", "approve", "invite"):
                person.step(step, by=by)
            person.follow("activate", by=by)
            session.add(person)
            await session.flush()
            viewer = viewer_of(person, where, self.clock.now)
            session.add(session_of(viewer, self.clock.now))
            await session.flush()
            await record(session, by)
        return viewer

    async def code(self, viewer: Viewer) -> str:
        """A new authenticator for this person, and the code that it shows now."""
        secret = self.shell.keys.new_authenticator_secret()
        async with AsyncSession(self.owner) as session, session.begin():
            sealed = self.shell.keys.seal(secret.encode(), viewer.person_id)
            await session.merge(Credential(person_id=viewer.person_id, authenticator=sealed, last_step=0))
        return pyotp.TOTP(secret).now()

    async def provider(
        self,
        *care: Care,
        name: str = "",
        managed_by: str = "Birmingham",
        approved: bool = True,
    ) -> Firm:
        """A registered provider; residential with one home unless told otherwise."""
        self.made += 1
        firm = Firm(uuid4(), name or f"Provider {self.made}", [])
        authority = await self.authority(managed_by)
        async with AsyncSession(self.owner, expire_on_commit=False) as session, session.begin():
            by = Actor(staff(firm), self.clock.now)
            session.add(Organisation(id=firm.id, side=Side.PROVIDER, name=firm.name))
            await session.flush()
            registration = Provider(
                id=firm.id, managing_la_id=authority, legal_name=f"{firm.name} Ltd", postcode="B1 1AA", version=0,
                status=Provider.lifecycle.start,
            )  # fmt: skip
            session.add(registration)
            await session.flush()
            await self._care(session, firm, care or (Care(),))
            if approved:
                registration.submit(1, by=by)
                region = Actor(regional(self.clock.now), self.clock.now, by.happened)
                registration.approve(by=region)
            await session.flush()
            await record(session, by)
        return firm

    async def _care(self, session: AsyncSession, firm: Firm, care: Sequence[Care]) -> None:
        for number, line in enumerate(care, 1):
            home = None if line.category is Category.FOSTERING else care_home(firm.id, number)
            if home is not None:
                session.add(home)
                await session.flush()
                firm.homes.append(home.id)
            session.add(
                RegisteredCare(
                    provider_id=firm.id, home_id=home and home.id, category=line.category, age_from=line.ages[0],
                    age_to=line.ages[1], genders=[gender.value for gender in line.genders],
                )
            )  # fmt: skip
        await session.flush()


def as_app(dsn: str) -> str:
    """The same database for the role that the portal signs in with."""
    return make_url(dsn).set(username="portal_app").render_as_string(hide_password=False)


def _schema_for(viewer: Viewer | None) -> Schema:
    if viewer is not None:
        return schema
    from schema.public import public_schema

    return public_schema


def regional(now: datetime) -> Viewer:
    """A regional administrator who exists on paper only, to make others by."""
    none = UUID(int=0)
    return Viewer(none, none, Side.REGION, frozenset({Role.REGION_ADMIN}), none, "Region", None, "Region", now)


def staff(firm: Firm) -> Viewer:
    none, far = UUID(int=0), AN_ORDINARY_DAY + timedelta(days=999)
    return Viewer(none, firm.id, Side.PROVIDER, frozenset({Role.MEMBER}), none, "Staff", None, firm.name, far)


def viewer_of(person: Person, organisation: Organisation, now: datetime) -> Viewer:
    assert person.status is AccountStatus.ACTIVE
    return person.in_session(organisation, uuid4(), now + SESSION_LASTS)


def session_of(viewer: Viewer, now: datetime) -> Session:
    return Session(
        id=viewer.session_id, person_id=viewer.person_id, token_hash=viewer.session_id.bytes, created_at=now,
        expires_at=viewer.expires_at,
    )  # fmt: skip


async def record(session: AsyncSession, by: Actor) -> None:
    await session.execute(select(func.portal_record(text("CAST(:happened AS jsonb)"))), {"happened": by.as_rows()})


async def furnish(engine: AsyncEngine) -> None:
    """What `portal init` leaves behind, as far as the rules look at it: authorities, their postcodes, the gates."""
    async with AsyncSession(engine) as session, session.begin():
        authorities = {name: uuid4() for name in AUTHORITIES}
        session.add_all(Organisation(id=id, side=Side.LOCAL_AUTHORITY, name=name) for name, id in authorities.items())
        session.add(Organisation(side=Side.REGION, name="West Midlands"))
        await session.flush()
        session.add_all(
            PostcodeArea(district=district, la_id=authorities[name]) for name, district in AUTHORITIES.items()
        )
        session.add_all(first_rows(authorities))
