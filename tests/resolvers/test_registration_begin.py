"""A provider's first step, by somebody nobody knows yet; and where help is."""

from typing import Any

import pytest

from models.lifecycle import Role
from tests.people import APPROVE
from tests.world import World

BEGIN = """mutation ($input: RegistrationBeginInput!) { registrationBegin(input: $input) {
  received managingLocalAuthority problems { code message path } } }"""
HELP = """{ serviceInfo { guidanceUrl supportEmail enquiriesEmail guidance(topic: SIGNING_IPA) { topic url } } }"""
REQUESTED = "{ accounts(filter: {status: [REQUESTED]}) { nodes { id version name roles organisation { name } } } }"


def given(**more: Any) -> dict[str, Any]:
    plain = {"organisation": "Meadow Care Ltd", "postcode": "cv1 5rr", "name": "Ada Moss", "email": "ada@example.org"}
    return {"input": {**plain, **more}}


async def test_the_authority_of_the_postcode_answers_and_approves(world: World) -> None:
    # S-005, S-024
    answer = await world.do(None, BEGIN, **given())
    assert (answer["received"], answer["managingLocalAuthority"]) == (True, "Coventry")
    officer = await world.person(await world.authority("Coventry"), Role.REGISTRATION_OFFICER)
    (account,) = (await world.gql(officer, REQUESTED))["accounts"]["nodes"]
    assert account["organisation"] == {"name": "Meadow Care Ltd"}
    assert set(account["roles"]) == {"ADMINISTRATOR", "MEMBER"}
    await world.do(officer, APPROVE, id=account["id"], version=account["version"])
    stranger = await world.person(await world.authority(), Role.ADMINISTRATOR)
    assert (await world.gql(stranger, REQUESTED))["accounts"]["nodes"] == []
    (provider,) = await world.sql("SELECT status, postcode, effective_since FROM provider")
    assert provider == {"status": "DRAFT", "postcode": "CV1 5RR", "effective_since": None}


async def test_where_no_authority_has_the_postcode_the_region_decides(world: World) -> None:
    # S-005
    answer = await world.do(None, BEGIN, **given(postcode="SW1A 1AA"))
    assert (answer["received"], answer["managingLocalAuthority"]) == (True, None)
    region = await world.person(await world.region(), Role.REGION_ADMIN)
    (account,) = (await world.gql(region, REQUESTED))["accounts"]["nodes"]
    assert account["name"] == "Ada Moss"


async def test_strangers_do_not_learn_who_has_an_account(world: World) -> None:
    # S-020, TRUST E7
    first, again = [await world.gql(None, BEGIN, **given(email=e)) for e in ("ada@example.org", "ADA@example.org")]
    assert first == again
    assert await world.count("person", "email_key = 'ada@example.org'") == 1
    assert await world.count("provider") == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"email": "office@example.org"}, "GENERIC_EMAIL"),
        ({"postcode": "nowhere"}, "INVALID_INPUT"),
        ({"organisation": " "}, "INVALID_INPUT"),
        ({"name": ""}, "INVALID_INPUT"),
    ],
)
async def test_a_faulty_request_leaves_nothing_behind(world: World, more: dict[str, str], code: str) -> None:
    # S-021, S-023
    before = await world.count("organisation")
    assert await world.refused(None, BEGIN, **given(**more)) == [code]
    assert await world.count("organisation") == before
    assert await world.count("person") == await world.count("event") == 0


async def test_one_network_cannot_flood_the_worklists(world: World) -> None:
    for number in range(10):
        await world.do(None, BEGIN, **given(email=f"ada.{number}@example.org"))
    assert await world.refused(None, BEGIN, **given(email="ada.11@example.org")) == ["FORBIDDEN"]
    assert await world.count("provider") == 10
    world.address = "198.51.100.7"
    await world.do(None, BEGIN, **given(email="ada.11@example.org"))


async def test_everybody_is_told_where_help_is(world: World) -> None:
    # S-003, S-006, S-019
    officer = await world.person(await world.authority(), Role.READ_ONLY)
    anonymous, signed_in = await world.gql(None, HELP), await world.gql(officer, HELP)
    assert anonymous == signed_in
    told = anonymous["serviceInfo"]
    assert told["supportEmail"] == "necdigitalsupport@necsws.com"
    assert told["enquiriesEmail"] == "westmidlandsplacementportalenquiries@birminghamchildrenstrust.co.uk"
    assert told["guidance"] == [{"topic": "SIGNING_IPA", "url": told["guidanceUrl"]}]
    world.shell.information["guidance"] = {"SIGNING_IPA": "https://guidance.example/signing"}
    (page,) = (await world.gql(None, HELP))["serviceInfo"]["guidance"]
    assert page["url"] == "https://guidance.example/signing"
