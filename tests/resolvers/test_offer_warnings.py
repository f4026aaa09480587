"""Compulsory documents that soon run out, have run out or are not there: told with where to mend each."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from models.document import DocumentKind
from models.lifecycle import Role
from models.person import Viewer
from models.provider import Category
from models.reminder import REMIND
from portal.jobs import Worker
from resolvers.reminder import remind
from tests.cases import SENT_PAPERS, Cases, born
from tests.resolvers.test_offer import at, stage
from tests.world import Care, Firm, World

LIABILITY, EMPLOYER, INDEMNITY, CERTIFICATE, PURPOSE = SENT_PAPERS
MEND = "mend { act kind homeId open opensAt sentence }"
FACTS = f"code message documentKind homeId documentId expiresOn {MEND}"
ACT = """mutation ($id: UUID!, $version: Int!) {{ {act}(id: $id, expectedVersion: $version) {{
  offer {{ status }} warnings {{ {facts} }} problems {{ code ... on DocumentNeeded {{ {facts} }} }} }} }}"""
MOVE = """mutation ($id: UUID!, $version: Int!, $input: OfferInput!) {
  offerUpdate(id: $id, expectedVersion: $version, input: $input) {
    warnings { documentKind homeId } problems { code } } }"""


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def answered(cases: Cases, who: Viewer, offer: str, act: str = "offerSubmit") -> dict[str, Any]:
    asked = ACT.format(act=act, facts=FACTS)
    (payload,) = (await cases.world.gql(who, asked, id=offer, version=await cases.version(offer, "offer"))).values()
    return dict(payload)


async def heard(cases: Cases, who: Viewer) -> list[str]:
    """What somebody was told of documents when the workers have looked at what there is to do."""
    await Worker(cases.world.shell, {REMIND: remind}, daily=[REMIND]).work_off()
    return [notice for notice in await cases.told(who) if notice.startswith("DOCUMENT")]


async def told_meanwhile(cases: Cases, who: Viewer) -> list[str]:
    """The same, while no day has begun: what the act itself has left to be done."""
    await Worker(cases.world.shell, {REMIND: remind}).work_off()
    return [notice for notice in await cases.told(who) if notice.startswith("DOCUMENT")]


async def without_papers(cases: Cases, *care: Care, **referral: Any) -> tuple[Viewer, Firm, Viewer, str]:
    officer, firm = await cases.officer(), await cases.world.provider(*care)
    return officer, firm, await cases.member(firm), await cases.sent(officer, **referral)


# ── soon ─────────────────────────────────────────────────────────────────────
async def test_a_submission_warns_of_what_has_fewer_than_thirty_days_and_succeeds(cases: Cases) -> None:  # S-084
    _, firm, member, id = await without_papers(cases)
    await cases.papers(firm, LIABILITY, expires_on=date(2026, 7, 14))  # 29 days
    await cases.papers(firm, EMPLOYER, expires_on=date(2026, 7, 15))  # 30 days
    await cases.papers(firm, INDEMNITY, PURPOSE)
    await cases.papers(firm, CERTIFICATE, home=firm.homes[0], expires_on=date(2026, 6, 15))
    offer = await cases.offered(member, id, at(firm))
    payload = await answered(cases, member, offer)
    assert (payload["offer"], payload["problems"]) == ({"status": "SUBMITTED"}, [])
    papers = await cases.world.sql("SELECT id, kind FROM document")
    ids = {paper["kind"]: str(paper["id"]) for paper in papers}
    certificate, liability = payload["warnings"]
    home = str(firm.homes[0])
    assert certificate["homeId"] == certificate["mend"]["homeId"] == home
    assert liability == {
        "code": "DOCUMENT_EXPIRING", "documentKind": LIABILITY, "homeId": None, "documentId": ids[LIABILITY],
        "expiresOn": "2026-07-14",
        "message": "The public liability insurance is valid until 14 July 2026 only. "
        "Upload the one that follows it to your profile in time.",
        "mend": {
            "act": "documentUpload", "kind": LIABILITY, "homeId": None, "open": True, "opensAt": None,
            "sentence": "Upload the one that follows it to your profile in time.",
        },
    }  # fmt: skip


async def test_the_provider_is_notified_once_for_each_version_by_whatever_comes_first(cases: Cases) -> None:  # S-084
    officer, firm, member, id = await without_papers(cases)
    colleague = await cases.member(firm, Role.ADMINISTRATOR)
    silent = [officer, await cases.member(firm, Role.SIGNATORY), await cases.member(await cases.world.provider())]
    await cases.papers(firm, LIABILITY, expires_on=date(2026, 7, 14))
    await cases.papers(firm, *SENT_PAPERS[1:], expires_on=date(2026, 7, 15))
    offer = await cases.submitted(member, id, at(firm))
    assert [await told_meanwhile(cases, who) for who in (member, colleague)] == [["DOCUMENT_EXPIRING"]] * 2
    assert [await told_meanwhile(cases, who) for who in silent] == [[]] * 3
    assert await heard(cases, member) == ["DOCUMENT_EXPIRING"], "the daily job knows it"
    await cases.on_offer(member, "offerWithdraw", offer, reason="Another place was found")
    again = await cases.submitted(member, await cases.sent(officer), at(firm))
    assert again != offer
    assert await heard(cases, member) == ["DOCUMENT_EXPIRING"], "the next offer is no news"
    cases.world.clock.goes_on(minutes=1)
    await cases.papers(firm, LIABILITY, expires_on=date(2026, 7, 10))
    await cases.on_offer(member, "offerRefreshDocuments", again)
    assert await told_meanwhile(cases, member) == ["DOCUMENT_EXPIRING"] * 2, "a new version is"


async def test_what_the_daily_job_has_told_a_submission_does_not_tell_again(cases: Cases) -> None:  # S-084, S-085
    _, firm, member, id = await without_papers(cases)
    await cases.papers(firm, LIABILITY, expires_on=date(2026, 7, 14))
    await cases.papers(firm, *SENT_PAPERS[1:])
    assert await heard(cases, member) == ["DOCUMENT_EXPIRING"]
    await cases.submitted(member, id, at(firm))
    assert await told_meanwhile(cases, member) == ["DOCUMENT_EXPIRING"]
    assert await cases.world.count("reminder") == 1


async def test_a_refused_submission_warns_and_notifies_of_nothing(cases: Cases) -> None:  # S-084, S-086
    _, firm, member, id = await without_papers(cases)
    await cases.papers(firm, LIABILITY, expires_on=date(2026, 7, 14))
    offer = await cases.offered(member, id, at(firm))
    payload = await answered(cases, member, offer)
    assert (payload["offer"], payload["warnings"], len(payload["problems"])) == (None, [], 4)
    assert await told_meanwhile(cases, member) == []


async def test_another_home_warns_of_its_own_documents(cases: Cases) -> None:  # S-083, S-084
    _, firm, member, id = await stage(cases, Care(), Care())
    offer = await cases.submitted(member, id, at(firm))
    await cases.papers(firm, CERTIFICATE, home=firm.homes[1], expires_on=date(2026, 7, 1))
    given = {"version": await cases.version(offer, "offer"), "input": {"placement": at(firm, 1)}}
    moved = (await cases.world.gql(member, MOVE, id=offer, **given))["offerUpdate"]
    assert moved == {"warnings": [{"documentKind": CERTIFICATE, "homeId": str(firm.homes[1])}], "problems": []}
    assert await told_meanwhile(cases, member) == ["DOCUMENT_EXPIRING"]


# ── missing and expired ──────────────────────────────────────────────────────
async def test_every_fault_is_told_at_once_with_where_to_mend_it(cases: Cases) -> None:  # S-086
    _, firm, member, id = await without_papers(cases)
    await cases.papers(firm, LIABILITY, expires_on=date(2026, 6, 14))
    await cases.papers(firm, CERTIFICATE, home=firm.homes[0], expires_on=date(2026, 6, 1))
    await cases.papers(firm, INDEMNITY)
    offer = await cases.offered(member, id, at(firm))
    (home,) = await cases.world.sql("SELECT name FROM home")
    expired = {row["kind"]: row for row in await cases.world.sql("SELECT id, kind FROM document")}
    before = await cases.everything_kept()
    problems = (await answered(cases, member, offer))["problems"]
    assert await cases.everything_kept() == before
    assert [(p["code"], p["documentKind"], p["homeId"], p["expiresOn"]) for p in problems] == [
        ("COMPULSORY_DOCUMENT_MISSING", EMPLOYER, None, None),
        ("COMPULSORY_DOCUMENT_EXPIRED", CERTIFICATE, str(firm.homes[0]), "2026-06-01"),
        ("COMPULSORY_DOCUMENT_EXPIRED", LIABILITY, None, "2026-06-14"),
        ("COMPULSORY_DOCUMENT_MISSING", PURPOSE, str(firm.homes[0]), None),
    ]
    assert [p["documentId"] for p in problems] == [
        None, str(expired[CERTIFICATE]["id"]), str(expired[LIABILITY]["id"]), None,
    ]  # fmt: skip
    assert [p["message"] for p in problems] == [
        "Your profile has no employer's liability insurance. Upload it to your profile, then try again.",
        f"The Ofsted certificate for {home['name']} was valid until 1 June 2026 only. Upload the one that is valid now"
        " to your profile, then try again.",
        "The public liability insurance was valid until 14 June 2026 only. Upload the one that is valid now to your"
        " profile, then try again.",
        f"Your profile has no statement of purpose for {home['name']}. Upload it to your profile, then try again.",
    ]
    for problem in problems:
        mend = problem["mend"]
        assert (mend["act"], mend["kind"], mend["open"]) == ("documentUpload", problem["documentKind"], True)
        assert (mend["homeId"], mend["opensAt"]) == (problem["homeId"], None)


async def test_the_last_day_in_london_is_the_last_on_which_it_will_do(cases: Cases) -> None:  # S-086
    _, firm, member, id = await without_papers(cases)
    await cases.papers(firm, *SENT_PAPERS[1:])
    await cases.papers(firm, LIABILITY, expires_on=date(2026, 6, 15))
    offer = await cases.offered(member, id, at(firm))
    cases.world.clock.now = datetime(2026, 6, 15, 23, 0, tzinfo=UTC)
    assert await cases.refused(member, "offerSubmit", id=offer, expectedVersion=1) == ["COMPULSORY_DOCUMENT_EXPIRED"]
    cases.world.clock.now = datetime(2026, 6, 15, 22, 59, tzinfo=UTC)
    await cases.on_offer(member, "offerSubmit", offer)


async def test_before_profiles_open_the_authority_is_asked_to_open_the_registration(cases: Cases) -> None:  # S-087
    cases.world.clock.now = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
    _, firm, member, id = await without_papers(cases)
    await cases.papers(firm, *SENT_PAPERS[1:])
    offer = await cases.offered(member, id, at(firm))
    (problem,) = (await answered(cases, member, offer))["problems"]
    assert problem["message"] == (
        "Your profile has no public liability insurance. Profiles can be edited from 1 June 2026 on: until then ask"
        " Birmingham to open your registration for editing, and then upload it."
    )
    assert (problem["mend"]["open"], problem["mend"]["opensAt"]) == (False, "2026-05-31T23:00:00.000Z")
    await cases.world.sql("UPDATE provider SET status = 'OPEN_FOR_EDITING' WHERE id = $1", firm.id)
    (problem,) = (await answered(cases, member, offer))["problems"]
    assert problem["mend"]["open"], "opened by the authority, it takes documents"
    await cases.world.sql("UPDATE provider SET status = 'PENDING_APPROVAL' WHERE id = $1", firm.id)
    (problem,) = (await answered(cases, member, offer))["problems"]
    assert problem["mend"]["sentence"] == (
        "Your registration is locked: ask Birmingham to open it for editing, and then upload it."
    )
    assert (problem["mend"]["open"], problem["mend"]["opensAt"]) == (False, None)


async def test_a_warning_says_so_too_and_the_day_opens_the_profile(cases: Cases) -> None:  # S-084, S-087
    cases.world.clock.now = datetime(2026, 5, 31, 22, 59, tzinfo=UTC)
    _, firm, member, id = await without_papers(cases)
    await cases.papers(firm, *SENT_PAPERS[1:])
    await cases.papers(firm, LIABILITY, expires_on=date(2026, 6, 20))
    offer = await cases.offered(member, id, at(firm))
    (warning,) = (await answered(cases, member, offer))["warnings"]
    assert "until then ask Birmingham to open your registration for editing" in warning["message"]
    cases.world.clock.goes_on(minutes=1)
    await cases.papers(firm, LIABILITY, expires_on=date(2026, 6, 21))
    (warning,) = (await answered(cases, member, offer, "offerRefreshDocuments"))["warnings"]
    assert warning["message"].endswith("Upload the one that follows it to your profile in time.")


# ── appendices ───────────────────────────────────────────────────────────────
async def supported(cases: Cases, *more: Care) -> tuple[Viewer, Firm, Viewer, str]:
    care = Care(Category.SUPPORTED_ACCOMMODATION, (16, 17))
    return await stage(cases, care, *more, category=care.category, children=[born("2009-05-14")])


async def appendices(cases: Cases, who: Viewer, offer: str) -> dict[str, bool]:
    documents = (await cases.seen(who, "Offer", offer))["documents"]
    return {d["name"]: d["compulsory"] for d in documents if d["kind"] == "APPENDIX"}


async def test_every_appendix_in_force_attaches_itself_and_stays_as_it_was(cases: Cases) -> None:  # S-083, S-097
    officer, firm, member, id = await supported(cases, Care(Category.SUPPORTED_ACCOMMODATION, (16, 17)))
    kind, known = DocumentKind.APPENDIX, {"expires_on": None}
    await cases.papers(firm, kind, name="a.pdf", **known)
    await cases.papers(firm, kind, name="b.pdf", home=firm.homes[0], **known)
    await cases.papers(firm, kind, name="other home.pdf", home=firm.homes[1], **known)
    await cases.papers(firm, kind, name="old.pdf", expires_on=date(2026, 6, 14))
    offer = await cases.submitted(member, id, at(firm))
    assert await appendices(cases, officer, offer) == {"a.pdf": True, "b.pdf": True}
    cases.world.clock.goes_on(hours=1)
    await cases.papers(firm, kind, name="c.pdf", **known)
    assert await appendices(cases, officer, offer) == {"a.pdf": True, "b.pdf": True}
    await cases.on_offer(member, "offerRefreshDocuments", offer)
    assert set(await appendices(cases, officer, offer)) == {"a.pdf", "b.pdf", "c.pdf"}
    await cases.papers(firm, kind, name="d.pdf", **known)
    await cases.on_offer(member, "offerUpdate", offer, input={"placement": at(firm, 1)})
    assert set(await appendices(cases, officer, offer)) == {"a.pdf", "other home.pdf", "c.pdf"}


async def test_appendices_that_have_all_expired_are_refused_and_can_always_be_uploaded(cases: Cases) -> None:  # S-097
    cases.world.clock.now = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
    _, firm, member, id = await supported(cases)
    offer = await cases.offered(member, id, at(firm))
    (problem,) = (await answered(cases, member, offer))["problems"]
    assert (problem["code"], problem["mend"]["open"], problem["homeId"]) == (
        "APPENDIX_REQUIRED", True, str(firm.homes[0]),
    )  # fmt: skip
    await cases.papers(firm, DocumentKind.APPENDIX, expires_on=date(2026, 5, 19))
    (problem,) = (await answered(cases, member, offer))["problems"]
    assert (problem["code"], problem["documentKind"]) == ("COMPULSORY_DOCUMENT_EXPIRED", "APPENDIX")
    asked = "query ($id: UUID) { registration(id: $id) { requiredDocuments { kind expired document { name } } } }"
    await cases.papers(firm, DocumentKind.APPENDIX, name="valid.pdf", expires_on=None)
    await cases.papers(firm, DocumentKind.APPENDIX, expires_on=date(2026, 5, 1))
    shown = (await cases.world.gql(member, asked, id=str(firm.id)))["registration"]["requiredDocuments"]
    (appendix,) = [row for row in shown if row["kind"] == "APPENDIX"]
    assert appendix == {"kind": "APPENDIX", "expired": False, "document": {"name": "valid.pdf"}}
    assert (await answered(cases, member, offer))["problems"] == []


async def test_an_appendix_attached_by_hand_counts_as_long_as_it_is_valid(cases: Cases) -> None:  # S-097
    officer, firm, member, id = await supported(cases)
    await cases.papers(firm, DocumentKind.APPENDIX, name="mine.pdf", expires_on=date(2026, 6, 16))
    (paper,) = await cases.world.sql("SELECT id FROM document WHERE kind = 'APPENDIX'")
    offer = await cases.offered(member, id, at(firm))
    await cases.on_offer(member, "offerAttach", offer, documentId=str(paper["id"]))
    assert await appendices(cases, member, offer) == {"mine.pdf": False}
    await cases.on_offer(member, "offerSubmit", offer)
    assert await appendices(cases, officer, offer) == {"mine.pdf": False}
    assert await cases.world.count("offer_document", "kind = 'APPENDIX'") == 1
    cases.world.clock.goes_on(days=2)
    await cases.world.sql("UPDATE document SET replaced_at = now() WHERE id = $1", UUID(str(paper["id"])))
    refused = await cases.refused(
        member, "offerRefreshDocuments", id=offer, expectedVersion=await cases.version(offer, "offer")
    )
    assert refused == ["APPENDIX_REQUIRED"]


async def test_an_appendix_that_was_attached_to_one_offer_never_slips_into_another(
    cases: Cases,
) -> None:  # S-030, S-097
    officer, firm, member, id = await supported(cases)
    await cases.papers(firm, DocumentKind.APPENDIX, name="about this child.pdf")
    (paper,) = await cases.world.sql("SELECT id FROM document WHERE kind = 'APPENDIX'")
    first = await cases.offered(member, id, at(firm))
    await cases.on_offer(member, "offerAttach", first, documentId=str(paper["id"]))
    await cases.on_offer(member, "offerDetach", first, documentId=str(paper["id"]))
    children = [born("2009-05-15")]
    other = await cases.sent(officer, category=Category.SUPPORTED_ACCOMMODATION, children=children)
    offer = await cases.offered(member, other, at(firm))
    (problem,) = (await answered(cases, member, offer))["problems"]
    assert problem["code"] == "APPENDIX_REQUIRED"
    await cases.papers(firm, DocumentKind.APPENDIX, name="about every home.pdf")
    await cases.on_offer(member, "offerSubmit", offer)
    assert await appendices(cases, officer, offer) == {"about every home.pdf": True}


async def another(cases: Cases, officer: Viewer) -> str:
    return await cases.sent(officer, category=Category.SUPPORTED_ACCOMMODATION, children=[born("2009-05-15")])


async def appendix(cases: Cases, firm: Firm, name: str, **facts: Any) -> str:
    await cases.papers(firm, DocumentKind.APPENDIX, name=name, **facts)
    (paper,) = await cases.world.sql("SELECT id FROM document WHERE name = $1", name)
    return str(paper["id"])


@pytest.mark.parametrize("submitted", [True, False])
async def test_an_appendix_that_an_answer_refers_to_goes_with_that_offer_alone(  # S-030, S-097, S-098
    cases: Cases, submitted: bool
) -> None:
    officer, firm, member, id = await supported(cases)
    theirs = await appendix(cases, firm, "about this child.pdf", sha256="ab" * 32)
    make = cases.submitted if submitted else cases.offered
    first = await make(member, id, at(firm), matching={"seeAppendix": theirs})
    assert await appendices(cases, member, first) == ({"about this child.pdf": False} if submitted else {})
    cases.world.clock.goes_on(minutes=1)
    await appendix(cases, firm, "the same bytes.pdf", sha256="ab" * 32)
    offer = await cases.offered(member, await another(cases, officer), at(firm))
    (problem,) = (await answered(cases, member, offer))["problems"]
    assert problem["code"] == "APPENDIX_REQUIRED"
    await appendix(cases, firm, "about every home.pdf")
    await cases.on_offer(member, "offerSubmit", offer)
    assert await appendices(cases, officer, offer) == {"about every home.pdf": True}
    if not submitted:
        await cases.on_offer(member, "offerSubmit", first)
    else:
        await cases.on_offer(member, "offerRefreshDocuments", first)
    both = {"about this child.pdf": False, "about every home.pdf": True}
    assert await appendices(cases, officer, first) == both, "what its own answer names is there, as a further one"


async def test_an_appendix_that_an_offer_carries_stays_when_another_one_names_it(cases: Cases) -> None:  # S-083, S-097
    officer, firm, member, id = await supported(cases)
    paper = await appendix(cases, firm, "about every home.pdf")
    first = await cases.submitted(member, id, at(firm))
    second = await cases.submitted(member, await another(cases, officer), at(firm), matching={"seeAppendix": paper})
    assert await appendices(cases, officer, second) == {"about every home.pdf": False}
    cases.world.clock.goes_on(minutes=1)
    await cases.papers(firm, CERTIFICATE)
    await cases.on_offer(member, "offerRefreshDocuments", first)
    assert await appendices(cases, officer, first) == {"about every home.pdf": True}


async def test_an_appendix_that_attached_itself_can_be_taken_off_while_another_stays(cases: Cases) -> None:  # S-097
    officer, firm, member, id = await supported(cases)
    one, other = await appendix(cases, firm, "one.pdf"), await appendix(cases, firm, "other.pdf")
    offer = await cases.submitted(member, id, at(firm))
    assert await appendices(cases, officer, offer) == {"one.pdf": True, "other.pdf": True}
    await cases.on_offer(member, "offerDetach", offer, documentId=one)
    given = {"id": offer, "expectedVersion": await cases.version(offer, "offer")}
    assert await cases.refused(member, "offerDetach", **given, documentId=other) == ["APPENDIX_REQUIRED"]
    cases.world.clock.goes_on(minutes=1)
    await cases.papers(firm, CERTIFICATE)
    await cases.on_offer(member, "offerRefreshDocuments", offer)
    assert await appendices(cases, officer, offer) == {"other.pdf": True}, "what was taken off does not come back"
    second = await cases.submitted(member, await another(cases, officer), at(firm))
    assert await appendices(cases, officer, second) == {"other.pdf": True}


async def test_an_appendix_by_hand_stays_a_further_one_when_its_last_day_is_corrected(cases: Cases) -> None:  # S-081
    officer, firm, member, id = await supported(cases)
    paper = await appendix(cases, firm, "mine.pdf")
    offer = await cases.offered(member, id, at(firm))
    await cases.on_offer(member, "offerAttach", offer, documentId=paper)
    await cases.on_offer(member, "offerSubmit", offer)
    await cases.world.sql("UPDATE document SET expires_on = '2027-06-01' WHERE id = $1", UUID(paper))
    await cases.on_offer(member, "offerRefreshDocuments", offer)
    assert await appendices(cases, officer, offer) == {"mine.pdf": False}


async def test_an_appendix_whose_last_day_is_set_to_one_that_is_over_attaches_itself_no_more(  # S-097
    cases: Cases,
) -> None:
    officer, firm, member, id = await supported(cases)
    retired = await appendix(cases, firm, "retired.pdf")
    await appendix(cases, firm, "present.pdf")
    await cases.act(member, "documentSetExpiry", id=retired, expiresOn="2026-06-14")
    assert await appendices(cases, officer, await cases.submitted(member, id, at(firm))) == {"present.pdf": True}


async def test_an_appendix_that_soon_runs_out_warns_and_notifies_once_for_each_version(cases: Cases) -> None:  # S-084
    officer, firm, member, id = await supported(cases)
    await appendix(cases, firm, "short.pdf", expires_on=date(2026, 7, 14))
    await appendix(cases, firm, "not in any offer.pdf", home=firm.homes[0], expires_on=date(2026, 6, 14))
    assert await heard(cases, member) == [], "no offer has taken it yet"
    offer = await cases.offered(member, id, at(firm))
    assert [warning["documentKind"] for warning in (await answered(cases, member, offer))["warnings"]] == ["APPENDIX"]
    assert await told_meanwhile(cases, member) == ["DOCUMENT_EXPIRING"]
    await cases.submitted(member, await another(cases, officer), at(firm))
    assert await heard(cases, member) == ["DOCUMENT_EXPIRING"], "neither the next offer nor the daily job repeats it"
    cases.world.clock.goes_on(days=29)
    assert (await heard(cases, member)).count("DOCUMENT_EXPIRED") == 1
    assert await cases.told(officer) == ["OFFER_SUBMITTED"] * 2


async def test_the_daily_job_tells_of_an_appendix_that_an_offer_took_when_it_lasted_longer(
    cases: Cases,
) -> None:  # S-085
    _, firm, member, id = await supported(cases)
    await appendix(cases, firm, "longer.pdf", expires_on=date(2026, 7, 16))
    await cases.submitted(member, id, at(firm))
    assert await heard(cases, member) == []
    cases.world.clock.goes_on(days=2)
    assert await heard(cases, member) == ["DOCUMENT_EXPIRING"]
