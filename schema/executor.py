"""Execution: graphql-core's, except that finished JSON is passed on as it is."""

from typing import Any

import orjson
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Takes an `orjson.Fragment` for any type as its completed value."""

    def complete_value(self, return_type: Any, field_nodes: Any, info: Any, path: Any, result: Any, *more: Any) -> Any:
        if type(result) is orjson.Fragment:
            return result
        return super().complete_value(return_type, field_nodes, info, path, result, *more)
