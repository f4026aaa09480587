"""What an offer says besides: its family, its framework, from when, and every fault of an input at once."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from models.provider import Category
from tests.cases import FEES, Cases, born
from tests.resolvers.test_offer import at, stage
from tests.world import Care, Firm, World

STANDING = "frameworkStatus outsideFramework frameworkNote placement { framework lot }"
FAMILY = {
    "name": "The Wards", "postcode": "B1 1AA", "supervisingSocialWorker": "Pat Lee", "carers": ["Jo Ward", "Al Ward"],
    "ageFrom": 5, "ageTo": 15, "places": 2, "genders": ["FEMALE"], "household": "A grown-up son", "pets": "Two cats",
    "smokers": False, "ethnicity": "White British", "languages": ["English", "Polish"], "faith": "None",
    "experience": "Ten years", "othersPlaced": 0,
}  # fmt: skip
DETAILS = """carers ageFrom ageTo places genders household pets smokers ethnicity languages faith experience
  othersPlaced"""


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def member_of_framework(cases: Cases, firm: Firm, home: UUID | None, name: str, first: str, last: str) -> None:
    await cases.world.sql(
        "INSERT INTO framework_membership (id, provider_id, home_id, framework, lot, valid_from, valid_until,"
        " approved_at) VALUES (gen_random_uuid(), $1, $2, $3, '2', $4::text::date, $5::text::date, now())",
        firm.id, home, name, first, last,
    )  # fmt: skip


# ── where it stands ──────────────────────────────────────────────────────────
async def test_a_home_outside_its_providers_framework_stands_out(cases: Cases) -> None:  # S-011, S-012
    officer, firm, member, id = await stage(cases, Care(), Care())
    offer = await cases.submitted(member, id, at(firm))
    spot = await cases.seen(officer, "Offer", offer, STANDING)
    assert (spot["frameworkStatus"], spot["outsideFramework"]) == ("SPOT", False)
    assert spot["frameworkNote"].startswith("Spot purchase")
    await member_of_framework(cases, firm, firm.homes[1], "West Midlands Residential", "2026-01-01", "2026-12-31")
    assert await cases.seen(officer, "Offer", offer, STANDING) == spot, "snapshotted on the day of the offer"
    await cases.on_offer(member, "offerUpdate", offer, input={"trialPeriod": "A week"})
    assert await cases.seen(officer, "Offer", offer, STANDING) == spot, "the home was not named again"
    await cases.on_offer(member, "offerUpdate", offer, input={"placement": at(firm)})
    outside = await cases.seen(officer, "Offer", offer, STANDING)
    assert (outside["frameworkStatus"], outside["outsideFramework"]) == ("NON_FRAMEWORK", True)
    assert outside["frameworkNote"].startswith("Outside the framework")
    await cases.on_offer(member, "offerUpdate", offer, input={"placement": at(firm, 1)})
    shown = await cases.seen(officer, "Offer", offer, f"{STANDING} versions {{ placement {{ framework lot }} }}")
    named = {"framework": "West Midlands Residential", "lot": "2"}
    assert (shown["frameworkStatus"], shown["outsideFramework"], shown["placement"]) == ("FRAMEWORK", False, named)
    assert shown["frameworkNote"] == "On the framework West Midlands Residential, lot 2."
    assert [version["placement"]["framework"] for version in shown["versions"]] == [
        None,
        None,
        None,
        named["framework"],
    ]


async def test_a_draft_of_yesterday_stands_as_it_does_when_it_is_submitted(cases: Cases) -> None:  # S-011
    """The home's membership begins, and its manager changes, between the draft and the submission."""
    officer, firm, member, id = await stage(cases)
    day = cases.world.clock.now.date() + timedelta(days=1)
    await member_of_framework(cases, firm, firm.homes[0], "Next", str(day), "2030-01-01")
    await member_of_framework(cases, firm, firm.homes[0], "Older", "2026-01-01", str(day - timedelta(days=1)))
    draft = await cases.offered(member, id, at(firm))
    assert (await cases.seen(member, "Offer", draft, STANDING))["placement"]["framework"] == "Older"
    await cases.world.sql("UPDATE home SET registered_manager = 'New Manager' WHERE id = $1", firm.homes[0])
    cases.world.clock.goes_on(days=1)
    await cases.on_offer(member, "offerSubmit", draft)
    seen = await cases.seen(officer, "Offer", draft, "frameworkStatus placement { framework manager }")
    assert seen == {"frameworkStatus": "FRAMEWORK", "placement": {"framework": "Next", "manager": "New Manager"}}


# ── from when ────────────────────────────────────────────────────────────────
async def test_an_offer_is_submitted_with_a_day_that_has_not_passed(cases: Cases) -> None:  # S-080
    """By London's day: a day is not over before midnight there."""
    _, firm, member, id = await stage(cases)
    today = cases.world.clock.now.date()
    draft = await cases.offered(member, id, at(firm), availableFrom=str(today))
    cases.world.clock.goes_on(days=1)
    for day, code in ((str(today), "AVAILABLE_FROM_PASSED"), (None, "AVAILABLE_FROM_REQUIRED")):
        await cases.on_offer(member, "offerUpdate", draft, input={"availableFrom": day})
        version = await cases.version(draft, "offer")
        (problem,) = await cases.problems(member, "offerSubmit", id=draft, expectedVersion=version)
        assert (problem["code"], problem["path"]) == (code, ["availableFrom"])
    await cases.on_offer(member, "offerUpdate", draft, input={"availableFrom": str(today + timedelta(days=1))})
    await cases.on_offer(member, "offerSubmit", draft)
    version = await cases.version(draft, "offer")
    for given, code in ((str(today), "AVAILABLE_FROM_PASSED"), (None, "AVAILABLE_FROM_REQUIRED")):
        change = {"id": draft, "expectedVersion": version, "input": {"availableFrom": given}}
        (problem,) = await cases.problems(member, "offerUpdate", **change)
        assert (problem["code"], problem["path"]) == (code, ["input", "availableFrom"])
    cases.world.clock.goes_on(days=5)
    await cases.on_offer(member, "offerUpdate", draft, input={"staffing": {"text": "Two"}})


async def test_the_day_passes_at_midnight_in_london(cases: Cases) -> None:
    _, firm, member, id = await stage(cases)
    clock = cases.world.clock
    clock.now = clock.now.replace(hour=22, minute=30)  # half past eleven in the evening in London's summer
    draft = await cases.offered(member, id, at(firm), availableFrom=str(clock.now.date()))
    clock.goes_on(hours=1)
    refused = await cases.refused(member, "offerSubmit", id=draft, expectedVersion=1)
    assert refused == ["AVAILABLE_FROM_PASSED"]


# ── everything at once ───────────────────────────────────────────────────────
async def test_every_fault_of_an_input_is_told_at_once_with_its_path(cases: Cases) -> None:  # S-072 to S-098
    _, firm, member, id = await stage(cases, Care(), Care(Category.SUPPORTED_ACCOMMODATION, (16, 17)))
    costs = [
        {"description": " ", "amount": "65.005", "unit": "NIGHT", "quantity": "1001"},
        {"description": "Taxi", "amount": "-1", "unit": "WEEK", "from": "2026-08-02", "until": "2026-08-01"},
    ]
    given = {
        "placement": at(firm, 1), "education": {"text": " "}, "further": {"seeAppendix": str(uuid4())},
        "fees": [{"coreFeeWeekly": "1000000.01", "childId": str(uuid4()), "additionalCosts": costs}],
    }  # fmt: skip
    problems = await cases.problems(member, "offerCreate", referralId=id, input=given)
    assert sorted((".".join(problem["path"][1:]), problem["code"]) for problem in problems) == [
        ("education.text", "ANSWER_BLANK"), ("fees", "FEES_NOT_FOR_CHILDREN"),
        ("fees.0.additionalCosts.0.amount", "INVALID_AMOUNT"),
        ("fees.0.additionalCosts.0.description", "DESCRIPTION_REQUIRED"),
        ("fees.0.additionalCosts.0.quantity", "INVALID_QUANTITY"),
        ("fees.0.additionalCosts.1.amount", "INVALID_AMOUNT"),
        ("fees.0.additionalCosts.1.until", "COST_ENDS_BEFORE_START"), ("fees.0.childId", "FEES_NOT_FOR_CHILDREN"),
        ("fees.0.coreFeeWeekly", "INVALID_AMOUNT"), ("further.seeAppendix", "APPENDIX_NOT_ATTACHED"),
        ("placement.homeId", "HOME_NOT_REGISTERED"),
    ]  # fmt: skip
    without: list[dict[str, Any]] = [{}, {"fees": []}, {"fees": None}]
    for missing in without:
        (problem,) = await cases.problems(
            member, "offerCreate", referralId=id, input={"placement": at(firm), **missing}
        )
        assert (problem["code"], problem["path"]) == ("CORE_FEE_REQUIRED", ["input", "fees"])
    offer = await cases.offered(member, id, at(firm))
    for field, code in (("placement", "PLACEMENT_REQUIRED"), ("fees", "CORE_FEE_REQUIRED")):
        change: dict[str, Any] = {"id": offer, "expectedVersion": 1, "input": {field: None}}
        assert await cases.refused(member, "offerUpdate", **change) == [code]


@pytest.mark.parametrize("number", ["NaN", "-NaN", "Infinity", "-infinity"])
async def test_what_is_no_number_is_refused_where_it_stands(cases: Cases, number: str) -> None:  # S-088
    costs = [{"description": "Taxi", "amount": number, "unit": "WEEK", "quantity": number}]
    given = {"fees": [{"coreFeeWeekly": number, "additionalCosts": costs}]}
    member = await cases.member(await cases.world.provider())
    problems = await cases.problems(member, "offerCreate", referralId=str(uuid4()), input=given)
    assert [(problem["code"], ".".join(problem["path"][3:])) for problem in problems] == [
        ("INVALID_AMOUNT", "coreFeeWeekly"), ("INVALID_AMOUNT", "additionalCosts.0.amount"),
        ("INVALID_QUANTITY", "additionalCosts.0.quantity"),
    ]  # fmt: skip
    assert [("pounds" in problem["message"]) for problem in problems] == [True, True, False]


async def test_additional_costs_are_shown_apart_and_alike_everywhere(cases: Cases) -> None:  # S-089, S-091
    officer, firm, member, id = await stage(cases)
    costs = [{"description": "Mentor", "amount": "20.01", "unit": "HOUR", "quantity": "7.5"}] * 2
    fees = [{"coreFeeWeekly": "4100.00", "includes": " Food ", "additionalCosts": costs}]
    offer = await cases.submitted(member, id, at(firm), fees=fees)
    sums = "coreFeeWeekly weeklyTotal firstYearTotal"
    fee = (
        f"terms {{ fees {{ {sums} includes additionalWeekly coreFirstYear additionalCosts {{ weekly firstYear }} }} }}"
    )
    shown = f"""{sums} additionalWeekly {fee} statementOfPurpose {{ kind name sha256 compulsory }}
      versions {{ weeklyTotal {fee} }}"""
    seen = await cases.seen(officer, "Offer", offer, shown)
    assert (seen["coreFeeWeekly"], seen["additionalWeekly"], seen["weeklyTotal"]) == ("4100.00", "300.15", "4400.15")
    (line,) = seen["terms"]["fees"]
    assert (line["includes"], line["additionalWeekly"], line["weeklyTotal"]) == ("Food", "300.15", "4400.15")
    assert [cost["weekly"] for cost in line["additionalCosts"]] == ["150.08", "150.07"], "they add up to the total"
    assert (line["firstYearTotal"], seen["versions"][0]["terms"]["fees"]) == (seen["firstYearTotal"], [line])
    assert seen["versions"][0]["weeklyTotal"] == seen["weeklyTotal"]
    purpose = seen["statementOfPurpose"]
    assert (purpose["kind"], purpose["compulsory"]) == ("STATEMENT_OF_PURPOSE", True)
    listed = await cases.world.gql(officer, f"{{ offers {{ nodes {{ id {sums} statementOfPurpose {{ sha256 }} }} }} }}")
    same = {name: seen[name] for name in sums.split()}
    assert listed["offers"]["nodes"] == [{"id": offer, **same, "statementOfPurpose": {"sha256": purpose["sha256"]}}]


async def test_each_childs_agreement_shows_what_the_offer_says_of_that_child(cases: Cases) -> None:  # S-061, S-089
    officer, firm, member, id = await stage(cases, children=[born("2012-05-14"), born("2014-05-14")])
    older, younger = [child["id"] for child in (await cases.seen(officer, "Referral", id))["children"]]
    night = {"description": "Waking night", "amount": "65.50", "unit": "NIGHT", "quantity": "7"}
    fees: list[dict[str, Any]] = [
        {"coreFeeWeekly": "4000.00", "childId": older, "additionalCosts": [night]},
        {"coreFeeWeekly": "3000.00", "childId": younger},
    ]
    offer = await cases.submitted(member, id, at(firm), fees=fees)
    await cases.accepted(officer, offer)
    sums = "childId coreFeeWeekly additionalWeekly weeklyTotal firstYearTotal"
    lines = (await cases.seen(officer, "Offer", offer, f"terms {{ fees {{ {sums} }} }}"))["terms"]["fees"]
    assert [line["weeklyTotal"] for line in lines] == ["4458.50", "3000.00"]
    for child, line in zip((older, younger), lines, strict=True):
        drawn_up = {"offerId": offer, "childId": child, "idempotencyKey": str(uuid4())}
        made = await cases.act(officer, "ipaCreate", f"id fee {{ {sums} }}", **drawn_up)
        assert made["fee"] == line


# ── families ─────────────────────────────────────────────────────────────────
async def test_a_family_typed_in_is_kept_whole_shown_and_suggested(cases: Cases) -> None:  # S-073, S-095
    officer, firm, member, id = await stage(cases, Care(Category.FOSTERING), category="FOSTERING")
    await cases.world.sql("UPDATE provider SET agency_urn = 'SC123456' WHERE id = $1", firm.id)
    offer = await cases.submitted(member, id, {"family": FAMILY})
    shown = f"placement {{ kind name postcode urn supervisingSocialWorker family {{ {DETAILS} }} }}"
    placement = (await cases.seen(officer, "Offer", offer, shown))["placement"]
    details = {name: FAMILY[name] for name in DETAILS.split()}
    assert (placement["family"], placement["urn"], placement["kind"]) == (details, "SC123456", "FAMILY")
    suggested = f"""{{ fosteringFamilySuggestions(prefix: "the w") {{ id name postcode supervisingSocialWorker
      details {{ {DETAILS} }} }} }}"""
    (kept,) = (await cases.world.gql(member, suggested))["fosteringFamilySuggestions"]
    assert (kept["name"], kept["postcode"], kept["details"]) == (FAMILY["name"], FAMILY["postcode"], details)
    stranger = await cases.member(await cases.world.provider(Care(Category.FOSTERING)))
    assert (await cases.world.gql(stranger, suggested))["fosteringFamilySuggestions"] == []
    again = await cases.sent(officer, category="FOSTERING")
    await cases.offered(member, again, {"family": {"name": "the  WARDS", "pets": "Three cats"}})
    (after,) = (await cases.world.gql(member, suggested))["fosteringFamilySuggestions"]
    assert after == {**kept, "details": {**details, "pets": "Three cats"}}


async def test_a_family_of_others_is_not_there_and_faults_lie_where_it_was_typed(cases: Cases) -> None:  # S-073, S-095
    officer, _, member, id = await stage(cases, Care(Category.FOSTERING), category="FOSTERING")
    theirs = await cases.world.provider(Care(Category.FOSTERING))
    await cases.papers(theirs)
    rival = await cases.member(theirs)
    other = await cases.offered(rival, await cases.sent(officer, category="FOSTERING"), {"family": FAMILY})
    family = (await cases.seen(rival, "Offer", other))["familyId"]
    wrong: list[tuple[dict[str, Any], str, list[str]]] = [
        ({"familyId": family}, "NOT_FOUND", ["familyId"]), ({"familyId": str(uuid4())}, "NOT_FOUND", ["familyId"]),
        ({"homeId": str(uuid4())}, "PLACEMENT_NOT_FOR_CATEGORY", ["homeId"]),
        ({"family": {"name": "X", "ageFrom": 9, "ageTo": 4}}, "INVALID_INPUT", ["family", "ageFrom"]),
        ({"family": {"name": " "}}, "INCOMPLETE", ["family", "name"]),
        ({"family": {"name": "X", "postcode": "nowhere"}}, "INVALID_INPUT", ["family", "postcode"]),
    ]  # fmt: skip
    for placement, code, path in wrong:
        given = {"placement": placement, "fees": FEES}
        (problem,) = await cases.problems(member, "offerCreate", referralId=id, input=given)
        assert (problem["code"], problem["path"]) == (code, ["input", "placement", *path])
    own = await cases.offered(member, id, {"family": {"name": "The Moores"}})
    await cases.world.sql("UPDATE fostering_family SET ended_at = now() WHERE name = 'The Moores'")
    edit = {"id": own, "expectedVersion": 1, "input": {"trialPeriod": "A week"}}
    (problem,) = await cases.problems(member, "offerUpdate", **edit)
    assert (problem["code"], problem["path"]) == ("PLACEMENT_REQUIRED", ["input", "placement"])
    assert "The Moores" in problem["message"]


async def test_a_need_is_that_of_a_child_of_the_referral_and_told_with_every_other_fault(cases: Cases) -> None:
    _, firm, member, id = await stage(cases)
    need = {"need": "Calm", "how": {"text": "So."}, "childId": str(uuid4())}
    given = {"placement": at(firm), "fees": [{"coreFeeWeekly": "0"}], "needsMet": [need]}
    problems = await cases.problems(member, "offerCreate", referralId=id, input=given)
    assert [(problem["code"], ".".join(problem["path"])) for problem in problems] == [
        ("INVALID_INPUT", "input.needsMet.0.childId"), ("INVALID_AMOUNT", "input.fees.0.coreFeeWeekly"),
    ]  # fmt: skip
