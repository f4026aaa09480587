"""Hints: content-free, coalesced, healing; one line and one channel for each process."""

import asyncio
from functools import partial
from time import monotonic

import asyncpg
import pytest

from realtime.hints import Hints
from realtime.line import BEAT, CHANNEL, PostgresHints
from tests.realtime.live import Live, Proxy
from tests.realtime.stage import Stage
from tests.waiting import PATIENCE, until


class Overheard:
    """Everything that anybody says on the channel, beats left out."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def hear(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        if payload != BEAT:
            self.said.append(payload)


async def test_what_is_said_together_goes_out_as_one_hint_without_content(live: Live) -> None:
    overheard = Overheard()
    line = await asyncpg.connect(live.stage.dsn)
    await line.add_listener(CHANNEL, overheard.hear)
    began, times = monotonic(), 0
    async with asyncio.timeout(PATIENCE):
        while len(overheard.said) < 20:
            live.hints.announce()
            times += 1
            await asyncio.sleep(0)
    await line.close()
    assert len(overheard.said) <= 2 + (monotonic() - began) / 0.005
    assert len(overheard.said) < times
    assert set(overheard.said) == {""}


async def test_a_process_listens_once_however_many_listen_to_it(live: Live) -> None:
    followers = [await live.follow(await live.someone()) for _ in range(20)]
    lines = "pg_stat_activity where application_name = 'portal-listen' and datname = current_database()"
    await until(lambda: live.stage.database.fetchval(f"select count(*) = 1 from {lines}"))  # others were here before
    for follower in followers:
        await follower.stop()


@pytest.mark.usefixtures("unhurried")
async def test_losing_the_line_and_having_it_back_are_hints(stage: Stage) -> None:
    backend, told = PostgresHints(stage.dsn), list[tuple[int, bool]]()

    async def listen() -> None:
        while True:
            await backend.next_published()
            told.append((backend.lines, backend.echo_alive))

    listening = asyncio.create_task(listen())
    await backend.connect()
    for lines in (1, 2, 3):
        await until(lambda: backend.echo_alive)
        assert backend.lines == lines
        await stage.kill("portal-listen")
        await until(partial(told.__contains__, (lines + 1, False)))
    await until(lambda: backend.echo_alive)
    assert told == [(1, False), (1, False), (2, False), (2, False), (3, False), (3, False), (4, False)]
    listening.cancel()
    await backend.disconnect()


async def test_a_wait_ends_after_a_second_without_any_hint(live: Live) -> None:
    ear, lasted = live.hints.ear(), 0.0
    async with asyncio.timeout(PATIENCE):
        while lasted < 0.9:  # one may be ended by the hint that a new line is
            began = monotonic()
            await ear.wait()
            lasted = monotonic() - began
    assert live.hints.poll <= 1


async def test_hints_start_and_announce_without_a_database_and_go_out_when_it_is_there(stage: Stage) -> None:
    proxy = Proxy(stage)
    backend = PostgresHints("postgresql://nobody@/none?host=/nowhere")
    hints = Hints(backend)
    await hints.start()
    hints.announce()
    await asyncio.sleep(0.2)
    assert (backend.echo_alive, backend.lines, hints.poll) == (False, 0, 0.25)
    await hints.stop()
    proxy.silent = True
    async with proxy as dsn:
        backend = PostgresHints(dsn)
        hints = Hints(backend)
        await hints.start()
        hints.announce()
        proxy.silent = False
        await until(lambda: backend.echo_alive)
        await hints.stop()


async def echoed(backend: PostgresHints) -> None:
    """A beat is sent and heard."""
    heard = backend._heard
    await backend.publish(CHANNEL, BEAT)
    await until(lambda: backend._heard > heard)


@pytest.mark.usefixtures("unhurried")
async def test_an_echo_is_no_hint(stage: Stage) -> None:
    backend = PostgresHints(stage.dsn)
    await backend.connect()
    await backend.next_published()  # the new line
    arriving = asyncio.create_task(backend.next_published())
    for _ in range(3):
        await echoed(backend)
    assert not arriving.done()
    await backend.publish(CHANNEL, "")
    await until(arriving.done)
    await backend.disconnect()
