"""Making a database ready: schema, authorities, dated gates, and the first regional administrator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from models.event import Actor
from models.lifecycle import Role, Side
from models.organisation import Organisation, PostcodeArea
from models.person import NewAccount, Person, Viewer
from models.rollout import first_rows
from models.session import INVITATION_LASTS, Invitation
from portal.database import sqlalchemy_url
from portal.keys import Keys
from portal.region import AUTHORITIES, districts

REGION = "West Midlands Placement Portal"


@dataclass(frozen=True)
class Founder:
    """The first person, who invites everybody else."""

    name: str
    email: str


async def migrate(url: str) -> None:
    """Bring the schema up to date, as its owner."""
    from migrations.run import upgrade

    engine = create_async_engine(sqlalchemy_url(url), hide_parameters=True)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(upgrade)
            await connection.commit()
    finally:
        await engine.dispose()


async def found(engine: AsyncEngine, keys: Keys, founder: Founder, now: datetime, wall: datetime) -> str | None:
    """Write the first rows; the one-use invitation of the founder, or None when this was done before."""
    async with AsyncSession(engine) as session, session.begin():
        await session.execute(text("SELECT pg_advisory_xact_lock(20260428)"))
        if await session.scalar(select(Organisation.id).limit(1)) is not None:
            return None
        region = await _organisations(session)
        token, digest = keys.new_token()
        person = await _first_person(session, region, founder, now)
        session.add(Invitation(token_hash=digest, person_id=person, given_at=wall, expires_at=wall + INVITATION_LASTS))
    return token


async def _organisations(session: AsyncSession) -> Organisation:
    made = {
        a.name: Organisation(
            id=uuid4(), side=Side.LOCAL_AUTHORITY, name=a.name, gss_code=a.gss_code, dfe_code=a.dfe_code,
            delivered_by=a.delivered_by, address=a.address,
        )
        for a in AUTHORITIES
    }  # fmt: skip
    region = Organisation(id=uuid4(), side=Side.REGION, name=REGION)
    session.add_all([*made.values(), region])
    await session.flush()
    session.add_all(PostcodeArea(district=d, la_id=made[a.name].id) for a in AUTHORITIES for d in districts(a))
    session.add_all(first_rows({name: organisation.id for name, organisation in made.items()}))
    return region


async def _first_person(session: AsyncSession, region: Organisation, founder: Founder, now: datetime) -> UUID:
    """Approved and invited by the installation itself; everybody after this one by a person."""
    itself = Viewer.nobody()
    as_region = Viewer(
        itself.person_id, region.id, Side.REGION, frozenset({Role.REGION_ADMIN}), itself.session_id, REGION, None,
        REGION, itself.expires_at,
    )  # fmt: skip
    by = Actor(as_region, now)
    person = Person.ask(region, NewAccount(founder.name, founder.email, [Role.REGION_ADMIN]), by=by)
    person.id = uuid4()
    for step in ("request", "approve", "invite"):
        person.step(step, by=by)
    session.add(person)
    await session.flush()
    happened = {"happened": by.as_rows()}
    await session.execute(select(func.portal_record(text("CAST(:happened AS jsonb)"))), happened)
    return person.id
