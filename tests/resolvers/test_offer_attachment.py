"""Further documents of an offer: attached once each, taken off again while it is editable, and never beyond a limit."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from models.document import DocumentKind
from models.person import Viewer
from models.provider import Category
from portal.database import asyncpg_dsn
from resolvers.offer_attachment import MOST_FURTHER
from tests.cases import Cases, born
from tests.resolvers.test_offer import at, stage
from tests.world import Care, Firm, World

OTHER = DocumentKind.OTHER
LISTED = "documents { id documentId name kind compulsory sha256 attachedByName }"


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def paper(cases: Cases, firm: Firm, kind: DocumentKind = OTHER, **facts: Any) -> str:
    """A ready file of the provider's."""
    known = {"name": f"{uuid4().hex}.pdf", **facts}
    await cases.papers(firm, kind, **known)
    (row,) = await cases.world.sql("SELECT id FROM document WHERE name = $1", known["name"])
    return str(row["id"])


async def listed(cases: Cases, who: Viewer, offer: str) -> list[dict[str, Any]]:
    documents = (await cases.seen(who, "Offer", offer, LISTED))["documents"]
    return [document for document in documents if not document["compulsory"]]


async def refused(cases: Cases, who: Viewer, act: str, offer: str, document: str) -> dict[str, Any]:
    given = {"id": offer, "expectedVersion": await cases.version(offer, "offer"), "documentId": document}
    (problem,) = await cases.problems(who, act, **given)
    return problem


@pytest.mark.parametrize("submitted", [False, True])
async def test_a_further_document_comes_and_goes_while_the_offer_is_editable(  # S-076, S-081, S-099
    cases: Cases, submitted: bool
) -> None:
    officer, firm, member, id = await stage(cases)
    make = cases.submitted if submitted else cases.offered
    offer, file = await make(member, id, at(firm)), await paper(cases, firm)
    version = await cases.version(offer, "offer")
    await cases.on_offer(member, "offerAttach", offer, documentId=file)
    (held,) = await listed(cases, member, offer)
    assert (held["documentId"], held["attachedByName"]) == (file, member.name)
    await cases.on_offer(member, "offerDetach", offer, documentId=held["id"])
    assert await listed(cases, member, offer) == []
    assert await cases.version(offer, "offer") == version + 2
    (row,) = await cases.world.sql("SELECT * FROM offer_document WHERE document_id = $1", UUID(file))
    assert row["removed_at"] == cases.world.clock.now, "what was there stays known"
    told = await cases.told(officer)
    assert ("OFFER_UPDATED" in told) is submitted
    assert await cases.world.count("event", "kind = 'offer.detach' AND la_id IS NOT NULL") == int(submitted)
    assert (await refused(cases, member, "offerDetach", offer, file))["code"] == "NOT_FOUND"
    await cases.on_offer(member, "offerAttach", offer, documentId=file)
    await cases.on_offer(member, "offerDetach", offer, documentId=file)


async def test_the_same_bytes_are_attached_once(cases: Cases) -> None:  # S-081
    _, firm, member, id = await stage(cases)
    offer, file = await cases.offered(member, id, at(firm)), await paper(cases, firm, sha256="ab" * 32)
    await cases.on_offer(member, "offerAttach", offer, documentId=file)
    (held,) = await listed(cases, member, offer)
    twin = await paper(cases, firm, sha256="ab" * 32, name="another name.pdf")
    for again in (file, twin):
        problem = await refused(cases, member, "offerAttach", offer, again)
        assert (problem["code"], problem["existingId"]) == ("DOCUMENT_ATTACHED_ALREADY", held["id"])
        assert held["name"] in problem["message"]
    assert len(await listed(cases, member, offer)) == 1


async def test_what_was_attached_by_hand_and_is_compulsory_is_there_once(cases: Cases) -> None:  # S-079
    officer, firm, member, id = await stage(cases)
    (certificate,) = await cases.world.sql("SELECT id FROM document WHERE kind = 'OFSTED_CERTIFICATE'")
    offer = await cases.offered(member, id, at(firm))
    await cases.on_offer(member, "offerAttach", offer, documentId=str(certificate["id"]))
    await cases.on_offer(member, "offerSubmit", offer)
    kinds = [d["kind"] for d in (await cases.seen(officer, "Offer", offer))["documents"] if d["compulsory"]]
    assert len(kinds) == len(set(kinds)) == 5
    assert await listed(cases, officer, offer) == []


async def test_compulsory_documents_are_not_taken_off(cases: Cases) -> None:  # S-079
    _, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    for document in (await cases.seen(member, "Offer", offer, LISTED))["documents"]:
        for name in (document["id"], document["documentId"]):
            problem = await refused(cases, member, "offerDetach", offer, name)
            assert (problem["code"], problem["path"]) == ("COMPULSORY_DOCUMENT_KEPT", ["documentId"])


async def test_the_last_appendix_of_a_submitted_offer_stays(cases: Cases) -> None:  # S-097
    care = Care(Category.SUPPORTED_ACCOMMODATION, (16, 17))
    _, firm, member, id = await stage(cases, care, category=care.category, children=[born("2009-05-14")])
    offer, file = await cases.offered(member, id, at(firm)), await paper(cases, firm, DocumentKind.APPENDIX)
    await cases.world.sql("UPDATE document SET replaced_at = now() WHERE id = $1", UUID(file))
    await cases.on_offer(member, "offerAttach", offer, documentId=file)
    await cases.on_offer(member, "offerDetach", offer, documentId=file)
    await cases.on_offer(member, "offerAttach", offer, documentId=file)
    await cases.on_offer(member, "offerSubmit", offer)
    assert (await refused(cases, member, "offerDetach", offer, file))["code"] == "APPENDIX_REQUIRED"
    other = await paper(cases, firm, DocumentKind.APPENDIX)
    await cases.on_offer(member, "offerAttach", offer, documentId=other)
    await cases.on_offer(member, "offerDetach", offer, documentId=file)


async def test_there_is_a_limit_to_further_documents(cases: Cases) -> None:  # S-081
    _, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    known = "name, byte_size, media_type"
    await cases.world.sql(
        f"INSERT INTO document (id, organisation_id, kind, sha256, state, uploaded_by, uploaded_at, {known})"
        " SELECT gen_random_uuid(), organisation_id, 'HEALTH', md5(n::text) || md5(n::text), state, uploaded_by,"
        f" uploaded_at, {known} FROM (SELECT * FROM document LIMIT 1) d, generate_series(1, $1) n",
        MOST_FURTHER - 1,
    )
    await cases.world.sql(
        "INSERT INTO offer_document (id, offer_id, la_id, provider_id, document_id, kind, sha256, attached_at,"
        f" attached_by_name, compulsory, {known}) SELECT gen_random_uuid(), o.id, o.la_id, o.provider_id, d.id, kind,"
        f" sha256, now(), 'Somebody', false, {known} FROM offer o, document d WHERE kind = 'HEALTH'"
    )
    await cases.on_offer(member, "offerAttach", offer, documentId=await paper(cases, firm))
    file = await paper(cases, firm)
    assert (await refused(cases, member, "offerAttach", offer, file))["code"] == "TOO_MANY_DOCUMENTS"
    (first, *_) = await listed(cases, member, offer)
    await cases.on_offer(member, "offerDetach", offer, documentId=first["id"])
    await cases.on_offer(member, "offerAttach", offer, documentId=file)


async def test_after_acceptance_nothing_comes_or_goes(cases: Cases) -> None:  # S-077, S-081
    officer, firm, member, id = await stage(cases)
    offer, file = await cases.submitted(member, id, at(firm)), await paper(cases, firm)
    await cases.on_offer(member, "offerAttach", offer, documentId=file)
    await cases.accepted(officer, offer)
    version = {"id": offer, "expectedVersion": await cases.version(offer, "offer")}
    other = await paper(cases, firm)
    assert await cases.refused(member, "offerDetach", **version, documentId=file) == ["OFFER_LOCKED"]
    assert await cases.refused(member, "offerAttach", **version, documentId=other) == ["OFFER_LOCKED"]
    await cases.papers(firm)
    assert await cases.refused(member, "offerRefreshDocuments", **version) == ["OFFER_LOCKED"]
    with pytest.raises(Exception, match="ACCEPTED"):
        await cases.world.sql("UPDATE offer_document SET removed_at = now() WHERE document_id = $1", UUID(file))


async def test_others_know_of_no_such_offer_or_file(cases: Cases) -> None:  # S-030
    officer, firm, member, id = await stage(cases)
    offer, file = await cases.offered(member, id, at(firm)), await paper(cases, firm)
    await cases.on_offer(member, "offerAttach", offer, documentId=file)
    rival = await cases.world.provider()
    given = {"id": offer, "expectedVersion": 2, "documentId": file}
    assert await cases.refused(await cases.member(rival), "offerDetach", **given) == ["NOT_FOUND"]
    assert await cases.refused(officer, "offerDetach", **given) == ["FORBIDDEN"]
    theirs = await paper(cases, rival)
    for act in ("offerAttach", "offerDetach"):
        assert await cases.refused(member, act, **{**given, "documentId": theirs}) == ["NOT_FOUND"]


async def test_a_refresh_without_anything_new_is_refused(cases: Cases) -> None:  # S-083
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    given = {"id": offer, "expectedVersion": await cases.version(offer, "offer")}
    assert await cases.refused(member, "offerRefreshDocuments", **given) == ["NOTHING_NEW"]
    cases.world.clock.goes_on(minutes=1)
    await cases.papers(firm, DocumentKind.OFSTED_CERTIFICATE)
    before = {d["id"] for d in (await cases.seen(officer, "Offer", offer))["documents"]}
    await cases.on_offer(member, "offerRefreshDocuments", offer)
    after = {d["id"] for d in (await cases.seen(officer, "Offer", offer))["documents"]}
    assert (len(before & after), len(after)) == (4, 5), "what is the same stays as it was attached"
    assert await cases.told(officer) == ["OFFER_SUBMITTED", "OFFER_UPDATED"]


async def test_what_an_answer_refers_to_stays_until_the_answer_changes(cases: Cases) -> None:  # S-098
    officer, firm, member, id = await stage(cases)
    file = await paper(cases, firm, DocumentKind.APPENDIX)
    offer = await cases.offered(member, id, at(firm), staffing={"seeAppendix": file})
    await cases.on_offer(member, "offerAttach", offer, documentId=file)
    await cases.on_offer(member, "offerSubmit", offer)
    problem = await refused(cases, member, "offerDetach", offer, file)
    assert (problem["code"], problem["path"]) == ("DOCUMENT_REFERRED_TO", ["documentId"])
    await cases.on_offer(member, "offerUpdate", offer, input={"staffing": {"text": "Two at night."}})
    await cases.on_offer(member, "offerDetach", offer, documentId=file)
    assert await listed(cases, officer, offer) == []


async def test_a_refresh_keeps_what_an_answer_refers_to(cases: Cases) -> None:  # S-083, S-098
    care = Care(Category.SUPPORTED_ACCOMMODATION, (16, 17))
    officer, firm, member, id = await stage(cases, care, category=care.category, children=[born("2009-05-14")])
    file = await paper(cases, firm, DocumentKind.APPENDIX, name="old.pdf")
    offer = await cases.submitted(member, id, at(firm), staffing={"seeAppendix": file})
    await cases.world.sql("UPDATE document SET expires_on = '2026-06-14' WHERE id = $1", UUID(file))
    await paper(cases, firm, DocumentKind.APPENDIX, name="new.pdf")
    await cases.on_offer(member, "offerRefreshDocuments", offer)
    documents = (await cases.seen(officer, "Offer", offer, LISTED))["documents"]
    assert {d["name"] for d in documents if d["kind"] == "APPENDIX"} == {"old.pdf", "new.pdf"}


async def test_the_database_keeps_what_was_attached_as_it_was(cases: Cases) -> None:  # S-083
    _, firm, member, id = await stage(cases)
    offer, file = await cases.submitted(member, id, at(firm)), await paper(cases, firm)
    await cases.on_offer(member, "offerAttach", offer, documentId=file)
    await cases.on_offer(member, "offerDetach", offer, documentId=file)
    copied = (
        "INSERT INTO offer_document SELECT (r).* FROM (SELECT jsonb_populate_record(o, jsonb_build_object("
        "'id', gen_random_uuid(), 'removed_at', NULL, {})) AS r FROM offer_document o WHERE {}) x"
    )
    wrong = [
        "UPDATE offer_document SET sha256 = 'x'", "UPDATE offer_document SET expires_on = '2099-01-01'",
        "UPDATE offer_document SET attached_by_name = 'x'", "UPDATE offer_document SET compulsory = false",
        "UPDATE offer_document SET removed_at = NULL WHERE removed_at IS NOT NULL",
        copied.format("'sha256', 'x'", "compulsory"), copied.format("'kind', 'HEALTH'", "compulsory"),
        copied.format("'name', 'x.pdf'", "compulsory"), copied.format("'byte_size', 1", "compulsory"),
        copied.format("'media_type', 'text/html'", "compulsory"), copied.format("'expires_on', NULL", "compulsory"),
        "UPDATE offer_document SET compulsory = false, removed_at = now() WHERE compulsory",
        copied.format("'document_id', gen_random_uuid()", "compulsory"),
    ]  # fmt: skip
    before = await cases.everything_kept()
    for statement in wrong:
        with pytest.raises(Exception, match=r"stays as it was attached|no such document"):
            await run(cases, statement)
    assert await cases.everything_kept() == before


async def run(cases: Cases, statement: str) -> None:
    """As the superuser, who is bound by triggers too."""
    connection = await asyncpg.connect(asyncpg_dsn(cases.world.dsn))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
