"""An offer's story played before everybody whom it does not concern."""

from dataclasses import dataclass
from random import Random
from typing import Any

import orjson

from tests.veil.cast import PAPERS
from tests.veil.playing import Play
from tests.veil.schedule import Step
from tests.veil.watching import IN_CASES, WATCHERS

OFFERS = "SELECT id, version, status, updated_at FROM offer WHERE provider_id = $1 ORDER BY id"
LOOKS = "query ($id: UUID!) {{ offer(id: $id) {{ status version weeklyTotal }} offers {{ totalCount }} }}"


RAW = {"delivery": {"handled_by", "opened_revision"}, "event": {"seq", "prev", "hash"}}
"""Held with what others see, and shown to them by no question: who of the provider deals with a delivery and what they
last read, and the places of events in the chain of their case.
"""


@dataclass
class OfferPlay(Play):
    """Plays it with all that one provider does with its offer, or with nothing in its place. `probes` are the ids of
    that offer, which the others ask for in both worlds.
    """

    probes: tuple[str, ...] = ()
    not_compared = RAW

    @property
    def watchers(self) -> list[str]:
        """Somebody of each side that may observe, and others."""
        chance = Random(self.schedule.seed)
        sides = [
            name for name in ("Birmingham", self.schedule.opposite) if any(o.startswith(name) for o in self.others)
        ]
        chosen = [chance.choice([who for who in self.others if who.startswith(side)]) for side in sides]
        rest = [who for who in self.others if who not in chosen]
        return [*chosen, *chance.sample(rest, min(len(rest), WATCHERS - len(chosen)))]

    async def look_at_everything(self) -> None:
        """The database as a whole is another one with an offer in it."""

    async def marks(self) -> list[dict[str, Any]]:
        """What the provider has offered: so that there is something to be noticed."""
        return await self.tables.sql(OFFERS, self.cast.organisations[self.schedule.reader.split(" ")[0]])

    async def all_ids(self) -> list[str]:
        """Of all that is there in both worlds, and of what is there in one."""
        provider = self.cast.organisations[self.schedule.reader.split(" ")[0]]
        theirs = "SELECT id FROM offer WHERE provider_id = $1"
        rows = await self.tables.sql(
            f"SELECT id FROM ({IN_CASES}) c WHERE id NOT IN ({theirs}) ORDER BY id LIMIT 90", provider
        )
        hidden = self.probes or tuple(self.unknown.values())
        self.observed.hidden = hidden
        return [*(str(row["id"]) for row in rows), *hidden]

    async def step(self, step: Step) -> None:
        if step.act != "ask":
            return await super().step(step)
        self.observed.counts["ask"] += 1
        body = (await self.ask(step.who, LOOKS.format(), {"id": self.id(step.of)}))[2]
        assert orjson.loads(body)["data"]

    async def given(self, step: Step) -> dict[str, Any]:
        given = await super().given(step)
        if step.act in ("offerAttach", "offerDetach"):
            given["documentId"] = str(await self._paper(step.who))
        return given

    async def _paper(self, who: str) -> Any:
        """A document of the provider that no category asks for, or else one that it does."""
        own = "SELECT id FROM document WHERE organisation_id = $1 ORDER BY kind = ANY($2), id LIMIT 1"
        compulsory = [kind.value for kind in PAPERS]
        (row,) = await self.tables.sql(own, self.cast.people[who].organisation_id, compulsory)
        return row["id"]
