"""What can be asked: builds the contract, nothing else."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema import enums  # noqa: F401
from schema.executor import Executor
from schema.mutation import Mutation
from schema.problems import AlreadyExists, NotYetAvailable, Refusal, StaleVersion, WrongState
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription

CONFIG = StrawberryConfig(disable_field_suggestions=True, scalar_map=SCALARS)
PROBLEMS = [Refusal, StaleVersion, WrongState, AlreadyExists, NotYetAvailable]
schema = strawberry.Schema(Query, Mutation, Subscription, types=PROBLEMS, config=CONFIG, execution_context_class=Executor)
