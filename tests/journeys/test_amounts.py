"""What is no amount is refused over HTTP, written into the request or given beside it, and never breaks anything."""

from typing import Any

import aiohttp
import pytest

from tests.journeys.asking import Asking, new_key
from tests.journeys.town import Town

OFFER = """mutation ($k: UUID!, $r: UUID!%s) { offerCreate(referralId: $r, idempotencyKey: $k, input: { fees: [
  { coreFeeWeekly: %s } ] }) { offer { id } problems { code path } } }"""
AT = ["input", "fees", "0", "coreFeeWeekly"]


async def answer(asking: Asking, town: Town, amount: Any, *, literal: bool) -> tuple[int, dict[str, Any]]:
    """The status and body of an offer for that amount."""
    variables = {"k": new_key(), "r": new_key(), **({} if literal else {"a": amount})}
    document = OFFER % (("", amount) if literal else (", $a: Decimal!", "$a"))
    headers = {"Authorization": f"Bearer {town['Alder'].token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as client,
        client.post(f"{asking.address}/graphql", json={"query": document, "variables": variables}) as given,
    ):
        return given.status, await given.json()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
async def test_what_is_no_number_is_refused_as_data(asking: Asking, town: Town, number: str) -> None:  # S-088
    for amount, literal in ((number, False), (f'"{number}"', True)):
        status, body = await answer(asking, town, amount, literal=literal)
        assert (status, body["data"]["offerCreate"]) == (
            200, {"offer": None, "problems": [{"code": "INVALID_AMOUNT", "path": AT}]},
        )  # fmt: skip


@pytest.mark.parametrize("text", ["1e5", "1E400", "pounds", "", "sNaN"])
async def test_what_is_not_written_as_an_amount_is_a_malformed_request(asking: Asking, town: Town, text: str) -> None:
    status, body = await answer(asking, town, text, literal=False)
    assert (status < 500, body["errors"][0]["extensions"]["code"]) == (True, "BAD_REQUEST")
    assert "pounds" in body["errors"][0]["message"]
    status, body = await answer(asking, town, f'"{text}"', literal=True)
    assert (status < 500, body["errors"][0]["extensions"]["code"]) == (True, "GRAPHQL_VALIDATION_FAILED")
    for bare in ("1e5", "4100.00", "true"):
        status, body = await answer(asking, town, bare, literal=True)
        assert (status < 500, body["errors"][0]["extensions"]["code"]) == (True, "GRAPHQL_VALIDATION_FAILED")
