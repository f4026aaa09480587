"""Whoever is gone, or as good as gone, is no fault of anybody, and is not waited for."""

from typing import Any

import pytest
from uvicorn.protocols.utils import ClientDisconnected

from portal.conversation import _while_open
from realtime.eager import begun
from tests.portal.serving import serving
from tests.portal.small_schema import SECRET
from tests.portal.talking import talking
from tests.portal.test_stalled import ends, stalled
from tests.waiting import until


@pytest.mark.parametrize("kind", ["websocket.send", "websocket.close"])
async def test_whoever_speaks_where_the_server_has_closed_by_itself_meets_one_who_is_gone(kind: str) -> None:
    async with serving() as portal, talking(portal):
        (end,) = ends(portal)
        end.keepalive_timeout()
        with pytest.raises(ClientDisconnected):
            await end.send({"type": kind, "text": "late"})


async def test_last_words_that_fail_are_no_matter_of_whoever_has_them_said(caplog: pytest.LogCaptureFixture) -> None:
    async def words() -> None:
        raise RuntimeError(SECRET)

    assert begun(_while_open(words())) is None
    assert "incident" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("unsent", [1, 40_000])
async def test_who_answers_no_ping_is_dropped_however_little_is_left_unsent(
    unsent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(stalled=600, ws_ping_interval=None) as portal, stalled(portal):
        await until(lambda: bool(ends(portal)) and ends(portal)[0].handshake_complete)
        (end,) = ends(portal)
        transport = Clogged(end.transport, unsent)
        monkeypatch.setattr(end, "transport", transport)
        assert end.writable.is_set()
        end.keepalive_timeout()
        assert transport.aborted
        await until(lambda: not ends(portal))


class Clogged:
    """A way on which something is left that the other end does not take."""

    def __init__(self, transport: Any, unsent: int) -> None:
        self._transport = transport
        self._unsent = unsent
        self.aborted = False

    def get_write_buffer_size(self) -> int:
        return self._unsent

    def abort(self) -> None:
        self.aborted = True
        self._transport.abort()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
