"""The documents of an offer: attached by themselves, as they were; and what the home says of the framework."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.document import DocumentKind
from models.home import FrameworkMembership
from models.provider import Category
from tests.cases import SENT_PAPERS, Cases, born
from tests.resolvers.test_offer import at, stage
from tests.world import Care, Firm, World

CERTIFICATE = DocumentKind.OFSTED_CERTIFICATE


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


FETCH = "mutation ($id: UUID!) { documentDownload(id: $id) { download { url } problems { code } } }"


def hashes(offer: dict[str, Any]) -> dict[str, str]:
    return {document["kind"]: document["sha256"] for document in offer["documents"] if document["compulsory"]}


async def test_compulsory_documents_attach_themselves_and_stay_as_they_were(cases: Cases) -> None:  # S-079, S-083
    officer, firm, member, id = await stage(cases)
    draft = await cases.offered(member, id, at(firm))
    assert (await cases.seen(member, "Offer", draft))["documents"] == []
    await cases.on_offer(member, "offerSubmit", draft)
    before = await cases.seen(officer, "Offer", draft)
    assert sorted(hashes(before)) == sorted(SENT_PAPERS)
    cases.world.clock.goes_on(hours=1)
    await cases.papers(firm)
    assert await cases.seen(officer, "Offer", draft) == before
    await cases.on_offer(member, "offerUpdate", draft, input={"staffing": {"text": "More"}})
    assert hashes(await cases.seen(officer, "Offer", draft)) == hashes(before)
    await cases.on_offer(member, "offerRefreshDocuments", draft)
    after = await cases.seen(officer, "Offer", draft)
    assert not set(hashes(after).values()) & set(hashes(before).values())
    assert [version["version"] for version in after["versions"]] == [2, 3, 4]
    assert await cases.told(officer) == ["OFFER_SUBMITTED", "OFFER_UPDATED"]
    former = (await cases.seen(officer, "Offer", draft, "formerDocuments { id kind sha256 }"))["formerDocuments"]
    assert {paper["kind"]: paper["sha256"] for paper in former} == hashes(before)
    rival = await cases.member(await cases.world.provider())
    for who, codes in ((officer, []), (member, []), (rival, ["NOT_FOUND"])):
        fetched = (await cases.world.gql(who, FETCH, id=former[0]["id"]))["documentDownload"]
        assert [problem["code"] for problem in fetched["problems"]] == codes


async def test_missing_and_expired_documents_are_named_together(cases: Cases) -> None:  # S-084, S-086
    officer, firm = await cases.officer(), await cases.world.provider()
    member, id = await cases.member(firm), await cases.sent(officer)
    await cases.papers(firm, *SENT_PAPERS[:2], expires_on=date(2026, 6, 14))
    await cases.papers(firm, SENT_PAPERS[2], expires_on=date(2026, 6, 15))
    offer = await cases.offered(member, id, at(firm))
    problems = await cases.problems(member, "offerSubmit", id=offer, expectedVersion=1)
    assert [(problem["code"].split("_")[-1], problem["path"][0]) for problem in problems] == [
        ("EXPIRED", "EMPLOYERS_LIABILITY_INSURANCE"), ("MISSING", "OFSTED_CERTIFICATE"),
        ("EXPIRED", "PUBLIC_LIABILITY_INSURANCE"), ("MISSING", "STATEMENT_OF_PURPOSE"),
    ]  # fmt: skip
    cases.world.clock.goes_on(minutes=1)
    await cases.papers(firm, *SENT_PAPERS[:2], SENT_PAPERS[4], expires_on=date(2026, 7, 14))  # 29 days
    await cases.papers(firm, SENT_PAPERS[3], expires_on=date(2026, 7, 15))  # 30 days
    await cases.on_offer(member, "offerSubmit", offer)
    soon = {d["kind"]: d["expiringSoon"] for d in (await cases.seen(member, "Offer", offer))["documents"]}
    assert soon == {kind: kind is not SENT_PAPERS[3] for kind in SENT_PAPERS}


@pytest.mark.parametrize("attached", [True, False])
async def test_supported_accommodation_needs_its_appendix(cases: Cases, attached: bool) -> None:  # S-081, S-097
    care = Care(Category.SUPPORTED_ACCOMMODATION, (16, 17))
    children = [born("2009-05-14")]
    officer, firm, member, id = await stage(cases, care, category=care.category, children=children)
    offer = await cases.offered(member, id, at(firm))
    assert await cases.refused(member, "offerSubmit", id=offer, expectedVersion=1) == ["APPENDIX_REQUIRED"]
    await cases.papers(firm, DocumentKind.APPENDIX)
    if attached:
        (paper,) = await cases.world.sql("SELECT id FROM document WHERE kind = 'APPENDIX'")
        await cases.on_offer(member, "offerAttach", offer, documentId=str(paper["id"]))
        await cases.world.sql("UPDATE document SET replaced_at = now() WHERE kind = 'APPENDIX'")
    await cases.on_offer(member, "offerSubmit", offer)
    seen = await cases.seen(officer, "Offer", offer)
    (appendix,) = [document for document in seen["documents"] if document["kind"] == "APPENDIX"]
    assert appendix["compulsory"] is not attached


async def test_another_home_brings_its_own_documents_and_leaves_the_rest(cases: Cases) -> None:  # S-083
    officer, firm, member, id = await stage(cases, Care(), Care())
    await cases.papers(firm, CERTIFICATE, home=firm.homes[0])
    offer = await cases.submitted(member, id, at(firm))
    before = hashes(await cases.seen(officer, "Offer", offer))
    cases.world.clock.goes_on(hours=1)
    await cases.papers(firm)
    await cases.papers(firm, CERTIFICATE, home=firm.homes[1])
    await cases.on_offer(member, "offerUpdate", offer, input={"placement": at(firm, 1)})
    after = hashes(await cases.seen(officer, "Offer", offer))
    assert {kind for kind in before if before[kind] != after[kind]} == {CERTIFICATE}
    (own,) = await cases.world.sql("SELECT sha256 FROM document WHERE home_id = $1", firm.homes[1])
    assert after[CERTIFICATE] == own["sha256"]


async def test_only_ones_own_ready_files_are_attached(cases: Cases) -> None:  # S-030
    _, firm, member, id = await stage(cases)
    other = await cases.world.provider()
    await cases.papers(other, DocumentKind.HEALTH)
    (theirs,) = await cases.world.sql("SELECT id FROM document WHERE kind = 'HEALTH'")
    offer = await cases.offered(member, id, at(firm))
    given = {"id": offer, "expectedVersion": 1, "documentId": str(theirs["id"])}
    assert await cases.refused(member, "offerAttach", **given) == ["NOT_FOUND"]


# ── framework, spot, or neither ──────────────────────────────────────────────
async def join(world: World, firm: Firm, home: UUID | None, **days: date) -> None:
    async with AsyncSession(world.owner) as session, session.begin():
        known = {"valid_from": date(2026, 1, 1), "valid_until": date(2026, 6, 15), **days}
        joined = FrameworkMembership(provider_id=firm.id, home_id=home, framework="West Midlands", **known)
        joined.approved_at = world.clock.now
        session.add(joined)


@pytest.mark.parametrize(("joined", "offered", "status"), [
    (None, 0, "SPOT"), (0, 0, "FRAMEWORK"), (0, 1, "NON_FRAMEWORK"),
])  # fmt: skip
async def test_the_framework_status_is_derived_from_the_home(
    cases: Cases, joined: int | None, offered: int, status: str
) -> None:  # S-011, S-012
    officer, firm, member, id = await stage(cases, Care(), Care())
    if joined is not None:
        await join(cases.world, firm, firm.homes[joined])
    offer = await cases.submitted(member, id, at(firm, offered))
    assert (await cases.seen(officer, "Offer", offer))["frameworkStatus"] == status


async def test_a_membership_that_has_ended_no_longer_counts_and_the_offer_keeps_its_day(cases: Cases) -> None:  # S-011
    officer, firm, member, id = await stage(cases)
    await join(cases.world, firm, firm.homes[0])
    offer = await cases.submitted(member, id, at(firm))
    cases.world.clock.goes_on(days=1)
    assert (await cases.seen(officer, "Offer", offer))["frameworkStatus"] == "FRAMEWORK"
    again = await cases.sent(officer)
    late = await cases.offered(member, again, at(firm))
    assert (await cases.seen(member, "Offer", late))["frameworkStatus"] == "SPOT"
