"""Homes and fostering families: what they must say, when they may change, and who is suggested to whom."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from models.lifecycle import Role
from models.provider import Category
from models.refusal import Refused
from models.rollout import PROFILES_OPEN
from tests.registering import CARE, HOME, Registering
from tests.whole_registrations import a_home, a_registration
from tests.world import Care, World

SHOWN = """version name postcode urn regulator places ofstedGrade defaultCoreFee onFramework
  care { category ageFrom ageTo genders } memberships { framework lot validFrom validUntil }"""
SUGGESTIONS = """query ($prefix: String!, $first: Int! = 10) {
  fosteringFamilySuggestions(prefix: $prefix, first: $first) {
    name postcode supervisingSocialWorker details { carers places genders smokers }
  }
}"""


@pytest.fixture
def cases(world: World) -> Registering:
    return Registering(world)


async def test_a_home_is_added_with_its_care_and_its_place_on_frameworks(cases: Registering) -> None:  # S-010, S-012
    firm = await cases.world.provider(approved=False)
    member = await cases.member(firm)
    places = [
        {"framework": "West Midlands Residential", "lot": "1", "validFrom": "2026-06-16", "validUntil": None},
        {"framework": "Old Framework", "lot": None, "validFrom": "2020-01-01", "validUntil": "2026-06-14"},
    ]
    given = {**HOME, "memberships": places, "defaultCoreFee": "4100.00"}
    made = await cases.act(member, "homeAdd", SHOWN, input=given)
    assert made == {
        "version": 1, "name": "Linden House", "postcode": "WS1 1AA", "urn": "SC123456", "regulator": "OFSTED",
        "places": 3, "ofstedGrade": "NOT_YET_INSPECTED", "defaultCoreFee": "4100.00", "onFramework": False,
        "care": [{**CARE, "genders": ["FEMALE", "MALE"]}], "memberships": places[::-1],
    }  # fmt: skip
    await cases.approved(member, await cases.reviewer(), firm)
    cases.world.clock.goes_on(days=1)
    seen = await cases.world.gql(member, "{ homes { totalCount nodes { name onFramework } } }")
    assert {"name": "Linden House", "onFramework": True} in seen["homes"]["nodes"]


SUPPORTED = {**CARE, "category": "SUPPORTED_ACCOMMODATION", "ageFrom": 16}
WRONG: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"urn": "SC12345"}, "INVALID_INPUT", ["urn"]),
    ({"urn": "12345678"}, "INVALID_INPUT", ["urn"]),
    ({"postcode": "WS1"}, "INVALID_INPUT", ["postcode"]),
    ({"name": " "}, "INCOMPLETE", ["name"]),
    ({"places": 0}, "INVALID_INPUT", ["places"]),
    ({"defaultCoreFee": "0"}, "INVALID_AMOUNT", ["defaultCoreFee"]),
    ({"care": []}, "INCOMPLETE", ["care"]),
    ({"care": [{**CARE, "genders": []}]}, "INCOMPLETE", ["care", "0", "genders"]),
    ({"care": [CARE, {**CARE, "ageFrom": 12, "ageTo": 11}]}, "INVALID_INPUT", ["care", "1", "ageFrom"]),
    ({"care": [{**SUPPORTED, "ageFrom": 15}]}, "INVALID_INPUT", ["care", "0", "ageFrom"]),
    ({"care": [{**CARE, "category": "FOSTERING"}]}, "INVALID_INPUT", ["care", "0", "category"]),
    (
        {"memberships": [{"framework": "W", "validFrom": "2026-02-02", "validUntil": "2026-02-01"}]},
        "INVALID_INPUT",
        ["memberships", "0", "validUntil"],
    ),
    (
        {"memberships": [{"framework": "W", "validFrom": "1026-02-02"}]},
        "INVALID_INPUT",
        ["memberships", "0", "validFrom"],
    ),
    ({"name": "HOME 1"}, "INVALID_INPUT", ["name"]),
    ({"places": 100_000}, "INVALID_INPUT", ["places"]),
    ({"defaultCoreFee": "4100.005"}, "INVALID_AMOUNT", ["defaultCoreFee"]),
    ({"ofstedInspectedOn": "0206-01-01"}, "INVALID_INPUT", ["ofstedInspectedOn"]),
    ({"ofstedInspectedOn": "2026-06-16"}, "INVALID_INPUT", ["ofstedInspectedOn"]),
    ({"regulator": "CIW", "urn": "W" * 21}, "INVALID_INPUT", ["urn"]),
    ({"kind": "FOSTERING_BRANCH"}, "INVALID_INPUT", ["care", "0", "category"]),
    ({"kind": "SUPPORTED_ACCOMMODATION"}, "INVALID_INPUT", ["care", "0", "category"]),
    ({"kind": "CHILDRENS_HOME", "care": [SUPPORTED]}, "INVALID_INPUT", ["care", "0", "category"]),
    ({"care": [CARE, SUPPORTED]}, "INVALID_INPUT", ["care", "1", "category"]),
    ({"care": [SUPPORTED, CARE]}, "INVALID_INPUT", ["care", "1", "category"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "path"), WRONG)
async def test_a_home_that_cannot_be_registered_is_not_added(
    cases: Registering, changes: dict[str, Any], code: str, path: list[str]
) -> None:
    """S-010, S-013"""
    member = await cases.member(await cases.world.provider(approved=False))
    (problem,) = await cases.problems(member, "homeAdd", input={**HOME, **changes})
    assert (problem["code"], problem["path"]) == (code, path and ["input", *path])


async def test_everything_wrong_with_care_is_told_at_once(cases: Registering) -> None:  # S-013
    member = await cases.member(await cases.world.provider(approved=False))
    care = [{**CARE, "ageFrom": 9, "ageTo": 8, "genders": []}, {**CARE, "category": "FOSTERING"}]
    assert len(await cases.problems(member, "homeAdd", input={**HOME, "care": care})) == 3


async def test_a_number_is_one_providers(cases: Registering) -> None:  # S-010, S-030
    firm, other = await cases.world.provider(approved=False), await cases.world.provider()
    member, rival = await cases.member(firm), await cases.member(other)
    waiting = await cases.home(rival)
    sentence = "The URN SC123456 is registered by another provider already. Check it, or write to the support address."
    (problem,) = await cases.problems(member, "homeAdd", input={**HOME, "name": "Elm House"})
    assert (problem["code"], problem["path"], problem["message"]) == ("INVALID_INPUT", ["input", "urn"], sentence)
    given = {"id": str(firm.homes[0]), "expectedVersion": 0, "input": {"urn": "SC 123456"}}
    assert await cases.refused(member, "homeUpdate", **given) == ["INVALID_INPUT"]
    with pytest.raises(Refused) as refusal:
        await cases.taken_in(member, firm, replace(a_registration(), homes=(a_home(1), a_home(2, urn="SC123456"))))
    assert (refusal.value.message, refusal.value.path) == (sentence, ["homes", "1", "urn"])
    await cases.act(rival, "homeEnd", id=str(waiting), expectedVersion=3)
    await cases.home(member)


async def test_of_two_who_register_one_number_at_once_one_does(cases: Registering) -> None:  # S-010
    members = [await cases.member(await cases.world.provider(approved=False)) for _ in range(2)]
    answers = await asyncio.gather(*(
        cases.answer(member, "homeAdd", "id", {"input": HOME}) for member in members
    ))  # fmt: skip
    assert sorted(len(answer["problems"]) for answer in answers) == [0, 1]
    assert await cases.world.count("home", "urn = 'SC123456'") == 1


async def test_care_added_later_and_another_kind_of_home_fit_each_other_too(cases: Registering) -> None:  # S-010
    firm = await cases.world.provider(approved=False)
    member, home = await cases.member(firm), str(firm.homes[0])
    (problem,) = await cases.problems(member, "careAdd", homeId=home, input=SUPPORTED)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "category"])
    given = {"id": home, "expectedVersion": 0}
    (problem,) = await cases.problems(member, "homeUpdate", **given, input={"kind": "SUPPORTED_ACCOMMODATION"})
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "kind"])
    await cases.act(member, "careAdd", homeId=home, input={**CARE, "category": "RESIDENTIAL_FAMILY_ASSESSMENT"})


async def test_a_home_has_each_category_once(cases: Registering) -> None:  # S-013
    firm = await cases.world.provider()
    member, home = await cases.member(firm), str(firm.homes[0])
    assessing = {**CARE, "category": "RESIDENTIAL_FAMILY_ASSESSMENT"}
    await cases.act(member, "careAdd", homeId=home, input=assessing)
    for again in (CARE, assessing):
        (problem,) = await cases.problems(member, "careAdd", homeId=home, input={**again, "ageFrom": 3})
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "category"])
        assert "Change that one" in problem["message"]
    assert await cases.world.count("registered_care") == 2


async def test_16_plus_provision_is_registered_like_any_other(cases: Registering) -> None:  # S-014
    member = await cases.member(await cases.world.provider(approved=False))
    await cases.home(member, care=[SUPPORTED])


async def test_the_same_key_adds_one_home(cases: Registering) -> None:
    member = await cases.member(await cases.world.provider(approved=False))
    key = {"idempotencyKey": str(uuid4())}
    first = await cases.act(member, "homeAdd", input=HOME, **key)
    events = await cases.world.count("event")
    assert await cases.act(member, "homeAdd", input=HOME, **key) == first
    assert await cases.world.count("event") == events
    other = {**HOME, "name": "Elm House"}
    assert await cases.refused(member, "homeAdd", input=other, **key) == ["IDEMPOTENCY_KEY_REUSED"]


async def test_homes_are_added_only_while_the_registration_is_open(cases: Registering) -> None:  # S-007
    firm = await cases.world.provider(approved=False)
    member, reviewer = await cases.member(firm), await cases.reviewer()
    await cases.pending(member, firm)
    assert await cases.refused(member, "homeAdd", input=HOME) == ["REGISTRATION_LOCKED"]
    await cases.on(reviewer, "registrationOpenForEditing", firm)
    await cases.home(member)


async def test_profiles_of_approved_providers_are_edited_from_june(cases: Registering) -> None:  # S-049
    """Plain facts from 1 June 2026, 00:00 in London; what the regulator has registered then waits for approval."""
    firm = await cases.world.provider()
    member, home = await cases.member(firm), str(firm.homes[0])
    plain = {"id": home, "expectedVersion": 2, "input": {"registeredManager": "Sam Okoro", "defaultCoreFee": "4300.50"}}
    cases.world.clock.now = PROFILES_OPEN.astimezone(UTC) - timedelta(minutes=1)
    await cases.world.sql("UPDATE session SET expires_at = $1", datetime(2027, 1, 1, tzinfo=UTC))
    (problem,) = await cases.problems(member, "homeUpdate", **plain)
    assert problem["code"] == "FEATURE_NOT_YET_AVAILABLE"
    assert datetime.fromisoformat(problem["availableFrom"]) == PROFILES_OPEN
    cases.world.clock.goes_on(minutes=1)
    changed = await cases.act(member, "homeUpdate", "registeredManager defaultCoreFee version", **plain)
    assert changed == {"registeredManager": "Sam Okoro", "defaultCoreFee": "4300.50", "version": 3}
    given = {"id": home, "expectedVersion": 3, "input": {"urn": "SC999999", "places": 3, "name": "Elm House"}}
    changed = await cases.act(member, "homeUpdate", "urn places name", **given)
    assert changed["urn"] != "SC999999"
    assert (changed["places"], changed["name"]) == (3, "Elm House")


async def test_while_a_registration_is_open_every_fact_of_a_home_can_change(cases: Registering) -> None:  # S-007, S-087
    firm = await cases.world.provider(approved=False)
    member, home = await cases.member(firm), str(firm.homes[0])
    cases.world.clock.now = PROFILES_OPEN - timedelta(days=9)
    await cases.pending(member, firm)
    await cases.on(await cases.reviewer(), "registrationOpenForEditing", firm)
    facts = {"urn": "sc999999", "regulator": "CIW", "ofstedInspectedOn": None, "defaultCoreFee": None, "places": 5}
    given = {"id": home, "expectedVersion": 2, "input": facts}
    shown = "urn regulator ofstedInspectedOn defaultCoreFee places"
    assert await cases.act(member, "homeUpdate", shown, **given) == {**facts, "urn": "SC999999"}
    given["input"] = {"name": None}
    assert await cases.refused(member, "homeUpdate", **{**given, "expectedVersion": 3}) == ["INCOMPLETE"]
    assert await cases.refused(member, "homeUpdate", **{**given, "input": {"places": 6}}) == ["STALE_VERSION"]


async def test_a_home_belongs_to_its_providers_staff(cases: Registering) -> None:  # S-030
    firm, other = await cases.world.provider(), await cases.world.provider()
    home, stranger = str(firm.homes[0]), await cases.member(other)
    given = {"id": home, "expectedVersion": 2, "input": {"registeredManager": "Me"}}
    assert await cases.refused(stranger, "homeUpdate", **given) == ["NOT_FOUND"]
    assert await cases.refused(stranger, "homeUpdate", **{**given, "id": str(uuid4())}) == ["NOT_FOUND"]
    for who in (await cases.officer(), await cases.reviewer(), await cases.member(firm, Role.SIGNATORY)):
        assert await cases.refused(who, "homeUpdate", **given) == ["FORBIDDEN"]
        assert await cases.refused(who, "homeAdd", input=HOME) == ["FORBIDDEN"]
        assert await cases.refused(who, "fosteringFamilyAdd", input={"name": "Smith"}) == ["FORBIDDEN"]
    seen = await cases.world.gql(stranger, "query ($id: UUID!) { home(id: $id) { id } }", id=home)
    assert seen == {"home": None}


async def test_families_are_suggested_from_the_first_letter_to_their_own_agency(cases: Registering) -> None:  # S-095
    agency, rival = [await cases.world.provider(Care(Category.FOSTERING), approved=False) for _ in range(2)]
    member, stranger = await cases.member(agency), await cases.member(rival)
    details = {"carers": ["Ann Smith"], "places": 2, "genders": ["FEMALE"], "smokers": False}
    worker = {"postcode": "b1 1aa", "supervisingSocialWorker": "Jo Lee"}
    for name in ("Smith", "SMALL", "Ångström", "Jones"):
        await cases.act(member, "fosteringFamilyAdd", input={"name": name, **worker, **details})
    await cases.act(stranger, "fosteringFamilyAdd", input={"name": "Smythe"})

    async def suggested(prefix: str, **more: Any) -> list[str]:
        found = await cases.world.gql(member, SUGGESTIONS, prefix=prefix, **more)
        return [family["name"] for family in found["fosteringFamilySuggestions"]]

    assert sorted(await suggested("s")) == ["SMALL", "Smith"]
    assert await suggested(" Smi") == ["Smith"]
    assert await suggested("a\u030angs") == ["Ångström"]
    assert len(await suggested("S", first=1)) == 1
    for nothing in ("", " ", "%", "Sm_th", "mith"):
        assert await suggested(nothing) == []
    (smith,) = (await cases.world.gql(member, SUGGESTIONS, prefix="smith"))["fosteringFamilySuggestions"]
    assert smith["details"] == details
    assert (smith["postcode"], smith["supervisingSocialWorker"]) == ("B1 1AA", "Jo Lee")
    for nobody in (await cases.officer(), await cases.region(), await cases.member(agency, Role.SIGNATORY)):
        assert (await cases.world.gql(nobody, SUGGESTIONS, prefix="S"))["fosteringFamilySuggestions"] == []
    for same in ("Jones", " jones", "JONES", "A\u030angstro\u0308m"):
        assert await cases.refused(member, "fosteringFamilyAdd", input={"name": same}) == ["INVALID_INPUT"], same
    await cases.act(member, "fosteringFamilyAdd", input={"name": "Groß  Weber"})
    (problem,) = await cases.problems(member, "fosteringFamilyAdd", input={"name": "GROSS WEBER"})
    assert (problem["path"], problem["message"]) == (["input", "name"], "You have a family of this name already.")
    given = {"id": str(uuid4()), "expectedVersion": await cases.version(str(agency.id), "provider")}
    (problem,) = await cases.problems(member, "fosteringFamilyEnd", **given)
    assert problem["message"] == "There is no such fostering family."
