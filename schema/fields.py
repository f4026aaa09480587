"""How a field is tied to what answers it: records shown, values shown, reads, acts and streams."""

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform
from uuid import UUID

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.types import get_object_definition
from strawberry.types.arguments import StrawberryArgument

from models.refusal import Refused, refuse_all
from resolvers.act import Answer, Deed, Guard, perform, unguarded
from resolvers.compile import PLAIN, RECORDS, VALUES
from resolvers.inputs import faults_of
from resolvers.pages import PAGES
from resolvers.read import reading, told_to_client
from resolvers.record import found, shown_record
from resolvers.stream import Look, Stream, listening
from schema.arguments import worded
from schema.problems import problems_of

T = TypeVar("T")
FOUND_BY_NAME: dict[str, type] = {}


def told(description: str, name: str | None = None) -> Any:
    """A field that a column, relationship or expression of the record gives, in words; `name` is its public one."""
    return strawberry.field(description=description, name=name)


@dataclass_transform(kw_only_default=True, field_specifiers=(told,))
def shows(record: type, description: str) -> Callable[[type[T]], type[T]]:
    """A GraphQL type over a record. On import every field is held against the record's columns and expressions."""

    def decorate(cls: type[T]) -> type[T]:
        made = strawberry.type(cls, description=description)
        definition = get_object_definition(made, strict=True)
        missing = [f.python_name for f in definition.fields if not hasattr(record, f.python_name)]
        silent = [f.python_name for f in definition.fields if not f.description]
        if missing or silent:
            raise TypeError(f"{cls.__name__}: {record.__name__} lacks {missing}; without description: {silent}")
        RECORDS[cls.__name__] = record
        FOUND_BY_NAME[record.__name__] = record
        return made

    return decorate


@dataclass_transform(kw_only_default=True, field_specifiers=(told,))
def value(description: str, plain: str | None = None) -> Callable[[type[T]], type[T]]:
    """A GraphQL type over a part of a JSON document, whose keys are the field names of the contract.

    `plain` names the field that the whole part is where it is kept as plain text.
    """

    def decorate(cls: type[T]) -> type[T]:
        made = strawberry.type(cls, description=description)
        silent = [f.python_name for f in get_object_definition(made, strict=True).fields if not f.description]
        if silent:
            raise TypeError(f"{cls.__name__}: without description: {silent}")
        VALUES.add(cls.__name__)
        if plain:
            PLAIN[cls.__name__] = plain
        return made

    return decorate


@dataclass_transform(kw_only_default=True, field_specifiers=(told,))
def happens(event: type, description: str) -> Callable[[type[T]], type[T]]:
    """A GraphQL type over an event of a stream, told apart from the others of its union by its class."""

    def decorate(cls: type[T]) -> type[T]:
        cls.is_type_of = staticmethod(lambda shown, info: isinstance(shown, event))  # type: ignore[attr-defined]
        return strawberry.type(cls, description=description)

    return decorate


def connection(node: str, description: str) -> Callable[[type[T]], type[T]]:
    """A connection whose nodes are of the named type."""

    def decorate(cls: type[T]) -> type[T]:
        PAGES[cls.__name__] = node
        return strawberry.type(cls, description=description)

    return decorate


def read(source: Callable[..., Any], description: str) -> Any:
    """A root field answered by one compiled statement over the rows its source names."""
    return worded(strawberry.field(resolver=reading(source), description=description, metadata={"source": source}))


def ask(resolver: Callable[..., Any], description: str) -> Any:
    """A root field with an ordinary resolver: what no statement can give."""
    return worded(strawberry.field(resolver=resolver, description=description))


def listen(stream: Stream, description: str, look: Look | None = None) -> Any:
    """A subscription to a stream, which is kept in the field's metadata for who serves it without the executor.

    With a `look`, it is to one thing, which is looked for before it is listened for.
    """
    resolver, metadata = listening(stream, look), {"stream": stream, "look": look}
    return worded(strawberry.subscription(resolver=resolver, description=description, metadata=metadata))


def act(resolver: Callable[..., Any], description: str, *, key: bool | None = False, guard: Guard = unguarded) -> Any:
    """A mutation: one act, one transaction; refusals come back as `problems`.

    `key` True makes `idempotencyKey` compulsory, False lets it be left out, None leaves it out of the contract. `guard`
    stands around the whole act, outside its transaction: what it remembers outlives a refusal.
    """
    return worded(strawberry.mutation(resolver=resolver, description=description, extensions=[Act(key, guard)]))


class Act(FieldExtension):
    """Runs a resolver as one act and answers with its payload, whose record is read in the act's own transaction."""

    def __init__(self, key: bool | None, guard: Guard) -> None:
        self.key = key
        self.guard = guard
        self.name = ""

    def apply(self, field: Any) -> None:
        self.name = field.python_name or field.base_resolver.name
        if self.key is not None:
            kind = UUID if self.key else UUID | None
            more: Any = {} if self.key else {"default": None}
            argument = StrawberryArgument(
                "idempotency_key",
                None,
                StrawberryAnnotation(kind),
                description="The same key with the same arguments gives the first result again.",
                **more,
            )
            field.arguments = [*field.arguments, argument]

    async def resolve_async(self, next_: Any, source: Any, info: strawberry.Info, **arguments: Any) -> Any:
        key = arguments.pop("idempotency_key", None)
        kind: Any = info._field.type
        shown_in = payload_field(kind)

        async def run() -> Any:
            return await next_(source, info, **arguments)

        async def show(answer: Answer) -> Any:
            record = await shown_record(info, answer.record, shown_in) if shown_in and answer.record else None
            given = {shown_in: record} if shown_in else {}
            return kind(**given, **answer.more, problems=[])

        with told_to_client():
            try:
                refuse_all(faults_of(arguments, info.context.now))
                async with self.guard(info.context, arguments) as info.context.proof:
                    return await perform(info.context, Deed(self.name, key, arguments, run, show, found))
            except Refused as refused:
                return kind(problems=problems_of(refused))


def payload_field(kind: Any) -> str | None:
    """The field of a payload that shows the record of the act."""
    for field in get_object_definition(kind, strict=True).fields:
        inner = getattr(field.type, "of_type", field.type)
        definition = None if field.base_resolver else get_object_definition(inner)
        if definition is not None and definition.name in RECORDS:
            return str(field.python_name)
    return None
