"""Hints through a real Valkey server behind TLS: its certificate is looked at, and what is refused costs no entry."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from realtime.carriers import carrier_at
from realtime.hints import Hints
from realtime.hub import Hub
from tests.portal.postbox import certified
from tests.realtime.live import Live, alive
from tests.realtime.stage import Stage
from tests.realtime.test_redis import told_of
from tests.realtime.valkey import Gate, Valkey, running
from tests.waiting import until


@pytest.fixture(scope="module")
def valkey() -> Iterator[Valkey]:
    with running() as server:
        yield server


@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize("scheme", ["rediss", "valkeys"])
async def test_hints_go_over_tls_to_a_server_whose_authority_is_known(
    stage: Stage, valkey: Valkey, tmp_path: Path, scheme: str
) -> None:
    # S-028
    async with Gate(stage, valkey, certified(tmp_path)) as url:
        address = f"{url.replace('rediss', scheme)}?ssl_ca_certs={tmp_path}/authority.pem"
        async with alive(stage, carrier=carrier_at(address, "")) as live:
            await (await told_of(live, live, 3)).stop()


@pytest.mark.parametrize(
    "how",
    [
        "an authority that nobody knows",
        "another name",
        "no longer valid",
        pytest.param("no TLS", marks=pytest.mark.long),
    ],
)
async def test_a_server_that_does_not_prove_who_it_is_is_told_nothing_and_the_log_is_looked_at_instead(
    stage: Stage, valkey: Valkey, tmp_path: Path, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    # S-028, S-119
    tls = certified(tmp_path, "elsewhere" if how == "another name" else "localhost", days=-1 if "valid" in how else 1)
    known = "" if how == "an authority that nobody knows" else f"?ssl_ca_certs={tmp_path}/authority.pem"
    before = valkey.say("INFO", "commandstats")
    async with Gate(stage, valkey, None if how == "no TLS" else tls) as url:
        secret = url.replace("redis://", "rediss://").replace("//", "//:no-one-sees-this@")
        carrier = carrier_at(f"{secret}{known}", "")
        hints = Hints(carrier)
        hub = Hub(hints, stage.pool(), stage.clock)
        with caplog.at_level(logging.DEBUG, "portal.hints"):
            await hints.start()
            await hub.start()
            live = Live(stage, carrier, hints, hub)
            follower = await told_of(live, live, 3)
            await until(lambda: caplog.text.count("hints do not come through") > 1)
            await follower.stop()
        assert (carrier.echo_alive, carrier.lines, hints.poll) == (False, 0, 0.25)
        await hub.stop()
        await hints.stop()
    assert "no-one-sees-this" not in caplog.text
    assert b"cmdstat_auth" not in before + valkey.say("INFO", "commandstats"), "the password went to nobody"
