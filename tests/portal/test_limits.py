"""How large an operation may be, and that refusing one that is larger costs next to nothing (TRUST F1, 2f)."""

import time
from collections.abc import AsyncIterator, Iterable

import pytest
import pytest_asyncio
from graphql import OperationDefinitionNode, get_introspection_query, parse

from portal.scales import Scales
from portal.weights import Weight
from tests.portal.serving import Answered, Portal, serving
from tests.portal.small_schema import SCHEMA


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def portal() -> AsyncIterator[Portal]:
    async with serving() as portal:
        yield portal


def nested(depth: int) -> str:
    """`depth` levels of fields."""
    return "{person" + "{best" * (depth - 2) + "{name}" + "}" * (depth - 1)


def fragments(count: int, body: str) -> str:
    """`body` spreads the next fragment as %s; the last one is a leaf."""
    links = (f"fragment f{i} on Person{{{body.replace('%s', f'...f{i + 1}')}}}" for i in range(count))
    return "{person{...f0}}" + "".join(links) + f"fragment f{count} on Person{{name}}"


def doubled(count: int) -> str:
    """Fragments on the query that spread the next one twice; the last one is left to write."""
    return "{...f0}" + "".join(f"fragment f{i} on Query{{...f{i + 1} ...f{i + 1}}}" for i in range(count))


BOMBS = {
    "2^16 by fragments": (fragments(16, "a:best{%s} b:best{%s}"), "depth"),
    "2^45 by fragments": (fragments(45, "a:best{%s} b:best{%s}"), "depth"),
    "2^60 by fragments, beyond the tokens": (fragments(60, "a:best{%s} b:best{%s}"), "document"),
    "2^80 by fragments without levels": (fragments(80, "%s %s"), "cost"),
    "3^11 by aliases": (fragments(11, "a:best{%s} b:best{%s} c:best{%s}"), "depth"),
    "3^9 by aliases": (fragments(9, "a:best{%s} b:best{%s} c:best{%s}"), "cost"),
    "lists in lists": ("{person{friends{friends{friends{friends{friends{name}}}}}}}", "cost"),
    "pages of lists of lists": ("{people(first:100){nodes{friends{friends{name best{name}}}}}}", "cost"),
    "300 levels": (nested(300), "document"),
    "13 levels": (nested(13), "depth"),
    "300 aliases of a root field": ("{" + "".join(f"a{i}:hello " for i in range(300)) + "}", "roots"),
    "11 root fields by a fragment": ("{...f} fragment f on Query{" + "hello " * 11 + "}", "roots"),
    "2^20 root fields": (doubled(20) + "fragment f20 on Query{hello}", "roots"),
    "240 times the same field": ("{person{" + "best{name}" * 240 + "}}", "repeats"),
    "3000 fields": ("{" + "hello " * 3000 + "}", "document"),
    "100000 tokens": ("{" + "a " * 100_000 + "}", "document"),
    "2000 comments": ("{hello}" + "#\n" * 2000, "document"),
    "300-fold list literals": ("{double(number:" + "[" * 300 + "]" * 300 + ")}", "document"),
    "two acts in one mutation": ("mutation{a:change b:change}", "roots"),
    "two acts by a fragment": ("mutation{...f ...f} fragment f on Mutation{change}", "roots"),
    "an alias of 64 bytes": ("{%s:hello}" % ("a" * 64), "name"),
    "a page of 101": ("{people(first:101){nodes{name}}}", "page"),
    "a page of five thousand digits": ("{people(first:%s){nodes{name}}}" % ("9" * 5000), "page"),
}  # fmt: skip


async def work(portal: Portal, query: str) -> float:
    """Seconds of computing that an operation takes of this process, which the server is part of."""
    spent = []
    for _ in range(4):
        begun = time.process_time()
        await portal.ask(query)
        spent.append(time.process_time() - begun)
    return min(spent)


@pytest.mark.parametrize(("query", "limit"), BOMBS.values(), ids=BOMBS.keys())
async def test_a_bomb_is_refused_with_little_more_work_than_a_trifle_takes(
    portal: Portal, query: str, limit: str
) -> None:
    assert await work(portal, query) < 50 * await work(portal, "{hello}")
    answer = await portal.ask(query)
    assert (answer.status, answer.codes) == (400, ["OPERATION_TOO_LARGE"])
    assert answer.json["errors"][0]["extensions"]["limit"] == limit
    assert "data" not in answer.json


@pytest.mark.parametrize("query", [query for query, limit in BOMBS.values() if limit != "repeats"])
async def test_a_bomb_of_somebody_unknown_is_refused_before_it_is_validated(portal: Portal, query: str) -> None:
    assert (await portal.ask(query, who=None)).status in (400, 401)


FINE = {
    "12 levels": nested(12),
    "10 root fields": "{" + " ".join(f"a{i}:hello" for i in range(10)) + "}",
    "an alias of 63 bytes": "{%s:hello}" % ("a" * 63),
    "a page of 100": "{people(first:100){nodes{name}}}",
    "fragments used twice": "{a:person{...f} b:person{...f}} fragment f on Person{name best{name}}",
    "one act": "mutation{change}",
    "50 times the same field": "{person{" + "name " * 50 + "}}",
    "introspection": get_introspection_query(),
}


@pytest.mark.parametrize("query", FINE.values(), ids=FINE.keys())
async def test_what_keeps_to_the_limits_is_answered(portal: Portal, query: str) -> None:
    answer = await portal.ask(query)
    assert (answer.status, "errors" in answer.json) == (200, False)


PAGED = "query($n:Int,$other:Int=30){people(first:$n){nodes{friends{name}}}}"
PAGES = "query($n:Int=%s){people(first:$n){nodes{name}}}"


async def test_a_page_may_have_100_items_for_people_and_500_for_machines(portal: Portal) -> None:
    async def asked(size: int, who: str) -> Answered:
        return await portal.ask(PAGES % "1", {"n": size}, who=who)

    assert (await asked(100, "person")).status == 200
    refused = await asked(101, "person")
    assert refused.codes == ["OPERATION_TOO_LARGE"]
    assert refused.json["errors"][0]["message"] == "A page has at most 100 items; 101 were asked for."
    assert (await asked(500, "machine")).status == 200
    assert (await asked(501, "machine")).codes == ["OPERATION_TOO_LARGE"]


async def test_the_size_of_a_page_counts_wherever_it_comes_from(portal: Portal) -> None:
    assert (await portal.ask(PAGES % "101")).codes == ["OPERATION_TOO_LARGE"]
    assert (await portal.ask(PAGES % "101", {"n": 5})).status == 200
    assert (await portal.ask(PAGES % "5", {"n": 1e30})).codes == ["OPERATION_TOO_LARGE"]


async def test_machines_may_ask_for_ten_times_as_much(portal: Portal) -> None:
    query = "{people(first:100){nodes{friends{friends{name best{name}}}}}}"
    assert (await portal.ask(query)).codes == ["OPERATION_TOO_LARGE"]
    assert (await portal.ask(query, who="machine")).status == 200


def weight(query: str) -> Weight:
    document = parse(query)
    [operation] = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    return Scales(SCHEMA.graphql, document).weigh(operation)


COSTS: Iterable[tuple[str, dict[str, object], int]] = [
    ("{hello}", {}, 1),
    ("{person{name best{name}}}", {}, 4),
    ("{person{friends{name}}}", {}, 1 + 1 + 6),
    ("{people{nodes{name}}}", {}, 1 + 20 * 2),
    ("{people(first:3){nodes{name}}}", {}, 1 + 3 * 2),
    ("{people(first:0){nodes{name}}}", {}, 1 + 1 * 2),
    ("{people(first:3 last:4){nodes{name}}}", {}, 1 + 3 * 2 + 4 * 2),
    ("{people(first:3){nodes{friends{name}}}}", {}, 1 + 3 * (1 + 1 + 6)),
    (PAGED, {"n": 3}, 1 + 3 * (1 + 1 + 6)),
    (PAGED, {"n": None}, 1 + 20 * (1 + 1 + 6)),
    (PAGED, {}, 1 + 20 * (1 + 1 + 6)),
    (PAGED, {"n": -3}, 1 + 1 * (1 + 1 + 6)),
    (PAGED, {"n": "3"}, 1 + 1 * (1 + 1 + 6)),
    ("{...f a:person{...g} b:person{...g}} fragment f on Query{person{...g}} fragment g on Person{name}", {}, 6),
    ("query($n:Int){people(first:$n){...f}} fragment f on People{nodes{name}}", {"n": 7}, 1 + 7 * 2),
    ("{person{... on Person{name ...{name}}}}", {}, 3),
    ("{nothing(first:9){likeIt}}", {}, 1 + 9),
    ("{...missing}", {}, 0),
    ("{...f} fragment f on Query{hello ...f}", {}, 0),
]


@pytest.mark.parametrize(("query", "variables", "cost"), COSTS)
def test_a_field_costs_one_and_what_is_below_it_as_often_as_it_may_occur(
    query: str, variables: dict[str, object], cost: int
) -> None:
    assert weight(query).cost.under(variables) == cost


def test_a_cost_of_shared_fragments_with_variables_is_added_up_once_each() -> None:
    assert added_up(24) < 100 * added_up(12)
    assert added_up(60) < 100 * added_up(12)


def added_up(doublings: int) -> float:
    """Seconds of computing until the cost of a fragment that is spread so often is known."""
    leaf = f"fragment f{doublings} on Query{{people(first:$n){{nodes{{name}}}}}}"
    heavy, spent = weight("query($n:Int)" + doubled(doublings) + leaf), []
    for _ in range(3):
        begun = time.thread_time()
        assert heavy.cost.under({"n": 2}) == 2**doublings * 5
        spent.append(time.thread_time() - begun)
    return min(spent)
