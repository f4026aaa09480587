"""Two providers with two colleagues each and two officers of one authority, who will do anything that they can."""

from ast import literal_eval
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.document import DocumentKind
from models.home import FrameworkMembership
from models.person import Viewer
from tests.cases import CHILD, Cases
from tests.veil.tables import Tables
from tests.world import Care, Firm, World

NOBODY = UUID(int=0)
PROVIDERS = ("Alder", "Beech")
LEAFLETS = (DocumentKind.OTHER, DocumentKind.APPENDIX)
WITHOUT_HOME = "SELECT id, kind FROM document WHERE organisation_id = $1"
CHILDREN: tuple[list[dict[str, Any]], ...] = ([CHILD, {**CHILD, "givenNames": "Ottoline", "nhsNumber": None}], [CHILD])


@dataclass
class Stage:
    """Who there is, and the one connection by which a test looks at everything as the superuser."""

    cases: Cases
    tables: Tables
    officers: list[Viewer]
    firms: dict[UUID, Firm]
    members: dict[UUID, list[Viewer]]
    leaflets: dict[UUID, list[str]]

    @classmethod
    async def of(cls, world: World) -> "Stage":
        cases = Cases(world)
        stage = cls(cases, await Tables.of(world.dsn, world.clock), [], {}, {}, {})
        stage.officers = [await cases.officer() for _ in range(2)]
        for name in PROVIDERS:
            await stage._settle(name)
        return stage

    @property
    def world(self) -> World:
        return self.cases.world

    async def _settle(self, name: str) -> None:
        """Two homes, of which one is on a framework; the papers of the profile; a leaflet and an appendix to attach."""
        firm = await self.world.provider(Care(), Care(), name=name)
        self.firms[firm.id] = firm
        self.members[firm.id] = [await self.cases.member(firm) for _ in range(2)]
        await self.cases.papers(firm)
        await self.cases.papers(firm, *LEAFLETS, name="leaflet.pdf")
        kept = {row["kind"]: str(row["id"]) for row in await self.sql(WITHOUT_HOME, firm.id)}
        self.leaflets[firm.id] = [kept[kind] for kind in LEAFLETS]
        async with AsyncSession(self.world.owner) as session, session.begin():
            session.add(
                FrameworkMembership(
                    provider_id=firm.id, home_id=firm.homes[0], framework="West Midlands",
                    valid_from=date(2026, 1, 1), approved_at=self.world.clock.now,
                )
            )  # fmt: skip

    async def referral(self, children: list[dict[str, Any]]) -> UUID:
        return UUID(await self.cases.sent(self.officers[0], children=children))

    def parties(self, provider_id: UUID) -> list[Viewer]:
        """Everybody who may know what this provider has offered."""
        return [*self.officers, *self.members[provider_id]]

    @property
    def everybody(self) -> list[Viewer]:
        return [*self.officers, *(member for colleagues in self.members.values() for member in colleagues)]

    async def sql(self, query: str, *values: Any) -> list[dict[str, Any]]:
        return await self.tables.sql(query, *values)

    async def everything(self) -> dict[str, str]:
        """A digest of all rows of each table."""
        return dict(literal_eval((await self.tables.beside(NOBODY)).decode()))
