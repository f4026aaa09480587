"""A schema small enough to see at once, with one field for each thing that can happen to an operation."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

import orjson
import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from portal.answers import Header
from portal.served import ServedSchema

SECRET = "dsn=postgres://u:p@h/db"
Info = strawberry.Info["Situation", None]
Finished = strawberry.scalar(name="Finished", serialize=lambda value: value)


@dataclass
class Situation:
    """The context of one operation."""

    name: str | None
    headers: list[Header]
    uses: int = 0


@strawberry.enum
class Colour(Enum):
    RED = "red"


class Raw: ...


@strawberry.type
class Person:
    name: str = "Ann"

    @strawberry.field
    def friends(self) -> list["Person"]:
        return [Person()]

    @strawberry.field
    def best(self) -> "Person":
        return Person()


@strawberry.type
class People:
    nodes: list[Person]


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "you") -> str:
        return f"hello {name}"

    @strawberry.field
    def double(self, number: int) -> int:
        return 2 * number

    @strawberry.field
    def paint(self, colour: Colour) -> str:
        return colour.value

    @strawberry.field
    def viewer(self, info: Info) -> str | None:
        return info.context.name

    @strawberry.field
    def uses(self, info: Info) -> int:
        info.context.uses += 1
        return info.context.uses

    @strawberry.field
    def person(self) -> Person:
        return Person()

    @strawberry.field
    def people(self, first: int = 20) -> People:
        return People(nodes=[Person()] * min(first, 3))

    @strawberry.field
    def boom(self) -> str | None:
        raise RuntimeError(SECRET)

    @strawberry.field
    def refusing(self) -> str | None:
        raise GraphQLError("The cursor is too old.", extensions={"code": "CURSOR_EXPIRED"})

    @strawberry.field
    def unshowable(self) -> int:
        return cast("int", SECRET)

    @strawberry.field
    def finished(self) -> Raw:
        return cast("Raw", orjson.Fragment(b'{"ready":[1,2]}'))

    @strawberry.field
    async def slow(self) -> str:
        await asyncio.sleep(600)
        return "never"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def change(self) -> str:
        return "changed"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self, info: Info, count: int = 3) -> AsyncGenerator[str, None]:
        for number in range(count):
            info.context.uses += 1
            yield f"{info.context.name} {number} {info.context.uses}"

    @strawberry.subscription
    async def forever(self) -> AsyncGenerator[int, None]:
        started.append(1)
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            ended.append(1)

    @strawberry.subscription
    async def flood(self) -> AsyncGenerator[str, None]:
        """More than anybody can hold, for as long as it is taken."""
        started.append(1)
        try:
            while True:
                yield "x" * 1_000
                await asyncio.sleep(0)
        finally:
            ended.append(1)

    @strawberry.subscription
    async def breaking(self) -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError(SECRET)

    @strawberry.subscription
    async def finished(self) -> AsyncGenerator[Raw, None]:
        yield cast("Raw", orjson.Fragment(b'{"ready":true}'))


@strawberry.type
class PublicQuery:
    portal: str = "West Midlands"


@strawberry.type
class PublicMutation:
    @strawberry.mutation
    def sign_in(self, info: Info) -> str:
        info.context.headers.append((b"set-cookie", b"__Host-portal=fresh; Path=/; Secure; HttpOnly"))
        return "welcome"


started: list[int] = []
ended: list[int] = []


def _config() -> StrawberryConfig:
    scalars: dict[object, Any] = {Raw: Finished}
    return StrawberryConfig(scalar_map=scalars)


SCHEMA = ServedSchema(Query, Mutation, Subscription, config=_config())
PUBLIC = ServedSchema(PublicQuery, PublicMutation, config=_config())
