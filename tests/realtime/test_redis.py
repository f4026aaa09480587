"""Hints through a real Valkey server, which is killed, restarted, silent, closed to us: entries never depend on it."""

import asyncio
import logging
import math
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from realtime.carrier import CHANNEL
from realtime.carriers import carrier_at, comes_back
from realtime.hints import Hints
from realtime.redis_line import RedisHints
from tests.realtime.live import Follower, Live, alive
from tests.realtime.stage import Stage
from tests.realtime.valkey import PASSWORD, Gate, Valkey, running
from tests.waiting import PATIENCE, until


@pytest.fixture(scope="module")
def valkey() -> Iterator[Valkey]:
    with running() as server:
        yield server


async def told_of(here: Live, there: Live, count: int) -> Follower:
    """Somebody connected here who was told, in order, of what was committed there."""
    who = await here.someone()
    follower = await here.follow(who)
    for no in range(1, count + 1):
        await there.tell(who[0])
        await follower.told(no)
    assert follower.numbers == list(range(1, count + 1))
    return follower


@pytest.mark.usefixtures("unasked")
async def test_what_another_process_commits_is_told_of_by_its_hint(stage: Stage, valkey: Valkey) -> None:
    # S-028
    one, other = RedisHints(valkey.url), carrier_at(f"valkey://127.0.0.1:{valkey.port}/0", "")
    async with alive(stage, carrier=one) as here, alive(stage, carrier=other) as there:
        await (await told_of(here, there, 3)).stop()
    await until(lambda: b":0" in valkey.say("PUBLISH", CHANNEL, ""))  # nobody listens on


async def heard_again(backend: RedisHints) -> None:
    heard = backend._heard
    await until(lambda: backend._heard > heard and backend.echo_alive)


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("kind", ["pubsub", "normal"])
async def test_a_connection_the_server_ends_is_replaced_and_that_is_a_hint(valkey: Valkey, kind: str) -> None:
    backend = RedisHints(valkey.url)
    await backend.connect()
    await until(lambda: backend.echo_alive)
    for lines in (1, 2, 3) if kind == "pubsub" else (1,):
        assert backend.lines == lines
        backend._arrived.clear()
        assert valkey.say("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes") == b":1\r\n"
        if kind == "pubsub":
            async with asyncio.timeout(PATIENCE):
                await backend.next_published()
                await backend.next_published()
        await heard_again(backend)
    await backend.disconnect()


async def test_nothing_is_lost_while_the_server_is_away_and_hints_come_back_with_it(stage: Stage) -> None:
    # S-028, S-119
    with running() as server:
        async with alive(stage, carrier=RedisHints(server.url)) as live:
            follower = await told_of(live, live, 2)
            server.kill()
            await until(lambda: not live.backend.echo_alive)
            assert live.hints.poll == 0.25
            away = await told_of(live, live, 3)
            server.start()
            await until(lambda: live.hints.poll == 1)
            await (await told_of(live, live, 2)).stop()
            for one in (follower, away):
                await one.stop()


@pytest.mark.long  # the same supervision is cut off from the database in test_delivery.py
async def test_what_is_said_while_the_way_to_the_server_is_silent_is_found_without_it(
    stage: Stage, valkey: Valkey
) -> None:
    # S-028
    gate = Gate(stage, valkey)
    async with gate as url, alive(stage, carrier=(backend := RedisHints(url))) as live:
        gate.silent, lines = True, live.backend.lines
        follower = await told_of(live, live, 2)
        await until(lambda: backend._heard == -math.inf)  # the line was given up
        assert live.hints.poll == 0.25
        gate.silent = False
        await until(lambda: live.backend.echo_alive)
        assert live.backend.lines > lines
        assert follower.numbers == [1, 2]
        await follower.stop()


@pytest.mark.usefixtures("unhurried")
async def test_a_password_that_is_refused_is_said_by_name_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    secret = quote(PASSWORD, safe="")
    with running("--requirepass", PASSWORD) as server:
        wrong = RedisHints(f"redis://:{secret}wrong@127.0.0.1:{server.port}")
        hints = Hints(wrong)
        with caplog.at_level(logging.DEBUG):
            await hints.start()
            hints.announce()
            await until(lambda: caplog.text.count("AuthenticationError") > 2)
            await hints.stop()
        assert (wrong.echo_alive, wrong.lines, hints.poll) == (False, 0, 0.25)
        assert await comes_back(RedisHints(f"redis://default:{secret}@127.0.0.1:{server.port}/3"))
    assert not any(word in caplog.text for word in (secret, PASSWORD, "not for logs"))


async def test_a_server_that_is_not_there_keeps_nothing_from_starting(valkey: Valkey) -> None:
    hints = Hints(RedisHints("redis://127.0.0.1:1"))
    await hints.start()
    hints.announce()
    await asyncio.sleep(0.2)
    assert hints.poll == 0.25
    await hints.stop()
    assert valkey.say("PING") == b"+PONG\r\n"
