"""Offers side by side: every fact of each in one statement, sorted by any of them, scored by none."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from models.lifecycle import Role
from models.person import Viewer
from resolvers.offer_comparison import ComparisonOrder
from schema import schema
from tests.cases import Cases
from tests.reading.known import everything
from tests.world import Firm, World

ASK = """query ($id: UUID!, $by: ComparisonOrder! = SUBMITTED_AT, $last: Boolean! = false, $ended: Boolean! = false) {
  offerComparison(referralId: $id, orderBy: $by, descending: $last, includeEnded: $ended) { %s } }"""
FACTS = """providerName placementKind placementName coreFeeWeekly additionalWeekly weeklyTotal firstYearTotal
  fees { coreFeeWeekly weeklyTotal firstYearTotal } distanceMiles frameworkStatus outsideFramework ofstedGrade
  ofstedInspectedOn availableFrom daysAfterRequired documentsValidUntil documentsValid documentsExpireSoon
  conditionCount conditionsStated conditionsTold { body } version revision answersNewest status undecidedDays"""


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


@dataclass
class Desk:
    """An authority's referral near B1 for 1 July, with the offers of Anvil, Brook and Cedar, and a draft of Delta."""

    cases: Cases
    officer: Viewer
    id: str
    firms: dict[str, Firm]
    people: dict[str, Viewer]
    offers: dict[str, str]

    async def compared(self, shown: str = "providerName", who: Viewer | None = None, **given: Any) -> Any:
        answer = await self.cases.world.gql(who or self.officer, ASK % shown, **{"id": self.id, **given})
        return answer["offerComparison"]

    async def names(self, by: str = "SUBMITTED_AT", **given: Any) -> str:
        """The initials of the providers, in the order of the answer."""
        return "".join(row["providerName"][0] for row in await self.compared(by=by, **given))


HOMES: dict[str, tuple[str, str, date | None]] = {
    "Anvil": ("CV1 2AB", "REQUIRES_IMPROVEMENT", date(2025, 11, 3)),
    "Brook": ("B29 6AB", "OUTSTANDING", date(2026, 2, 1)),
    "Cedar": ("ZZ9 1AA", "NOT_YET_INSPECTED", None),
    "Delta": ("B1 1AA", "GOOD", date(2026, 1, 1)),
}
NIGHTS = {"description": "Waking night", "amount": "50.00", "unit": "NIGHT", "quantity": "4"}
TERMS: dict[str, dict[str, Any]] = {
    "Anvil": {"fees": [{"coreFeeWeekly": "4100.00"}], "availableFrom": "2026-07-10", "conditions": ["A visit first."]},
    "Brook": {"fees": [{"coreFeeWeekly": "4000.00", "additionalCosts": [NIGHTS]}], "availableFrom": "2026-06-25"},
    "Cedar": {"fees": [{"coreFeeWeekly": "4200.00"}], "availableFrom": "2026-08-14"},
    "Delta": {"fees": [{"coreFeeWeekly": "1.00"}]},
}


async def desk(cases: Cases) -> Desk:
    officer = await cases.officer()
    made = Desk(cases, officer, "", {}, {}, {})
    for name, (postcode, grade, day) in HOMES.items():
        firm = made.firms[name] = await cases.world.provider(name=name)
        member = made.people[name] = await cases.member(firm)
        await cases.papers(firm, expires_on=date(2026, 7, 1) if name == "Brook" else date(2027, 1, 1))
        change = "UPDATE home SET postcode = $2, ofsted_grade = $3, ofsted_inspected_on = $4 WHERE id = $1"
        await cases.world.sql(change, firm.homes[0], postcode, grade, day)
    made.id = await cases.sent(officer, near="B1")
    for name, member in made.people.items():
        cases.world.clock.goes_on(hours=1)
        act = cases.offered if name == "Delta" else cases.submitted
        made.offers[name] = await act(member, made.id, {"homeId": str(made.firms[name].homes[0])}, **TERMS[name])
    return made


@contextmanager
def statements(cases: Cases) -> Iterator[list[str]]:
    """What readers ask of the database meanwhile, without the transaction around it."""
    database: Any = cases.world.shell.database
    sent: list[str] = []
    reading = database.reading

    @asynccontextmanager
    async def noted(viewer: Viewer, at: Any) -> AsyncIterator[Any]:
        async with reading(viewer, at) as connection:
            with connection.query_logger(lambda query: sent.append(query.query)):
                yield connection

    database.reading = noted
    try:
        yield sent
    finally:
        del database.reading


async def test_an_authority_sees_every_fact_of_every_offer_in_one_statement(cases: Cases) -> None:  # S-092, S-011
    at = await desk(cases)
    thread = await cases.thread(at.id, at.firms["Anvil"])
    said = {"body": "A night before he moves.", "tag": "CONDITION"}
    await cases.act(at.people["Anvil"], "messageSend", threadId=thread, input=said)
    cases.world.clock.goes_on(days=3)
    with statements(cases) as sent:
        anvil, brook, cedar = await at.compared(FACTS)
    assert len(sent) == 1
    assert anvil == {
        "providerName": "Anvil", "placementKind": "HOME", "placementName": "Home 1", "coreFeeWeekly": "4100.00",
        "additionalWeekly": "0.00", "weeklyTotal": "4100.00", "firstYearTotal": "213785.71",
        "fees": [{"coreFeeWeekly": "4100.00", "weeklyTotal": "4100.00", "firstYearTotal": "213785.71"}],
        "distanceMiles": 17, "frameworkStatus": "SPOT", "outsideFramework": False,
        "ofstedGrade": "REQUIRES_IMPROVEMENT", "ofstedInspectedOn": "2025-11-03", "availableFrom": "2026-07-10",
        "daysAfterRequired": 9, "documentsValidUntil": "2027-01-01", "documentsValid": True,
        "documentsExpireSoon": False, "conditionCount": 2, "conditionsStated": ["A visit first."],
        "conditionsTold": [{"body": "A night before he moves."}], "version": 2, "revision": 1, "answersNewest": True,
        "status": "SUBMITTED", "undecidedDays": 3,
    }  # fmt: skip
    assert (brook["additionalWeekly"], brook["weeklyTotal"], brook["distanceMiles"]) == ("200.00", "4200.00", 3)
    assert (brook["daysAfterRequired"], brook["documentsValid"], brook["documentsExpireSoon"]) == (-6, True, True)
    assert (cedar["distanceMiles"], cedar["ofstedInspectedOn"], cedar["daysAfterRequired"]) == (None, None, 44)
    assert (cedar["conditionCount"], cedar["conditionsStated"], cedar["conditionsTold"]) == (0, [], [])
    with statements(cases) as sent:
        assert len(await at.compared(everything(schema._schema.type_map["ComparedOffer"])[2:-2])) == 3
    assert len(sent) == 1, "whatever is selected"
    assert not [name for name in schema._schema.type_map["ComparedOffer"].fields if "score" in name or "rank" in name]  # type: ignore[attr-defined]


SORTED = {
    "SUBMITTED_AT": "ABC", "PROVIDER_NAME": "ABC", "CORE_FEE_WEEKLY": "BAC", "DISTANCE_MILES": "BAC",
    "OFSTED_GRADE": "BAC", "OFSTED_INSPECTED_ON": "ABC", "AVAILABLE_FROM": "BAC",
}  # fmt: skip
LAST_FIRST = {
    "SUBMITTED_AT": "CBA", "CORE_FEE_WEEKLY": "CAB", "DISTANCE_MILES": "ABC", "OFSTED_GRADE": "ABC",
    "AVAILABLE_FROM": "CAB", "OFSTED_INSPECTED_ON": "BAC",
}  # fmt: skip


async def test_they_are_sorted_by_any_fact_and_what_is_not_known_comes_last(cases: Cases) -> None:
    at = await desk(cases)
    by_id = "".join(sorted("ABC", key=lambda c: at.offers[{"A": "Anvil", "B": "Brook", "C": "Cedar"}[c]]))
    for order in ComparisonOrder:
        up, down = await at.names(order.value), await at.names(order.value, last=True)
        assert sorted(up) == sorted(down) == ["A", "B", "C"]
        assert up == SORTED.get(order.value, up), order
        assert down == LAST_FIRST.get(order.value, down), order
    assert await at.names("STATUS") == await at.names("STATUS", last=True) == by_id, "as stable as their ids"
    assert (await at.names("WEEKLY_TOTAL"))[0] == "A"
    assert (await at.names("ADDITIONAL_WEEKLY"))[2] == "B"
    assert (await at.names("ADDITIONAL_WEEKLY", last=True))[0] == "B"
    assert (await at.names("CONDITION_COUNT"))[2] == "A"
    assert (await at.names("DOCUMENTS_VALID_UNTIL"))[0] == "B"


async def test_a_comparison_is_the_authority_s_own_and_shows_no_draft(cases: Cases) -> None:  # S-070, S-093
    at = await desk(cases)
    reader = await cases.officer("Birmingham", Role.READ_ONLY)
    assert [row["providerName"] for row in await at.compared(who=reader)] == ["Anvil", "Brook", "Cedar"]
    elsewhere = await cases.officer("Coventry")
    strangers = [
        *at.people.values(),
        elsewhere,
        await cases.world.person(await cases.world.region(), Role.REGION_ADMIN),
    ]
    for who in strangers:
        assert await at.compared(who=who) is None
        assert await at.compared(who=who, id=str(uuid4())) is None
    assert await at.compared(id=str(uuid4())) is None
    quiet = await cases.sent(at.officer)
    assert await at.compared(id=quiet) == []
    before = await at.compared(FACTS, ended=True)
    await cases.on_offer(
        at.people["Delta"], "offerUpdate", at.offers["Delta"], input={"staffing": {"text": "Two to one."}}
    )
    assert await at.compared(FACTS, ended=True) == before


async def test_those_that_have_ended_are_shown_where_they_are_wanted(cases: Cases) -> None:  # S-078, S-092, S-093
    at = await desk(cases)
    await cases.accepted(at.officer, at.offers["Anvil"])
    no = {"reasons": ["COST"], "note": "Over our means."}
    await cases.on_offer(at.officer, "offerDecline", at.offers["Brook"], input=no)
    shown = "providerName status undecidedDays anotherAccepted offer { id declineNote }"
    assert [(row["providerName"], row["status"], row["anotherAccepted"]) for row in await at.compared(shown)] == [
        ("Anvil", "ACCEPTED", False), ("Cedar", "SUBMITTED", True),
    ]  # fmt: skip
    _, brook, _ = await at.compared(shown, ended=True)
    assert (brook["status"], brook["undecidedDays"]) == ("DECLINED", None)
    assert brook["offer"] == {"id": at.offers["Brook"], "declineNote": "Over our means."}
