"""Whoever has read once and listens knows what there is: after every act, from every cursor (S-119)."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from models.lifecycle import Role
from portal import permissions
from schema import schema
from tests.agreeing import Agreeing
from tests.cases import Cases
from tests.listening import Listening
from tests.permitted import Permitted
from tests.world import Care, World

LIST = "{ notifications(first: 100) { nodes { id kind title } } }"
READ = "mutation ($id: UUID!) { notificationRead(id: $id) { unread problems { code } } }"
READ_ALL = "mutation ($to: String!) { notificationsRead(upTo: $to) { unread problems { code } } }"


@pytest_asyncio.fixture(loop_scope="session")
async def listening(world: World) -> AsyncIterator[Listening]:
    async with Listening.to(world) as listening:
        yield listening


# S-058, S-059, S-060, S-063, S-069, S-119
async def test_a_referral_and_its_conversations_from_the_sending_to_the_closing(
    world: World, listening: Listening
) -> None:
    cases = Cases(world)
    officer, reader = await cases.officer(), await cases.officer("Birmingham", Role.READ_ONLY)
    older, younger = await world.provider(Care(ages=(12, 17))), await world.provider(Care(ages=(0, 11)))
    loses, gains = await cases.member(older), await cases.member(younger)
    await cases.member(older, Role.SIGNATORY)
    await listening.agrees()
    id = await cases.sent(officer)
    await cases.resent(officer, id)
    thread = await cases.thread(id, older)
    for who in (officer, loses, officer):
        await cases.act(who, "messageSend", threadId=thread, input={"body": "Which school?"})
    for who, to in ((reader, 1), (loses, 1), (loses, 3), (loses, 2), (officer, 3)):
        await cases.act(who, "threadRead", id=thread, upTo=to)
    await cases.act(officer, "messageSend", threadId=thread, input={"body": "And which bus?"})
    (child,) = (await cases.seen(officer, "Referral", id))["children"]
    await cases.resent(officer, id, children=[{"id": child["id"], "dateOfBirth": "2018-05-14"}])
    await cases.act(gains, "referralDecline", id=id, revision=2)
    await cases.resent(officer, id, children=[{"id": child["id"], "dateOfBirth": "2012-05-14"}])
    await cases.act(loses, "threadRead", id=thread, upTo=4)
    await cases.on_referral(officer, "referralClose", id, reason="WITHDRAWN")


# S-028, S-119
async def test_what_is_marked_as_read_singly_and_all_at_once(world: World, listening: Listening) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    await world.person(agreeing.firm.id, Role.MEMBER)
    await agreeing.offered()
    await agreeing.accepted()
    for who in (agreeing.member, agreeing.officer):
        first = (await world.gql(who, LIST))["notifications"]["nodes"][-1]
        for _ in range(2):
            await world.gql(who, READ, id=first["id"])
        cursor = listening.kept[who.person_id][-1].cursor
        for _ in range(2):
            await world.gql(who, READ_ALL, to=cursor)


# S-119
async def test_an_agreement_from_the_offer_to_its_voiding(world: World, listening: Listening) -> None:
    agreeing = await (await Agreeing.among(world)).to_sign()
    for who in (agreeing.provider_signatory, agreeing.authority_signatory):
        await agreeing.sign(who)
    await agreeing.well(agreeing.officer, "ipaVoid", 'reason: "Names were wrong."')
    assert {"offerSubmit", "offerAccept", "ipaShare", "ipaEnable", "ipaSign", "ipaVoid"} <= listening.done


# S-119
async def test_every_act_of_the_contract_as_whoever_may_take_it(world: World) -> None:
    permitted, asked = await Permitted.among(world), set()
    async with Listening.to(world, every=9):
        for name, public in sorted(permissions.acts(), key=lambda names: names[1] == "signOut"):
            right = permissions.right_of(name)
            assert right is not None
            may = next(viewer for column, viewer in permitted.viewers.items() if right.of(*column))
            await permitted.refusals(may, public)
            asked.add(public)
    assert schema._schema.mutation_type is not None
    assert asked == set(schema._schema.mutation_type.fields)


async def test_a_change_that_nobody_was_told_of_is_noticed(world: World, listening: Listening) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    silently = "UPDATE inbox_entry SET read_at = now() WHERE person_id = $1"
    await world.sql(silently, agreeing.member.person_id)
    with pytest.raises(AssertionError):
        await listening.agrees()
    await world.sql(silently.replace("now()", "NULL"), agreeing.member.person_id)
