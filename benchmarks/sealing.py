"""How long enabling, signing and sealing take, and what they cost everybody else (docs: benchmarks/README.md)."""

import asyncio
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median, quantiles
from typing import Any

import aiohttp
from rich.console import Console
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.ground import Ground, arguments, upon
from models.person import Viewer
from portal.database import sqlalchemy_url
from portal.founding import migrate
from portal.keys import Keys
from tests.agreeing import SIGN, Agreeing, act_on_ipa
from tests.journeys.asking import Asking, Somebody, new_key
from tests.server import SECRET, Server, running
from tests.world import World, as_app, furnish

ENABLE_MS, SIGN_MS, RATIO = 400, 700, 2.0
AT_ONCE = 4
LIST = """{ ipas(first: 20) { totalCount nodes { id reference status version authoritySigned providerSigned can
  provider { name } signatures { name at } } } viewer { name } }"""


@dataclass(frozen=True)
class Effort:
    """How many are sealed at once and how many enabled and signed one after the other; how many seconds others are
    watched while nothing is sealed, and after how many what prints and seals is at hand.
    """

    agreements: int = 20
    singly: int = 10
    quiet: float = 6.0
    warm: float = 10.0


QUICK = Effort(agreements=1, singly=1, quiet=0.5, warm=0.0)


@dataclass
class Bench:
    """A served portal, a world on its database, and the console that figures go to."""

    world: World
    server: Server
    console: Console
    tokens: dict[Any, Somebody] = field(default_factory=dict)

    async def somebody(self, who: Viewer) -> Somebody:
        if who.person_id not in self.tokens:
            token, digest = self.world.shell.keys.new_token()
            await self.world.sql("UPDATE session SET token_hash = $1 WHERE id = $2", digest, who.session_id)
            self.tokens[who.person_id] = Somebody("", "", "", token)
        return self.tokens[who.person_id]

    async def in_review(self) -> Agreeing:
        agreeing = await Agreeing.among(self.world)
        for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
            await step()
        return agreeing

    async def timed(self, who: Viewer, document: str, **given: Any) -> float:
        """Milliseconds of one act that succeeds, from the request to the answer."""
        somebody = await self.somebody(who)
        began = time.perf_counter()
        await Asking(self.server.address).do(somebody, document, **given)
        return (time.perf_counter() - began) * 1000

    async def enable(self, agreeing: Agreeing) -> float:
        await agreeing.filled()
        (row,) = await self.world.sql("SELECT version FROM ipa WHERE id::text = $1", agreeing.ids["ipa"])
        given = {"id": agreeing.ids["ipa"], "version": row["version"]}
        took = await self.timed(agreeing.officer, act_on_ipa("ipaEnable", "", {}), **given)
        for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
            await agreeing.opened(signer)
        return took

    async def sign(self, agreeing: Agreeing, who: Viewer) -> float:
        (row,) = await self.world.sql("SELECT content_hash FROM ipa WHERE id::text = $1", agreeing.ids["ipa"])
        given = {"hash": row["content_hash"], "code": agreeing.code(who), "consent": True, "key": new_key()}
        return await self.timed(who, SIGN, id=agreeing.ids["ipa"], **given)

    async def all_sealed(self) -> None:
        while await self.world.count("job", "kind = 'ipa.seal' AND done_at IS NULL"):
            await asyncio.sleep(0.02)

    async def others(self, who: Viewer, until: "asyncio.Task[Any]") -> list[float]:
        """Milliseconds of each of a few readers' requests, one after the other, for as long as that takes."""
        headers = {"authorization": f"Bearer {(await self.somebody(who)).token}"}
        took: list[float] = []

        async def reader() -> None:
            async with aiohttp.ClientSession(headers=headers) as http:
                while not until.done():
                    began = time.perf_counter()
                    async with http.post(f"{self.server.address}/graphql", json={"query": LIST}) as answer:
                        assert "errors" not in await answer.json()
                    took.append((time.perf_counter() - began) * 1000)

        await asyncio.gather(*(reader() for _ in range(AT_ONCE)))
        return took


async def acts(bench: Bench, number: int) -> bool:
    """Enabling and both signatures, one after the other, each when the seal before it is made."""
    enabling, signing, sealing = [], [], []
    for _ in range(number + 1):
        agreeing = await bench.in_review()
        enabling.append(await bench.enable(agreeing))
        for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
            signing.append(await bench.sign(agreeing, signer))
            began = time.perf_counter()
            await bench.all_sealed()
            sealing.append((time.perf_counter() - began) * 1000)
    fine = [
        bench_line(bench, "enabling", enabling[1:], ENABLE_MS),  # the first one warms up
        bench_line(bench, "signing", signing[2:], SIGN_MS),
    ]
    bench.console.print(f"sealed after the first signature {median(sealing[2::2]):.0f} ms at the median, after the")
    bench.console.print(f"second, with the certificate, {median(sealing[3::2]):.0f} ms")
    return all(fine)


def bench_line(bench: Bench, name: str, took: list[float], most: int) -> bool:
    middle = median(took)
    word = "passed" if middle <= most else "FAILED"
    bench.console.print(f"{name}: {middle:.0f} ms at the median of {len(took)}; at most {most} ms: {word}")
    return middle <= most


async def beside(bench: Bench, effort: Effort) -> bool:
    """What others wait while so many agreements are sealed, beside what they wait when nothing is."""
    agreements = [await bench.in_review() for _ in range(effort.agreements)]
    bench.world.clock.now += timedelta(hours=2)  # what is signed now is not due yet where it is served
    for agreeing in agreements:
        await agreeing.ready()
        for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
            await agreeing.opened(signer)
            assert (await agreeing.sign(signer))["problems"] == []
    who = agreements[0].officer
    await bench.others(who, asyncio.create_task(asyncio.sleep(effort.quiet / 6)))
    quiet = await bench.others(who, asyncio.create_task(asyncio.sleep(effort.quiet)))
    await bench.world.sql("UPDATE job SET due_at = due_at - interval '1 day' WHERE kind = 'ipa.seal'")
    began = time.perf_counter()
    busy = await bench.others(who, asyncio.create_task(bench.all_sealed()))
    took = time.perf_counter() - began
    quiet += await bench.others(who, asyncio.create_task(asyncio.sleep(effort.quiet)))
    files = await bench.world.count("ipa_file", "kind <> 'ENABLED'")
    bench.console.print(
        f"{effort.agreements} agreements sealed in {took:.1f} s beside {AT_ONCE} readers; {files} files in all"
    )
    ratio = p95(busy) / p95(quiet)
    word = "passed" if ratio <= RATIO else "FAILED"
    bench.console.print(
        f"others' p95: {p95(quiet):.1f} ms quiet ({len(quiet)}), {p95(busy):.1f} ms meanwhile ({len(busy)}),"
        f" ratio {ratio:.2f}; at most {RATIO}: {word}"
    )
    return ratio <= RATIO


def p95(took: list[float]) -> float:
    return quantiles(took, n=20)[-1]


async def measure(ground: Ground, effort: Effort, console: Console) -> bool:
    url = await ground.database("sealing", _furnish)
    world = await World.of(url, Keys(SECRET), ground.home / "served" / "documents")
    with running(as_app(url), ground.home / "served") as server:
        bench = Bench(world, server, console)
        await asyncio.sleep(effort.warm)
        fine = [await acts(bench, effort.singly), await beside(bench, effort)]
    await world.close()
    return all(fine)


async def _furnish(url: str) -> None:
    await migrate(url)
    engine = create_async_engine(sqlalchemy_url(url))
    await furnish(engine)
    await engine.dispose()


def main() -> int:
    parser = arguments("How long enabling, signing and sealing take.")
    parser.add_argument("--agreements", type=int, default=20, help="sealed at once")
    parser.add_argument("--singly", type=int, default=10, help="enabled and signed one after the other")
    parser.add_argument("--quick", action="store_true", help="one of each, and nothing warm: only shows that it works")
    given = parser.parse_args()
    effort = QUICK if given.quick else Effort(given.agreements, given.singly)
    upon(given.server, lambda ground: measure(ground, effort, Console(width=130)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
