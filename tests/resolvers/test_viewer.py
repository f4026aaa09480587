"""What waits for a person, at a glance and in one statement."""

from uuid import uuid4

import pytest

from models.lifecycle import Role
from models.person import Viewer
from tests.agreeing import PROBLEMS, Agreeing
from tests.world import World

NUMBERS = (
    "newReferrals", "unreadMessages", "offersAwaiting", "ipasToReview", "ipasToSign", "unreadNotifications",
    "registrationsAwaiting", "accountsAwaiting", "expiringDocuments", "upliftsToAnswer",
    "ipasToCorrect", "ipasToEnable", "registrationChangesAwaiting",
)  # fmt: skip
PENDING = f"{{ viewer {{ name roles person {{ name organisation {{ name }} }} pending {{ {' '.join(NUMBERS)} }} }} }}"
THREADS = "{ threads(filter: {empty: true}) { nodes { id } } }"
SEND = f"""mutation ($id: UUID!, $key: UUID!) {{
  messageSend(threadId: $id, input: {{body: "Which school?"}}, idempotencyKey: $key) {{ {PROBLEMS} }} }}"""


async def pending(world: World, viewer: Viewer) -> dict[str, int]:
    """The numbers that are not 0, but for notifications, which have tests of their own."""
    numbers = (await world.gql(viewer, PENDING))["viewer"]["pending"]
    return {name: n for name, n in numbers.items() if n and name != "unreadNotifications"}


@pytest.mark.parametrize(
    ("organisation", "role"),
    [
        *(("authority", role) for role in Role if role not in (Role.MEMBER, Role.REGION_ADMIN, Role.MACHINE)),
        *(("provider", role) for role in (Role.MEMBER, Role.SIGNATORY, Role.ADMINISTRATOR)),
        ("region", Role.REGION_ADMIN),
    ],
)
async def test_nothing_waits_for_anybody_in_an_empty_world(world: World, organisation: str, role: Role) -> None:
    # S-052
    where = {"authority": world.authority, "region": world.region}
    at = await where[organisation]() if organisation in where else (await world.provider()).id
    viewer = await world.person(at, role, name="Somebody")
    seen = (await world.gql(viewer, PENDING))["viewer"]
    assert seen["pending"] == dict.fromkeys(NUMBERS, 0)
    assert seen["name"] == seen["person"]["name"] == "Somebody"
    assert seen["roles"] == [role.value]


async def test_each_number_stands_with_those_whose_turn_it_is(world: World) -> None:
    # S-052
    case = await Agreeing.among(world)
    officer, member = case.officer, case.member
    await (await case.referred()).referred()
    assert await pending(world, member) == {"newReferrals": 2}
    for thread in (await world.gql(officer, THREADS))["threads"]["nodes"]:
        await world.do(officer, SEND, id=thread["id"], key=str(uuid4()))
    assert await pending(world, member) == {"newReferrals": 2, "unreadMessages": 2}
    await case.offered()
    assert await pending(world, member) == {"newReferrals": 1, "unreadMessages": 2}
    assert await pending(world, officer) == {"offersAwaiting": 1}
    for step in (case.accepted, case.drawn_up, case.shared):
        await step()
    assert await pending(world, officer) == {}
    assert (await pending(world, member))["ipasToReview"] == 1
    await case.well(member, "ipaRequestCorrection", 'reason: "The first day is the 3rd."')
    assert await pending(world, officer) == {"ipasToCorrect": 1}
    await case.well(member, "ipaConfirmReview")
    assert await pending(world, officer) == {"ipasToEnable": 1}
    await case.ready()
    for signer in (case.authority_signatory, case.provider_signatory):
        assert await pending(world, signer) == {"ipasToSign": 1}
        await case.opened(signer)
    assert "ipasToSign" not in {**await pending(world, officer), **await pending(world, member)}
    assert (await case.sign(case.provider_signatory))["problems"] == []
    assert await pending(world, case.provider_signatory) == {}
    assert await pending(world, case.authority_signatory) == {"ipasToSign": 1}
    stranger = await world.person((await world.provider()).id, Role.MEMBER, Role.SIGNATORY)
    assert await pending(world, stranger) == {}


async def test_messages_are_counted_up_to_a_thousand(world: World) -> None:
    # S-052: a count costs nobody more who has left messages lie for years
    case = await (await Agreeing.among(world)).referred()
    columns = "thread_id, referral_id, la_id, provider_id, no, side, author_id, author_name, body, sent_at"
    say = f"""INSERT INTO message (id, {columns})
      SELECT gen_random_uuid(), id, referral_id, la_id, provider_id, no, 'LOCAL_AUTHORITY', $3, 'Sam', 'Yes', $4
      FROM thread, generate_series($1::bigint, $2::bigint) no"""
    for first, last, counted in ((1, 999, 999), (1_000, 1_000, 1_000), (1_001, 1_002, 1_000)):
        await world.sql(say, first, last, case.officer.person_id, world.clock.now)
        await world.sql("UPDATE thread SET head = $1, newest_at = $2", last, world.clock.now)
        assert (await pending(world, case.member))["unreadMessages"] == counted


async def test_what_a_closed_search_leaves_behind_does_not_wait(world: World) -> None:
    # S-052
    case = await (await Agreeing.among(world)).referred()
    document = f"""mutation ($id: UUID!) {{
      referralClose(id: $id, expectedVersion: 2, reason: OTHER, note: "Found.") {{ {PROBLEMS} }} }}"""
    (row,) = await world.sql("SELECT version FROM referral")
    await world.do(case.officer, document.replace("2,", f"{row['version']},"), id=case.ids["referral"])
    assert await pending(world, case.member) == {}


@pytest.mark.parametrize(("day", "number"), [("2026-06-14", 1), ("2026-07-14", 1), ("2026-07-15", 0)])
async def test_documents_wait_for_the_provider_from_thirty_days_before_they_expire(
    world: World, day: str, number: int
) -> None:
    # S-052, S-084
    case = await Agreeing.among(world)
    await world.sql(f"UPDATE document SET expires_on = '{day}' WHERE kind = 'OFSTED_CERTIFICATE'")
    assert (await pending(world, case.member)).get("expiringDocuments", 0) == number
    assert await pending(world, case.officer) == {}
