"""How an operation is run, and what is shown of it when it fails."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.portal.serving import Portal, serving
from tests.portal.small_schema import SECRET

PERSON = "Bearer person"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def portal() -> AsyncIterator[Portal]:
    async with serving() as portal:
        yield portal


async def test_the_operation_that_was_named_is_run(portal: Portal) -> None:
    body = {"query": "query a{hello} query b{viewer}", "operationName": "b", "variables": None, "extensions": None}
    assert (await portal.send(body, authorization=PERSON)).json == {"data": {"viewer": "person"}}


async def test_finished_json_is_passed_on_untouched(portal: Portal) -> None:
    assert (await portal.ask("{finished}")).json == {"data": {"finished": {"ready": [1, 2]}}}


async def test_every_operation_has_a_context_of_its_own(portal: Portal) -> None:
    answers = await asyncio.gather(*(portal.ask("{a: uses b: uses}") for _ in range(3)))
    assert [answer.json["data"] for answer in answers] == [{"a": 1, "b": 2}] * 3


@pytest.mark.parametrize("query", ["{boom hello}", "{unshowable}"])
async def test_a_fault_of_ours_shows_a_number_and_logs_no_data(
    portal: Portal, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await portal.ask(f'query {query[:-1]} x: hello(name:"Tom Child")}}')
    [error] = answer.json["errors"]
    incident = error["extensions"]["incident"]
    assert answer.status == 200
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["message"] == f"Something went wrong on our side. Quote this number to support: {incident}."
    assert SECRET not in answer.text
    assert f"incident {incident}" in caplog.text
    assert SECRET not in caplog.text
    assert "Tom Child" not in caplog.text
    if "boom" in query:
        assert "builtins.RuntimeError" in caplog.text
        assert "in boom" in caplog.text


async def test_a_refusal_raised_with_a_code_reaches_the_client(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await portal.ask("{refusing hello}")
    assert answer.codes == ["CURSOR_EXPIRED"]
    assert answer.json["data"] == {"refusing": None, "hello": "hello you"}
    assert not caplog.records


async def test_a_fault_before_execution_is_500_with_a_number(portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    portal.sessions.breaking = "sign-in"
    answer = await portal.ask("{hello}")
    portal.sessions.breaking = ""
    assert (answer.status, answer.codes) == (500, ["INTERNAL"])
    assert SECRET not in answer.text + caplog.text


async def test_an_operation_that_takes_too_long_is_stopped() -> None:
    async with serving(seconds=0.2) as portal:
        answer = await portal.ask("{slow}")
        assert (answer.status, answer.codes) == (503, ["TIMEOUT"])


async def test_an_operation_that_compiles_is_answered_without_the_executor(portal: Portal) -> None:
    assert (await portal.ask("query fast{hello}")).json == {"data": {"hello": "fast person"}}
    assert (await portal.ask("query fast{hello}", {"fall_back": 1})).json == {"data": {"hello": "hello you"}}
    refused = await portal.ask("query fastRefused{hello}")
    assert (refused.status, refused.codes, refused.json["data"]) == (200, ["CURSOR_EXPIRED"], None)
    broken = await portal.ask("query fastBroken{hello}")
    assert (broken.status, broken.codes) == (500, ["INTERNAL"])


async def test_a_client_that_goes_while_it_speaks_is_no_incident(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = portal.http.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await portal.ask("{hello}")).status == 200
    assert not caplog.records
