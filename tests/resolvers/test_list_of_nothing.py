"""A list that is filtered by none of the possible values holds nothing, whatever the filter is."""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLArgument, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, get_named_type

from models.lifecycle import Role
from tests.cases import CONTRACT, Cases
from tests.world import World


def lists_in(name: str, argument: Any) -> Iterator[str]:
    """Every way of giving an empty list with this argument."""
    kind = argument.type.of_type if isinstance(argument.type, GraphQLNonNull) else argument.type
    if isinstance(kind, GraphQLList):
        yield f"{name}: []"
    elif isinstance(kind, GraphQLInputObjectType):
        for inner, field in kind.fields.items():
            yield from (f"{name}: {{{each}}}" for each in lists_in(inner, field))


def filters() -> list[tuple[str, str]]:
    """Every filter of every paged list that takes a list of values."""
    assert CONTRACT.query_type
    return [
        (root, given)
        for root, field in CONTRACT.query_type.fields.items()
        if "totalCount" in getattr(get_named_type(field.type), "fields", ())
        for name, argument in field.args.items()
        if isinstance(argument, GraphQLArgument)
        for given in lists_in(name, argument)
    ]


async def test_nothing_is_one_of_no_values(world: World) -> None:
    cases, found = Cases(world), filters()
    assert {("referrals", "filter: {authorityId: []}"), ("offers", "filter: {status: []}")} <= set(found)
    officer, member = await cases.officer(), await cases.member(await world.provider())
    await cases.sent(officer)
    reviewer = await world.person(await world.region(), Role.REGION_ADMIN)
    administrator = await world.person(officer.organisation_id, Role.ADMINISTRATOR)
    for who in (officer, member, reviewer, administrator):
        for root, given in found:
            answer = await world.gql(who, f"{{ {root}({given}) {{ totalCount nodes {{ __typename }} }} }}")
            assert answer[root] == {"totalCount": 0, "nodes": []}, (root, given)
