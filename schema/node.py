"""What can be fetched again by its id."""

from uuid import UUID

import strawberry


@strawberry.interface(description="Anything that can be fetched again by its id.")
class Node:
    id: UUID = strawberry.field(description="Its id.")
