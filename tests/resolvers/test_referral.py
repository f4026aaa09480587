"""Referrals: drafting, what sending demands, whom it reaches, and what stays hidden."""

from typing import Any
from uuid import uuid4

import pytest

from models.lifecycle import Role
from models.provider import Category, Gender
from tests.cases import CHILD, IDENTITY, REFERRAL, Cases, born
from tests.world import BOTH, Care, World


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def test_a_draft_is_the_authoritys_own(cases: Cases) -> None:  # S-030
    officer, colleague = await cases.officer(), await cases.officer("Birmingham", Role.READ_ONLY)
    firm = await cases.world.provider()
    member, stranger = await cases.member(firm), await cases.officer("Solihull")
    id = await cases.drafted(officer)
    assert (await cases.seen(colleague, "Referral", id))["status"] == "DRAFT"
    for other in (member, stranger):
        assert await cases.seen(other, "Referral", id) is None
        assert await cases.seen(other, "Referral", str(uuid4())) is None
    assert await cases.told(member) == []
    assert await cases.world.count("delivery") == await cases.world.count("thread") == 0


RANGES = [
    ("2008-06-15", "RESIDENTIAL", "AGE_OUT_OF_RANGE"),  # the 18th birthday is today
    ("2008-06-16", "RESIDENTIAL", None),
    ("2026-06-15", "RESIDENTIAL", None),
    ("2026-06-16", "RESIDENTIAL", "AGE_OUT_OF_RANGE"),
    ("2010-06-15", "SUPPORTED_ACCOMMODATION", None),
    ("2010-06-16", "SUPPORTED_ACCOMMODATION", "AGE_OUT_OF_RANGE"),
    ("2008-06-16", "SUPPORTED_ACCOMMODATION", None),
]


@pytest.mark.parametrize(("day", "category", "refused"), RANGES)
async def test_a_child_is_0_to_17_when_referred(cases: Cases, day: str, category: str, refused: str | None) -> None:
    """S-035"""
    officer = await cases.officer()
    id = await cases.drafted(officer, category=category, children=[born(day)])
    given: dict[str, Any] = {"id": id, "expectedVersion": 1, "acknowledgeNoMatch": True}
    if refused:
        (problem,) = await cases.problems(officer, "referralSend", **given)
        assert (problem["code"], problem["path"]) == (refused, ["children", "0", "dateOfBirth"])
    else:
        await cases.act(officer, "referralSend", **given)


async def test_somebody_unborn_is_referred_for_family_assessment_alone(cases: Cases) -> None:  # S-035
    officer = await cases.officer()
    child = {"expectedOn": "2026-09-01"}
    family: dict[str, Any] = {"category": "RESIDENTIAL_FAMILY_ASSESSMENT", "familyAssessment": {"parents": "Two."}}
    assessed = await cases.drafted(officer, **family, children=[child])
    await cases.act(officer, "referralSend", id=assessed, expectedVersion=1, acknowledgeNoMatch=True)
    (seen,) = (await cases.seen(officer, "Referral", assessed, "summary { children { ageYears expectedOn } }"))[
        "summary"
    ]["children"]
    assert seen == {"ageYears": 0, "expectedOn": "2026-09-01"}
    placed = await cases.drafted(officer, children=[{**CHILD, "dateOfBirth": None, "expectedOn": "2026-09-01"}])
    assert await cases.refused(officer, "referralSend", id=placed, expectedVersion=1) == ["INCOMPLETE"]


async def test_age_is_checked_again_at_every_resending_and_at_nothing_else(cases: Cases) -> None:  # S-035, S-036
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id = await cases.sent(officer, children=[born("2008-06-20")])
    cases.world.clock.goes_on(days=6)
    version = await cases.version(id)
    assert await cases.refused(officer, "referralResend", id=id, expectedVersion=version) == ["AGE_OUT_OF_RANGE"]
    await cases.papers(firm)
    offer = await cases.submitted(member, id, {"homeId": str(firm.homes[0])})
    await cases.accepted(officer, offer)


# ── whom it reaches ──────────────────────────────────────────────────────────
async def test_it_reaches_exactly_who_matches_once_each(cases: Cases) -> None:  # S-039, S-041, S-042
    world, officer = cases.world, await cases.officer()
    match = await world.provider(Care(), Care(ages=(0, 17)), name="Two homes that match")
    others = [
        await world.provider(Care(Category.FOSTERING)),
        await world.provider(Care(ages=(15, 17))),
        await world.provider(Care(ages=(8, 13))),
        await world.provider(Care(genders=(Gender.FEMALE,))),
        await world.provider(approved=False),
    ]
    first, second = await cases.member(match), await cases.member(match, Role.ADMINISTRATOR)
    signatory = await cases.member(match, Role.SIGNATORY)
    strangers = [await cases.member(other) for other in others]
    id = await cases.sent(officer)
    assert await world.count("delivery") == await world.count("thread") == await world.count("referral_revision") == 1
    assert await cases.told(first) == await cases.told(second) == ["REFERRAL_RECEIVED"]
    assert await cases.told(signatory) == []
    assert await cases.seen(signatory, "Referral", id) is None
    view = await cases.seen(first, "Referral", id)
    assert view["summary"]["children"][0]["ageYears"] == 14
    assert view["summary"]["children"][0]["initials"] == "Z.Q."
    for stranger in strangers:
        assert await cases.seen(stranger, "Referral", id) is None
        assert await cases.told(stranger) == []
        listed = await world.gql(stranger, "{ referrals { totalCount } threads { totalCount } }")
        assert listed == {"referrals": {"totalCount": 0}, "threads": {"totalCount": 0}}


async def test_nobody_matching_is_said_before_it_is_sent(cases: Cases) -> None:
    officer = await cases.officer()
    id = await cases.drafted(officer)
    assert await cases.refused(officer, "referralSend", id=id, expectedVersion=1) == ["NO_MATCH"]
    await cases.act(officer, "referralSend", id=id, expectedVersion=1, acknowledgeNoMatch=True)


async def test_a_sibling_group_needs_one_home_for_all(cases: Cases) -> None:  # S-061
    world, officer = cases.world, await cases.officer()
    apart = await world.provider(Care(ages=(5, 10)), Care(ages=(11, 17)))
    together = await world.provider(Care(ages=(5, 17)))
    boys = await world.provider(Care(ages=(5, 17), genders=(Gender.MALE,)))
    id = await cases.sent(officer, children=[born("2012-05-14"), born("2019-05-14", gender="FEMALE")])
    assert await cases.delivery(id, together)
    assert await cases.delivery(id, apart) is None
    assert await cases.delivery(id, boys) is None


async def test_a_child_of_other_gender_needs_a_home_for_both(cases: Cases) -> None:  # S-039
    officer = await cases.officer()
    both, girls = await cases.world.provider(), await cases.world.provider(Care(genders=BOTH[:1]))
    id = await cases.sent(officer, children=[{**CHILD, "gender": "OTHER"}])
    assert await cases.delivery(id, both)
    assert await cases.delivery(id, girls) is None


# ── what stays hidden ────────────────────────────────────────────────────────
async def test_who_the_child_is_reaches_no_provider_by_any_field(cases: Cases) -> None:  # S-053
    officer, firm = await cases.officer(), await cases.world.provider()
    member, boss = await cases.member(firm), await cases.member(firm, Role.ADMINISTRATOR, Role.SIGNATORY)
    id = await cases.sent(officer)
    own = str(await cases.seen(officer, "Referral", id))
    for who in (member, boss):
        view = await cases.bytes_seen(who, id)
        for secret in (*IDENTITY.values(), "9434765919", "Zebedee Quillfeather"):
            assert secret.encode() not in view
            assert b'"workingCopy":null' in view
            assert b'"children":[]' in view
    for name, secret in IDENTITY.items():
        assert (secret if name != "nhsNumber" else "9434765919") in own


async def test_a_wrong_nhs_number_is_refused(cases: Cases) -> None:
    officer = await cases.officer()
    given = {**REFERRAL, "children": [{**CHILD, "nhsNumber": "9434765918"}]}
    (problem,) = await cases.problems(officer, "referralCreate", input=given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "children", "0", "nhsNumber"])


# ── patching ─────────────────────────────────────────────────────────────────
async def test_what_is_left_out_stays_and_null_clears(cases: Cases) -> None:
    officer = await cases.officer()
    id = await cases.drafted(officer, moveOn="Home in a year", children=[CHILD, born("2014-01-01", strengths="Chess")])
    first, second = (await cases.seen(officer, "Referral", id))["children"]
    await cases.edited(officer, id, moveOn=None, children=[{"id": second["id"], "wishes": "A dog"}])
    await cases.edited(officer, id, children=None)
    copy = (await cases.seen(officer, "Referral", id))["workingCopy"]
    assert copy["moveOn"] is None
    assert copy["needs"] == REFERRAL["needs"]
    assert [child["id"] for child in copy["children"]] == [first["id"], second["id"]]
    assert (copy["children"][1]["wishes"], copy["children"][1]["strengths"]) == ("A dog", "Chess")
    stranger = {"id": str(uuid4()), "wishes": "None"}
    version = await cases.version(id)
    given = {"id": id, "expectedVersion": version, "input": {"children": [stranger]}}
    assert await cases.refused(officer, "referralUpdate", **given) == ["NOT_FOUND"]
    (stale,) = await cases.problems(officer, "referralUpdate", id=id, expectedVersion=version - 1, input={})
    assert (stale["code"], stale["currentVersion"]) == ("STALE_VERSION", version)


async def test_only_the_placement_team_acts_on_a_referral(cases: Cases) -> None:  # S-034
    officer, firm = await cases.officer(), await cases.world.provider()
    id = await cases.sent(officer)
    draft = await cases.drafted(officer, needs=None)
    reader = await cases.officer("Birmingham", Role.READ_ONLY)
    signatory = await cases.officer("Birmingham", Role.SIGNATORY)
    people = (reader, signatory, await cases.member(firm), await cases.member(firm, Role.SIGNATORY))
    for who, unseen in zip(people, (draft, id, str(uuid4()), id), strict=True):
        assert await cases.refused(who, "referralCreate", input=REFERRAL) == ["FORBIDDEN"]
        on = {"id": unseen, "expectedVersion": 1}
        assert await cases.refused(who, "referralUpdate", **on, input={}) == ["FORBIDDEN"]
        assert await cases.refused(who, "referralSend", **on) == ["FORBIDDEN"]
        assert await cases.refused(who, "referralResend", **on) == ["FORBIDDEN"]
        assert await cases.refused(who, "referralClose", **on, reason="WITHDRAWN") == ["FORBIDDEN"]
        assert not (await cases.seen(who, "Referral", id) or {"can": []})["can"]
    other = await cases.officer("Solihull")
    for unseen in (id, str(uuid4())):
        assert await cases.refused(other, "referralSend", id=unseen, expectedVersion=1) == ["NOT_FOUND"]


async def test_the_same_key_drafts_once(cases: Cases) -> None:
    officer, key = await cases.officer(), str(uuid4())
    first = await cases.act(officer, "referralCreate", "id reference", input=REFERRAL, idempotencyKey=key)
    again = await cases.act(officer, "referralCreate", "id reference", input=REFERRAL, idempotencyKey=key)
    assert first == again
    other = {"input": {**REFERRAL, "needs": "Else"}, "idempotencyKey": key}
    assert await cases.refused(officer, "referralCreate", **other) == ["IDEMPOTENCY_KEY_REUSED"]
    assert await cases.world.count("referral") == await cases.world.count("event", "kind = 'referral.create'") == 1
