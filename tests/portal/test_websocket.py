"""What goes out at once is what the server would have sent, and goes out only where nothing is in the way."""

import json
from typing import Any

import pytest
from websockets.frames import Frame, Opcode

from portal.websocket import PortalSocket, framed
from tests.portal.serving import Portal, serving
from tests.portal.talking import talking
from tests.waiting import until


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 100_000])
def test_a_frame_is_the_one_that_the_protocol_writes(size: int) -> None:
    payload = b"x" * size
    assert framed(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


def the_server_s_end(portal: Portal) -> PortalSocket:
    (end,) = (one for one in portal.server.server_state.connections if isinstance(one, PortalSocket))
    return end


async def test_what_is_said_at_once_is_heard_in_its_place_among_the_rest() -> None:
    async with serving() as portal, talking(portal) as talk:
        say: Any = the_server_s_end(portal).scope["extensions"]["portal.say"]
        told = ["é" * size for size in (1, 63, 200, 40_000)]
        for text in told:
            assert say(json.dumps({"type": "said", "text": text}))
        await talk.send({"type": "ping"})
        assert [(await talk.hear())["text"] for _ in told] == told
        assert await talk.hear() == {"type": "pong"}


async def test_nothing_is_said_past_a_reader_who_does_not_read_or_a_socket_that_closes() -> None:
    async with serving() as portal, talking(portal) as talk:
        end = the_server_s_end(portal)
        end.writable.clear()
        assert not end.say("in vain")
        end.writable.set()
        assert end.say('{"type":"said"}')
        assert await talk.hear() == {"type": "said"}
        portal.sessions.end("person")
        await until(lambda: end.close_sent)
        assert not end.say("too late")
        assert (await talk.closed())[0] == 4401
        await until(lambda: end.disconnected)
        assert not end.say("later still")
