"""Whether the database is still the one that its cursors were given out by."""

from typing import Any


async def recognise(connection: Any) -> None:
    """Have the database look, over a connection that nothing has been read by; where it is another, it numbers anew.

    Nobody goes on from a cursor of before a restore, then: its number may stand for another entry by now.
    """
    await connection.execute("select portal_recognise()")
