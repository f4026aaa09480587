"""GraphQL documents written from the contract itself: the arguments given, with the types it declares for them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from graphql import GraphQLObjectType, OperationType

from portal.body import Call
from portal.operations import Operation, Operations
from portal.served import ServedSchema

KEY = "idempotencyKey"


class Contract:
    """One schema, and the documents that the demonstration asks of it, within the limits that hold for everybody."""

    def __init__(self, schema: ServedSchema) -> None:
        self.schema = schema
        self._operations = Operations(schema)
        self.act = lru_cache(maxsize=None)(self._act)

    def takes_key(self, act: str) -> bool:
        return KEY in self._mutations.fields[act].args

    def read(self, text: str) -> Operation:
        """Prepared as for a stranger; what somebody may see is decided when it runs."""
        return self._operations.prepare(Call(text, {}, None), None)

    def _act(self, name: str, given: tuple[str, ...], selection: str) -> Operation:
        """The mutation with these arguments; its `problems` are always asked for."""
        field = self._mutations.fields[name]
        declared = _listed(f"${argument}: {field.args[argument].type}" for argument in given)
        passed = _listed(f"{argument}: ${argument}" for argument in given)
        return self.read(f"mutation{declared} {{ {name}{passed} {{ {selection} problems {{ code message }} }} }}")

    @property
    def _mutations(self) -> GraphQLObjectType:
        root = self.schema.graphql.get_root_type(OperationType.MUTATION)
        assert root is not None
        return root


def _listed(parts: Iterable[str]) -> str:
    """In brackets, where there are any."""
    inside = ", ".join(parts)
    return f"({inside})" if inside else ""
