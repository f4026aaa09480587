"""E-mail that could not be sent: seen and decided on by the region alone, and no wish, reference or child in it."""

import base64
import json
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest_asyncio

from models.lifecycle import Role
from models.person import Viewer
from tests.standing import standing_as
from tests.world import World

ASK = """{ mailsDead { totalCount nodes { id kind at attempts error person { email organisation { name } } } }
  mailCounts { waiting failing dead oldestWaiting } }"""
DECIDE = "mutation ($ids: [UUID!]) { %s(ids: $ids) { changed problems { code message } } }"
PAGE = """query ($after: String) { mailsDead(after: $after) { edges { cursor
  node { id kind at attempts error person { email } } } } }"""
TODAY = date(2026, 7, 2)
AGAIN, GIVE_UP = DECIDE % "mailSendAgain", DECIDE % "mailGiveUp"
PUT = """INSERT INTO mail (id, person_id, kind, reference, must, at, due_at, state, attempts, error, day)
  VALUES ($1, $2, $3, $4, $5, now(), now(), $6, $7, $8, $9)"""


@pytest_asyncio.fixture(loop_scope="session")
async def region(world: World) -> Viewer:
    return await world.person(await world.region(), Role.REGION_ADMIN)


async def put(world: World, who: Viewer, kind: str, **more: Any) -> str:
    """A message as sending would have left it: dead, unless told otherwise."""
    id = uuid4()
    row = {"must": False, "state": "DEAD", "attempts": 14, "error": "SMTP 451", "day": None, **more}
    await world.sql(PUT, id, who.person_id, kind, "WM-7KD4-RES", *row.values())
    return str(id)


# S-070
async def test_the_region_sees_what_could_not_be_sent_to_whom_and_no_wish_of_theirs(
    world: World, region: Viewer
) -> None:
    member = await world.person((await world.provider(name="Oak House")).id, Role.MEMBER, email="mia@oak.example.org")
    await put(world, member, "REFERRAL_RECEIVED", error="SMTP 550", attempts=1)
    await put(world, member, "MESSAGE_RECEIVED")
    await put(world, member, "IPA_READY_TO_SIGN", must=True)
    await put(world, member, "DAILY_DIGEST", day=world.clock.now.date())
    await put(world, member, "MESSAGE_RECEIVED", state="WAITING", attempts=2)
    await put(world, member, "MESSAGE_RECEIVED", state="WAITING", attempts=0, error=None)
    await put(world, member, "MESSAGE_RECEIVED", state="SENT", error=None)
    seen = await world.gql(region, ASK)
    nodes = seen["mailsDead"]["nodes"]
    assert sorted((str(each["kind"]), each["attempts"], each["error"]) for each in nodes) == [
        ("IPA_READY_TO_SIGN", 14, "SMTP 451"), ("None", 14, "SMTP 451"), ("None", 14, "SMTP 451"),
        ("REFERRAL_RECEIVED", 1, "SMTP 550"),
    ]  # fmt: skip
    assert all(
        each["person"] == {"email": "mia@oak.example.org", "organisation": {"name": "Oak House"}} for each in nodes
    )
    assert "WM-7KD4" not in json.dumps(seen)
    counts = seen["mailCounts"]
    assert counts.pop("oldestWaiting")
    assert counts == {"waiting": 2, "failing": 1, "dead": 4}


# S-070
async def test_a_digest_that_died_cannot_be_told_from_what_somebody_wished_for_at_once(
    world: World, region: Viewer
) -> None:
    """Neither by what is shown of it nor by where it stands, nor by the cursor of its place."""
    member = await world.person((await world.provider()).id, Role.MEMBER)
    alone, digest = await put(world, member, "MESSAGE_RECEIVED"), await put(world, member, "DAILY_DIGEST", day=TODAY)
    await world.sql("UPDATE mail SET at = '2026-07-01 23:30Z' WHERE id = $1", UUID(alone))
    await world.sql("UPDATE mail SET at = '2026-07-02 07:00Z' WHERE id = $1", UUID(digest))
    edges = (await world.gql(region, PAGE))["mailsDead"]["edges"]
    assert [edge["node"].pop("id") for edge in edges] == sorted((alone, digest), reverse=True)
    assert edges[0]["node"] == edges[1]["node"]
    assert edges[0]["node"]["at"] == "2026-07-02"
    for edge in edges:
        cursor = base64.b64decode(edge["cursor"] + "==", b"-_").decode()
        assert cursor.startswith("2026-07-02\x1f")
    (second,) = (await world.gql(region, PAGE, after=edges[0]["cursor"]))["mailsDead"]["edges"]
    assert second["cursor"] == edges[1]["cursor"]


async def test_a_dead_one_is_sent_again_as_if_for_the_first_time_or_given_up(world: World, region: Viewer) -> None:
    member = await world.person((await world.provider()).id, Role.MEMBER)
    first, other, third = [await put(world, member, "REFERRAL_RECEIVED") for _ in range(3)]
    alive = await put(world, member, "REFERRAL_RECEIVED", state="WAITING", attempts=3)
    assert (await world.do(region, AGAIN, ids=[first, alive]))["changed"] == 1
    assert await world.refused(region, GIVE_UP, ids=[first, str(uuid4())]) == ["NOT_FOUND"]
    assert (await world.do(region, GIVE_UP, ids=[other]))["changed"] == 1
    assert (await world.do(region, AGAIN))["changed"] == 1
    assert (await world.do(region, GIVE_UP))["changed"] == 0
    rows = {str(row["id"]): row for row in await world.sql("SELECT * FROM mail")}
    assert [(rows[id]["state"], rows[id]["attempts"], rows[id]["error"]) for id in (first, other, third, alive)] == [
        ("WAITING", 0, None), ("DROPPED", 14, "given up"), ("WAITING", 0, None), ("WAITING", 3, "SMTP 451"),
    ]  # fmt: skip
    done = await world.sql("SELECT kind FROM event WHERE subject_kind = 'MAIL' ORDER BY seq")
    assert [row["kind"] for row in done] == ["mail.send_again", "mail.give_up", "mail.send_again"]


async def test_nobody_else_sees_or_decides_anything(world: World) -> None:
    firm = await world.provider()
    member = await world.person(firm.id, Role.MEMBER, Role.ADMINISTRATOR)
    id = await put(world, member, "REFERRAL_RECEIVED")
    officer = await world.person(await world.authority(), Role.ADMINISTRATOR)
    for who in (member, officer, await world.person(firm.id, Role.SIGNATORY)):
        assert await world.gql(who, ASK) == {"mailsDead": {"totalCount": 0, "nodes": []}, "mailCounts": None}
        for act in (AGAIN, GIVE_UP):
            assert await world.refused(who, act, ids=[id]) == ["FORBIDDEN"]
    assert await world.count("mail", "state = 'DEAD'") == 1


ARRIVES = "query ($id: UUID!) { account(id: $id) { name mailUndeliveredSince } }"


# S-070
async def test_administrators_learn_of_their_own_people_alone_that_mail_does_not_arrive(
    world: World, region: Viewer
) -> None:
    firm, authority = await world.provider(), await world.authority()
    member, leader = await world.person(firm.id, Role.MEMBER), await world.person(firm.id, Role.ADMINISTRATOR)
    officer, chief = [await world.person(authority, role) for role in (Role.PLACEMENT_OFFICER, Role.ADMINISTRATOR)]
    await world.sql("UPDATE provider SET managing_la_id = $1 WHERE id = $2", authority, firm.id)
    others = [
        await world.person((await world.provider()).id, Role.ADMINISTRATOR), await world.person(firm.id, Role.MEMBER),
        await world.person(firm.id, Role.SIGNATORY), await world.person(authority, Role.REGISTRATION_OFFICER),
        await world.person(await world.authority("Coventry"), Role.ADMINISTRATOR),
    ]  # fmt: skip
    for whom in (member, officer):
        for kind in ("MESSAGE_RECEIVED", "IPA_READY_TO_SIGN"):
            await put(world, whom, kind)
        for state in ("WAITING", "SENT", "DROPPED"):
            await put(world, whom, "MESSAGE_RECEIVED", state=state)
    await world.sql("UPDATE mail SET at = '2026-07-01 23:30Z' WHERE state = 'DEAD'")
    await world.sql("UPDATE mail SET at = '2026-06-30 23:30Z' WHERE state <> 'DEAD'")

    async def told(who: Viewer, whom: Viewer) -> str | None:
        seen = (await world.gql(who, ARRIVES, id=str(whom.person_id)))["account"]
        return str(seen["mailUndeliveredSince"]) if seen else None

    for knows, whom in ((leader, member), (member, member), (chief, officer), (region, member), (region, officer)):
        assert await told(knows, whom) == "2026-07-02"
    for not_told in (*others, chief, officer):
        assert await told(not_told, member) in (None, "None")
    for not_told in (*others, leader, member):
        assert await told(not_told, officer) in (None, "None")
    assert await told(leader, leader) == "None"
    await world.do(region, GIVE_UP)
    assert [await told(leader, member), await told(region, officer)] == ["None"] * 2


async def test_the_database_itself_tells_nobody_else(world: World) -> None:
    firm = await world.provider()
    member = await world.person(firm.id, Role.MEMBER)
    await put(world, member, "MESSAGE_RECEIVED")
    asked = "SELECT portal_mail_undelivered($1)"
    for role, told in ((Role.ADMINISTRATOR, True), (Role.MEMBER, False), (Role.SIGNATORY, False)):
        async with standing_as(world, await world.person(firm.id, role)) as connection:
            assert bool(await connection.fetchval(asked, member.person_id)) is told
    async with standing_as(world, await world.person(await world.authority(), Role.ADMINISTRATOR)) as connection:
        assert await connection.fetchval(asked, member.person_id) is None
