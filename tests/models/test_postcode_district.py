"""How far it is between postcode districts, by the table that comes with the portal."""

import re
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from migrations.wall.districts import TABLE, rows
from models.lifecycle import Role
from models.postcode_district import PostcodeDistrict, district_given, miles
from portal.region import AUTHORITIES, districts
from tests.standing import standing_as
from tests.world import World

AREAS = set(
    """AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK
    FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN
    NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW
    UB W WA WC WD WF WN WR WS WV YO ZE""".split()
)
KNOWN = {
    "B1": (52.48, -1.90), "B29": (52.44, -1.94), "CV1": (52.41, -1.51), "WV1": (52.59, -2.12), "HR1": (52.06, -2.68),
    "ST4": (53.00, -2.18), "TF1": (52.70, -2.52), "SY1": (52.71, -2.75), "WR1": (52.20, -2.22), "EH1": (55.95, -3.19),
    "CF10": (51.48, -3.18), "TR18": (50.12, -5.54), "ZE1": (60.15, -1.15), "BT1": (54.60, -5.93), "NE1": (54.97, -1.61),
}  # fmt: skip
FAR = {("B1", "B1"): 0, ("B1", "CV1"): 17, ("B1", "EH1"): 245, ("HR1", "WR1"): 22, ("TR18", "ZE1"): 714}


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Miles on a sphere, worked out apart from the portal."""
    (a, b), (c, d) = [tuple(map(radians, place)) for place in (one, other)]
    return 2 * 3958.7613 * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))


def test_the_table_has_every_area_and_every_district_of_the_region_where_it_lies() -> None:
    table = {district: (latitude, longitude) for district, latitude, longitude in rows()}
    assert {re.match("[A-Z]+", district)[0] for district in table} == AREAS  # type: ignore[index]
    assert len(AREAS) == 124
    assert len(table) == len(rows()) > 3_000
    assert [d for authority in AUTHORITIES for d in districts(authority) if d not in table] == []
    assert [d for d, (lat, lon) in table.items() if not (49 < lat < 61 and -8.3 < lon < 1.9)] == []
    assert {d: place for d, place in KNOWN.items() if apart(table[d], place) > 2} == {}


def test_the_table_says_where_it_is_from_and_under_which_licence() -> None:
    said = TABLE.with_suffix(".md").read_text()
    for words in (
        "Office for National Statistics",
        "Open Government Licence v.3.0",
        "OS data",
        "GeoNames",
        "CC BY 4.0",
    ):
        assert words in said
    packaged = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert '"wall/postcode_district.*"' in packaged, "an installed portal has it too"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("B29", "B29"), (" b29 ", "B29"), ("B29 6AB", "B29"), ("b296ab", "B29"), ("sw1a 1aa", "SW1A"), ("CV 1", "CV1")],
)
def test_of_a_postcode_the_district_alone_is_kept(given: str, kept: str) -> None:
    assert district_given(given) == kept


async def test_miles_are_whole_and_as_the_crow_flies(world: World) -> None:
    table = {district: (latitude, longitude) for district, latitude, longitude in rows()}
    async with AsyncSession(world.owner) as session:
        for (here, there), wanted in FAR.items():
            for one, other in ((here, there), (there, here)):
                a, b = await session.get(PostcodeDistrict, one), await session.get(PostcodeDistrict, other)
                assert await session.scalar(select(miles(a, b))) == wanted, (here, there)
            assert wanted == round(apart(table[here], table[there]))
        assert len((await session.scalars(select(PostcodeDistrict))).all()) == len(table)


async def test_nobody_who_signs_in_writes_the_table(world: World) -> None:
    officer = await world.person(await world.authority(), Role.PLACEMENT_OFFICER)
    for write in ("DELETE FROM postcode_district", "UPDATE postcode_district SET latitude = 0"):
        async with standing_as(world, officer) as connection:
            assert await connection.fetchval("SELECT count(*) FROM postcode_district") > 3_000
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(write)
