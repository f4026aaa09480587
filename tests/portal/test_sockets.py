"""Subscriptions over WebSocket: who may have them, what they bring, and when they end."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.portal import small_schema
from tests.portal.serving import Portal, serving
from tests.portal.small_schema import SECRET
from tests.portal.talking import INIT, calling, talking
from tests.waiting import until


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared() -> AsyncIterator[Portal]:
    async with serving() as portal:
        yield portal


@pytest_asyncio.fixture(loop_scope="session")
async def portal(shared: Portal) -> Portal:
    """When nothing is left of what the last test subscribed to."""
    await until(lambda: len(small_schema.started) == len(small_schema.ended))
    people = type(shared.sessions)().people
    shared.sessions.people = people
    return shared


DOCUMENTS: dict[str, tuple[dict[str, object], str]] = {
    "does not parse": ({"query": "subscription{"}, "GRAPHQL_PARSE_FAILED"),
    "is empty": ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
    "is not valid": ({"query": "subscription{tick}"}, "GRAPHQL_VALIDATION_FAILED"),
    "has no such operation": ({"query": "subscription a{ticks}", "operationName": "b"}, "BAD_REQUEST"),
    "has variables that do not fit": (
        {"query": "subscription($n:Int!){ticks(count:$n)}", "variables": {"n": "x"}},
        "BAD_REQUEST",
    ),
    "is a query": ({"query": "{hello}"}, "BAD_REQUEST"),
    "is a mutation": ({"query": "mutation{change}"}, "BAD_REQUEST"),
    "is too large": ({"query": "subscription{" + "a:forever " * 11 + "}"}, "OPERATION_TOO_LARGE"),
    "is a bomb": ({"query": "subscription{" + "a " * 5000 + "}"}, "OPERATION_TOO_LARGE"),
}


HALVES = {
    "in its text": '{"id":"1","type":"subscribe","payload":{"query":"subscription{ticks(count:\\ud800)}"}}',
    "in a variable": '{"id":"1","type":"subscribe","payload":{"query":"{hello}","variables":{"a":"\\udc00"}}}',
}


@pytest.mark.parametrize("frame", HALVES.values(), ids=HALVES.keys())
async def test_half_of_a_character_is_the_fault_of_one_document(portal: Portal, frame: str) -> None:
    async with talking(portal) as talk:
        await talk.subscribe("subscription{forever}", "living")
        assert (await talk.hear())["id"] == "living"
        await talk.send(frame)
        error = await talk.hear()
        assert (error["id"], error["type"]) == ("1", "error")
        assert [one["extensions"]["code"] for one in error["payload"]] == ["BAD_REQUEST"]
        assert "half of a character" in error["payload"][0]["message"]
        await talk.subscribe("subscription{ticks(count:1)}")
        assert (await talk.hear())["type"] == "next"


@pytest.mark.parametrize(("payload", "code"), DOCUMENTS.values(), ids=DOCUMENTS.keys())
async def test_what_is_wrong_with_one_document_leaves_the_other_subscriptions_alone(
    portal: Portal, payload: dict[str, object], code: str
) -> None:
    async with talking(portal) as talk:
        await talk.subscribe("subscription{forever}", "living")
        assert (await talk.hear())["id"] == "living"
        await talk.send({"id": "1", "type": "subscribe", "payload": payload})
        error = await talk.hear()
        assert (error["id"], error["type"]) == ("1", "error")
        assert {one["extensions"]["code"] for one in error["payload"]} == {code}
        assert "Did you mean" not in json.dumps(error)
        await talk.subscribe("subscription{ticks(count:1)}")
        assert (await talk.hear())["type"] == "next"


async def test_a_fault_in_mid_stream_ends_that_subscription_and_shows_a_number(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(portal) as talk:
        await talk.subscribe("subscription{breaking}")
        assert (await talk.hear())["payload"] == {"data": {"breaking": 1}}
        broken = await talk.hear()
        [error] = broken["payload"]["errors"]
        assert (broken["type"], broken["payload"]["data"]) == ("next", None)
        assert error["extensions"]["code"] == "INTERNAL"
        assert SECRET not in json.dumps(broken) + caplog.text
        assert f"incident {error['extensions']['incident']}" in caplog.text
        assert await talk.hear() == {"id": "1", "type": "complete"}


async def test_a_fault_before_a_subscription_begins_ends_only_that(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(portal) as talk:
        portal.sessions.breaking = "context"
        await talk.subscribe("subscription{ticks}")
        error = await talk.hear()
        portal.sessions.breaking = ""
        assert (error["type"], error["payload"][0]["extensions"]["code"]) == ("error", "INTERNAL")
        assert SECRET not in json.dumps(error) + caplog.text
        await talk.subscribe("subscription{ticks}")
        assert (await talk.hear())["type"] == "next"


async def test_every_subscription_has_a_context_of_its_own(portal: Portal) -> None:
    async with talking(portal) as talk:
        for id_ in ("1", "2"):
            await talk.subscribe("subscription{ticks(count:2)}", id_)
            heard = [(await talk.hear()) for _ in range(3)]
            ticks = [message["payload"]["data"]["ticks"] for message in heard[:2]]
            assert ticks == ["person 0 1", "person 1 2"]


async def test_finished_json_goes_out_in_text_frames(portal: Portal) -> None:
    async with talking(portal) as talk:
        await talk.subscribe("subscription{finished}")
        assert (await talk.hear())["payload"] == {"data": {"finished": {"ready": True}}}


async def test_a_socket_carries_sixteen_subscriptions(portal: Portal) -> None:
    async with talking(portal) as talk:
        for number in range(16):
            await talk.subscribe("subscription{forever}", str(number))
            assert (await talk.hear())["type"] == "next"
        await talk.subscribe("subscription{forever}", "one too many")
        refused = await talk.hear()
        assert (refused["id"], refused["type"]) == ("one too many", "error")
        assert refused["payload"][0]["extensions"]["code"] == "OPERATION_TOO_LARGE"
        await talk.send({"id": "0", "type": "complete"})
        await talk.subscribe("subscription{forever}", "in its place")
        assert (await talk.hear())["type"] == "next"


async def test_a_frame_may_have_256_kib(portal: Portal) -> None:
    def padded(size: int) -> str:
        return '{"type":"ping"' + " " * (size - 15) + "}"

    async with talking(portal) as talk:
        await talk.send(padded(262_144))
        assert await talk.hear() == {"type": "pong"}
        await talk.send(padded(262_145))
        assert (await talk.closed())[0] == 1009


async def test_a_session_that_ends_closes_its_sockets_and_stops_their_subscriptions(portal: Portal) -> None:
    ended = len(small_schema.ended)
    async with talking(portal) as talk, talking(portal, "machine") as other:
        for id_ in ("1", "2"):
            await talk.subscribe("subscription{forever}", id_)
            await talk.hear()
        portal.sessions.end("person")
        assert await talk.closed() == (4401, "Session ended")
        await until(lambda: len(small_schema.ended) == ended + 2)
        await other.send({"type": "ping"})
        assert await other.hear() == {"type": "pong"}


@pytest.mark.parametrize("how", ["signed out", "told"])
async def test_a_session_that_ends_while_the_socket_opens_is_noticed(
    portal: Portal, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    portal.sessions.when_watched = how
    async with calling(portal) as talk:
        await talk.send(INIT)
        assert (await talk.closed())[0] == 4401
    portal.sessions.when_watched = ""
    assert not caplog.records


async def test_a_socket_that_goes_leaves_nothing_behind(portal: Portal) -> None:
    session = portal.sessions.people["machine"].session_id
    begun, ended = len(small_schema.started), len(small_schema.ended)
    async with talking(portal, "machine") as talk:
        await talk.subscribe("subscription{forever}")
        await talk.hear()
        assert len(portal.sessions.watchers[session]) == 1
        talk.socket.transport.abort()
    await until(lambda: not portal.sessions.watchers[session])
    assert len(small_schema.started) - begun == 1
    await until(lambda: len(small_schema.ended) - ended == 1)


async def test_a_server_that_stops_says_so_with_1012() -> None:
    async with serving() as portal, talking(portal) as talk:
        await talk.subscribe("subscription{forever}")
        await talk.hear()
        portal.server.should_exit = True
        assert (await talk.closed())[0] == 1012


async def test_a_websocket_route_answers_no_plain_request(portal: Portal) -> None:
    answer = await portal.send(None, method="GET", upgrade="nothing")
    assert answer.status == 405
