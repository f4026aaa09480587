"""Changes of approved registrations: what waits, what counts at once, and who decides."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.lifecycle import Role
from models.person import Viewer
from models.provider import Category, Gender
from models.rollout import PROFILES_OPEN
from tests.cases import born
from tests.registering import CARE, HOME, Registering
from tests.whole_registrations import a_home, a_registration
from tests.world import Care, Firm, World

CHANGES = """query ($id: UUID) { registration(id: $id) { version pendingChanges waitingDays can
  changes { id subject action field label before after } } }"""
DECIDED = """{ registrationChanges { nodes { status reason decidedByName field } } }"""
TEENAGERS = Care(ages=(13, 17), genders=(Gender.MALE,))


@pytest.fixture
def cases(world: World) -> Registering:
    return Registering(world)


async def changes(cases: Registering, who: Viewer, firm: Firm) -> list[dict[str, Any]]:
    seen = (await cases.world.gql(who, CHANGES, id=str(firm.id)))["registration"]
    return [] if seen is None else list(seen["changes"])


async def reopened(cases: Registering, *care: Care) -> tuple[Firm, Viewer, Viewer]:
    """An approved provider whose registration is open for editing, its member and its reviewer."""
    firm = await cases.world.provider(*care)
    reviewer = await cases.reviewer()
    await cases.on(reviewer, "registrationOpenForEditing", firm)
    return firm, await cases.member(firm), reviewer


async def care_of(cases: Registering, firm: Firm) -> str:
    (row,) = await cases.world.sql("SELECT id FROM registered_care WHERE provider_id = $1 LIMIT 1", firm.id)
    return str(row["id"])


# ── while an approved registration is open for editing ───────────────────────
async def test_what_is_edited_while_open_waits_beside_what_is_in_effect(cases: Registering) -> None:  # S-007
    firm, member, reviewer = await reopened(cases)
    home = str(firm.homes[0])
    await cases.on(member, "registrationUpdate", firm, input={"legalName": "New Name Ltd"})
    given = {"id": home, "expectedVersion": 4, "input": {"registeredManager": "Sam Okoro", "places": 5}}
    kept = await cases.act(member, "homeUpdate", "registeredManager places", **given)
    assert kept == {"registeredManager": "Morgan Reed", "places": 4}
    waiting = await changes(cases, reviewer, firm)
    assert {(each["field"], each["before"], each["after"]) for each in waiting} == {
        ("legalName", f"{firm.name} Ltd", "New Name Ltd"),
        ("registeredManager", "Morgan Reed", "Sam Okoro"),
        ("places", "4", "5"),
    }
    assert await changes(cases, member, firm) == waiting
    for stranger in (await cases.officer("Coventry"), await cases.member(await cases.world.provider())):
        assert await changes(cases, stranger, firm) == []
    await cases.approved(member, reviewer, firm)
    (row,) = await cases.world.sql("SELECT registered_manager, places FROM home WHERE id = $1", firm.homes[0])
    assert dict(row) == {"registered_manager": "Sam Okoro", "places": 5}
    assert await changes(cases, reviewer, firm) == []
    (row,) = await cases.world.sql("SELECT legal_name FROM provider WHERE id = $1", firm.id)
    assert row["legal_name"] == "New Name Ltd"


async def test_an_edit_taken_back_no_longer_waits(cases: Registering) -> None:
    firm, member, _ = await reopened(cases)
    home = str(firm.homes[0])
    for version, places in ((3, 5), (4, 6), (5, 4)):
        await cases.act(member, "homeUpdate", id=home, expectedVersion=version, input={"places": places})
    assert await changes(cases, member, firm) == []
    assert await cases.world.count("registration_change", "status = 'WITHDRAWN'") == 2


async def test_a_new_home_brings_nothing_and_is_not_offered_until_it_is_approved(cases: Registering) -> None:
    """S-007, S-010, S-041"""
    firm, member, reviewer = await reopened(cases, TEENAGERS)
    officer, other = await cases.officer(), await cases.officer("Coventry")
    home = await cases.home(member, care=[{**CARE, "ageFrom": 0}])
    small, big = await cases.drafted(officer, children=[born("2018-01-01")]), await cases.sent(officer)
    await cases.act(officer, "referralSend", id=small, expectedVersion=1, acknowledgeNoMatch=True)
    assert await cases.delivery(small, firm) is None
    homes = "query ($id: UUID) { registration(id: $id) { homes { name inEffect } } }"
    seen = [(await cases.world.gql(who, homes, id=str(firm.id)))["registration"]["homes"] for who in (officer, other)]
    assert [len(each) for each in seen] == [2, 1]
    if await cases.delivery(big, firm):
        problems = await cases.problems(
            member, "offerCreate", referralId=big, input={"placement": {"homeId": str(home)}}
        )
        assert problems[0]["code"] == "HOME_NOT_REGISTERED"
    await cases.approved(member, reviewer, firm)
    assert await cases.delivery(small, firm)
    assert len((await cases.world.gql(other, homes, id=str(firm.id)))["registration"]["homes"]) == 2


async def test_a_home_taken_out_stays_in_effect_until_approval(cases: Registering) -> None:  # S-007
    firm, member, reviewer = await reopened(cases)
    await cases.act(member, "homeEnd", id=str(firm.homes[0]), expectedVersion=3)
    (waiting,) = await changes(cases, reviewer, firm)
    assert (waiting["subject"], waiting["action"], waiting["label"]) == ("HOME", "REMOVE", "Home 1")
    assert await cases.world.count("home", "ended_at IS NOT NULL") == 0
    await cases.home(member)
    await cases.approved(member, reviewer, firm)
    ended = await cases.world.sql("SELECT name FROM home WHERE ended_at IS NOT NULL")
    assert [row["name"] for row in ended] == ["Home 1"]
    assert await cases.world.count("registered_care", "ended_at IS NOT NULL") == 1


async def test_after_a_rejection_the_provider_goes_on_where_it_was(cases: Registering) -> None:  # S-007, S-008
    firm, member, reviewer = await reopened(cases)
    await cases.on(member, "registrationUpdate", firm, input={"legalName": "New Name Ltd"})
    await cases.pending(member, firm)
    await cases.on(reviewer, "registrationReject", firm, reason="Not the registered name.")
    assert len(await changes(cases, member, firm)) == 1
    await cases.on(reviewer, "registrationOpenForEditing", firm)
    await cases.on(member, "registrationUpdate", firm, input={"legalName": "Newer Name Ltd"})
    (waiting,) = await changes(cases, reviewer, firm)
    assert waiting["after"] == "Newer Name Ltd"
    (row,) = await cases.world.sql("SELECT legal_name FROM provider WHERE id = $1", firm.id)
    assert row["legal_name"] == f"{firm.name} Ltd"


async def test_a_workbook_for_an_approved_registration_becomes_its_differences(cases: Registering) -> None:
    """S-001, S-007"""
    firm = await cases.world.provider(approved=False)
    member, reviewer = await cases.member(firm), await cases.reviewer()
    await cases.taken_in(member, firm, a_registration(homes=3))
    await cases.approved(member, reviewer, firm)
    await cases.on(reviewer, "registrationOpenForEditing", firm)
    content = a_registration(homes=3)
    assert await cases.taken_in(member, firm, content) == 0
    again = replace(content, homes=(a_home(1, places=6), a_home(4)))
    await cases.taken_in(member, firm, again)
    found = {(each["action"], each["label"], each["field"]) for each in await changes(cases, reviewer, firm)}
    assert found == {
        ("CHANGE", "House 1", "places"), ("ADD", "House 4", None), ("REMOVE", "House 2", None),
        ("REMOVE", "House 3", None),
    }  # fmt: skip
    assert await cases.taken_in(member, firm, again) == 0
    await cases.taken_in(member, firm, content)
    assert await changes(cases, reviewer, firm) == []


# ── an approved profile, from June ───────────────────────────────────────────
async def test_profiles_cannot_be_edited_before_their_day_and_say_so(cases: Registering) -> None:  # S-049
    firm = await cases.world.provider()
    member = await cases.member(firm)
    cases.world.clock.now = PROFILES_OPEN - timedelta(minutes=1)
    await cases.world.sql("UPDATE session SET expires_at = '2027-01-01'")
    before = await cases.everything_kept()
    care = await care_of(cases, firm)
    ages = {"ageFrom": 9, "ageTo": 16, "genders": ["MALE"]}
    asked: dict[str, dict[str, Any]] = {
        "homeAdd": {"input": HOME},
        "homeEnd": {"id": str(firm.homes[0]), "expectedVersion": 2},
        "careAdd": {"homeId": str(firm.homes[0]), "input": CARE},
        "careUpdate": {"id": care, "expectedVersion": 2, "input": ages},
        "careEnd": {"id": care, "expectedVersion": 2},
        "frameworkMembershipAdd": {"input": {"framework": "West Midlands", "validFrom": "2026-01-01"}},
        "registrationContactsUpdate": {"id": str(firm.id), "expectedVersion": 2, "input": []},
        "fosteringFamilyAdd": {"input": {"name": "Smith"}},
    }
    for act, given in asked.items():
        assert await cases.refused(member, act, **given) == ["FEATURE_NOT_YET_AVAILABLE"], act
    assert await cases.everything_kept() == before
    can = "{ registration { can } }"
    closed = (await cases.world.gql(member, can))["registration"]["can"]
    cases.world.clock.now = PROFILES_OPEN
    opened = (await cases.world.gql(member, can))["registration"]["can"]
    assert {"EDIT_PROFILE", "PROPOSE", "ADD_DOCUMENT"} <= set(opened) - set(closed)


async def test_what_is_narrower_counts_at_once_and_what_is_wider_waits(cases: Registering) -> None:  # S-039, S-049
    firm = await cases.world.provider(Care(ages=(8, 12)))
    member, reviewer, officer = await cases.member(firm), await cases.reviewer(), await cases.officer()
    care, wide = await care_of(cases, firm), {"ageFrom": 8, "ageTo": 17, "genders": ["FEMALE", "MALE"]}
    older = await cases.drafted(officer, children=[born("2012-01-01")])
    await cases.act(officer, "referralSend", id=older, expectedVersion=1, acknowledgeNoMatch=True)
    await cases.act(member, "careUpdate", id=care, expectedVersion=2, input={**wide, "ageTo": 11})
    (row,) = await cases.world.sql("SELECT age_to FROM registered_care")
    assert row["age_to"] == 11
    await cases.act(member, "careUpdate", id=care, expectedVersion=3, input=wide)
    (waiting,) = await changes(cases, reviewer, firm)
    assert waiting["before"] == "Residential, 8 to 11, female and male"
    assert waiting["after"] == "Residential, 8 to 17, female and male"
    assert await cases.told(reviewer) == ["REGISTRATION_CHANGE_PROPOSED"]
    assert await cases.delivery(older, firm) is None
    await cases.act(reviewer, "registrationChangeApprove", id=waiting["id"], expectedVersion=4)
    assert await cases.delivery(older, firm)  # S-041
    assert sorted(await cases.told(member)) == ["REFERRAL_RECEIVED", "REGISTRATION_CHANGE_APPROVED"]
    (row,) = await cases.world.sql("SELECT age_to FROM registered_care")
    assert row["age_to"] == 17
    assert await cases.refused(reviewer, "registrationChangeApprove", id=waiting["id"], expectedVersion=5) == [
        "WRONG_STATE"
    ]


async def test_care_that_ends_brings_no_referrals_from_then_on(cases: Registering) -> None:  # S-039, S-049
    firm = await cases.world.provider()
    member, reviewer, officer = await cases.member(firm), await cases.reviewer(), await cases.officer()
    assert await cases.delivery(await cases.sent(officer), firm)
    await cases.act(member, "careEnd", id=await care_of(cases, firm), expectedVersion=2)
    assert await changes(cases, reviewer, firm) == [], "what is narrower waits for nobody"
    later = await cases.drafted(officer)
    await cases.act(officer, "referralSend", id=later, expectedVersion=1, acknowledgeNoMatch=True)
    assert await cases.delivery(later, firm) is None


async def test_a_rejected_home_never_was_one_and_the_provider_reads_why(cases: Registering) -> None:  # S-049
    firm = await cases.world.provider()
    member, reviewer = await cases.member(firm), await cases.reviewer()
    home = await cases.home(member)
    (waiting,) = await changes(cases, member, firm)
    assert (waiting["subject"], waiting["action"]) == ("HOME", "ADD")
    given = {"id": waiting["id"], "expectedVersion": 3}
    assert await cases.refused(reviewer, "registrationChangeReject", **given, reason=" ") == ["REASON_REQUIRED"]
    await cases.act(reviewer, "registrationChangeReject", **given, reason="The URN is another's.")
    (decided,) = (await cases.world.gql(member, DECIDED))["registrationChanges"]["nodes"]
    assert (decided["status"], decided["reason"]) == ("REJECTED", "The URN is another's.")
    assert await cases.told(member) == ["REGISTRATION_CHANGE_REJECTED"]
    (row,) = await cases.world.sql("SELECT approved_at, ended_at FROM home WHERE id = $1", home)
    assert row["approved_at"] is None
    assert row["ended_at"] is not None
    await cases.home(member)  # the name is free again


async def test_the_provider_takes_back_what_it_proposed(cases: Registering) -> None:
    firm = await cases.world.provider()
    member, reviewer = await cases.member(firm), await cases.reviewer()
    assessing = {**CARE, "category": "RESIDENTIAL_FAMILY_ASSESSMENT"}
    await cases.act(member, "careAdd", homeId=str(firm.homes[0]), input=assessing)
    (waiting,) = await changes(cases, member, firm)
    given = {"id": waiting["id"], "expectedVersion": 3}
    assert await cases.refused(reviewer, "registrationChangeWithdraw", **given) == ["FORBIDDEN"]
    await cases.act(member, "registrationChangeWithdraw", **given)
    assert await changes(cases, reviewer, firm) == []
    assert await cases.told(reviewer) == ["REGISTRATION_CHANGE_PROPOSED", "REGISTRATION_CHANGE_WITHDRAWN"]
    assert await cases.world.count("registered_care", "ended_at IS NULL") == 1


@pytest.mark.parametrize(("act", "more"), [("Approve", {}), ("Reject", {"reason": "No."})])
async def test_only_who_manages_the_provider_decides_on_its_changes(
    cases: Registering, act: str, more: dict[str, str]
) -> None:
    """S-004: not its own people, not another authority, not another provider."""
    firm = await cases.world.provider()
    member = await cases.member(firm)
    await cases.home(member)
    (waiting,) = await changes(cases, member, firm)
    given: dict[str, Any] = {"id": waiting["id"], "expectedVersion": 3, **more}
    act = f"registrationChange{act}"
    for nobody in (member, await cases.member(firm, Role.ADMINISTRATOR), await cases.officer()):
        assert await cases.refused(nobody, act, **given) == ["FORBIDDEN"]
    stranger = await cases.reviewer("Coventry")
    assert await cases.refused(stranger, act, **given) == ["NOT_FOUND"]
    assert await cases.refused(stranger, act, **{**given, "id": str(uuid4())}) == ["NOT_FOUND"]
    await cases.act(await cases.region(), act, **given)


async def test_what_ends_counts_at_once_and_is_offered_no_longer(cases: Registering) -> None:  # S-010, S-049
    firm = await cases.world.provider(Care(), Care())
    member, officer = await cases.member(firm), await cases.officer()
    id = await cases.sent(officer)
    await cases.act(member, "homeEnd", id=str(firm.homes[0]), expectedVersion=2)
    assert await cases.world.count("registered_care", "ended_at IS NULL") == 1
    await cases.act(member, "referralOpen", id=id)
    given = {"referralId": id, "input": {"placement": {"homeId": str(firm.homes[0])}}}
    problems = await cases.problems(member, "offerCreate", **given)
    assert problems[0]["code"] == "HOME_NOT_REGISTERED"
    seen = await cases.world.gql(member, "{ homes { nodes { name } } registration { homes { name } } }")
    assert (
        [each["name"] for each in seen["homes"]["nodes"]]
        == ["Home 2"]
        == [h["name"] for h in seen["registration"]["homes"]]
    )
    assert await cases.refused(member, "homeEnd", id=str(firm.homes[0]), expectedVersion=3) == ["NOT_FOUND"]


async def test_a_membership_is_added_by_approval_and_ends_at_once(cases: Registering) -> None:  # S-012, S-049
    firm = await cases.world.provider()
    member, reviewer = await cases.member(firm), await cases.reviewer()
    place = {"framework": "West Midlands", "lot": "2", "validFrom": "2026-01-01"}
    await cases.act(member, "frameworkMembershipAdd", homeId=str(firm.homes[0]), input=place)
    on_framework = "{ homes { nodes { onFramework memberships { id validUntil inEffect } } } }"
    (home,) = (await cases.world.gql(member, on_framework))["homes"]["nodes"]
    assert home["onFramework"] is False
    (waiting,) = await changes(cases, reviewer, firm)
    await cases.act(reviewer, "registrationChangeApprove", id=waiting["id"], expectedVersion=3)
    (home,) = (await cases.world.gql(member, on_framework))["homes"]["nodes"]
    assert home["onFramework"] is True
    given = {"id": home["memberships"][0]["id"], "expectedVersion": 4}
    assert await cases.refused(member, "frameworkMembershipEnd", **given, lastDay="2025-12-31") == ["INVALID_INPUT"]
    await cases.act(member, "frameworkMembershipEnd", **given, lastDay="2026-06-14")
    (home,) = (await cases.world.gql(member, on_framework))["homes"]["nodes"]
    assert (home["onFramework"], home["memberships"][0]["validUntil"]) == (False, "2026-06-14")
    assert await changes(cases, reviewer, firm) == []


async def test_contacts_and_families_wait_for_nobody(cases: Registering) -> None:  # S-049, S-095
    firm = await cases.world.provider(Care(Category.FOSTERING))
    member = await cases.member(firm)
    somebody = {"purpose": "REFERRALS", "name": "Jo Lee", "email": "jo@example.org", "jobTitle": None, "phone": None}
    shown = "contacts { purpose name email jobTitle phone } pendingChanges"
    given = {"id": str(firm.id), "expectedVersion": 2}
    wrong = [{"purpose": "FINANCE", "name": " ", "email": "nowhere"}]
    problems = await cases.problems(member, "registrationContactsUpdate", **given, input=wrong)
    assert [problem["code"] for problem in problems] == ["INCOMPLETE", "INVALID_INPUT"]
    kept = await cases.act(member, "registrationContactsUpdate", shown, **given, input=[somebody])
    assert kept == {"contacts": [somebody], "pendingChanges": 0}
    made = await cases.act(member, "fosteringFamilyAdd", input={"name": "Smith", "places": 2})
    changed = {"id": made["id"], "expectedVersion": 4, "input": {"name": "Smyth", "household": "Two adults"}}
    seen = await cases.act(member, "fosteringFamilyUpdate", "name details { places household }", **changed)
    assert seen == {"name": "Smyth", "details": {"places": 2, "household": "Two adults"}}
    await cases.act(member, "fosteringFamilyEnd", id=made["id"], expectedVersion=5)
    suggestions = '{ fosteringFamilySuggestions(prefix: "s") { name } }'
    assert (await cases.world.gql(member, suggestions))["fosteringFamilySuggestions"] == []
    assert await cases.world.count("registration_change") == 0


async def test_one_number_is_one_home_but_for_premises_of_a_service(cases: Registering) -> None:
    member = await cases.member(await cases.world.provider(approved=False))
    supported = {**CARE, "category": "SUPPORTED_ACCOMMODATION", "ageFrom": 16}
    await cases.home(member)
    (problem,) = await cases.problems(member, "homeAdd", input={**HOME, "name": "Elm House"})
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "urn"])
    premises = {**HOME, "urn": "1234567", "care": [supported], "service": "Steps"}
    for name in ("Flat 1", "Flat 2"):
        await cases.act(member, "homeAdd", input={**premises, "name": name})
    other = {**premises, "name": "Flat 3", "service": "Stairs"}
    assert await cases.refused(member, "homeAdd", input=other) == ["INVALID_INPUT"]
    welsh = {**HOME, "name": "Ty Coed", "urn": "w12/00000345", "regulator": "CIW"}
    assert (await cases.act(member, "homeAdd", "urn", input=welsh))["urn"] == "W12/00000345"


APPROVING = (
    "UPDATE provider SET effective_since = now()",
    "UPDATE home SET approved_at = now()",
    "UPDATE registered_care SET approved_at = now()",
    "UPDATE framework_membership SET approved_at = now()",
    "UPDATE registration_change SET status = 'APPROVED'",
    "UPDATE registration_change SET status = 'REJECTED'",
)


@pytest.mark.parametrize("statement", APPROVING)
async def test_the_database_lets_no_provider_approve_its_own(cases: Registering, statement: str) -> None:
    """S-004: also where code forgets it."""
    firm = await cases.world.provider()
    member = await cases.member(firm)
    place = {"framework": "West Midlands", "validFrom": "2026-01-01"}
    await cases.act(member, "frameworkMembershipAdd", input=place)
    await cases.home(member)
    with pytest.raises(DBAPIError):
        async with cases.world.shell.database.acting(member, cases.world.clock.now) as session:
            await session.execute(text(statement))
    assert len(await changes(cases, member, firm)) == 2


async def test_an_offer_of_a_home_that_has_ended_is_not_submitted(cases: Registering) -> None:  # S-010
    firm = await cases.world.provider(Care(), Care())
    member, officer = await cases.member(firm), await cases.officer()
    await cases.papers(firm)
    id = await cases.sent(officer)
    offer = await cases.offered(member, id, {"homeId": str(firm.homes[0])})
    await cases.act(member, "homeEnd", id=str(firm.homes[0]), expectedVersion=2)
    given = {"id": offer, "expectedVersion": 1}
    assert await cases.refused(member, "offerSubmit", **given) == ["HOME_NOT_REGISTERED"]
