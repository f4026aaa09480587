"""Whose request it is: credentials, cookies, origins, and what callers without any may ask."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from portal.answers import GRAPHQL_RESPONSE
from tests.portal.serving import COOKIE, OURS, Portal, serving
from tests.portal.talking import INIT, calling

PERSON = "Bearer person"
HELLO = {"query": "{hello}"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def portal() -> AsyncIterator[Portal]:
    async with serving() as portal:
        yield portal


ANONYMOUS = {
    "what anybody may ask": ("{portal}", 200, None),
    "what only others may ask": ("{hello}", 401, "UNAUTHENTICATED"),
    "what nobody may ask": ("{nothingLikeIt}", 401, "UNAUTHENTICATED"),
    "the schema": ("{__schema{types{name}}}", 401, "UNAUTHENTICATED"),
    "one type": ('{__type(name:"Query"){name}}', 401, "UNAUTHENTICATED"),
    "a subscription": ("subscription{ticks}", 401, "UNAUTHENTICATED"),
    "a document that does not parse": ("{portal", 400, "GRAPHQL_PARSE_FAILED"),
}


@pytest.mark.parametrize(("query", "status", "code"), ANONYMOUS.values(), ids=ANONYMOUS.keys())
async def test_callers_without_a_credential_have_a_schema_of_their_own(
    portal: Portal, query: str, status: int, code: str | None
) -> None:
    answer = await portal.ask(query, who=None, accept=GRAPHQL_RESPONSE)
    assert answer.status == status
    if code:
        assert answer.codes == [code]
    if status == 401:
        assert answer.json["errors"][0]["message"] == "Sign in first."
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "set-cookie" not in answer.headers


async def test_what_is_public_is_not_asked_of_the_schema_of_the_signed_in(portal: Portal) -> None:
    assert set((await portal.ask("{portal}", accept=GRAPHQL_RESPONSE)).codes) == {"GRAPHQL_VALIDATION_FAILED"}


async def test_an_operation_may_add_headers_to_its_own_answer_only(portal: Portal) -> None:
    answer = await portal.ask("mutation{signIn}", who=None)
    assert answer.headers["set-cookie"].startswith(f"{COOKIE}=fresh")
    assert "set-cookie" not in (await portal.ask("{portal}", who=None)).headers


@pytest.mark.parametrize(("token", "code"), [("expired", "SESSION_EXPIRED"), ("wrong", "UNAUTHENTICATED")])
async def test_a_dead_credential_is_401_even_for_what_is_public(portal: Portal, token: str, code: str) -> None:
    answer = await portal.ask("{portal}", who=token)  # S-027
    assert (answer.status, answer.codes) == (401, [code])


async def test_a_dead_cookie_is_taken_back(portal: Portal) -> None:
    answer = await portal.send(HELLO, cookie=f"{COOKIE}=expired", origin=OURS)
    assert answer.status == 401
    assert answer.headers["set-cookie"] == f"{COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict"


WITH_COOKIE = {"cookie": f"{COOKIE}=person"}
COMING: dict[str, tuple[dict[str, str], int]] = {
    "a cookie from our page": ({**WITH_COOKIE, "origin": OURS}, 200),
    "a cookie from our page by fetch metadata": ({**WITH_COOKIE, "sec_fetch_site": "same-origin"}, 200),
    "a cookie without an origin": (WITH_COOKIE, 403),
    "a cookie from a foreign page": ({**WITH_COOKIE, "origin": "https://evil.example"}, 403),
    "a cookie from a look-alike": ({**WITH_COOKIE, "origin": f"{OURS}.evil.example"}, 403),
    "a cookie from a page without an origin": ({**WITH_COOKIE, "origin": "null"}, 403),
    "a cookie by plain HTTP": ({**WITH_COOKIE, "origin": OURS.replace("https", "http")}, 403),
    "a cookie from a sibling site": ({**WITH_COOKIE, "sec_fetch_site": "same-site"}, 403),
    "a cookie and a token": ({**WITH_COOKIE, "origin": OURS, "authorization": PERSON}, 400),
    "a token without an origin": ({"authorization": PERSON}, 200),
    "nothing, from a foreign page": ({"origin": "https://evil.example"}, 403),
    "somebody else's cookie": ({"cookie": "x=1", "authorization": PERSON}, 200),
}


@pytest.mark.parametrize(("headers", "status"), COMING.values(), ids=COMING.keys())
async def test_a_cookie_counts_only_from_pages_of_ours(portal: Portal, headers: dict[str, str], status: int) -> None:
    answer = await portal.send({"query": "{viewer}"}, **headers)
    assert answer.status == status
    if status == 200:
        assert answer.json == {"data": {"viewer": "person"}}
    else:
        assert answer.codes == ["FORBIDDEN" if status == 403 else "BAD_REQUEST"]
        assert "data" not in answer.json


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_every_answer_carries_the_security_headers(portal: Portal, method: str) -> None:
    headers = (await portal.send(HELLO, method=method)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'; frame-ancestors 'none'")
    assert headers["strict-transport-security"].startswith("max-age=63072000")


EVIL = "https://evil.example"
HANDSHAKES: dict[str, tuple[dict[str, str], bool]] = {
    "a token without an origin": ({}, True),
    "a token from our page": ({"origin": OURS}, True),
    "a cookie from our page": ({"cookie": f"{COOKIE}=person", "origin": OURS}, True),
    "a cookie without an origin": ({"cookie": f"{COOKIE}=person"}, False),
    "a cookie with only fetch metadata": ({"cookie": f"{COOKIE}=person", "sec-fetch-site": "same-origin"}, False),
    "a foreign page": ({"origin": EVIL}, False),
    "a look-alike": ({"origin": f"{OURS}.evil.example"}, False),
    "a page without an origin": ({"origin": "null"}, False),
    "a foreign page that claims to be ours": ({"origin": EVIL, "sec-fetch-site": "same-origin"}, False),
    "a foreign page with a cookie": ({"cookie": f"{COOKIE}=person", "origin": EVIL}, False),
}


@pytest.mark.parametrize(("headers", "admitted"), HANDSHAKES.values(), ids=HANDSHAKES.keys())
async def test_a_foreign_page_is_refused_at_the_handshake(
    portal: Portal, headers: dict[str, str], admitted: bool
) -> None:
    if admitted:
        async with calling(portal, **headers):
            return
    with pytest.raises(InvalidStatus) as refused:
        async with calling(portal, **headers):
            pytest.fail("the handshake should be refused")
    assert refused.value.response.status_code == 403


async def test_a_cookie_and_a_token_together_are_refused(portal: Portal) -> None:
    async with calling(portal, cookie=f"{COOKIE}=person", origin=OURS) as talk:
        await talk.send(INIT)
        assert (await talk.closed())[0] == 4400
