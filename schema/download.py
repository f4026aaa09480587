"""Where a file's bytes can be fetched."""

from datetime import datetime

import strawberry


@strawberry.type(description="Leave to fetch a file's bytes once, with a plain GET.")
class Download:
    url: str = strawberry.field(description="The address; it works once.")
    expires_at: datetime = strawberry.field(description="Until when.")
