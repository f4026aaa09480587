"""The database goes away and comes back: nothing is lost, nothing doubled, nobody has to reconnect."""

import asyncio

from portal.embedded import EmbeddedPostgres
from tests.realtime.live import Live, alive
from tests.realtime.stage import Stage
from tests.waiting import until


async def test_the_hub_outlives_a_restart_of_the_database(live: Live, postgres: EmbeddedPostgres) -> None:
    # S-119
    who = await live.someone()
    follower = await live.follow(who)
    await live.tell(who[0])
    await follower.told(1)
    postgres.stop()
    live.hints.announce()
    await until(lambda: not live.backend.echo_alive)
    postgres.start()
    await live.stage.database.expire_connections()
    await live.tell(who[0])
    await follower.told(2)
    assert follower.numbers == [1, 2]
    assert not follower.ended
    await follower.stop()


async def test_the_hub_outlives_the_end_of_its_connections(live: Live) -> None:
    # S-119
    who = await live.someone()
    follower = await live.follow(who)
    for no in range(1, 6):
        await live.stage.kill("portal-hub")
        await live.tell(who[0])
        await follower.told(no)
    await asyncio.sleep(0.1)
    assert follower.numbers == [1, 2, 3, 4, 5]
    await follower.stop()


async def test_stopping_the_hub_ends_every_subscription(stage: Stage) -> None:
    async with alive(stage) as live:
        followers = [await live.follow(await live.someone()) for _ in range(3)]
    await until(lambda: all(follower.ended for follower in followers))
