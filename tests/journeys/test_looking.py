"""One thing being looked at, over real sockets: what is there, what is not, and what is lost meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from models.person import Viewer
from portal.app import Portal
from portal.conversation import MOST_SUBSCRIPTIONS
from tests.cases import Cases
from tests.journeys.asking import Stream
from tests.waiting import PATIENCE, until
from tests.world import Care, World

WATCH = """subscription ($id: UUID!, $after: String) { seen: referralChanged(id: $id, after: $after) { kind: __typename
  ... on Heartbeat { cursor } ... on NotThere { cursor } ... on Withdrawn { cursor after } ... on Resync { reason }
  ... on Changed { cursor after subjectKind subjectId fromOthers } } }"""


@pytest.fixture
def cases(world: World, portal: Portal) -> Cases:
    world.shell = replace(world.shell, announce=portal.shell.announce)
    return Cases(world)


@asynccontextmanager
async def signed_in(portal: Portal, world: World, who: Viewer) -> AsyncIterator[Stream]:
    bearer, digest = portal.shell.keys.new_token()
    await world.sql("UPDATE session SET token_hash = $2 WHERE id = $1", who.session_id, digest)
    url = portal.where.origin.replace("http", "ws", 1) + "/graphql"
    protocols = [Subprotocol("graphql-transport-ws")]
    async with connect(url, subprotocols=protocols, open_timeout=PATIENCE, ping_interval=None) as socket:
        stream = Stream(socket)
        await stream.send(type="connection_init", payload={"Authorization": f"Bearer {bearer}"})
        assert await stream.hear() == {"type": "connection_ack"}
        yield stream


async def watch(stream: Stream, name: str, id: str, after: str | None = None) -> None:
    stream.cursor = after
    await stream.send(id=name, type="subscribe", payload={"query": WATCH, "variables": {"id": id, "after": after}})


async def last(stream: Stream) -> dict[str, Any]:
    """The one event after which the stream is complete."""
    event = await stream.event()
    assert (await stream.hear())["type"] == "complete"
    return event


# S-028, S-060, S-119
async def test_what_is_lost_is_told_once_to_who_had_it_and_to_nobody_else(cases: Cases, portal: Portal) -> None:
    world, officer = cases.world, await cases.officer()
    firm = await world.provider(Care(ages=(12, 17)))
    never = await cases.member(await world.provider(Care(ages=(0, 11))))
    member = await cases.member(firm)
    id = await cases.sent(officer)
    async with signed_in(portal, world, member) as mine, signed_in(portal, world, never) as strangers:
        await watch(mine, "live", id)
        began = await mine.event()
        assert began["kind"] == "Heartbeat"
        for name, unseen in (("theirs", id), ("nobody's", str(uuid4()))):
            await watch(strangers, name, unseen)
            nothing = await last(strangers)
            assert nothing.keys() == {"kind", "cursor"}
            assert nothing["kind"] == "NotThere"
        await cases.act(member, "referralOpen", id=id)
        opened = await mine.event()
        assert (opened["kind"], opened["subjectId"], opened["fromOthers"]) == ("Changed", id, False)
        (child,) = (await cases.seen(officer, "Referral", id))["children"]
        await cases.resent(officer, id, children=[{"id": child["id"], "dateOfBirth": "2018-05-14"}])
        lost = await mine.event()
        assert (lost["kind"], lost["after"]) == ("Withdrawn", opened["cursor"])
        await watch(mine, "again", id, began["cursor"])
        assert await last(mine) == {"kind": "Withdrawn", "cursor": lost["cursor"], "after": began["cursor"]}
        await watch(mine, "and again", id, lost["cursor"])
        assert (await last(mine))["kind"] == "NotThere"


# TRUST F1
async def test_streams_of_things_count_as_subscriptions_until_they_end(cases: Cases, portal: Portal) -> None:
    officer = await cases.officer()
    id = await cases.drafted(officer)
    async with signed_in(portal, cases.world, officer) as socket:
        undecided = {
            "query": WATCH.replace("($id", "($if: Boolean = true, $id").replace(
                "{ reason }", "{ reason @skip(if: $if) }"
            )
        }
        await socket.send(id="null", type="subscribe", payload={**undecided, "variables": {"id": id, "if": None}})
        assert (await socket.hear())["payload"][0]["extensions"]["code"] == "BAD_REQUEST"
        for n in range(MOST_SUBSCRIPTIONS):
            await watch(socket, str(n), id)
            assert (await socket.event())["kind"] == "Heartbeat"
        await watch(socket, "one more", id)
        assert (await socket.hear())["payload"][0]["extensions"]["code"] == "OPERATION_TOO_LARGE"
        await socket.send(id="0", type="complete")
        for _ in range(2):
            await watch(socket, "one more", str(uuid4()))
            assert (await last(socket))["kind"] == "NotThere"
        await until(lambda: portal.shell.hub.listening == MOST_SUBSCRIPTIONS - 1)
    await until(lambda: portal.shell.hub.listening == 0)
