"""Where the viewer's log stands, read in the snapshot of whatever is read beside it."""

from typing import Any

from sqlalchemy import Select, String, cast, func, literal_column, select

from models.event import Epoch, Inbox
from realtime.cursor import MARK

UTF8: Any = literal_column("'UTF8'")
HEX: Any = literal_column("'hex'")
BASE64: Any = literal_column("'base64'")
DOT: Any = literal_column("'.'")


def current(me: Any) -> Select[Any]:
    """The cursor of everything that this snapshot has: what happens after it is not in the snapshot, nothing else."""
    head = select(Inbox.head).where(Inbox.person_id == me.person_id).scalar_subquery()
    life, person = _mark(Epoch.epoch), _mark(Epoch.epoch.concat(cast(me.person_id, String)))
    plain = func.concat_ws(DOT, func.coalesce(head, literal_column("0")), life, person)
    text = func.encode(func.convert_to(plain, UTF8), BASE64)
    return select(func.translate(text, literal_column("'+/='"), literal_column("'-_'"))).select_from(Epoch)


def _mark(text: Any) -> Any:
    """What `realtime.cursor.numbering` makes of it."""
    digest = func.encode(func.sha256(func.convert_to(text, UTF8)), HEX)
    return func.left(digest, literal_column(str(MARK)))
