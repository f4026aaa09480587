"""Execution: graphql-core's, except that finished JSON is passed on as it is, and a cursor is read before the rest."""

from typing import Any

import orjson
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

CURSOR = "cursor"


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Takes an `orjson.Fragment` for any type as its completed value.

    Where the root fields are read one by one, `cursor` is read first: it is never newer than what stands beside it, so
    whoever listens from there on misses nothing, and at most hears of something that they have read already.
    """

    def complete_value(self, return_type: Any, field_nodes: Any, info: Any, path: Any, result: Any, *more: Any) -> Any:
        if type(result) is orjson.Fragment:
            return result
        return super().complete_value(return_type, field_nodes, info, path, result, *more)

    def execute_fields(self, parent_type: Any, source_value: Any, path: Any, fields: Any, *more: Any) -> Any:
        if path is None and parent_type is self.schema.query_type:
            first = {key: details for key, details in fields.items() if details[0].node.name.value == CURSOR}
            if first and len(first) < len(fields):
                rest = {key: details for key, details in fields.items() if key not in first}
                return self._one_after_the_other(parent_type, source_value, (first, rest), tuple(fields), more)
        return super().execute_fields(parent_type, source_value, path, fields, *more)

    async def _one_after_the_other(
        self, parent_type: Any, source_value: Any, parts: Any, order: tuple[str, ...], more: Any
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part in parts:
            results: Any = super().execute_fields(parent_type, source_value, None, part, *more)
            found |= await results if self.is_awaitable(results) else results
        return {key: found[key] for key in order if key in found}
