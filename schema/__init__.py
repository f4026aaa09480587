"""What can be asked: builds the contract, nothing else."""

from typing import TypeVar

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema import enums  # noqa: F401
from schema.executor import Executor
from schema.mutation import Mutation
from schema.problems import Problem
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription
from schema.values import with_words

CONFIG = StrawberryConfig(disable_field_suggestions=True, scalar_map=SCALARS)
PROBLEMS = Problem.__subclasses__()
S = TypeVar("S", bound=strawberry.Schema)


def built(kind: type[S]) -> S:
    """The contract of signed-in clients, as a schema of that kind."""
    contract = kind(Query, Mutation, Subscription, types=PROBLEMS, config=CONFIG, execution_context_class=Executor)
    return with_words(contract)


schema = built(strawberry.Schema)
