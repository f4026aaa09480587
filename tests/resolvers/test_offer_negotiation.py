"""What an offer asks for is talked about until it is accepted, and stands from then on."""

from typing import Any
from uuid import UUID

from tests.agreeing import PROBLEMS, Agreeing
from tests.world import World

EDIT = f"""mutation ($id: UUID!, $version: Int!, $input: OfferInput!) {{
  offerUpdate(id: $id, expectedVersion: $version, input: $input) {{ offer {{ id version }} {PROBLEMS} }} }}"""
SEEN = """query ($id: UUID!) { offer(id: $id) { status coreFeeWeekly weeklyTotal
  terms { fees { additionalCosts { description amount } } } versions { weeklyTotal } } }"""
TUTOR = {"description": "Tutor", "amount": "40.00", "unit": "HOUR", "quantity": "3"}
TAXI = {"description": "Taxi", "amount": "65.00", "unit": "WEEK"}


# S-076, S-089, S-090
async def test_additional_costs_are_negotiated_until_acceptance_and_fixed_from_then_on(world: World) -> None:
    case = await (await (await Agreeing.among(world)).referred()).offered()

    async def asked(core: str, *costs: dict[str, str]) -> dict[str, Any]:
        (row,) = await world.sql("SELECT version FROM offer WHERE id = $1", UUID(case.ids["offer"]))
        given = {"fees": [{"coreFeeWeekly": core, "includes": "Statement of Purpose", "additionalCosts": [*costs]}]}
        known = {"id": case.ids["offer"], "version": row["version"], "input": given}
        payload: dict[str, Any] = (await world.gql(case.member, EDIT, **known))["offerUpdate"]
        return payload

    async def seen() -> dict[str, Any]:
        offer: dict[str, Any] = (await world.gql(case.officer, SEEN, id=case.ids["offer"]))["offer"]
        return offer

    totals, offer = ["4100.00"], await seen()
    for costs, total in (
        ((TUTOR, TAXI), "4285.00"),
        (({**TUTOR, "amount": "30.00"}, TAXI), "4255.00"),
        ((), "4100.00"),
    ):
        assert (await asked("4100.00", *costs))["problems"] == []
        totals.append(total)
        offer = await seen()
        assert (offer["status"], offer["coreFeeWeekly"], offer["weeklyTotal"]) == ("SUBMITTED", "4100.00", total)
        (fee,) = offer["terms"]["fees"]
        assert [cost["description"] for cost in fee["additionalCosts"]] == [cost["description"] for cost in costs]
    assert [version["weeklyTotal"] for version in offer["versions"]] == totals
    await case.accepted()
    before = await world.sql("SELECT * FROM offer")
    for core, locked in (("4100.00", ["OFFER_LOCKED"]), ("4200.00", ["OFFER_LOCKED", "CORE_FEE_FIXED"])):
        assert [problem["code"] for problem in (await asked(core, TAXI))["problems"]] == locked
    assert await world.sql("SELECT * FROM offer") == before
