"""Organisations and people for tests, made by the models' own rules and recorded like any act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from models.care import RegisteredCare
from models.credential import Credential
from models.event import Actor
from models.lifecycle import Role, Side
from models.organisation import Organisation, PostcodeArea
from models.person import NewAccount, Person, Viewer
from models.provider import Category, Gender, Provider
from models.rollout import first_rows
from models.session import SESSION_LASTS, Session
from resolvers.context import Shell
from tests.homes import care_home

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
class Making:
    """Who and what a test needs to begin with; `owner` is the database's superuser."""

    shell: Shell
    clock: Clock
    owner: AsyncEngine
    made: int = field(default=0, kw_only=True)

    async def authority(self, name: str = "Birmingham") -> UUID:
        async with AsyncSession(self.owner) as session:
            found = select(Organisation.id).where(Organisation.name == name, Organisation.side == Side.LOCAL_AUTHORITY)
            return (await session.execute(found)).scalar_one()

    async def region(self) -> UUID:
        async with AsyncSession(self.owner) as session:
            return (await session.execute(select(Organisation.id).where(Organisation.side == Side.REGION))).scalar_one()

    async def person(self, organisation: UUID, *roles: Role, name: str = "", email: str = "") -> Viewer:
        """An active colleague with a session of fourteen days; nobody has a password until they take one."""
        self.made += 1
        name = name or f"Person {self.made}"
        async with AsyncSession(self.owner, expire_on_commit=False) as session, session.begin():
            where = await session.get_one(Organisation, organisation)
            by = Actor(regional(self.clock.now), self.clock.now)
            who = NewAccount(name, email or f"person.{self.made}@example.org", [*roles], "Officer")
            person = Person.ask(where, who, by=by)
            for step in (person.request, person.approve, person.invite):
                step(by=by)
            person.activate(by=by)
            session.add(person)
            await session.flush()
            viewer = person.in_session(where, uuid4(), self.clock.now + SESSION_LASTS)
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
                address="1 High Street, Birmingham", status=Provider.lifecycle.start,
            )  # fmt: skip
            session.add(registration)
            await session.flush()
            await self._care(session, firm, care or (Care(),), self.clock.now if approved else None)
            if approved:
                registration.submit(True, (), by=by)
                region = Actor(regional(self.clock.now), self.clock.now, by.happened)
                registration.approve(by=region)
            await session.flush()
            await record(session, by)
        return firm

    async def _care(
        self, session: AsyncSession, firm: Firm, care: Sequence[Care], approved_at: datetime | None
    ) -> None:
        for number, line in enumerate(care, 1):
            home = None if line.category is Category.FOSTERING else care_home(firm.id, number)
            if home is not None:
                home.approved_at = approved_at
                session.add(home)
                await session.flush()
                firm.homes.append(home.id)
            session.add(
                RegisteredCare(
                    provider_id=firm.id, home_id=home and home.id, category=line.category, age_from=line.ages[0],
                    age_to=line.ages[1], genders=[gender.value for gender in line.genders], added_at=self.clock.now,
                    approved_at=approved_at,
                )
            )  # fmt: skip
        await session.flush()


def regional(now: datetime) -> Viewer:
    """A regional administrator who exists on paper only, to make others by."""
    none = UUID(int=0)
    return Viewer(none, none, Side.REGION, frozenset({Role.REGION_ADMIN}), none, "Region", None, "Region", now)


def staff(firm: Firm) -> Viewer:
    none, far = UUID(int=0), AN_ORDINARY_DAY + timedelta(days=999)
    return Viewer(none, firm.id, Side.PROVIDER, frozenset({Role.MEMBER}), none, "Staff", None, firm.name, far)


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
