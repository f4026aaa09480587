"""Documents that go with messages: the sender's own, for the two parties alone, and never touched again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from models.lifecycle import Role
from models.message_document import MOST
from models.person import Viewer
from tests.agreeing import Agreeing
from tests.cases import Cases
from tests.filing import FETCH, Filing, filing, paper
from tests.standing import standing_as
from tests.world import World

ATTACHED = "attachments { id kind name byteSize mediaType sha256 identifiesChild expiresOn attachedAt }"
MESSAGES = f"query ($id: UUID!) {{ messages(threadId: $id) {{ nodes {{ id body {ATTACHED} }} }} }}"
NODE = "query ($id: UUID!) { node(id: $id) { __typename ... on Message { attachments { name } } } }"


@pytest_asyncio.fixture(loop_scope="session")
async def files(world: World) -> AsyncIterator[Filing]:
    async with filing(world) as files:
        yield files


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def send(cases: Cases, who: Viewer, thread: str, *documents: str, **given: Any) -> list[dict[str, Any]]:
    """What goes with a message with these documents, as its sender sees it."""
    attachments = [{"documentId": id, **given} for id in documents]
    message = {"body": "The carers we have in mind.", "attachments": attachments}
    return list((await cases.act(who, "messageSend", ATTACHED, threadId=thread, input=message))["attachments"])


async def seen(cases: Cases, who: Viewer, thread: str) -> list[list[str]]:
    nodes = (await cases.world.gql(who, MESSAGES, id=thread))["messages"]["nodes"]
    return [[attached["id"] for attached in message["attachments"]] for message in nodes]


async def test_a_document_sent_with_a_message_is_fetched_by_both_parties_and_by_nobody_else(files: Filing) -> None:
    # S-068, S-071
    cases = Cases(files.world)
    rival = await cases.world.provider()
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    thread = await cases.thread(await cases.sent(officer), firm)
    carers, plan = paper(), paper()
    documents = [await files.filed(member, carers, name="Carers.pdf", kind="APPENDIX"), await files.filed(member, plan)]
    sent = await send(cases, member, thread, *documents)
    assert [(each["name"], each["kind"], each["byteSize"]) for each in sent] == [
        ("Carers.pdf", "APPENDIX", len(carers)), ("paper.pdf", "OTHER", len(plan)),
    ]  # fmt: skip
    ids = [each["id"] for each in sent]
    before = await cases.world.count("event", "kind = 'document.download'")
    readers = [officer, await cases.officer("Birmingham", Role.READ_ONLY), member, await cases.member(firm)]
    for reader in readers:
        assert await seen(cases, reader, thread) == [ids]
        assert [await files.fetched(reader, id) for id in ids] == [carers, plan]
    read = await cases.world.sql("SELECT * FROM event WHERE kind = 'document.download'")
    assert len(read) - before == len(readers) * 2
    (case,) = await cases.world.sql("SELECT referral_id FROM thread WHERE id = $1", UUID(thread))
    assert {row["referral_id"] for row in read} == {case["referral_id"]}
    assert not [row for row in read if row["la_id"] and row["provider_id"]], "who fetches it is not told the other side"
    missing = await cases.world.gql(officer, FETCH, id=str(uuid4()))
    for stranger in (
        await cases.member(rival), await cases.officer("Solihull"), await cases.member(firm, Role.SIGNATORY),
    ):  # fmt: skip
        assert [await cases.world.gql(stranger, FETCH, id=id) for id in ids] == [missing] * 2
        assert await seen(cases, stranger, thread) == []
    assert await cases.world.gql(officer, FETCH, id=documents[0]) == missing, "the file itself stays its owner's"


async def test_what_was_attached_stays_as_it_was(cases: Cases) -> None:  # S-068, S-083
    agreeing = await (await Agreeing.among(cases.world)).referred()
    thread = await cases.thread(agreeing.ids["referral"], agreeing.firm)
    document = str(await agreeing.paper(agreeing.firm.id, agreeing.member, "STATEMENT_OF_PURPOSE"))
    sent = await send(cases, agreeing.member, thread, document)
    await cases.world.sql("UPDATE document SET name = 'other.pdf', replaced_at = now() WHERE id = $1", UUID(document))
    (message,) = (await cases.world.gql(agreeing.officer, MESSAGES, id=thread))["messages"]["nodes"]
    assert message["attachments"] == sent
    assert sent[0]["name"] == "statement_of_purpose.pdf"
    shown = (await cases.world.gql(agreeing.officer, NODE, id=message["id"]))["node"]
    assert shown == {"__typename": "Message", "attachments": [{"name": "statement_of_purpose.pdf"}]}
    for statement in ("UPDATE message_document SET name = 'x'", "DELETE FROM message_document"):
        with pytest.raises(asyncpg.PostgresError, match="never changed"):
            await cases.world.sql(statement)


async def test_one_that_names_the_child_reaches_the_provider_with_the_draft_agreement_alone(files: Filing) -> None:
    # S-068, S-103
    cases, agreeing = Cases(files.world), await (await Agreeing.among(files.world)).referred()
    officer, member = agreeing.officer, agreeing.member
    thread = await cases.thread(agreeing.ids["referral"], agreeing.firm)
    named, plain = paper(), paper()
    (secret,) = await send(cases, officer, thread, await files.filed(officer, named), identifiesChild=True)
    (open_,) = await send(cases, officer, thread, await files.filed(officer, plain))
    timeline = "{ timeline(first: 50) { nodes { kind subjectId } } }"

    async def hidden() -> None:
        missing = await cases.world.gql(member, FETCH, id=str(uuid4()))
        assert await cases.world.gql(member, FETCH, id=secret["id"]) == missing
        assert await seen(cases, member, thread) == [[], [open_["id"]]]
        told = (await cases.world.gql(member, timeline))["timeline"]["nodes"]
        assert not [event for event in told if event["kind"] == "message.attach"]
        async with standing_as(files.world, member) as connection:
            assert await connection.fetchval("SELECT count(*) FROM message_document") == 1

    await hidden()
    assert await seen(cases, officer, thread) == [[secret["id"]], [open_["id"]]]
    for step in (agreeing.offered, agreeing.accepted, agreeing.drawn_up):
        await step()
        await hidden()
    await agreeing.shared()
    assert await seen(cases, member, thread) == [[secret["id"]], [open_["id"]]]
    assert await files.fetched(member, secret["id"]) == named
    assert await cases.world.gql(agreeing.provider_signatory, FETCH, id=secret["id"]) == await cases.world.gql(
        agreeing.provider_signatory, FETCH, id=str(uuid4())
    )


async def test_what_a_provider_sends_of_a_child_is_withheld_from_neither_side(cases: Cases) -> None:  # S-068
    agreeing = await (await Agreeing.among(cases.world)).referred()
    thread = await cases.thread(agreeing.ids["referral"], agreeing.firm)
    document = str(await agreeing.paper(agreeing.firm.id, agreeing.member, "OTHER"))
    (sent,) = await send(cases, agreeing.member, thread, document, identifiesChild=True)
    assert await seen(cases, agreeing.officer, thread) == await seen(cases, agreeing.member, thread) == [[sent["id"]]]


async def test_only_ready_documents_of_ones_own_go_with_a_message_and_all_faults_are_told(cases: Cases) -> None:
    # S-030, S-068
    agreeing = await (await Agreeing.among(cases.world)).referred()
    thread = await cases.thread(agreeing.ids["referral"], agreeing.firm)
    own = [str(await agreeing.paper(agreeing.firm.id, agreeing.member, "OTHER")) for _ in range(MOST + 1)]
    foreign = str(await agreeing.paper(agreeing.officer.organisation_id, agreeing.officer, "OTHER"))
    await cases.world.sql("UPDATE document SET state = 'AWAITING_UPLOAD' WHERE id = $1", UUID(own[0]))

    async def problems(*documents: str, body: str = "Here they are.") -> list[tuple[str, str]]:
        given = {"body": body, "attachments": [{"documentId": id} for id in documents]}
        told = await cases.problems(agreeing.member, "messageSend", threadId=thread, input=given)
        return [(problem["code"], ".".join(problem["path"])) for problem in told]

    where = "input.attachments.{}.documentId"
    assert await problems(own[1], foreign, own[0], str(uuid4())) == [
        ("NOT_FOUND", where.format(1)), ("WRONG_STATE", where.format(2)), ("NOT_FOUND", where.format(3)),
    ]  # fmt: skip
    assert await problems(own[1], own[2], own[1]) == [("INVALID_INPUT", where.format(2))]
    assert await problems(*own) == [("INVALID_INPUT", "input.attachments")]
    assert await problems(own[1], body=" ") == [("INVALID_INPUT", "input.body")], "a text goes with it"
    assert await cases.world.count("message_document") == 0
    assert len(await send(cases, agreeing.member, thread, *own[1:])) == MOST


async def test_nothing_is_added_to_a_message_afterwards_nor_from_anybody_elses_files(cases: Cases) -> None:  # S-068
    agreeing = await (await Agreeing.among(cases.world)).referred()
    thread = await cases.thread(agreeing.ids["referral"], agreeing.firm)
    document = str(await agreeing.paper(agreeing.firm.id, agreeing.member, "OTHER"))
    await send(cases, agreeing.member, thread, document)
    (row,) = await cases.world.sql("SELECT * FROM message_document")
    row |= {"id": uuid4(), "place": 2}
    places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    again = f"INSERT INTO message_document ({', '.join(row)}) VALUES ({places})"
    async with standing_as(cases.world, agreeing.member) as connection:
        with pytest.raises(asyncpg.PostgresError, match="sent with it"):
            await connection.execute(again, *row.values())


async def test_what_goes_with_a_message_is_kept_in_the_vault_when_its_document_is_forgotten(cases: Cases) -> None:
    agreeing = await (await Agreeing.among(cases.world)).referred()
    thread = await cases.thread(agreeing.ids["referral"], agreeing.firm)
    document = await agreeing.paper(agreeing.firm.id, agreeing.member, "OTHER")
    (sent,) = await send(cases, agreeing.member, thread, str(document))
    sha = "cd" * 32
    await cases.world.sql("UPDATE document SET sha256 = $1, state = 'AWAITING_UPLOAD' WHERE id = $2", sha, document)
    late = cases.world.clock.now + timedelta(days=9)
    (row,) = await cases.world.sql("SELECT portal_unnamed($1, $2) AS names", [sent["sha256"], sha], late)
    assert row["names"] == [sha]


async def test_an_authority_does_not_say_who_the_child_is_before_the_draft_agreement_is_shared(cases: Cases) -> None:
    # S-053, S-103
    agreeing = await (await Agreeing.among(cases.world)).referred()
    officer, thread = agreeing.officer, await cases.thread(agreeing.ids["referral"], agreeing.firm)
    plan = str(await agreeing.paper(officer.organisation_id, officer, "CARE_PLAN"))
    await cases.world.sql("UPDATE document SET name = 'Ana Zak plan.pdf' WHERE id = $1", UUID(plan))

    async def told(body: str, identifies: bool = True) -> list[str]:
        given = {"body": body, "attachments": [{"documentId": plan, "identifiesChild": identifies}]}
        problems = await cases.problems(officer, "messageSend", threadId=thread, input=given)
        assert {problem["code"] for problem in problems} == {"NAMES_THE_CHILD"}
        assert not any("Ana" in problem["message"] for problem in problems)
        return [".".join(problem["path"]) for problem in problems]

    file = "input.attachments.0.documentId"
    assert await told("ana likes it there.") == await told("Born 3 Feb 2014.") == ["input.body"]
    assert await told("She likes it there.", identifies=False) == [file]
    assert await told("Żak likes it there.", identifies=False) == ["input.body", file]
    meant = {"body": "Ana is what we call the cat.", "acknowledgeIdentity": True}
    await cases.act(officer, "messageSend", threadId=thread, input=meant)
    await cases.act(agreeing.member, "messageSend", threadId=thread, input={"body": "Is her name Ana?"})
    for step in (agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
        await step()
    await cases.act(officer, "messageSend", threadId=thread, input={"body": "Ana is looking forward to it."})
