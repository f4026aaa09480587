"""The schema as it is served: runs operations that are prepared already, and shows no fault of ours to anybody."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import strawberry
from graphql import DocumentNode, GraphQLError, GraphQLSchema
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext, ExecutionResult

from portal.incidents import masked

if TYPE_CHECKING:
    from portal.operations import Operation

_handed_over: ContextVar[DocumentNode | None] = ContextVar("handed_over", default=None)


class Prepared(SchemaExtension):
    """Gives the executor a document that is parsed and validated, so that neither happens twice."""

    def __init__(self, document: DocumentNode) -> None:
        self.document = document

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = self.document
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = []
        yield


class ServedSchema(strawberry.Schema):
    """A Strawberry schema that can be handed prepared operations."""

    @property
    def graphql(self) -> GraphQLSchema:
        return self._schema

    def get_extensions(self, sync: bool = False) -> list[SchemaExtension]:
        document = _handed_over.get()
        return [*([Prepared(document)] if document else []), *super().get_extensions(sync)]

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing here: the framework would print lines of the query; `masked` logs the fault behind the error."""

    async def perform(self, operation: "Operation", variables: Mapping[str, Any], context: object) -> ExecutionResult:
        """The result of a query or mutation, its errors as clients may see them."""
        with _handing_over(operation):
            result = await self.execute(
                operation.text, dict(variables), context_value=context, operation_name=operation.name
            )
        return _shown(result)

    async def follow(
        self, operation: "Operation", variables: Mapping[str, Any], context: object
    ) -> AsyncGenerator[ExecutionResult, None]:
        """The results of a subscription one by one; a `PreExecutionError` where it could not begin."""
        with _handing_over(operation):
            source = await self.stream(
                operation.text, dict(variables), context_value=context, operation_name=operation.name
            )
        async with aclosing(source):
            async for result in source:
                if isinstance(result, ExecutionResult):
                    yield _shown(result)


@contextmanager
def _handing_over(operation: "Operation") -> Iterator[None]:
    token = _handed_over.set(operation.document)
    try:
        yield
    finally:
        _handed_over.reset(token)


def _shown(result: ExecutionResult) -> ExecutionResult:
    if result.errors:
        result.errors = masked(result.errors)
    return result
