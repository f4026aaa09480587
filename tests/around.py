"""A plugin of pytest: around each of some acts, where a test first takes it, everybody's screens are looked at.

`-p tests.around --around offerVoid,ipaVoid` reads all of them before the act and after it; what is then another must
have been named to whoever sees it (S-028, S-119). What a test does without an act, in between, is nobody's news.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse

from models.person import Viewer
from tests.mirror import Mirror, Untold
from tests.world import World

FOUND = "around: {}"
SEED = 7


class Around:
    """Looks at everybody around each act until it was not refused for once: then it is `taken`.

    `untold` is what somebody was not told of.
    """

    def __init__(self, acts: set[str]) -> None:
        self.acts = acts
        self.taken: set[str] = set()
        self.untold: list[str] = []
        self._looking = False
        self._real = World.gql

    async def gql(self, world: World, viewer: Viewer | None, document: str, **variables: Any) -> dict[str, Any]:
        if self._looking or not (self.acts - self.taken) & set(asked(document)):
            return await self._real(world, viewer, document, **variables)
        self._looking, before = True, world.after_act
        data: dict[str, Any] = {}
        try:
            async with Mirror.of(world, SEED, 0, leaves_nothing=True):
                data = await self._real(world, viewer, document, **variables)
        except Untold as untold:
            self.untold.append(f"{', '.join(data)}: {untold}")
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
    around = config.stash[AROUND] = Around(set(config.getoption("--around").split(",")))

    async def gql(world: World, viewer: Viewer | None, document: str, **variables: Any) -> dict[str, Any]:
        return await around.gql(world, viewer, document, **variables)

    setattr(World, "gql", gql)  # noqa: B010


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What nobody was told of fails the run, not the test in which it happened: others may come after it."""
    if session.config.stash[AROUND].untold:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    around = config.stash[AROUND]
    for line in (*around.untold, FOUND.format(",".join(sorted(around.taken)))):
        terminalreporter.write_line(line)


AROUND = pytest.StashKey[Around]()
