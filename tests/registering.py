"""Registrations for tests, brought to where a test needs them by the acts of the people concerned."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from graphql import GraphQLNonNull

from models.event import Actor
from models.lifecycle import Role
from models.person import Viewer
from models.provider import Provider
from models.registration_content import RegistrationContent
from resolvers.context import Unit
from resolvers.registration_content import take_in
from tests.cases import CONTRACT, Cases
from tests.making import record
from tests.world import Firm

MINE = ("provider", "home", "registered_care", "framework_membership", "document", "ticket")
SEEN = "query ($id: UUID) { registration(id: $id) { id status legalName reason managingLocalAuthority { name } can } }"
CARE: dict[str, Any] = {"category": "RESIDENTIAL", "ageFrom": 8, "ageTo": 17, "genders": ["MALE", "FEMALE"]}
HOME: dict[str, Any] = {
    "name": "Linden House", "address": "4 Linden Road, Walsall", "postcode": "ws1 1aa", "urn": "sc 123456",
    "registeredManager": "Morgan Reed", "places": 3, "care": [CARE],
}  # fmt: skip


@dataclass(frozen=True)
class Registering(Cases):
    """What people do about registrations, in a word each; `firm` has care, a home, and a draft of a registration."""

    async def answer(self, who: Viewer, act: str, shown: str, given: dict[str, Any]) -> dict[str, Any]:
        key = CONTRACT.mutation_type.fields[act].args.get("idempotencyKey")  # type: ignore[union-attr]
        if key is not None and isinstance(key.type, GraphQLNonNull):
            given = {"idempotencyKey": str(uuid4()), **given}
        return await super().answer(who, act, shown, given)

    async def everything_kept(self) -> list[dict[str, Any]]:
        own = [row for table in MINE for row in await self.world.sql(f"SELECT t::text FROM {table} t ORDER BY t::text")]
        return [*await super().everything_kept(), *own]

    async def reviewer(self, authority: str = "Birmingham") -> Viewer:
        return await self.officer(authority, Role.REGISTRATION_OFFICER)

    async def region(self) -> Viewer:
        (row,) = await self.world.sql("SELECT id FROM organisation WHERE side = 'REGION'")
        return await self.world.person(row["id"], Role.REGION_ADMIN)

    async def on(self, who: Viewer, act: str, firm: Firm, shown: str = "status", **given: Any) -> dict[str, Any]:
        """An act on a registration as it is now."""
        return await self.act(who, act, shown, **await self.now(firm), **given)

    async def now(self, firm: Firm) -> dict[str, Any]:
        return {"id": str(firm.id), "expectedVersion": await self.version(str(firm.id), "provider")}

    async def pending(self, member: Viewer, firm: Firm) -> None:
        await self.on(member, "registrationSubmit", firm)

    async def approved(self, member: Viewer, reviewer: Viewer, firm: Firm) -> None:
        await self.pending(member, firm)
        await self.on(reviewer, "registrationApprove", firm)

    async def home(self, member: Viewer, **facts: Any) -> UUID:
        return UUID((await self.act(member, "homeAdd", input={**HOME, **facts}))["id"])

    async def taken_in(self, member: Viewer, firm: Firm, content: RegistrationContent) -> int:
        """A whole registration taken in as one act; how many facts it changed."""
        context = self.world.context(member)
        async with self.world.shell.database.acting(member, context.now) as session:
            context.unit = Unit(session, Actor(member, context.now))
            registration = await context.change(Provider, firm.id)
            count = await take_in(context, registration, content)
            await session.flush()
            await record(session, context.by)
        return count
