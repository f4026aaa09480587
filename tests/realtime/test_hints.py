"""Hints: content-free, coalesced, healing; one line and one channel for each process."""

import asyncio
from time import monotonic

import asyncpg

from realtime.hints import Hints
from realtime.line import BEAT, CHANNEL, PostgresHints
from tests.realtime.live import Live, Proxy, alive, until
from tests.realtime.stage import Stage


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
    began = monotonic()
    while monotonic() - began < 0.2:
        live.hints.announce()
        await asyncio.sleep(0)
    await asyncio.sleep(0.1)
    await line.close()
    assert 2 <= len(overheard.said) <= 2 + (monotonic() - began) / 0.005
    assert set(overheard.said) == {""}


async def test_a_process_listens_once_however_many_listen_to_it(live: Live) -> None:
    followers = [await live.follow(await live.someone()) for _ in range(20)]
    await asyncio.sleep(0.1)
    lines = "pg_stat_activity where application_name = 'portal-listen' and datname = current_database()"
    assert await live.stage.database.fetchval(f"select count(*) from {lines}") == 1
    for follower in followers:
        await follower.stop()


async def test_losing_the_line_and_having_it_back_are_hints(stage: Stage) -> None:
    backend = PostgresHints(stage.dsn)
    await backend.connect()
    async with asyncio.timeout(5):
        await backend.next_published()
        for lines in (1, 2, 3):
            assert backend.lines == lines
            await stage.kill("portal-listen")
            await backend.next_published()
            assert not backend.echo_alive
            await backend.next_published()
    await until(lambda: backend.echo_alive)
    await backend.disconnect()


async def test_a_wait_ends_after_a_second_without_any_hint(live: Live) -> None:
    ear = live.hints.ear()
    await asyncio.sleep(0.1)
    ear.nudge()
    await ear.wait()
    began = monotonic()
    await ear.wait()
    assert 0.9 < monotonic() - began < 1.3


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


async def test_an_echo_is_no_hint(stage: Stage) -> None:
    async with alive(stage) as live:
        ear = live.hints.ear()
        await asyncio.sleep(0.05)
        ear.nudge()
        await ear.wait()
        began = monotonic()
        await live.backend.publish(CHANNEL, BEAT)
        await ear.wait()
        assert monotonic() - began > 0.9
