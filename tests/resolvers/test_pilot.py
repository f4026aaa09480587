"""When referrals may be made at all: before go-live, in the pilot, after it."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from models.provider import Category
from tests.cases import CHILD, REFERRAL, Cases, born
from tests.registering import SEEN, Registering
from tests.world import Care, World


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


BEFORE_GO_LIVE = datetime(2026, 4, 27, 22, 59, 59, tzinfo=UTC)  # the last second before midnight in London
MATRIX = [
    (authority, category, category in allowed)
    for authority, allowed in {
        "Birmingham": ("SUPPORTED_ACCOMMODATION", "RESIDENTIAL", "RESIDENTIAL_FAMILY_ASSESSMENT"),
        "Coventry": ("FOSTERING",),
        "Stoke-on-Trent": tuple(Category),
        "Solihull": (),
    }.items()
    for category in Category
]


async def test_the_pilot_is_for_three_authorities_and_their_categories(cases: Cases) -> None:  # S-043, S-044, S-045
    cases.world.clock.now = datetime(2026, 5, 27, 22, 59, 59, tzinfo=UTC)  # the last second in London
    officers = {name: await cases.officer(name) for name in ("Birmingham", "Coventry", "Stoke-on-Trent", "Solihull")}
    child = [born("2009-06-01")]
    for authority, category, allowed in MATRIX:
        given = {**REFERRAL, "category": category, "children": child, "familyAssessment": {"parents": "Both."}}
        if allowed:
            made = await cases.act(officers[authority], "referralCreate", input=given)
            await cases.act(
                officers[authority], "referralSend", id=made["id"], expectedVersion=1, acknowledgeNoMatch=True
            )
        else:
            (problem,) = await cases.problems(officers[authority], "referralCreate", input=given)
            assert (problem["code"], problem["availableFrom"]) == ("NOT_IN_PILOT", "2026-05-27T23:00:00+00:00")
            assert problem["path"] == ["input", "category"]
    cases.world.clock.goes_on(seconds=1)
    await cases.act(officers["Solihull"], "referralCreate", input={**REFERRAL, "category": "FOSTERING"})


async def test_a_category_outside_the_pilot_is_neither_sent_nor_resent(cases: Cases) -> None:  # S-045
    cases.world.clock.now = datetime(2026, 4, 27, 23, 0, tzinfo=UTC)  # midnight in London
    officer = await cases.officer("Coventry")
    await cases.world.provider(Care(Category.FOSTERING), managed_by="Coventry")
    id = await cases.sent(officer, category="FOSTERING")
    draft = await cases.drafted(officer, category=None)
    for each in (id, draft):
        given = {"id": each, "expectedVersion": await cases.version(each)}
        (problem,) = await cases.problems(officer, "referralUpdate", **given, input={"category": "RESIDENTIAL"})
        assert (problem["code"], problem["path"]) == ("NOT_IN_PILOT", ["input", "category"])
    await cases.edited(officer, draft, category="FOSTERING")
    await cases.world.sql('UPDATE referral SET content = content || \'{"category": "RESIDENTIAL"}\'')
    for each in (id, draft):
        await cases.edited(officer, each, category="RESIDENTIAL", needs="As it is already.")
    given = {"id": id, "expectedVersion": await cases.version(id)}
    assert await cases.refused(officer, "referralResend", **given, acknowledgeNoMatch=True) == ["NOT_IN_PILOT"]
    given = {"id": draft, "expectedVersion": await cases.version(draft)}
    (problem,) = await cases.problems(officer, "referralSend", **given)
    assert (problem["code"], problem["path"]) == ("NOT_IN_PILOT", ["category"])


async def test_before_go_live_nothing_is_referred(cases: Cases) -> None:  # S-015
    cases.world.clock.now = BEFORE_GO_LIVE
    officer, firm = await cases.officer(), await cases.world.provider()
    (problem,) = await cases.problems(officer, "referralCreate", input={**REFERRAL, "children": [CHILD]})
    assert (problem["code"], problem["availableFrom"]) == ("NOT_LIVE", "2026-04-27T23:00:00+00:00")
    assert await cases.refused(await cases.member(firm), "referralCreate", input=REFERRAL) == ["FORBIDDEN"]


async def test_before_go_live_lists_are_empty_and_registration_works(world: World) -> None:  # S-015
    world.clock.now = BEFORE_GO_LIVE
    cases = Registering(world)
    officer, reviewer, firm = await cases.officer(), await cases.reviewer(), await world.provider(approved=False)
    member = await cases.member(firm)
    lists = """{ referrals { totalCount nodes { id } } threads { totalCount } offers { totalCount }
      viewer { pending { newReferrals dueToday overdue unreadMessages offersAwaiting } } }"""
    nothing = {"totalCount": 0}
    none = dict.fromkeys(("newReferrals", "dueToday", "overdue", "unreadMessages", "offersAwaiting"), 0)
    empty = {"referrals": {**nothing, "nodes": []}, "threads": nothing, "offers": nothing}
    await cases.papers(firm)
    await cases.approved(member, reviewer, firm)
    for who in (officer, member):
        assert await world.gql(who, lists) == {**empty, "viewer": {"pending": none}}
    assert (await world.gql(member, SEEN))["registration"]["status"] == "APPROVED"
    for act in ("referralOpen", "referralTakeOn"):
        assert await cases.refused(member, act, id=str(uuid4())) == ["NOT_FOUND"]


@pytest.mark.parametrize("authority", ["Birmingham", "Coventry", "Stoke-on-Trent", "Solihull"])
async def test_nothing_is_sent_before_the_first_second_of_the_pilot(cases: Cases, authority: str) -> None:  # S-043
    """Not even by those whose pilot it is; in that second by them alone."""
    cases.world.clock.now = datetime(2026, 4, 27, 23, tzinfo=UTC)
    officer, allowed = await cases.officer(authority), authority in ("Birmingham", "Stoke-on-Trent")
    if not allowed:
        assert await cases.refused(officer, "referralCreate", input=REFERRAL) == ["NOT_IN_PILOT"]
        return
    id = await cases.drafted(officer)
    cases.world.clock.now = BEFORE_GO_LIVE
    given: dict[str, Any] = {"id": id, "expectedVersion": 1, "acknowledgeNoMatch": True}
    assert await cases.refused(officer, "referralSend", **given) == ["NOT_LIVE"]
    cases.world.clock.goes_on(seconds=1)
    await cases.act(officer, "referralSend", **given)


def test_every_authority_and_category_is_in_the_matrix() -> None:
    assert len(MATRIX) == 16
    assert sum(allowed for *_, allowed in MATRIX) == 8
