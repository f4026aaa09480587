"""Questions of an offer: answered in words, or by an appendix that goes with it and cannot go missing."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from models.document import DocumentKind
from models.offer_answer import dangling, in_words, refers_to
from models.provider import Category
from tests.cases import FEES, Cases, born
from tests.resolvers.test_offer import at, stage
from tests.world import Care, World

ANSWER = "{ text appendix { documentId name sha256 } }"
ANSWERS = f"""terms {{ matching {ANSWER} staffing {ANSWER} education {ANSWER} further {ANSWER}
  needsMet {{ need code childId how {ANSWER} }} }}"""


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def supported(cases: Cases) -> Any:
    care = Care(Category.SUPPORTED_ACCOMMODATION, (16, 17))
    return await stage(cases, care, category=care.category, children=[born("2009-05-14")])


async def filed(cases: Cases, firm: Any, kind: DocumentKind = DocumentKind.APPENDIX, **facts: Any) -> dict[str, str]:
    """The newest document of a kind in a profile, as an answer shows it."""
    sha256 = uuid4().hex * 2
    await cases.papers(firm, kind, name="support.pdf", sha256=sha256, **facts)
    (row,) = await cases.world.sql("SELECT id FROM document WHERE sha256 = $1", sha256)
    return {"documentId": str(row["id"]), "name": "support.pdf", "sha256": sha256}


async def test_a_question_is_answered_in_words_or_by_an_appendix(cases: Cases) -> None:  # S-097, S-098
    officer, firm, member, id = await supported(cases)
    appendix = await filed(cases, firm)
    see, words = {"seeAppendix": appendix["documentId"]}, {"text": " Two by day. "}
    need = {"need": " Cooking ", "how": see, "code": "needs"}
    said = {"matching": see, "staffing": words, "further": see, "needsMet": [need, {"need": "Sleep", "how": words}]}
    offer = await cases.submitted(member, id, at(firm), **said)
    shown = (await cases.seen(officer, "Offer", offer, ANSWERS))["terms"]
    by_appendix, in_text = {"text": None, "appendix": appendix}, {"text": "Two by day.", "appendix": None}
    assert (shown["matching"], shown["staffing"], shown["education"]) == (by_appendix, in_text, None)
    assert shown["needsMet"] == [
        {"need": "Cooking", "code": "needs", "childId": None, "how": by_appendix},
        {"need": "Sleep", "code": None, "childId": None, "how": in_text},
    ]
    attached = (await cases.seen(officer, "Offer", offer, "documents { kind name sha256 }"))["documents"]
    assert {"kind": "APPENDIX", "name": appendix["name"], "sha256": appendix["sha256"]} in attached
    with pytest.raises(AssertionError, match="exactly one key"):
        await cases.on_offer(member, "offerUpdate", offer, input={"staffing": {**see, **words}})
    await cases.on_offer(member, "offerUpdate", offer, input={"matching": None, "staffing": see})
    changed = (await cases.seen(officer, "Offer", offer, ANSWERS))["terms"]
    assert (changed["matching"], changed["staffing"], changed["further"]) == (None, by_appendix, by_appendix)


async def test_a_reference_that_dangles_is_refused(cases: Cases) -> None:  # S-098
    """At once where it can never be right; at submission and after it, where the appendix does not go with the offer.

    Whether a document belongs to somebody else or is not there makes no difference to the answer.
    """
    officer, firm, member, id = await stage(cases)
    theirs = await filed(cases, await cases.world.provider())
    insurance = await filed(cases, firm, DocumentKind.OTHER)
    where = {"placement": at(firm), "fees": FEES}
    told = []
    for document in (theirs["documentId"], str(uuid4()), insurance["documentId"]):
        given = {**where, "further": {"seeAppendix": document}}
        (problem,) = await cases.problems(member, "offerCreate", referralId=id, input=given)
        told.append((problem["code"], problem["path"], problem["message"]))
    assert len(set(map(str, told))) == 1
    assert told[0][:2] == ("APPENDIX_NOT_ATTACHED", ["input", "further", "seeAppendix"])
    own = await filed(cases, firm)
    how = {"need": "Rest", "how": {"seeAppendix": own["documentId"]}}
    offer = await cases.offered(member, id, at(firm), needsMet=[how])
    (problem,) = await cases.problems(member, "offerSubmit", id=offer, expectedVersion=1)
    assert (problem["code"], problem["path"]) == (
        "APPENDIX_NOT_ATTACHED", ["terms", "needsMet", "0", "how", "seeAppendix"],
    )  # fmt: skip
    await cases.on_offer(member, "offerAttach", offer, documentId=own["documentId"])
    await cases.on_offer(member, "offerSubmit", offer)
    loose = {"education": {"seeAppendix": (await filed(cases, firm))["documentId"]}}
    now = {"id": offer, "expectedVersion": await cases.version(offer, "offer")}
    assert await cases.refused(member, "offerUpdate", **now, input=loose) == ["APPENDIX_NOT_ATTACHED"]
    assert await cases.told(officer) == ["OFFER_SUBMITTED"]


async def test_an_appendix_that_is_answered_by_stays_with_the_offer(cases: Cases) -> None:  # S-098
    """Through a renewal of the documents, and against being taken off by hand."""
    _, firm, member, id = await stage(cases)
    first = await filed(cases, firm)
    offer = await cases.offered(member, id, at(firm), further={"seeAppendix": first["documentId"]})
    await cases.on_offer(member, "offerAttach", offer, documentId=first["documentId"])
    await cases.on_offer(member, "offerSubmit", offer)
    cases.world.clock.goes_on(hours=1)
    await cases.papers(firm)
    now = {"id": offer, "expectedVersion": await cases.version(offer, "offer")}
    assert await cases.refused(member, "offerDetach", **now, documentId=first["documentId"]) == ["DOCUMENT_REFERRED_TO"]
    await cases.on_offer(member, "offerRefreshDocuments", offer)
    kept = (await cases.seen(member, "Offer", offer, "documents { sha256 }"))["documents"]
    assert {"sha256": first["sha256"]} in kept
    await cases.on_offer(member, "offerUpdate", offer, input={"further": {"text": "See within."}})
    await cases.on_offer(member, "offerDetach", offer, documentId=first["documentId"])


async def past_the_wall(world: World, statement: str, id: str, facts: dict[str, Any]) -> None:
    """What an earlier release wrote, which nothing can write any more."""
    async with world.owner.connect() as connection, connection.begin():
        await connection.exec_driver_sql("SET LOCAL session_replication_role = 'replica'")
        await connection.exec_driver_sql(statement, (UUID(id), json.dumps(facts)))


async def test_answers_of_before_read_as_text(cases: Cases) -> None:  # S-098
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    old = {"matching": "Plain", "needsMet": [{"need": "Calm", "how": "A small home"}], "staffing": None}
    await cases.world.sql("UPDATE offer SET terms = terms || $2::jsonb WHERE id = $1", UUID(offer), json.dumps(old))
    await past_the_wall(
        cases.world, "UPDATE offer_version SET terms = terms || $2::jsonb WHERE offer_id = $1", offer, old
    )
    text = {"text": "Plain", "appendix": None}
    shown = await cases.seen(officer, "Offer", offer, f"{ANSWERS} versions {{ {ANSWERS} }}")
    for terms in (shown["terms"], shown["versions"][0]["terms"]):
        assert (terms["matching"], terms["staffing"]) == (text, None)
        assert terms["needsMet"][0]["how"] == {"text": "A small home", "appendix": None}
    await cases.on_offer(member, "offerUpdate", offer, input={"staffing": {"text": "Two"}})
    assert (await cases.seen(member, "Offer", offer, ANSWERS))["terms"]["matching"] == text


async def test_a_blank_answer_is_no_answer(cases: Cases) -> None:  # S-098
    _, firm, member, id = await stage(cases)
    needs = [{"need": " ", "how": {"text": "So."}}, {"need": "Rest", "how": {"text": "\n"}}]
    given = {"placement": at(firm), "fees": FEES, "education": {"text": " "}, "needsMet": needs}
    problems = await cases.problems(member, "offerCreate", referralId=id, input=given)
    assert [(problem["code"], ".".join(problem["path"])) for problem in problems] == [
        ("ANSWER_BLANK", "input.education.text"), ("ANSWER_BLANK", "input.needsMet.0.need"),
        ("ANSWER_BLANK", "input.needsMet.1.how.text"),
    ]  # fmt: skip


def test_what_is_referred_to_is_known_of_the_terms_alone() -> None:  # S-098
    document, other = uuid4(), uuid4()
    by_appendix = {"appendix": {"documentId": str(document), "name": "support.pdf", "sha256": "x"}}
    terms = {"matching": "Plain", "further": None, "needsMet": [{"need": "Rest", "how": by_appendix}]}
    assert refers_to(terms, document)
    assert not refers_to(terms, other)
    assert not refers_to({"matching": {"text": str(document)}}, document)
    assert dangling(terms, [document]) == []
    assert [fault.path for fault in dangling(terms, [other], "terms")] == [
        ["terms", "needsMet", "0", "how", "seeAppendix"]
    ]
    assert [in_words(answer) for answer in ("Plain", {"text": "So"}, by_appendix, None)] == [
        "Plain", "So", "See the appendix “support.pdf”.", None,
    ]  # fmt: skip
