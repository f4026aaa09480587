"""Accounts: one for each person, asked for, approved and issued by those who answer for them."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from models.lifecycle import Role
from models.person import Viewer
from portal.settings import from_environment
from schema import schema
from tests.people import APPROVE, REINSTATE, REQUEST, SUSPEND, asked
from tests.world import World

ACCOUNTS = "{ accounts { totalCount nodes { name organisation { name } can } } }"
WIDE = "zoë.strasse\uff20EXAMPLE\uff0eorg"
ONE = "query ($id: UUID!) { account(id: $id) { name status can } }"


@pytest_asyncio.fixture(loop_scope="session")
async def admin(world: World) -> Viewer:
    return await world.person(await world.authority(), Role.ADMINISTRATOR, name="Admin")


async def requested(world: World, by: Viewer, email: str, *roles: str, **more: Any) -> dict[str, Any]:
    return dict((await world.do(by, REQUEST, **asked(email, *roles, **more)))["account"])


async def test_one_person_has_one_account_in_whatever_case_or_form_the_address_is_written(
    world: World, admin: Viewer
) -> None:
    # S-020
    await requested(world, admin, "Zoë.Straße@example.org", "READ_ONLY")
    region = await world.person(await world.region(), Role.REGION_ADMIN)
    forms = ("ZOË.STRASSE@EXAMPLE.ORG", "zoe\u0308.straße@example.org", " zoë.strasse@example.org ", WIDE)
    for same in forms:
        assert await world.refused(admin, REQUEST, **asked(same, "READ_ONLY")) == ["EMAIL_TAKEN"]
    assert await world.refused(region, REQUEST, **asked("zoë.strasse@example.org", "REGION_ADMIN")) == ["EMAIL_TAKEN"]
    await requested(world, admin, "zoë.straße+placements@example.org", "READ_ONLY")
    assert await world.count("person", "name = 'Ada Moss'") == 2


async def test_of_two_who_ask_for_one_address_at_once_exactly_one_gets_it(world: World, admin: Viewer) -> None:
    # S-020
    provider = await world.provider()
    other = await world.person(provider.id, Role.ADMINISTRATOR)
    tries = [(admin, "READ_ONLY", "Ada.Moss@example.org"), (other, "MEMBER", "ada.moss@EXAMPLE.org")] * 3
    acts = [world.gql(by, REQUEST, **asked(email, role)) for by, role, email in tries]
    answers = [answer["accountRequest"] for answer in await asyncio.gather(*acts)]
    assert sum(answer["account"] is not None for answer in answers) == 1
    refusals = [answer["problems"][0]["code"] for answer in answers if answer["problems"]]
    assert refusals == ["EMAIL_TAKEN"] * 5
    assert await world.count("person", "email_key = 'ada.moss@example.org'") == 1
    by_us = "kind = 'account.request' AND actor_id IN ($1, $2)"
    assert await world.count("event", by_us, admin.person_id, other.person_id) == 1


@pytest.mark.parametrize("email", ["info@example.org", "Placements.2@example.org", "REFERRALS+x@example.org"])
async def test_a_shared_mailbox_gets_no_account_unless_somebody_says_why(
    world: World, admin: Viewer, email: str
) -> None:
    # S-021
    assert await world.refused(admin, REQUEST, **asked(email, "READ_ONLY")) == ["GENERIC_EMAIL"]
    assert await world.refused(admin, REQUEST, **asked(email, "READ_ONLY", overrideReason=" ")) == ["GENERIC_EMAIL"]
    assert await world.count("person", "name = 'Ada Moss'") == 0
    await requested(world, admin, email, "READ_ONLY", overrideReason="Only Ms Moss reads it.")
    (kept,) = await world.sql("SELECT override_reason FROM person WHERE name = 'Ada Moss'")
    assert kept["override_reason"] == "Only Ms Moss reads it."


async def test_which_mailboxes_are_shared_is_set_for_the_installation(
    world: World, admin: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # S-021
    assert {"info", "admin", "placements", "referrals", "enquiries"} < from_environment().mailboxes
    monkeypatch.setenv("PORTAL_SHARED_MAILBOXES", '["Nachtdienst", "NIGHTS"]')
    world.shell = replace(world.shell, shared_mailboxes=from_environment().mailboxes)
    for shared in ("nights@example.org", "Nights.2@example.org", "nachtdienst@example.org"):
        assert await world.refused(admin, REQUEST, **asked(shared, "READ_ONLY")) == ["GENERIC_EMAIL"]
    assert await world.count("person", "name = 'Ada Moss'") == 0
    await requested(world, admin, "info@example.org", "READ_ONLY")


@pytest.mark.parametrize("email", ["ada", "ada@example", "@example.org", "a da@example.org", "ada@exa\u202emple.org"])
async def test_an_account_needs_an_address(world: World, admin: Viewer, email: str) -> None:
    # S-020
    assert await world.refused(admin, REQUEST, **asked(email, "READ_ONLY")) == ["INVALID_INPUT"]


def test_a_request_is_for_one_person() -> None:
    # S-023
    assert ": AccountInput!" in str(schema)
    assert "[AccountInput" not in str(schema)


async def test_signatory_access_is_asked_for_like_any_other(world: World) -> None:
    # S-031, S-032
    provider = await world.provider()
    manager = await world.person(provider.id, Role.ADMINISTRATOR, Role.MEMBER)
    account = await requested(world, manager, "fin@example.org", "SIGNATORY")
    assert (account["roles"], account["status"]) == (["SIGNATORY"], "REQUESTED")


@pytest.mark.parametrize(
    ("roles", "name"), [(["MEMBER"], "Ada"), ([], "Ada"), (["MACHINE"], "Ada"), (["READ_ONLY"], " ")]
)
async def test_roles_and_names_must_be_ones_there_are(world: World, admin: Viewer, roles: list[str], name: str) -> None:
    # S-034
    given = asked("ada@example.org", *roles)
    given["input"]["name"] = name
    assert await world.refused(admin, REQUEST, **given) == ["INVALID_INPUT"]


async def test_the_same_request_again_is_the_same_account(world: World, admin: Viewer) -> None:
    given = asked("ada.moss@example.org", "READ_ONLY")
    first, again = [await world.do(admin, REQUEST, **given) for _ in range(2)]
    assert first == again
    given["input"]["name"] = "Somebody Else"
    assert await world.refused(admin, REQUEST, **given) == ["IDEMPOTENCY_KEY_REUSED"]
    assert await world.count("person", "email_key = 'ada.moss@example.org'") == 1


async def test_an_account_goes_its_way_in_order_and_no_step_twice(world: World, admin: Viewer) -> None:
    # S-024
    account = await requested(world, admin, "ada.moss@example.org", "READ_ONLY")
    given = {"id": account["id"], "version": account["version"]}
    assert (account["status"], account["can"]) == ("REQUESTED", ["APPROVE", "CHANGE_ROLES"])
    assert await world.refused(admin, SUSPEND, **given) == ["WRONG_STATE"]
    approved = (await world.do(admin, APPROVE, **given))["account"]
    assert (approved["status"], approved["can"]) == ("APPROVED", ["INVITE", "CHANGE_ROLES"])
    assert await world.refused(admin, APPROVE, **given) == ["WRONG_STATE"]
    assert await world.count("event", "subject_id = $1", account["id"]) == 2


async def test_a_stale_version_changes_nothing(world: World, admin: Viewer) -> None:
    officer = await world.person(admin.organisation_id, Role.READ_ONLY)
    given = {"id": str(officer.person_id), "version": 1}
    assert await world.refused(admin, SUSPEND, **given) == ["STALE_VERSION"]
    assert await world.count("person", "status = 'SUSPENDED'") == 0
    assert await world.refused(admin, REINSTATE, **given) == ["WRONG_STATE"]


async def test_accounts_are_listed_to_those_who_share_or_look_after_them(world: World, admin: Viewer) -> None:
    # S-030
    ours, theirs = await world.provider(name="Ours"), await world.provider(name="Theirs", managed_by="Coventry")
    member = await world.person(ours.id, Role.MEMBER, name="Member")
    signer = await world.person(ours.id, Role.SIGNATORY, name="Signer")
    stranger = await world.person(theirs.id, Role.ADMINISTRATOR, name="Stranger")
    region = await world.person(await world.region(), Role.REGION_ADMIN, name="Region")
    everybody = {"Admin", "Member", "Signer", "Stranger", "Region"}
    seen = {admin: {"Admin", "Member", "Signer"}, member: {"Member", "Signer"}, signer: {"Signer"}, region: everybody}
    for viewer, names in seen.items():
        accounts = (await world.gql(viewer, ACCOUNTS))["accounts"]
        assert {node["name"] for node in accounts["nodes"]} == names
        assert accounts["totalCount"] == len(names)
    assert await world.gql(member, ONE, id=str(stranger.person_id)) == {"account": None}
    assert await world.gql(member, ONE, id=str(uuid4())) == {"account": None}


async def test_what_is_asked_for_is_counted_for_those_who_decide(world: World, admin: Viewer) -> None:
    # S-052, S-018
    pending = "{ viewer { pending { accountsAwaiting registrationsAwaiting newReferrals } } }"
    provider = await world.provider(approved=False)
    officer = await world.person(admin.organisation_id, Role.REGISTRATION_OFFICER)
    await requested(world, admin, "ada.moss@example.org", "READ_ONLY")
    await requested(world, admin, "bo.firth@example.org", "MEMBER", organisationId=str(provider.id))
    await world.sql("UPDATE provider SET status = 'PENDING_APPROVAL'")
    counted = [
        (admin, {"accountsAwaiting": 2, "registrationsAwaiting": 1, "newReferrals": 0}),
        (officer, {"accountsAwaiting": 1, "registrationsAwaiting": 1, "newReferrals": 0}),
        (await world.person(provider.id, Role.MEMBER),
         {"accountsAwaiting": 0, "registrationsAwaiting": 0, "newReferrals": 0}),
    ]  # fmt: skip
    for viewer, numbers in counted:
        assert (await world.gql(viewer, pending))["viewer"]["pending"] == numbers
