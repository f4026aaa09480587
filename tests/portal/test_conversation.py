"""The protocol on the wire: which message closes a socket, with which code, and which does not."""

import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.portal.serving import COOKIE, OURS, Portal, serving
from tests.portal.small_schema import SECRET
from tests.portal.talking import INIT, calling, talking


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared() -> AsyncIterator[Portal]:
    async with serving() as portal:
        yield portal


@pytest_asyncio.fixture(loop_scope="session")
async def portal(shared: Portal) -> Portal:
    people = type(shared.sessions)().people
    shared.sessions.people = people
    return shared


def subscribe(**changes: object) -> dict[str, object]:
    return {"id": "1", "type": "subscribe", "payload": {"query": "subscription{ticks}", **changes}}


@pytest.mark.parametrize("protocol", [None, "graphql-ws", "soap"])
async def test_only_graphql_transport_ws_is_spoken(portal: Portal, protocol: str | None) -> None:
    async with calling(portal, protocol) as talk:
        assert await talk.closed() == (4406, "Subprotocol not acceptable")


async def test_a_client_that_never_says_who_it_is_is_closed() -> None:
    async with serving(init_within=0.1) as portal, calling(portal) as talk:
        assert await talk.closed() == (4408, "Connection initialisation timeout")


FIRST = {
    "subscribing before the acknowledgement": (subscribe(), 4401),
    "no credential": ({"type": "connection_init", "payload": {}}, 4401),
    "no payload": ({"type": "connection_init"}, 4401),
    "an expired session": ({"type": "connection_init", "payload": {"authorization": "Bearer expired"}}, 4401),
    "an unknown token": ({"type": "connection_init", "payload": {"Authorization": "Bearer x"}}, 4401),
    "a token that is none": ({"type": "connection_init", "payload": {"authorization": ["person"]}}, 4401),
    "a token beyond ASCII": ({"type": "connection_init", "payload": {"authorization": "Bearer é"}}, 4401),
    "a payload that is a list": ({"type": "connection_init", "payload": []}, 4400),
}


@pytest.mark.parametrize(("message", "code"), FIRST.values(), ids=FIRST.keys())
async def test_nobody_comes_in_without_a_live_session(portal: Portal, message: object, code: int) -> None:
    async with calling(portal) as talk:
        await talk.send(message)
        assert (await talk.closed())[0] == code


async def test_a_fault_of_ours_while_signing_in_is_4500(portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    portal.sessions.breaking = "sign-in"
    async with calling(portal) as talk:
        await talk.send(INIT)
        code, reason = await talk.closed()
    portal.sessions.breaking = ""
    assert code == 4500
    assert reason is not None
    assert reason.startswith("Something went wrong on our side. Quote this number to support: ")
    assert SECRET not in caplog.text


async def test_a_second_connection_init_is_4429(portal: Portal) -> None:
    async with talking(portal) as talk:
        await talk.send(INIT)
        assert await talk.closed() == (4429, "Too many initialisation requests")


async def test_the_payload_of_connection_init_may_be_null(portal: Portal) -> None:
    async with talking(portal, None, cookie=f"{COOKIE}=person", origin=OURS) as talk:
        await talk.subscribe("subscription{ticks(count:1)}")
        assert (await talk.hear())["payload"] == {"data": {"ticks": "person 0 1"}}


DEEP = "[" * 300 + "]" * 300
INVALID: dict[str, object] = {
    "no JSON": "{",
    "binary": b"{}",
    "no type": {},
    "an unknown type": {"type": "start"},
    "a type that is no string": {"type": 1},
    "a list": [],
    "a string": '"x"',
    "null": "null",
    "a number": "1",
    "an id that is a list": {**subscribe(), "id": []},
    "an id that is an object": {**subscribe(), "id": {}},
    "an id that is a number": {**subscribe(), "id": 1},
    "an empty id": {**subscribe(), "id": ""},
    "an id of a thousand letters": {**subscribe(), "id": "i" * 1000},
    "no id": {"type": "subscribe", "payload": {"query": "subscription{ticks}"}},
    "a payload that is a string": {"id": "1", "type": "subscribe", "payload": "x"},
    "a payload that is a number": {"id": "1", "type": "subscribe", "payload": 3},
    "no payload": {"id": "1", "type": "subscribe"},
    "no query": {"id": "1", "type": "subscribe", "payload": {}},
    "a query that is a number": subscribe(query=1),
    "variables that are a list": subscribe(variables=[]),
    "an operation name that is a number": subscribe(operationName=1),
    "extensions that are a string": subscribe(extensions="x"),
    "a complete without an id": {"type": "complete"},
    "a ping with a list": {"type": "ping", "payload": []},
    "half of a character": '"\\ud800"',
    "half of a character in an id": '{"type":"subscribe","id":"\\ud800","payload":{"query":"subscription{ticks}"}}',
    "half of a character in a type": '{"type":"\\ud800","id":"1"}',
    "half of a character in what is no subscription": '{"type":"ping","payload":{"a":"\\ud800"}}',
    "half of a character, deep down": '{"type":"subscribe","id":"1","payload":["\\ud800",' + DEEP * 9 + "]}",
    "300-fold JSON": f'{{"type":"ping","payload":{{"a":{DEEP}}}}}',
    "100000-fold JSON": "[" * 100_000 + "]" * 100_000,
}


@pytest.mark.parametrize("message", INVALID.values(), ids=INVALID.keys())
async def test_what_is_no_message_closes_the_socket_with_4400(
    portal: Portal, message: object, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(portal) as talk:
        await talk.send(message)
        assert (await talk.closed())[0] == 4400
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_an_id_in_use_is_4409(portal: Portal) -> None:
    async with talking(portal) as talk:
        await talk.subscribe("subscription{forever}")
        await talk.hear()
        await talk.subscribe("subscription{forever}")
        assert await talk.closed() == (4409, "Subscriber for 1 already exists")


async def test_an_id_is_free_again_after_complete(portal: Portal) -> None:
    async with talking(portal) as talk:
        await talk.send({"id": "unknown", "type": "complete"})
        for _ in range(2):
            await talk.subscribe("subscription{forever}")
            assert (await talk.hear())["type"] == "next"
            await talk.send({"id": "1", "type": "complete"})
        await talk.subscribe("subscription{ticks(count:1)}")
        assert (await talk.hear())["type"] == "next"
        assert await talk.hear() == {"id": "1", "type": "complete"}


async def test_a_ping_is_answered_even_before_the_acknowledgement(portal: Portal) -> None:
    async with calling(portal) as talk:
        await talk.send('{"type":"ping"}')
        assert await talk.hear() == {"type": "pong"}
        await talk.send('{"type":"ping","payload":{"a":1}}')
        assert await talk.hear() == {"type": "pong", "payload": {"a": 1}}
        await talk.send('{"type":"pong"}')
        await talk.send(INIT)
        assert await talk.hear() == {"type": "connection_ack"}
