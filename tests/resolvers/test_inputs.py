"""What no act takes, whatever it is about: text that cannot be kept, days of no calendar, lines left empty."""

from typing import Any
from uuid import uuid4

import pytest

from models.lifecycle import Role
from resolvers.inputs import LONGEST_LINE, LONGEST_TEXT, MOST_ITEMS
from tests.agreeing import Agreeing
from tests.cases import FEES, REFERRAL, Cases, document_of
from tests.world import World


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


def told(problems: list[dict[str, Any]]) -> list[str]:
    assert {problem["code"] for problem in problems} == {"INVALID_INPUT"}
    assert all(problem["message"].endswith(".") for problem in problems)
    return [".".join(problem["path"]) for problem in problems]


UNFIT = [
    "NUL\0",
    "bell\x07",
    "escape\x1b[0m",
    "delete\x7f",
    "C1\x9f",
    "half \ud83d",
    "turned \u202eexe",
    "unseen\u200b",
    "x" * (LONGEST_TEXT + 1),
]


@pytest.mark.parametrize("text", UNFIT, ids=lambda text: text[:6].encode("unicode_escape").decode())
async def test_text_that_cannot_be_kept_is_refused_with_its_place_and_nothing_changes(cases: Cases, text: str) -> None:
    officer = await cases.officer()
    given = {**REFERRAL, "needs": text, "children": [{"wishes": text}], "requirements": {"pets": text}}
    problems = await cases.problems(officer, "referralCreate", input=given)
    assert told(problems) == ["input.needs", "input.requirements.pets", "input.children.0.wishes"]
    id = await cases.drafted(officer)
    problems = await cases.problems(officer, "referralClose", id=id, expectedVersion=1, reason="OTHER", note=text)
    assert told(problems) == ["note"]


async def test_text_of_any_script_with_lines_and_tabs_is_kept_as_it_was_typed(cases: Cases) -> None:
    officer = await cases.officer()
    text = "می\u200cروم Zażółć\n\t晴れ 鹅 \U0001f469\u200d\U0001f467 \r\n مرحبا"
    id = await cases.drafted(officer, needs=text)
    assert (await cases.seen(officer, "Referral", id))["workingCopy"]["needs"] == text


async def test_the_character_at_fault_is_named(cases: Cases) -> None:
    (problem,) = await cases.problems(await cases.officer(), "referralCreate", input={"needs": "He said \0."})
    assert problem["message"] == "Character 9 of this text is U+0000, which cannot be printed. Take it out."


async def test_names_are_lines_and_lists_have_an_end(cases: Cases) -> None:
    given = {"placingTeam": "x" * (LONGEST_LINE + 1), "preferredAreas": ["B14"] * (MOST_ITEMS + 1)}
    problems = await cases.problems(await cases.officer(), "referralCreate", input=given)
    assert told(problems) == ["input.placingTeam", "input.preferredAreas"]


async def test_an_offer_with_odd_text_or_days_is_refused_whole(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id = await cases.sent(officer)
    cost = {"description": "Mentor\0", "amount": "65.00", "unit": "HOUR", "from": "0001-01-01"}
    terms = {
        "placement": {"homeId": str(firm.homes[0])}, "fees": [{**FEES[0], "additionalCosts": [cost]}],
        "staffing": {"text": "\x07"}, "conditions": ["No pets", " "], "availableFrom": "9999-12-31",
        "needsMet": [{"need": "x\0", "how": {"text": "y"}}],
    }  # fmt: skip
    problems = await cases.problems(member, "offerCreate", referralId=id, input=terms)
    assert told(problems) == [
        "input.fees.0.additionalCosts.0.description", "input.fees.0.additionalCosts.0.from", "input.availableFrom",
        "input.needsMet.0.need", "input.staffing.text", "input.conditions.1",
    ]  # fmt: skip


async def test_an_agreement_with_odd_text_is_refused_whole(world: World) -> None:
    agreeing = await (await (await Agreeing.among(world)).referred()).offered()
    await agreeing.accepted()
    await agreeing.drawn_up()
    given = {
        "authority": {"socialWorker": {"name": " ", "email": "none", "phone": "ask"}},
        "child": {"givenNames": "A\0da"},
        "outcomes": [{"outcome": "x\x01"}],
        "fundingSplit": {"socialCare": "150", "health": "-50"},
    }
    cases = Cases(world)
    asked = {"id": agreeing.ids["ipa"], "expectedVersion": await cases.version(agreeing.ids["ipa"], "ipa")}
    problems = await cases.problems(agreeing.officer, "ipaUpdate", **asked, input=given)
    assert told(problems) == [
        "input.authority.socialWorker.name", "input.authority.socialWorker.phone", "input.authority.socialWorker.email",
        "input.child.givenNames", "input.outcomes.0.outcome", "input.fundingSplit.health",
    ]  # fmt: skip


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-14:00", "2026-06-15T09:00:00"])
async def test_an_instant_that_is_none_is_a_fault_of_the_request(cases: Cases, at: str) -> None:
    document = document_of("referralCreate", "id")
    given = {"idempotencyKey": str(uuid4()), "input": {"responseDeadline": at}}
    error = await cases.world.error(await cases.officer(), document, **given)
    assert "An instant" in str(error)


async def test_an_address_has_at_most_as_many_characters_as_mail_carries(cases: Cases) -> None:
    given = {"name": "Ada", "email": f"ada@{'x' * 250}.example", "roles": ["READ_ONLY"]}
    admin = await cases.officer("Birmingham", Role.ADMINISTRATOR)
    problems = await cases.problems(admin, "accountRequest", input=given, idempotencyKey=str(uuid4()))
    assert told(problems) == ["input.email"]


async def test_a_refused_input_uses_up_no_idempotency_key(cases: Cases) -> None:
    officer, key = await cases.officer("Birmingham", Role.PLACEMENT_OFFICER), str(uuid4())
    await cases.problems(officer, "referralCreate", input={"needs": "\0"}, idempotencyKey=key)
    await cases.act(officer, "referralCreate", input=REFERRAL, idempotencyKey=key)
