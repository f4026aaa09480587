"""Large registrations are read in time, and what is beyond all measure is ended (TRUST G3)."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.registration_content import RegistrationContent
from portal.workbook import WORKBOOK, filled, read
from portal.workbook.cell import text_of
from portal.workbook.reading import read_file
from portal.workbook.record import key_of
from tests.portal.workbook.breaking import CLEAN, packed, parts_of
from tests.portal.workbook.saying import EVERYTHING, family, home


def large(homes: int, families: int) -> RegistrationContent:
    return replace(
        EVERYTHING,
        homes=tuple(home(number) for number in range(homes)),
        families=tuple(family(number) for number in range(families)),
        documents=(),
    )


@pytest.mark.parametrize(
    ("homes", "families"), [(200, 50), pytest.param(2000, 500, marks=pytest.mark.long)], ids=["sample", "full"]
)
async def test_a_large_registration_is_read_with_progress(homes: int, families: int, tmp_path: Path) -> None:
    content = large(homes, families)
    path = tmp_path / "workbook.xlsx"
    path.write_bytes(filled(content))
    told: list[tuple[int, int]] = []
    reading = await read(path, progress=lambda done, total: told.append((done, total)))
    assert reading.content == content
    assert len(told) >= (2 * homes + families) // 250
    assert told == sorted(set(told))
    assert told[-1][0] == told[-1][1]


@pytest.mark.long
async def test_a_workbook_that_takes_too_long_or_too_much_is_ended(tmp_path: Path) -> None:
    chance = random.Random(7)
    words = b"".join(b"<si><t>%x</t></si>" % chance.getrandbits(64) for _ in range(2_500_000))
    path = tmp_path / "workbook.xlsx"
    path.write_bytes(packed(parts_of(CLEAN) | {"xl/sharedStrings.xml": b"<sst>" + words + b"</sst>"}))
    reading = await read(path)
    assert reading.content is None
    assert [fault.sheet for fault in reading.faults] == [WORKBOOK]
    assert reading.faults[0].code in {"TOO_SLOW", "TOO_LARGE", "DAMAGED"}


@pytest.mark.long
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(max_size=4096), at=st.integers(0, 30_000), name=st.sampled_from(["a.xlsx", "a.csv"]))
def test_nothing_that_a_file_can_hold_raises(garbage: bytes, at: int, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(CLEAN[:at] + garbage + CLEAN[at + len(garbage) :] if name == "a.xlsx" else garbage)
    reading = read_file(path, None, lambda done, total: None)
    assert (reading.content is None) == bool(reading.faults)


TEXT = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30).map(
    lambda text: text_of(f"x {text} x")
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(TEXT, min_size=1, max_size=5, unique_by=key_of), manager=TEXT, pets=TEXT)
def test_whatever_a_name_is_it_comes_back(names: list[str], manager: str, pets: str, tmp_path: Path) -> None:
    homes = tuple(replace(home(at), name=name, registered_manager=manager) for at, name in enumerate(names))
    kept = replace(family(1), details={"pets": pets, "carers": ["Hill, Ann"]})
    content = replace(EVERYTHING, homes=homes, families=(kept,), documents=())
    path = tmp_path / "workbook.xlsx"
    path.write_bytes(filled(content))
    reading = read_file(path, None, lambda done, total: None)
    assert reading.faults == ()
    assert reading.content == content
