"""A plugin of pytest: around each of some acts, in whatever test takes them, everybody's screens are looked at.

`-p tests.around --around offerVoid,ipaVoid` reads all of them before the act and after it; what is then another must
have been named to whoever sees it (S-028, S-119). What a test does without an act, in between, is nobody's news.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse

from models.person import Viewer
from tests.mirror import Mirror
from tests.world import World

FOUND = "around: {}"
SEED = 7


class Around:
    """Looks at everybody; `taken` are the acts that were not refused."""

    def __init__(self, acts: set[str]) -> None:
        self.acts = acts
        self.taken: set[str] = set()
        self._looking = False
        self._real = World.gql

    async def gql(self, world: World, viewer: Viewer | None, document: str, **variables: Any) -> dict[str, Any]:
        if self._looking or not self.acts & set(asked(document)):
            return await self._real(world, viewer, document, **variables)
        self._looking, before = True, world.after_act
        try:
            async with Mirror.of(world, SEED, 0, leaves_nothing=True):
                data = await self._real(world, viewer, document, **variables)
        finally:
            self._looking, world.after_act = False, before
        self.taken |= {act for act, payload in data.items() if not payload.get("problems")} & self.acts
        return data


def asked(document: str) -> Iterator[str]:
    """The names of the acts in it."""
    for definition in parse(document).definitions:
        if isinstance(definition, OperationDefinitionNode) and definition.operation.value == "mutation":
            yield from (
                field.name.value for field in definition.selection_set.selections if isinstance(field, FieldNode)
            )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--around", default="", help="the acts around which everybody's screens are looked at")


def pytest_configure(config: pytest.Config) -> None:
    around = Around(set(config.getoption("--around").split(",")))

    async def gql(world: World, viewer: Viewer | None, document: str, **variables: Any) -> dict[str, Any]:
        return await around.gql(world, viewer, document, **variables)

    setattr(World, "gql", gql)  # noqa: B010
    config.stash[TAKEN] = around.taken


TAKEN = pytest.StashKey[set[str]]()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line(FOUND.format(",".join(sorted(terminalreporter.config.stash[TAKEN]))))
