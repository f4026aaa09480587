"""Anything by its id: what kind of record it is, is found out behind the wall, so that foreign is unknown."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, literal, union_all
from sqlalchemy.types import Uuid

from models.document import Document
from models.home import Home
from models.ipa import Ipa
from models.message import Message, Thread
from models.offer import Offer
from models.person import Person
from models.provider import Provider
from models.referral import Referral
from resolvers.arguments import Arguments
from resolvers.compile import Compiler
from resolvers.context import Info
from resolvers.read import DIALECT, Asked, Me, Plan, fragment, named_values, row_source, written
from resolvers.selection import Selected

NODES: dict[str, Any] = {
    "Referral": Referral,
    "Offer": Offer,
    "Ipa": Ipa,
    "Thread": Thread,
    "Message": Message,
    "Document": Document,
    "Registration": Provider,
    "Home": Home,
    "Person": Person,
}


async def node(info: Info, id: UUID) -> Any:
    """The record as its own type, or null; two statements in one transaction."""
    context = info.context
    raw: Any = info._raw_info
    me, arguments = Me(context.viewer.side, context.viewer.roles), Arguments({"id": id})
    values = named_values(context.viewer, context.now, arguments)
    async with context.shell.database.reading(context.viewer, context.now) as connection:
        which = _which(me)
        name = await connection.fetchval(which.sql, *which.values(values))
        if name is None:
            return None
        selected = Selected(raw.fragments, raw.variable_values)
        kind = raw.schema.get_type(name)
        asked = Asked(raw.field_nodes, kind, raw.fragments, raw.variable_values)
        plan = written(asked, Compiler(selected, me), row_source(NODES[name]), arguments)
        return fragment(await connection.fetchval(plan.sql, *plan.values(values)))


async def nodes(info: Info, ids: list[UUID]) -> list[Any]:
    return [await node(info, id) for id in ids]


def _which(me: Me) -> Plan:
    """The type that this viewer sees under an id."""
    wanted = bindparam("id", type_=Uuid())
    visible = (
        model.visible_to(me).where(model.id == wanted).with_only_columns(literal(name).label("kind"))
        for name, model in NODES.items()
    )
    compiled = union_all(*visible).limit(1).compile(dialect=DIALECT)
    parameters = tuple((name, compiled.binds[name].effective_value) for name in compiled.positiontup or ())
    return Plan(str(compiled), parameters)
