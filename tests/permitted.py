"""Every act of the contract, asked for with arguments that are there: what is refused then is refused to the person."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)

from models.lifecycle import Role, Side
from models.person import ROLES_OF, Viewer
from schema import schema
from tests.authorising import Authorising
from tests.workbooks import Workbooks
from tests.world import World

SAMPLES: dict[str, Any] = {
    "String": "Words", "Int": 1, "Float": 1.0, "Boolean": True, "Date": "2026-07-01", "Decimal": "100.00",
    "DateTime": "2026-07-01T09:00:00Z", "UUID": "",
}  # fmt: skip
BY_NAME = {"sha256": "ab" * 32, "byteSize": 9, "code": "000000", "contentHash": "0" * 64, "postcode": "B1 1AA"}
BY_PREFIX = {
    "referral": "referral", "offer": "offer", "ipa": "ipa", "account": "account", "registration": "firm",
    "delegation": "delegation", "home": "home", "document": "document", "thread": "thread", "uplift": "uplift",
}  # fmt: skip


@dataclass
class Permitted:
    """An agreement that is ready, ids of all there is, and one person for each role at its parties and the region."""

    world: World
    ids: dict[str, str]
    viewers: dict[tuple[Side, Role], Viewer] = field(default_factory=dict)

    @classmethod
    async def among(cls, world: World) -> "Permitted":
        world.shell = replace(world.shell, workbooks=Workbooks())
        case = await Authorising.for_party(world)
        agreeing = case.agreeing
        where = {
            Side.LOCAL_AUTHORITY: agreeing.officer.organisation_id,
            Side.PROVIDER: agreeing.firm.id,
            Side.REGION: await world.region(),
        }
        someone = await world.person(agreeing.firm.id, Role.MEMBER, name="Some One")
        (thread,) = await world.sql("SELECT id FROM thread")
        ids = {
            **{name: agreeing.ids[name] for name in ("referral", "offer", "ipa", "child")},
            "account": str(someone.person_id), "firm": str(agreeing.firm.id), "home": str(agreeing.firm.homes[0]),
            "delegation": (await case.given())["id"], "thread": str(thread["id"]),
            "document": str(await agreeing.paper(agreeing.firm.id, agreeing.member, "OTHER")),
        }  # fmt: skip
        made = cls(world, ids)
        for side, roles in ROLES_OF.items():
            for role in sorted(roles):
                made.viewers[side, role] = await made._viewer(where[side], role)
        return made

    async def _viewer(self, organisation: UUID, role: Role) -> Viewer:
        if role is not Role.MACHINE:
            return await self.world.person(organisation, role)
        made = await self.world.person(organisation, Role.READ_ONLY)
        await self.world.sql("UPDATE person SET roles = '{MACHINE}' WHERE id = $1", made.person_id)
        return Viewer(
            made.person_id, organisation, made.side, frozenset({role}), made.session_id, made.name, None,
            made.organisation_name, made.expires_at,
        )  # fmt: skip

    async def refusals(self, who: Viewer, act: str) -> list[str]:
        """The codes with which that act is refused to somebody."""
        mutation: Any = schema._schema.mutation_type
        arguments = {name: given for name, given in mutation.fields[act].args.items() if is_required_argument(given)}
        declared = ", ".join(f"${name}: {given.type}" for name, given in arguments.items())
        passed = ", ".join(f"{name}: ${name}" for name in arguments)
        head, call = (f"({declared})", f"({passed})") if arguments else ("", "")
        document = f"mutation {head} {{ {act}{call} {{ problems {{ code }} }} }}"
        values = {name: self._value(act, name, given.type) for name, given in arguments.items()}
        payload = (await self.world.gql(who, document, **values))[act]
        return [problem["code"] for problem in payload["problems"]]

    def _value(self, act: str, name: str, kind: Any) -> Any:
        kind = get_nullable_type(kind)
        if is_list_type(kind):
            return [self._value(act, name, kind.of_type)]
        kind = get_named_type(kind)
        if isinstance(kind, GraphQLEnumType):
            return "SIGNATORY" if name == "roles" else next(iter(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return self._input(act, kind)
        return self._id(act, name) if kind.name == "UUID" else self._plain(name, kind.name)

    def _input(self, act: str, kind: GraphQLInputObjectType) -> dict[str, Any]:
        wanted = {name: given for name, given in kind.fields.items() if is_required_input_field(given)}
        if kind.extensions["strawberry-definition"].is_one_of:
            wanted = dict([next(iter(kind.fields.items()))])
        return {name: self._value(act, name, given.type) for name, given in wanted.items()}

    def _plain(self, name: str, kind: str) -> Any:
        if name == "email":
            return f"{uuid4().hex}@example.org"
        return BY_NAME.get(name, SAMPLES[kind])

    def _id(self, act: str, name: str) -> str:
        """The id that an argument asks for, of something that is there."""
        if name == "idempotencyKey":
            return str(uuid4())
        if name == "delegateId":
            return self.ids["account"]
        noun = name.removesuffix("Id") if name != "id" else next((n for n in BY_PREFIX if act.startswith(n)), "")
        return self.ids.get(BY_PREFIX.get(noun, noun), str(uuid4()))
