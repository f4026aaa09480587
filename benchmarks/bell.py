"""One person who has been told very much: what the bell reads of it (docs: benchmarks/README.md)."""

from pathlib import Path
from typing import Any

from models.person import Viewer

SQL = Path(__file__).with_suffix(".sql")
SHOWN = "id no kind title reference subjectId concernsId at readAt"
LIST = f"""query ($filter: NotificationFilter, $unread: Boolean!, $first: Int!, $after: String) {{
  notifications(filter: $filter, unreadOnly: $unread, first: $first, after: $after) {{
    nodes {{ {SHOWN} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
GROUPED = """query ($filter: NotificationFilter, $unread: Boolean!, $first: Int!, $after: String) {
  notificationGroups(filter: $filter, unreadOnly: $unread, first: $first, after: $after) {
    nodes { kind concernsId title reference count unread newestNo newestAt oldestAt }
    pageInfo { hasNextPage endCursor } } }"""


async def ring(owner: Any, reader: Viewer, many: int) -> None:
    """Tells a reader that many things more, of which the newest fifth is unread."""
    statements = SQL.read_text().replace(":reader", f"'{reader.person_id}'::uuid").replace(":many", str(many))
    await owner.execute("SET synchronous_commit = on")  # so that all of it can be marked as visible to all
    await owner.execute(statements)
    await owner.execute("VACUUM ANALYZE inbox_entry, event")
