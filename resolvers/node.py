"""Anything by its id: what kind of record it is, is found out behind the wall, so that foreign is unknown."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from graphql import GraphQLError
from sqlalchemy import bindparam, literal, union_all
from sqlalchemy.types import Uuid

from models.delegation import Delegation
from models.document import Document
from models.home import Home
from models.ipa import Ipa
from models.message import Message, Thread
from models.offer import Offer
from models.person import Person
from models.provider import Provider
from models.referral import Referral
from models.uplift import Uplift
from resolvers.arguments import Arguments
from resolvers.context import Context, Info
from resolvers.ports import Connection
from resolvers.read import DIALECT, Asked, Me, Plan, fragment, named_values, row_source, told_to_client

MOST = 100
NODES: dict[str, Any] = {
    "Referral": Referral,
    "Offer": Offer,
    "Ipa": Ipa,
    "Thread": Thread,
    "Message": Message,
    "Document": Document,
    "Delegation": Delegation,
    "Registration": Provider,
    "Home": Home,
    "Person": Person,
    "Uplift": Uplift,
}
SOURCES = {name: row_source(model) for name, model in NODES.items()}
SOURCES["Document"] = lambda me, id: Document.readable_by(me).where(Document.id == id)  # others' too, to read alone


async def node(info: Info, id: UUID) -> Any:
    """The record as its own type, or null; two statements in one transaction."""
    (found,) = await nodes(info, [id])
    return found


async def nodes(info: Info, ids: list[UUID]) -> list[Any]:
    """Several records in the order asked for, at most a hundred, all of one moment."""
    if len(ids) > MOST:
        raise GraphQLError(f"Ask for at most {MOST} at once.", extensions={"code": "OPERATION_TOO_LARGE"})
    context = info.context
    with told_to_client():
        async with context.shell.database.reading(context.viewer, context.now) as connection:
            return [await _node(context, connection, info._raw_info, id) for id in ids]


async def _node(context: Context, connection: Connection, raw: Any, id: UUID) -> Any:
    viewer, arguments = context.viewer, Arguments({"id": id})
    values = named_values(viewer, context.now, arguments)
    which = _which(Me(viewer.side, viewer.roles))
    name = await connection.fetchval(which.sql, *which.values(values))
    if name is None:
        return None
    asked = Asked(raw.field_nodes, raw.schema.get_type(name), raw.fragments, raw.variable_values)
    plan = context.shell.reader.plan(asked, viewer, SOURCES[name], arguments)
    return fragment(await connection.fetchval(plan.sql, *plan.values(values)))


@lru_cache(maxsize=100)
def _which(me: Me) -> Plan:
    """The type that this viewer sees under an id."""
    wanted = bindparam("id", type_=Uuid())
    visible = (
        SOURCES[name](me, wanted).with_only_columns(literal(name).label("kind"))
        for name in NODES
        if not (me.sign_only and name == "Offer")
    )
    compiled = union_all(*visible).limit(1).compile(dialect=DIALECT)
    parameters = tuple((name, compiled.binds[name].effective_value) for name in compiled.positiontup or ())
    return Plan(str(compiled), parameters)
