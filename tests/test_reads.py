"""Compiled reads answer exactly as graphql-core's own execution would (decision 4)."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from inspect import signature
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
import pytest_asyncio
from graphql import GraphQLError, parse
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from models.lifecycle import Role, Side
from portal.embedded import EmbeddedPostgres
from portal.keys import Keys
from resolvers.arguments import Arguments
from resolvers.pages import Page
from resolvers.read import DIALECT, Me, Within
from schema import schema
from tests.conftest import administer, database_url
from tests.reading import words
from tests.reading.comparing import compare, whole
from tests.reading.known import everything, known_to, paged
from tests.reading.landscape import Landscape, settled
from tests.reading.selections import questions
from tests.world import World


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def land(
    postgres: EmbeddedPostgres, furnished: str, keys: Keys, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Landscape]:
    """One landscape for all of these tests, since reading leaves it as it is."""
    name = f"land_{uuid4().hex}"
    await administer(postgres, f"CREATE DATABASE {name} TEMPLATE {furnished} STRATEGY FILE_COPY")
    world = await World.of(database_url(postgres, name), keys, tmp_path_factory.mktemp("documents"))
    try:
        yield await settled(world)
    finally:
        await world.close()
        await administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


VIEWERS = ["authority", "reader", "provider", "competitor", "signatory", "region"]


@pytest.mark.parametrize("who", ["authority", "provider"])
async def test_every_field_of_every_list_answers_what_execution_field_by_field_answers(
    land: Landscape, who: str
) -> None:
    of = {"messages": f'threadId: "{land.ids["talk with alpha"]}", '}
    of["registrationFaults"] = f'id: "{land.ids["workbook"]}", '
    for root in paged():
        given = of.get(root, "")
        kind = schema._schema.query_type.fields[root].type.of_type  # type: ignore[union-attr]
        answer = await compare(land, who, f"{{ {root}({given}first: 2) {everything(kind)} }}", {})
        assert answer[root]["totalCount"] == len(answer[root]["nodes"]) or answer[root]["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize("who", VIEWERS)
async def test_what_waits_for_each_viewer_is_what_execution_field_by_field_answers(land: Landscape, who: str) -> None:
    kind = schema._schema.type_map["Viewer"]
    await compare(land, who, f"{{ viewer {everything(kind)} }}", {})


@pytest.mark.parametrize("who", VIEWERS)
async def test_compiled_reads_answer_what_execution_field_by_field_answers(land: Landscape, who: str) -> None:
    await _sampled(land, who, examples=12)


@pytest.mark.long
@pytest.mark.parametrize("who", VIEWERS)
async def test_compiled_reads_answer_what_execution_field_by_field_answers_at_length(land: Landscape, who: str) -> None:
    await _sampled(land, who, examples=400)


async def _sampled(land: Landscape, who: str, examples: int) -> None:
    """Documents are drawn first and asked afterwards, since hypothesis cannot wait for an answer."""
    known = [await known_to(land, who, order) for order in ("NEWEST", "NEEDED_SOONEST")]
    drawn: list[tuple[str, dict[str, Any]]] = []

    @seed(2026)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(known).flatmap(lambda values: questions(schema._schema, values)))
    def draw(question: tuple[str, dict[str, Any]]) -> None:
        drawn.append(question)

    draw()
    answered = [await compare(land, who, *question) for question in drawn]
    assert len(answered) >= examples


# ── behind the scope of its reader ───────────────────────────────────────────
OPEN_TO_ALL = {"an authority": {"gates", "home"}, "a provider": {"gates"}, "a signatory": {"gates"}}
READERS = {
    "an authority": (Side.LOCAL_AUTHORITY, Role.PLACEMENT_OFFICER),
    "a provider": (Side.PROVIDER, Role.MEMBER),
    "a signatory": (Side.PROVIDER, Role.SIGNATORY),
}


@pytest.mark.parametrize("reader", READERS)
def test_every_read_says_itself_whose_rows_it_wants(reader: str) -> None:
    """The explicit condition is the fast path; the wall is what holds without it (TRUST A3)."""
    side, role = READERS[reader]
    assert schema._schema.query_type is not None
    for name, field in schema._schema.query_type.fields.items():
        source = field.extensions["strawberry-definition"].metadata.get("source")
        if source is None or name in OPEN_TO_ALL[reader]:
            continue
        needed = [p for p in signature(source).parameters.values() if p.name != "me" and p.default is p.empty]
        given: dict[str, Any] = {p.name: uuid4() if p.annotation is UUID else "A" for p in needed}
        rows = source(Me(side, frozenset({role})), **Arguments(given).bound())
        asked = rows.rows if isinstance(rows, Page | Within) else rows
        statement = asked.compile(dialect=DIALECT)
        nothing = str(statement).endswith("WHERE false")
        assert nothing or set(statement.binds) & {"me_organisation", "me_person", "me_session"}, name


# ── one plan for one shape ───────────────────────────────────────────────────
async def test_a_kept_plan_is_used_only_for_the_shape_it_was_made_for(land: Landscape) -> None:
    """The same document with other variables: what is included changes, and which arguments there are."""
    document = """query ($a: Boolean!, $x: Boolean!, $z: Boolean!, $id: UUID, $on: UUID) {
      referral(id: $id) { id @include(if: $a) ... @include(if: $x) { version @include(if: $a) }
        ... @skip(if: $x) { status @include(if: $z) } }
      thread(id: $id, referralId: $on) { id head @skip(if: $z) } }"""
    ids: list[dict[str, Any]] = [
        {},
        {"id": land.ids["busy"]},
        {"on": land.ids["busy"]},
        {"id": land.ids["talk with alpha"]},
        {"on": None},
    ]
    for given_ids in ids * 2:
        for bits in range(8):
            chosen = {name: bool(bits & bit) for name, bit in (("a", 1), ("x", 2), ("z", 4))}
            await compare(land, "provider", document, {**chosen, **given_ids})


async def test_parts_of_which_nothing_but_their_type_is_asked_are_as_many_as_there_are(land: Landscape) -> None:
    document = "{ referrals { nodes { summary { risks { __typename } } workingCopy { risks { __typename kind } } } } }"
    answer = await compare(land, "authority", document, {})
    assert max(len((node["summary"] or {}).get("risks") or ()) for node in answer["referrals"]["nodes"]) > 1


async def test_one_field_asked_twice_is_one_answer(land: Landscape) -> None:
    document = """query ($skip: Boolean!) { referral(reference: "none") { id }
      referrals { totalCount } referrals @skip(if: $skip) { nodes { id } } }"""
    for skip in (True, False, True):
        result = await schema.execute(document, {"skip": skip}, land.world.context(land.viewers["authority"]))
        assert not result.errors
        assert (b"nodes" in orjson.dumps(result.data)) is not skip
        assert whole(parse(document), None) is None


# ── whole operations ─────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "document",
    [
        "{ ...Mine } fragment Mine on Query { unreadNotifications }",
        "query ($yes: Boolean!) { unreadNotifications @include(if: $yes) }",
        "{ __typename unreadNotifications }",
        "{ serviceInfo { __typename } unreadNotifications }",
        'mutation { notificationsRead(upTo: "x") { unread } }',
    ],
)
def test_what_is_more_than_compiled_reads_is_left_to_the_executor(document: str) -> None:
    assert whole(parse(document), None) is None


async def test_variables_that_do_not_fit_are_left_to_the_executor(land: Landscape) -> None:
    lane = whole(parse("query ($id: UUID!) { offer(id: $id) { id } }"), None)
    assert lane is not None
    assert await lane.run(land.world.context(land.viewers["provider"]), {"id": "no id"}) is None
    assert await lane.run(land.world.context(land.viewers["provider"]), {}) is None


async def test_a_session_that_has_ended_reads_nothing(land: Landscape) -> None:
    document, reader = "{ unreadNotifications }", land.viewers["reader"]
    lane = whole(parse(document), None)
    assert lane is not None
    before = land.world.clock.now
    land.world.clock.now = reader.expires_at
    try:
        with pytest.raises(GraphQLError) as refused:
            await lane.run(land.world.context(reader), {})
        slow = await schema.execute(document, {}, land.world.context(reader))
    finally:
        land.world.clock.now = before
    for error in (refused.value, *(slow.errors or ())):
        assert (error.extensions or {})["code"] == "SESSION_EXPIRED"
    assert slow.data is None


# ── pages ────────────────────────────────────────────────────────────────────
PAGE = """query ($first: Int!, $after: String, $order: ReferralOrder!) {
  referrals(first: $first, after: $after, orderBy: $order) {
    nodes { id } edges { cursor node { id } } pageInfo { hasNextPage endCursor } totalCount } }"""


@pytest.mark.parametrize("order", ["NEWEST", "NEEDED_SOONEST", "DEADLINE", "CHANGED"])
@pytest.mark.parametrize("who", ["authority", "provider"])
async def test_pages_meet_without_repeating_or_leaving_out_a_row(land: Landscape, who: str, order: str) -> None:
    viewer, world = land.viewers[who], land.world
    whole_list = (await world.gql(viewer, PAGE, first=50, order=order))["referrals"]
    seen: list[str] = []
    after = None
    while True:
        page = (await world.gql(viewer, PAGE, first=1, after=after, order=order))["referrals"]
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [node["id"] for node in whole_list["nodes"]]
    assert len(set(seen)) == whole_list["totalCount"] == len(seen)


async def test_rows_that_arrive_between_two_pages_move_nothing(land: Landscape) -> None:
    """New rows come before a page that goes back in time, and after one that goes on."""
    document = """query ($id: UUID!, $after: String) { messages(threadId: $id, first: 3, after: $after) {
      nodes { no } pageInfo { endCursor hasNextPage } } }"""
    world, who, thread = land.world, land.viewers["authority"], land.ids["talk with beta"]
    first = (await world.gql(who, document, id=thread))["messages"]
    await land.act("authority", words.SAY, key=str(uuid4()), thread=thread, body="One more.")
    second = (await world.gql(who, document, id=thread, after=first["pageInfo"]["endCursor"]))["messages"]
    assert [node["no"] for node in (*first["nodes"], *second["nodes"])] == [1, 2, 3, 4, 5, 6]
    assert not second["pageInfo"]["hasNextPage"]
    news = "query ($after: String) { notifications(first: 2, after: $after) { nodes { no } pageInfo { endCursor } } }"
    newest = (await world.gql(land.viewers["competitor"], news))["notifications"]
    await land.act("authority", words.SAY, key=str(uuid4()), thread=thread, body="And another.")
    older = (await world.gql(land.viewers["competitor"], news, after=newest["pageInfo"]["endCursor"]))["notifications"]
    numbers = [node["no"] for node in (*newest["nodes"], *older["nodes"])]
    assert numbers == sorted(set(numbers), reverse=True)
    assert len(numbers) == 4


def cursor(*parts: str) -> str:
    return urlsafe_b64encode("\x1f".join(parts).encode()).decode().rstrip("=")


SOME_ID = "7f4df1f5-77c2-4f0e-8f39-6a3ad6ec6a24"
NUL, SLASH = cursor("\x00", SOME_ID), b64decode("/w==").decode("latin-1")
BAD = ["", "x", "ü", "=", "A" * 5_000, cursor("only"), cursor("2026-06-15 09:00:00+00", "1"), cursor("soon", SOME_ID),
       cursor("2026-13-15 09:00:00+00", SOME_ID), cursor("2026-06-15 25:00:00+00", SOME_ID), cursor("1", SOME_ID, "x"),
       cursor("2026-06-15 09:00:00+00'; --", SOME_ID), NUL, SLASH,
       cursor("0000-06-15 09:00:00+00", SOME_ID), cursor("٢026-06-15 09:00:00+00", SOME_ID)]  # fmt: skip


@pytest.mark.parametrize("after", BAD)
async def test_a_cursor_that_the_portal_never_gave_is_a_bad_request(land: Landscape, after: str) -> None:
    for root in ("referrals", "notifications", "offers"):
        document = f"query ($after: String) {{ {root}(after: $after) {{ totalCount }} }}"
        context = land.world.context(land.viewers["authority"])
        result = await schema.execute(document, {"after": after}, context)
        assert [(error.extensions or {}).get("code") for error in result.errors or ()] == ["BAD_REQUEST"]
        lane = whole(parse(document), None)
        assert lane is not None
        with pytest.raises(GraphQLError, match="cursor"):
            await lane.run(context, {"after": after})


@pytest.mark.parametrize("first", [0, -1, -(2**31), 501, 2**31 - 1])
async def test_a_page_has_a_size_that_there_can_be(land: Landscape, first: int) -> None:
    asked = "query ($first: Int!) { referrals(first: $first) { totalCount } }"
    result = await schema.execute(asked, {"first": first}, land.world.context(land.viewers["authority"]))
    assert [(error.extensions or {}).get("code") for error in result.errors or ()] == ["BAD_REQUEST"]
    assert ["500" in error.message for error in result.errors or ()] == [first > 500]
