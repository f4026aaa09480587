"""Documents read once: parsed, weighed, validated, compiled where that is possible, and kept while they are in use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSyntaxError,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from models.person import Viewer
from portal.answers import RequestRefused, refused
from portal.body import Call
from portal.incidents import without_suggestion
from portal.limits import TOKENS, allowance_of, check_shape, check_size, introspects, too_large
from portal.scales import Scales, number
from portal.served import ServedSchema
from portal.weights import Weight

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
MOST_FAULTS = 20
KEPT_LENGTH = 16_384
ABORTED = ("contains more than", "nested too deeply", "comments")


class FastOperation(Protocol):
    """An operation that needs no executor: compiled once per document and name, run once per request."""

    async def run(self, context: Any, variables: Mapping[str, Any], /) -> bytes | None:
        """The finished JSON of `data`; None to leave this run to the executor, which also reports bad variables."""


Compile = Callable[[DocumentNode, str | None], FastOperation | None]


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One operation of a valid document, with everything about it that no request can change."""

    schema: ServedSchema
    document: DocumentNode
    text: str
    name: str | None
    kind: OperationType
    fast: FastOperation | None
    definition: OperationDefinitionNode


class Document:
    """A document that parses; what else is wrong with it is found when first asked for."""

    def __init__(self, schema: ServedSchema, compile_: Compile | None, text: str) -> None:
        self._schema = schema
        self._compile = compile_
        self.text = text
        self.tree = _parsed(text)
        self.definitions = {
            node.name.value if node.name else None: node
            for node in self.tree.definitions
            if isinstance(node, OperationDefinitionNode)
        }
        self.defaults: dict[str | None, dict[str, int]] = {}
        self._operations: dict[str | None, Operation] = {}

    @cached_property
    def weights(self) -> dict[str | None, Weight]:
        scales = Scales(self._schema.graphql, self.tree)
        return {name: scales.weigh(node) for name, node in self.definitions.items()}

    @cached_property
    def faults(self) -> list[GraphQLError]:
        found = validate(self._schema.graphql, self.tree, RULES, max_errors=MOST_FAULTS, hide_suggestions=True)
        return [_coded(error, "GRAPHQL_VALIDATION_FAILED") for error in found]

    def name_of(self, wanted: str | None) -> str | None:
        """The name of the operation to run; refused where there is none, or several and none was chosen."""
        if wanted is None and len(self.definitions) == 1:
            return next(iter(self.definitions))
        if wanted is None or wanted not in self.definitions:
            raise refused(400, "BAD_REQUEST", "Give in `operationName` which operation of the document to run.")
        return wanted

    def defaults_of(self, name: str | None) -> dict[str, int]:
        """The whole numbers that variables of the operation have when a request gives none."""
        return {
            variable.variable.name.value: number(variable.default_value)
            for variable in self.definitions[name].variable_definitions or ()
            if isinstance(variable.default_value, IntValueNode)
        }

    def operation(self, name: str | None) -> Operation:
        if name not in self._operations:
            node = self.definitions[name]
            kind = node.operation
            compiles = self._compile if kind is OperationType.QUERY else None
            fast = compiles(self.tree, name) if compiles else None
            self._operations[name] = Operation(self._schema, self.tree, self.text, name, kind, fast, node)
        return self._operations[name]


class Operations:
    """What one schema is asked: prepares a call for execution, and remembers the documents it has seen."""

    def __init__(self, schema: ServedSchema, compile_: Compile | None = None, *, keep: int = 256) -> None:
        self.schema = schema
        self._compile = compile_
        self._kept = lru_cache(maxsize=keep)(self._read)

    def prepare(self, call: Call, viewer: Viewer | None) -> Operation:
        """The operation to run, within the limits of `viewer` and valid; refusals are 400 with their code.

        Nobody who is not signed in may introspect: to them such a document is as invalid as an unknown field.
        """
        document = self._kept(call.query) if len(call.query) <= KEPT_LENGTH else self._read(call.query)
        name = document.name_of(call.operation_name)
        weight = document.weights[name]
        if name not in document.defaults:
            check_shape(document.definitions[name].operation, weight)
            document.defaults[name] = document.defaults_of(name)
        check_size(weight, allowance_of(viewer), {**document.defaults[name], **call.variables})
        if document.faults:
            raise RequestRefused(400, document.faults, about_document=True)
        if viewer is None and introspects(weight):
            raise refused(400, "GRAPHQL_VALIDATION_FAILED", "Introspection is for those who are signed in.")
        return document.operation(name)

    def _read(self, text: str) -> Document:
        return Document(self.schema, self._compile, text)


def _parsed(text: str) -> DocumentNode:
    try:
        return parse(text, max_lexical_tokens=TOKENS, max_comments=TOKENS)
    except GraphQLSyntaxError as error:
        if any(reason in error.message for reason in ABORTED):
            raise too_large(
                "document", f"A document may have {TOKENS} tokens and be 200 levels deep at most."
            ) from None
        raise RequestRefused(400, [_coded(error, "GRAPHQL_PARSE_FAILED")], about_document=True) from None


def _coded(error: GraphQLError, code: str) -> GraphQLError:
    return GraphQLError(
        without_suggestion(error.message),
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        extensions={"code": code},
    )
