"""Sign-only people: their organisation's agreements with what is attached to them, and nothing else (S-031)."""

from typing import Any
from uuid import UUID

import pytest
from graphql import get_named_type, is_leaf_type, is_required_argument

from models.lifecycle import Role, Side
from schema import schema
from tests.agreeing import Agreeing
from tests.filing import FETCH
from tests.permitted import Permitted
from tests.reading.known import everything
from tests.resolvers.test_ipa import codes
from tests.world import World

THEIRS = {"agreementFee", "ipa", "ipaChanges", "ipaCounts", "ipas", "ipasAwaitingMySignature"}
OF_THEMSELVES = {"viewer", "sessions", "accounts", "mailPreferences", "cursor"}
OF_NOBODY = {"serviceInfo", "gates", "registrationTemplate", "organisations", "verifyAgreement"}
TIMELINE = "{ timeline(first: 100) { nodes { subjectKind } } }"


def question(permitted: Permitted, name: str) -> tuple[str, dict[str, Any]]:
    """Everything that a root field has, of records that are there."""
    query: Any = schema._schema.query_type
    asked = query.fields[name]
    arguments = {n: given for n, given in asked.args.items() if is_required_argument(given) or n == "id"}
    values = {n: permitted._value(name, n, given.type) for n, given in arguments.items()}
    declared = ", ".join(f"${n}: {given.type}" for n, given in arguments.items())
    passed = ", ".join(f"{n}: ${n}" for n in arguments)
    head, call = (f"({declared})", f"({passed})") if arguments else ("", "")
    kind = get_named_type(asked.type)
    return f"query {head} {{ {name}{call} {'' if is_leaf_type(kind) else everything(kind)} }}", values


def is_empty(answer: Any) -> bool:
    return not answer or (isinstance(answer, dict) and answer.get("totalCount") == 0)


# S-031
async def test_every_question_but_those_of_agreements_finds_nothing(world: World) -> None:
    permitted = await Permitted.among(world)
    who = permitted.viewers[Side.PROVIDER, Role.SIGNATORY]
    query: Any = schema._schema.query_type
    told = {}
    for name in query.fields:
        if name not in ("node", "nodes", "timeline", "log"):
            document, values = question(permitted, name)
            told[name] = (await world.gql(who, document, **values))[name]
    found = {name for name, answer in told.items() if not is_empty(answer)}
    assert found == THEIRS | OF_THEMSELVES | OF_NOBODY
    assert [row["id"] for row in told["accounts"]["nodes"]] == [str(who.person_id)]
    assert {row["subjectKind"] for row in (await world.gql(who, TIMELINE))["timeline"]["nodes"]} == {"IPA"}


# S-031
async def test_no_id_leads_anywhere_but_to_an_agreement(world: World) -> None:
    permitted = await Permitted.among(world)
    who = permitted.viewers[Side.PROVIDER, Role.SIGNATORY]
    document = "query ($ids: [UUID!]!) { nodes(ids: $ids) { __typename } }"
    answer = await world.gql(who, document, ids=list(permitted.ids.values()))
    assert [found["__typename"] for found in answer["nodes"] if found] == ["Ipa"]


# S-031, S-114
async def test_they_fetch_what_is_attached_to_an_agreement_and_no_other_file(world: World) -> None:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up):
        await step()
    paper = await agreeing.paper(agreeing.officer.organisation_id, agreeing.officer, "OTHER")
    attached = await agreeing.well(
        agreeing.officer, "ipaAttach", "documentId: $paper", paper=("UUID!", str(paper))
    )  # fmt: skip
    await agreeing.shared()
    await agreeing.ready()
    (document,) = attached["documents"]
    who = agreeing.provider_signatory
    given = (await world.gql(who, FETCH, id=document["id"]))["documentDownload"]
    assert (given["problems"], bool(given["download"]["url"])) == ([], True)
    (offered, *_) = await world.sql("SELECT id FROM offer_document")
    (kept, *_) = await world.sql("SELECT id FROM document WHERE organisation_id = $1", agreeing.firm.id)
    for other in (offered["id"], kept["id"], paper):
        assert codes((await world.gql(who, FETCH, id=str(other)))["documentDownload"]) == ["NOT_FOUND"]


# S-031, S-105, TRUST H5
async def test_they_see_an_agreement_from_the_moment_it_can_be_signed(world: World) -> None:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
        await step()
    who, both = agreeing.provider_signatory, await world.person(agreeing.firm.id, Role.SIGNATORY, Role.MEMBER)
    question = "query ($id: UUID!) { ipa(id: $id) { status } ipas { totalCount } }"
    nothing = {"ipa": None, "ipas": {"totalCount": 0}}
    assert await world.gql(who, question, id=agreeing.ids["ipa"]) == nothing
    assert codes(await agreeing.opened(who)) == ["NOT_FOUND"]
    assert (await world.gql(who, TIMELINE))["timeline"] == {"nodes": []}
    seen = await world.gql(both, question, id=agreeing.ids["ipa"])
    assert seen["ipa"] == {"status": "IN_REVIEW"}
    assert codes(await agreeing.opened(both)) == []
    await agreeing.ready()
    assert (await world.gql(who, question, id=agreeing.ids["ipa"]))["ipa"] == {"status": "READY_TO_SIGN"}
    assert codes(await agreeing.opened(who)) == []
    await agreeing.well(agreeing.officer, "ipaVoid", 'reason: "Names were wrong."')
    assert codes(await agreeing.opened(who)) == []
    assert (await world.gql(who, question, id=agreeing.ids["ipa"]))["ipa"] == {"status": "VOIDED"}


# S-031
@pytest.mark.parametrize("more", [Role.MEMBER, Role.ADMINISTRATOR])
async def test_whoever_holds_another_role_as_well_is_not_sign_only(world: World, more: Role) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    both = await world.person(agreeing.firm.id, Role.SIGNATORY, more)
    seen = await world.gql(both, "{ referrals { totalCount } registration { status } }")
    assert seen == {"referrals": {"totalCount": 1}, "registration": {"status": "APPROVED"}}


# S-031
async def test_the_wall_stands_behind_it(world: World) -> None:
    """Also a portal that forgets to ask whose rows it reads finds nothing but agreements for them."""
    permitted = await Permitted.among(world)
    who = permitted.viewers[Side.PROVIDER, Role.SIGNATORY]
    database: Any = world.shell.database
    async with database.reading(who, world.clock.now) as connection:
        for table in ("referral", "child", "delivery", "thread", "message", "document", "home", "offer_document"):
            assert await connection.fetchval(f"SELECT count(id) FROM {table}") == 0, table
        assert await connection.fetchval("SELECT count(*) FROM person") == 1
        assert [row["id"] for row in await connection.fetch("SELECT id FROM ipa")] == [UUID(permitted.ids["ipa"])]
