"""Agreements under two hands at once, over HTTP: never two signatures of a party, never one on what was voided."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from random import Random

import asyncpg
import pytest
import pytest_asyncio

from portal.database import asyncpg_dsn
from portal.embedded import EmbeddedPostgres
from tests.journeys.agreements import Agreements
from tests.journeys.asking import Asking, Somebody
from tests.journeys.conftest import Made, copied
from tests.journeys.signing import Signing
from tests.journeys.test_journey import as_owner
from tests.journeys.town import Founding, Town

SAMPLE, WHOLE = 4, 200
SEED = int(os.environ.get("RACES_SEED", "2026"))
CAST = {
    "officer": "second officer", "administrator": "Alder", "clerk": "fellow", "secretary": "member",
    "director": "provider signatory", "councillor": "authority signatory",
}  # fmt: skip
IN = ("member", "provider signatory", "authority signatory")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def agreements(
    postgres: EmbeddedPostgres, made: Made, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Agreements]:
    async with copied(postgres, made, tmp_path_factory.mktemp("signing")) as server:
        people = {name: replace(somebody) for name, somebody in made.town.people.items()}
        town, asking = Town(people, made.town.homes), Asking(server.address)
        for name in IN:
            await Founding(asking, b"", town).sign_in(name)
        database = await asyncpg.connect(asyncpg_dsn(as_owner(server.database_url)))
        second = "UPDATE person SET roles = '{MEMBER,SIGNATORY}' WHERE email = ANY ($1)"
        await database.execute(second, [town["member"].email, town["provider signatory"].email])
        kept = Agreements(asking, town, database, [town[name] for name in (*IN, "fellow")])
        await kept.make()
        yield kept
        await database.close()


@pytest.fixture
def signing(agreements: Agreements) -> Signing:
    people: dict[str, Somebody] = {part: agreements.town[name] for part, name in CAST.items()}
    return Signing(agreements.asking, agreements, agreements.database, people, Random(SEED))


# S-106, S-109, S-112, S-116, S-033
@pytest.mark.parametrize("race", Signing.RACES)
async def test_of_two_at_once_exactly_the_right_one_wins(signing: Signing, race: str) -> None:
    orders = await signing.rounds(race, SAMPLE)
    assert orders.total() == SAMPLE


# S-106, S-109, S-112, S-116, S-033
@pytest.mark.long
@pytest.mark.parametrize("race", Signing.RACES)
async def test_of_two_at_once_each_comes_first_sometimes_and_the_right_one_wins(signing: Signing, race: str) -> None:
    orders = await signing.rounds(race, WHOLE)
    print(f"{race}: {dict(orders)}, refused with {dict(signing.codes)}, seed {SEED}")  # noqa: T201
    assert len(orders) == 2, "both orders occur"
