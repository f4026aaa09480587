"""GraphQL over HTTP: what is answered to whom, and with which status."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from portal.answers import GRAPHQL_RESPONSE, JSON
from tests.portal.serving import Portal, serving

PERSON = "Bearer person"
HELLO = {"query": "{hello}"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def portal() -> AsyncIterator[Portal]:
    async with serving() as portal:
        yield portal


BODIES = {
    "a number": b"1",
    "a string": b'"x"',
    "null": b"null",
    "true": b"true",
    "an empty batch": b"[]",
    "a batch": b'[{"query":"{hello}"}]',
    "nothing": b"",
    "half an object": b'{"query":',
    "bad UTF-8": b'{"query":"{hello}\xff"}',
    "a lone surrogate": b'{"query":"query($n:String!){hello(name:$n)}","variables":{"n":"\\ud800"}}',
    "a lone surrogate in the text": b'{"query":"{hello(name:\\"\\udc00\\")}"}',
    "an integer of 5000 digits": b'{"query":"query($n:Int!){double(number:$n)}","variables":{"n":%b}}' % (b"9" * 5000),
    "300-fold arrays": b"[" * 300 + b"]" * 300,
    "300-fold variables": b'{"query":"{hello}","variables":{"a":' + b"[" * 300 + b"]" * 300 + b"}}",
    "100000-fold arrays": b"[" * 100_000 + b"]" * 100_000,
    "not a number": b'{"query":"{hello}","variables":{"a":NaN}}',
    "no query": b"{}",
    "a query that is null": b'{"query":null}',
    "a query that is a number": b'{"query":1}',
    "variables that are a list": b'{"query":"{hello}","variables":[]}',
    "variables that are a string": b'{"query":"{hello}","variables":"{}"}',
    "extensions that are a number": b'{"query":"{hello}","extensions":1}',
    "an operation name that is a number": b'{"query":"{hello}","operationName":1}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("media", [JSON, GRAPHQL_RESPONSE])
async def test_a_body_that_is_no_request_is_400_in_the_accepted_media_type(
    portal: Portal, body: bytes, media: str
) -> None:
    answer = await portal.send(body, authorization=PERSON, accept=media)
    assert (answer.status, answer.codes) == (400, ["BAD_REQUEST"])
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert "data" not in answer.json
    assert ("half of a character" in answer.text) is (rb"\ud" in body)


MEDIA = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonp"]


@pytest.mark.parametrize("media", MEDIA)
async def test_only_json_is_read(portal: Portal, media: str) -> None:
    answer = await portal.send(HELLO, authorization=PERSON, content_type=media)
    assert (answer.status, answer.codes) == (415, ["UNSUPPORTED_MEDIA_TYPE"])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_operations_come_by_post_alone(portal: Portal, method: str) -> None:
    answer = await portal.send(HELLO, method=method, authorization=PERSON)
    assert (answer.status, answer.codes) == (405, ["METHOD_NOT_ALLOWED"])
    assert answer.headers["allow"] == "POST"


async def test_head_is_answered_like_get_without_a_body(portal: Portal) -> None:
    answer = await portal.send(None, method="HEAD")
    assert (answer.status, answer.text, answer.headers["allow"]) == (405, "", "POST")


ACCEPTED = {
    "": JSON,
    "*/*": JSON,
    "application/*": JSON,
    JSON: JSON,
    GRAPHQL_RESPONSE: GRAPHQL_RESPONSE,
    f"{GRAPHQL_RESPONSE}, {JSON};q=0.9": GRAPHQL_RESPONSE,
    f"{GRAPHQL_RESPONSE};q=0.5, {JSON}": JSON,
    f"text/html, {JSON}; charset=utf-8": JSON,
    "text/html": None,
    f"{JSON};q=0": None,
    f"{JSON};q=much": None,
}


@pytest.mark.parametrize(("accept", "media"), ACCEPTED.items())
async def test_the_answer_is_in_the_media_type_the_client_prefers(
    portal: Portal, accept: str, media: str | None
) -> None:
    answer = await portal.send(HELLO, authorization=PERSON, accept=accept)
    assert answer.headers["content-type"] == f"{media or JSON}; charset=utf-8"
    if media:
        assert (answer.status, answer.json) == (200, {"data": {"hello": "hello you"}})
    else:
        assert (answer.status, answer.codes) == (406, ["NOT_ACCEPTABLE"])


async def test_a_request_may_have_256_kib_and_no_more(portal: Portal) -> None:
    def padded(size: int) -> bytes:
        return b'{"query":"{hello}"' + b" " * (size - 19) + b"}"

    assert (await portal.send(padded(262_144), authorization=PERSON)).status == 200
    answer = await portal.send(padded(262_145), authorization=PERSON)
    assert (answer.status, answer.codes) == (413, ["PAYLOAD_TOO_LARGE"])


async def test_a_body_without_a_length_is_counted_while_it_comes(portal: Portal) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * 65_536

    answer = await portal.send(chunks(), authorization=PERSON)
    assert (answer.status, answer.codes) == (413, ["PAYLOAD_TOO_LARGE"])


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a document that does not parse": ({"query": "{hello"}, "GRAPHQL_PARSE_FAILED"),
    "an empty document": ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
    "an unknown field": ({"query": "{helo}"}, "GRAPHQL_VALIDATION_FAILED"),
    "an unknown argument": ({"query": "{hello(nam:1)}"}, "GRAPHQL_VALIDATION_FAILED"),
    "an unknown type": ({"query": "query($n:Strin){hello(name:$n)}"}, "GRAPHQL_VALIDATION_FAILED"),
    "an unknown enum value": ({"query": "{paint(colour:RDE)}"}, "GRAPHQL_VALIDATION_FAILED"),
    "a fragment within itself": ({"query": "{...f} fragment f on Query{...f}"}, "GRAPHQL_VALIDATION_FAILED"),
    "a variable of the wrong type": (
        {"query": "query($n:Int!){double(number:$n)}", "variables": {"n": "x"}},
        "BAD_REQUEST",
    ),
    "a variable that is missing": ({"query": "query($n:Int!){double(number:$n)}"}, "BAD_REQUEST"),
    "an enum variable that is almost right": (
        {"query": "query($c:Colour!){paint(colour:$c)}", "variables": {"c": "RDE"}},
        "BAD_REQUEST",
    ),
}


@pytest.mark.parametrize(("body", "code"), FAULTS.values(), ids=FAULTS.keys())
async def test_a_faulty_document_is_400_and_200_where_only_json_is_accepted(
    portal: Portal, body: dict[str, Any], code: str
) -> None:
    for media, status in ((GRAPHQL_RESPONSE, 400), (JSON, 200)):
        answer = await portal.send(body, authorization=PERSON, accept=media)
        assert (answer.status, set(answer.codes)) == (status, {code})
        assert "data" not in answer.json
        assert "Did you mean" not in answer.text


async def test_a_variable_that_reaches_a_field_as_null_is_the_callers_fault(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await portal.ask("query($n:Int=1){double(number:$n)}", {"n": None})
    assert answer.codes == ["BAD_REQUEST"]
    assert not caplog.records


REFUSED = {
    "two operations and no name": {"query": "query a{hello} query b{hello}"},
    "an operation that is not there": {"query": "query a{hello}", "operationName": "b"},
    "no operation": {"query": "fragment f on Query{hello}"},
    "a subscription": {"query": "subscription{ticks}"},
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
async def test_what_cannot_be_run_over_http_is_400(portal: Portal, body: dict[str, Any]) -> None:
    answer = await portal.send(body, authorization=PERSON)
    assert (answer.status, answer.codes) == (400, ["BAD_REQUEST"])
