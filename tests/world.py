"""A portal without its web server: real rules, real database, a clock that is told what time it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import orjson
from graphql import GraphQLError
from strawberry import Schema

from models.person import Viewer
from portal.keys import Keys
from portal.seal import PdfSealer
from portal.seal_keys import OwnSeal
from portal.vault import FolderVault
from resolvers.context import Caller, Context, Shell
from resolvers.read import Reader
from schema import schema
from schema.public import public_schema
from tests.making import AN_ORDINARY_DAY, BOTH, Care, Clock, Firm, Making, furnish
from tests.paper import Printer, ThreadPress
from tests.ways import Ways, as_app

__all__ = ["AN_ORDINARY_DAY", "BOTH", "Care", "Firm", "World", "as_app", "furnish"]
READER = Reader()


@dataclass
class World(Making):
    """What a test of acts and reads needs. `announced` counts the hints given to live delivery; `after_act` is
    called with the answer of every act.
    """

    ways: Ways
    announced: list[datetime] = field(default_factory=list)
    address: str = "192.0.2.1"
    after_act: Callable[[dict[str, Any]], Awaitable[None]] | None = None

    @classmethod
    async def of(cls, dsn: str, keys: Keys, folder: Path) -> Self:
        """The world of one database, reached by its superuser's address for setting up and as portal_app for use."""
        return cls.over(await Ways.to(dsn), keys, folder)

    @classmethod
    def over(cls, ways: Ways, keys: Keys, folder: Path) -> Self:
        """The world of the database to which these ways lead; whoever opened them closes them."""
        clock, announced, database = Clock(), list[datetime](), ways.afresh()
        shell = Shell(
            clock, database, READER, keys, FolderVault(folder), Printer(), lambda: announced.append(clock.now),
            sealer=PdfSealer(ThreadPress(), OwnSeal(database, keys)),
        )  # fmt: skip
        return cls(shell, clock, ways.owner, ways, announced)

    async def close(self) -> None:
        await self.ways.close()

    @property
    def dsn(self) -> str:
        return self.ways.dsn

    # ── asking ───────────────────────────────────────────────────────────────
    def context(self, viewer: Viewer | None) -> Context:
        return Context(self.shell, viewer, Caller(self.address, "a test"))

    async def gql(self, viewer: Viewer | None, document: str, **variables: Any) -> dict[str, Any]:
        """`data` of a request; a top-level error fails the test. Without a viewer it goes to the public schema."""
        result = await _schema_for(viewer).execute(document, variables, self.context(viewer))
        for error in result.errors or ():
            raise AssertionError(f"{error}") from error.original_error
        data: dict[str, Any] = orjson.loads(orjson.dumps(result.data))
        if self.after_act and document.lstrip().startswith("mutation"):
            await self.after_act(data)
        return data

    async def error(self, viewer: Viewer | None, document: str, **variables: Any) -> BaseException:
        """What a request fails with that cannot be answered at all."""
        result = await _schema_for(viewer).execute(document, variables, self.context(viewer))
        assert result.errors
        return result.errors[0].original_error or result.errors[0]

    async def turned_away(self, viewer: Viewer, document: str, **variables: Any) -> str:
        """The code with which a request fails because its session has ended."""
        error = await self.error(viewer, document, **variables)
        assert isinstance(error, GraphQLError)
        return str((error.extensions or {})["code"])

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
        return await self.ways.sql(query, *values)

    async def count(self, table: str, condition: str = "true", *values: Any) -> int:
        (row,) = await self.sql(f"SELECT count(*) AS n FROM {table} WHERE {condition}", *values)
        return int(row["n"])


def _schema_for(viewer: Viewer | None) -> Schema:
    return public_schema if viewer is None else schema
