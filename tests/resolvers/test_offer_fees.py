"""What an offer costs: every fee checked, totals worked out by the portal."""

from typing import Any
from uuid import uuid4

import pytest

from tests.cases import Cases, born
from tests.resolvers.test_offer import CHECKED, at, stage
from tests.world import World


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


@pytest.mark.parametrize("fee", ["0.00", "-1.00", "4100.001", "1000000.01", "99999999999999999999999999999999.00"])
async def test_a_core_fee_is_above_zero_in_whole_pence(cases: Cases, fee: str) -> None:  # S-088
    _, firm, member, id = await stage(cases)
    given: dict[str, Any] = {"placement": at(firm), "fees": [{"coreFeeWeekly": fee}]}
    (problem,) = await cases.problems(member, "offerCreate", referralId=id, input=given)
    assert (problem["code"], problem["path"]) == ("INVALID_AMOUNT", ["input", "fees", "0", "coreFeeWeekly"])


async def test_every_fault_of_the_fees_is_told_at_once(cases: Cases) -> None:  # S-089
    _, firm, member, id = await stage(cases)
    costs = [
        {"description": " ", "amount": "0", "unit": "WEEK"},
        {"description": "Mentor", "amount": "10", "unit": "HOUR", "quantity": "0"},
        {"description": "Taxi", "amount": "10", "unit": "WEEK", "from": "2026-08-02", "until": "2026-08-01"},
    ]
    given: dict[str, Any] = {"placement": at(firm), "fees": [{"coreFeeWeekly": "0", "additionalCosts": costs}]}
    problems = await cases.problems(member, "offerCreate", referralId=id, input=given)
    assert sorted(".".join(problem["path"][3:]) for problem in problems) == [
        "additionalCosts.0.amount", "additionalCosts.0.description", "additionalCosts.1.quantity",
        "additionalCosts.2.until", "coreFeeWeekly",
    ]  # fmt: skip
    lots = [{"description": "All", "amount": "1000000", "unit": "ONCE", "quantity": "1000"}]
    given = {"placement": at(firm), "fees": [{"coreFeeWeekly": "1", "additionalCosts": lots}]}
    assert await cases.refused(member, "offerCreate", referralId=id, input=given) == ["INVALID_AMOUNT"]
    for number in ("pounds", "1e5", " 1.00", "£1.00", "1,000.00", "\u0661\u0662.\u0660\u0660", "-", ""):
        await cases.world.error(
            member, "mutation ($r: UUID!, $k: UUID!, $i: OfferInput!) { offerCreate(referralId: $r, idempotencyKey: $k,"
            " input: $i) { offer { id } } }", r=id, k=str(uuid4()), i={"fees": [{"coreFeeWeekly": number}]},
        )  # fmt: skip
    assert await cases.world.count("offer") == 0


async def test_totals_are_worked_out_by_the_portal(cases: Cases) -> None:  # S-089
    _, firm, member, id = await stage(cases)
    costs = [
        {"description": "Mentor", "amount": "20.00", "unit": "HOUR", "quantity": "7.5"},
        {"description": "Clothing", "amount": "100.00", "unit": "ONCE"},
        {"description": "Taxi", "amount": "70.00", "unit": "WEEK", "from": "2026-07-01", "until": "2026-07-07"},
    ]
    fees = [{"coreFeeWeekly": "4100.00", "additionalCosts": costs}]
    offer = await cases.offered(member, id, at(firm), fees=fees, availableFrom="2026-07-01")
    seen = await cases.seen(member, "Offer", offer)
    assert (seen["coreFeeWeekly"], seen["weeklyTotal"]) == ("4100.00", "4320.00")
    assert seen["firstYearTotal"] == "221777.14"  # (4100 + 150) * 365 / 7 + 100 + 70


async def test_an_offer_covers_the_whole_group(cases: Cases) -> None:  # S-061
    children = [born("2012-05-14"), born("2014-05-14", gender="FEMALE")]
    officer, firm, member, id = await stage(cases, children=children)
    first, second = [child["id"] for child in (await cases.seen(officer, "Referral", id))["children"]]
    fee = [{"coreFeeWeekly": "4000.00", "childId": first}]
    given: dict[str, Any] = {"placement": at(firm), "fees": fee}
    assert await cases.refused(member, "offerCreate", referralId=id, input=given) == ["FEES_NOT_FOR_CHILDREN"]
    offer = await cases.submitted(member, id, at(firm), fees=[*fee, {"coreFeeWeekly": "3000.00", "childId": second}])
    assert (await cases.seen(officer, "Offer", offer))["weeklyTotal"] == "7000.00"
    await cases.resent(officer, id, children=[born("2015-01-01")])
    given = {"id": offer, "expectedVersion": 2, "input": CHECKED}
    assert await cases.refused(officer, "offerAccept", **given) == ["OFFER_OVERTAKEN"]
