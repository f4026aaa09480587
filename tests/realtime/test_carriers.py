"""Which carrier an address means, what is refused of it, and the one that needs no server."""

import pytest

from realtime import carriers
from realtime.carriers import UnknownCarrier, carrier_at, comes_back, is_within_one_process
from realtime.line import PostgresHints
from realtime.memory import MemoryHints
from realtime.redis_line import RedisHints
from tests.realtime.live import alive
from tests.realtime.stage import Stage

SECRET = "no-one-sees-this"


def test_an_address_says_what_carries_hints_and_none_means_the_database() -> None:
    meant = {
        None: PostgresHints, "postgresql://a@b/c": PostgresHints, "postgres:///c?host=/run": PostgresHints,
        "memory://": MemoryHints, "redis://a": RedisHints, "rediss://u:p@a:6380/2": RedisHints,
        "valkey://a": RedisHints, "valkeys://a?ssl_cert_reqs=required": RedisHints,
    }  # fmt: skip
    for address, kind in meant.items():
        assert type(carrier_at(address, "postgresql://app@db/portal")) is kind, address
        assert is_within_one_process(address) is (kind is MemoryHints)


@pytest.mark.parametrize(
    "address",
    [
        "nowhere", "kafka://a", "redis://", f"redis://:{SECRET}@", f"redis://:{SECRET}@a:port", f"redis://:{SECRET}@[a",
        f"redis://:{SECRET}@a/zero", f"redis://:{SECRET}@a?db=one", f"valkey://:{SECRET}@a?colour=red", "postgres://",
        "memory://x", "memory:///", "memory", "rediss://", "redis:///0", f"redis://:{SECRET}@a:0", f"redis://:{SECRET}@a:-1",
        f"redis://:{SECRET}@a:99999", f"redis://:{SECRET}@a b", f"redis://:{SECRET}@a\n", f" redis://:{SECRET}@a",
        f"redis://:{SECRET}#@a", f"redis://:{SECRET}@a#b", f"redis://:{SECRET}/@a", f"redis://:{SECRET}@a?protocol=9",
        f"redis://:{SECRET}@a?retry=5", f"rediss://:{SECRET}@a?ssl_cert_reqs=some", f"REDIS://:{SECRET}@a",
        f"redis+sentinel://:{SECRET}@a", f"postgresql://u:{SECRET}@a:port/b", f"postgresql://u:{SECRET}@/b",
        f"rediss://:{SECRET}@a?ssl_ca_certs=/{SECRET}", f"rediss://:{SECRET}@a?ssl_keyfile={SECRET}",
        f"postgresql:///b?host=/run&port=one&password={SECRET}", f"postgresql+asyncpg://u:{SECRET}@a/b",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_one_is_refused_in_a_sentence_that_does_not_quote_it(address: str) -> None:
    with pytest.raises(UnknownCarrier) as refused:
        carrier_at(address, "")
    assert str(refused.value).endswith(".")
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.usefixtures("unasked")
async def test_within_one_process_hints_need_no_server(stage: Stage) -> None:
    # S-028
    async with alive(stage, carrier=MemoryHints()) as live:
        who = await live.someone()
        follower = await live.follow(who)
        for no in (1, 2, 3):
            await live.tell(who[0])
            await follower.told(no)
        await follower.stop()


@pytest.mark.usefixtures("unhurried")
async def test_whether_hints_come_back_can_be_asked(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await comes_back(MemoryHints())
    assert await comes_back(PostgresHints(stage.dsn))
    monkeypatch.setattr(carriers, "ECHO_WITHIN", 0.1)
    assert not await comes_back(RedisHints("redis://127.0.0.1:1"))
