"""A whole registration, taken in at once."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.refusal import Code, Refused
from models.registration_content import FamilyFacts
from tests.registering import Registering
from tests.whole_registrations import CARE, HELD, a_home, a_registration
from tests.world import World

SHOWN = """query ($id: UUID) { registration(id: $id) { legalName address
  contacts { purpose name jobTitle email } announced { kind home fileName }
  care { category ageFrom } homes { name kind urn inEffect care { ageFrom ageTo genders inEffect }
  memberships { framework lot validFrom } } } }"""


@pytest.fixture
def cases(world: World) -> Registering:
    return Registering(world)


async def test_a_draft_says_afterwards_what_the_content_says(cases: Registering) -> None:  # S-001
    firm = await cases.world.provider(approved=False)
    member = await cases.member(firm)
    assert await cases.taken_in(member, firm, a_registration(homes=1, families=1)) > 0
    seen = (await cases.world.gql(member, SHOWN))["registration"]
    care = {"ageFrom": 8, "ageTo": 17, "genders": ["FEMALE", "MALE"], "inEffect": False}
    membership = {"framework": "West Midlands Residential", "lot": "1", "validFrom": "2026-01-01"}
    assert seen["homes"] == [{
        "name": "House 1", "kind": "CHILDRENS_HOME", "urn": "SC000001", "inEffect": False, "care": [care],
        "memberships": [membership],
    }]  # fmt: skip
    assert seen["legalName"] == "Acorn Care Ltd"
    assert seen["contacts"] == [
        {"purpose": "REFERRALS", "name": "Jo Lee", "jobTitle": "Manager", "email": "jo@example.org"}
    ]
    assert seen["announced"] == [{"kind": "OFSTED_CERTIFICATE", "home": "Linden House", "fileName": "certificate.pdf"}]
    assert await cases.world.count("registration_change") == 0
    assert await cases.world.count("event", "kind = 'registration.edit' AND provider_id = $1", firm.id) == 1


async def test_an_inspection_is_not_ahead(cases: Registering) -> None:
    firm = await cases.world.provider(approved=False)
    member = await cases.member(firm)
    homes = [a_home(1, ofsted_inspected_on=date(2026, 6, 15)), a_home(2, ofsted_inspected_on=date(2026, 6, 16))]
    with pytest.raises(Refused) as refusal:
        await cases.taken_in(member, firm, replace(a_registration(), homes=tuple(homes)))
    assert "inspection of House 2 lies ahead" in refusal.value.message
    assert await cases.taken_in(member, firm, replace(a_registration(), homes=tuple(homes[:1]))) > 0


async def test_the_same_content_again_changes_nothing(cases: Registering) -> None:
    firm = await cases.world.provider(approved=False)
    member = await cases.member(firm)
    await cases.taken_in(member, firm, a_registration(homes=3, families=2))
    before = (await cases.world.gql(member, SHOWN))["registration"]
    assert await cases.taken_in(member, firm, a_registration(homes=3, families=2)) == 0
    assert (await cases.world.gql(member, SHOWN))["registration"] == before


async def test_a_corrected_content_changes_adds_and_ends(cases: Registering) -> None:
    firm = await cases.world.provider(approved=False)
    member = await cases.member(firm)
    await cases.taken_in(member, firm, a_registration(homes=2, families=2))
    older, later = replace(CARE, age_from=12), replace(HELD, valid_until=date(2027, 1, 1))
    homes = (a_home(1, name="HOUSE 1", places=5, care=(older,), memberships=(later,)), a_home(3))
    content = replace(a_registration(), homes=homes, families=(FamilyFacts(name="family 0"),))
    await cases.taken_in(member, firm, content)
    seen = (await cases.world.gql(member, SHOWN))["registration"]["homes"]
    assert [(home["name"], home["care"][0]["ageFrom"]) for home in seen] == [("HOUSE 1", 12), ("House 3", 8)]
    left = await cases.world.sql("SELECT name FROM fostering_family WHERE ended_at IS NULL")
    assert [row["name"] for row in left] == ["family 0"]
    assert await cases.world.count("home") == 4  # what was ended is kept


async def test_parts_that_are_not_given_stay(cases: Registering) -> None:
    firm = await cases.world.provider(approved=False)
    member = await cases.member(firm)
    await cases.taken_in(member, firm, a_registration(homes=2, families=1))
    nothing = replace(
        a_registration(), organisation=None, contacts=None, care=None, memberships=None, homes=None, families=None,
        documents=None,
    )  # fmt: skip
    before = (await cases.world.gql(member, SHOWN))["registration"]
    assert await cases.taken_in(member, firm, nothing) == 0
    assert (await cases.world.gql(member, SHOWN))["registration"] == before


async def test_nothing_is_taken_in_while_a_registration_is_locked(cases: Registering) -> None:  # S-007
    firm = await cases.world.provider()
    member = await cases.member(firm)
    before = await cases.everything_kept()
    with pytest.raises(Refused) as refused:
        await cases.taken_in(member, firm, a_registration())
    assert refused.value.code is Code.REGISTRATION_LOCKED
    assert await cases.everything_kept() == before


async def test_two_thousand_homes_are_taken_in_within_seconds(cases: Registering) -> None:
    firm = await cases.world.provider(approved=False)
    member = await cases.member(firm)
    content: Any = a_registration(homes=2000, families=500)
    await cases.taken_in(member, firm, content)
    assert await cases.world.count("home", "provider_id = $1 AND ended_at IS NULL", firm.id) == 2000
    assert await cases.taken_in(member, firm, content) == 0
