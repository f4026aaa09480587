"""By how many processes a portal may be served, and whether its database has room for their connections."""

from typing import Any, Final

MOST: Final = 64
CONNECTIONS: Final = 38
"""What one process takes at most: 16 for reads, 16 for acts, 3 for the hub, 2 for hints, and one to spare."""
ROOM = """
SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
     - current_setting('reserved_connections')::int
"""


async def crowd(connection: Any, count: int) -> list[str]:
    """That so many processes may want more connections than their database gives, where it is so."""
    room = await connection.fetchval(ROOM)
    if count * CONNECTIONS <= room:
        return []
    return [
        f"{count} processes may take up to {count * CONNECTIONS} connections to the database, which has {room}: "
        "raise max_connections, or serve by fewer."
    ]
