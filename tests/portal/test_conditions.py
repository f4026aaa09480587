"""A condition that is null is refused when a stream is asked for, in the words that each event would have had."""

from random import Random
from typing import Any, cast

import pytest
from graphql import OperationType
from strawberry.types import ExecutionResult

from portal.answers import RequestRefused
from portal.audiences import Audiences
from portal.body import Call
from portal.caller import Caller, House
from portal.operations import Operation
from realtime.entry import Row
from tests.portal.happening import OPERATIONS, Listens, Where, listener, told

WHERE = {
    "a field": "notifications { ... on NotificationAdded { cursor @include(if: $yes) } }",
    "a field that is skipped": "notifications { ... on NotificationAdded { cursor @skip(if: $yes) } }",
    "a fragment in place": "notifications { __typename ... on NotificationAdded @include(if: $yes) { cursor } }",
    "a fragment": "notifications { __typename ...Some @skip(if: $yes) } } fragment Some on NotificationAdded { cursor",
    "inside fragments": "notifications { ...One } } fragment One on NotificationAdded { notification { ...Two } }"
    " fragment Two on Notification { title @include(if: $yes)",
}
NULL = {"yes": None}


def document(selected: str, declared: str = "$yes: Boolean = true") -> str:
    return f"subscription ({declared}) {{ {selected} }}"


def prepared(text: str, variables: dict[str, Any]) -> Operation:
    house: Any = House(OPERATIONS, cast(Any, None), cast(Any, None), cast(Any, None))
    return Caller(house, cast(Any, None), viewer=listener()).prepare(Call(text, variables, None))


@pytest.mark.parametrize("selected", WHERE.values(), ids=WHERE.keys())
async def test_a_null_condition_is_refused_at_once_in_the_executors_words(selected: str) -> None:
    # S-123
    with pytest.raises(RequestRefused) as refusal:
        prepared(document(selected), NULL)
    (error,) = refusal.value.errors
    listens = Listens(listener(), document(selected), NULL, Audiences())
    happened = told(Random(1), visible=True, kind="offer.submit", notice="OFFER_SUBMITTED")
    (of_an_event,) = [result async for result in listens.results(Row(1, 0, happened), Where("c", "b"))]
    assert isinstance(of_an_event, ExecutionResult)
    assert of_an_event.errors
    assert of_an_event.errors[0].message == error.message
    assert error.extensions == {"code": "BAD_REQUEST"}


@pytest.mark.parametrize("selected", WHERE.values(), ids=WHERE.keys())
@pytest.mark.parametrize("given", [{}, {"yes": True}, {"yes": False}])
def test_conditions_that_can_be_decided_are_not_refused(selected: str, given: dict[str, Any]) -> None:
    assert prepared(document(selected), given).kind is OperationType.SUBSCRIPTION


def test_a_null_that_decides_nothing_is_not_refused() -> None:
    text = document("notifications(after: $after) { __typename @include(if: $yes) }", "$yes: Boolean!, $after: String")
    assert prepared(text, {"yes": True, "after": None}).kind is OperationType.SUBSCRIPTION
