"""What counts as an edit, and the history of a referral as each side reads it."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from models.document import DocumentKind
from models.lifecycle import Role
from models.person import Viewer
from models.provider import Category
from tests.cases import REFERRAL, Cases, born
from tests.registering import Registering
from tests.standing import standing_as
from tests.world import AN_ORDINARY_DAY, Care, World

HISTORY = """revisions { revision sentAt sentByName summary { needs children { initials ageYears ageMonths } }
  changes { path label before after } }"""
UNSENT = "query ($id: UUID!) { referralUnsentChanges(id: $id) { path label before after } }"


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def history(cases: Cases, who: Viewer, id: str) -> list[dict[str, Any]]:
    return list((await cases.seen(who, "Referral", id, HISTORY))["revisions"])


async def unsent(cases: Cases, who: Viewer, id: str) -> Any:
    return (await cases.world.gql(who, UNSENT, id=id))["referralUnsentChanges"]


def in_words(changes: list[dict[str, Any]]) -> list[tuple[str, str | None, str | None]]:
    return [(change["label"], change["before"], change["after"]) for change in changes]


# ── what is an edit ──────────────────────────────────────────────────────────
NO_EDIT: dict[str, dict[str, Any]] = {
    "the NHS number": {"nhsNumber": "943 476 5870"},
    "the case number": {"caseNumber": "CASE-1"},
    "what the child likes to be called": {"knownAs": "Zeb"},
    "a name with the same initials": {"givenNames": "Zora", "familyName": "Quinn"},
    "a day of birth at the same age": {"dateOfBirth": "2012-05-13"},
    "a field that was empty and is empty": {"wishes": ""},
}
EDIT: dict[str, dict[str, Any]] = {
    "other initials": {"givenNames": "Ada"},
    "a day of birth at another age": {"dateOfBirth": "2012-05-16"},
    "gender": {"gender": "OTHER"},
    "what describes the child": {"wishes": "A dog"},
}


# S-058, S-059
async def test_an_edit_is_what_providers_can_see(cases: Cases) -> None:
    """Of a date of birth they see years and months: it counts as far as these were others on the day of the sending."""
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    for name, changed in {**NO_EDIT, **EDIT}.items():
        cases.world.clock.now = AN_ORDINARY_DAY
        id = await cases.sent(officer, children=[born("2012-05-15")])
        await cases.act(member, "referralDecline", id=id, revision=1)
        (child,) = (await cases.seen(officer, "Referral", id))["children"]
        told = await cases.told(member)
        await cases.edited(officer, id, children=[{"id": child["id"], **changed}])
        assert (await unsent(cases, officer, id) != []) is (name in EDIT), name
        cases.world.clock.goes_on(hours=25)
        await cases.resent(officer, id)
        (own,) = (await cases.seen(member, "Referral", id))["deliveries"]
        assert (own["status"], own["revision"]) == (("NEW", 2) if name in EDIT else ("DECLINED", 1)), name
        assert (await cases.told(member))[len(told) :] == (["REFERRAL_UPDATED"] if name in EDIT else []), name
        assert len(await history(cases, officer, id)) == own["revision"]


# S-059
async def test_an_attachment_is_an_edit_until_it_is_taken_off_again(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id, form = await cases.sent(officer), await cases.paper(officer)
    given: dict[str, Any] = {"documentId": form, "identifiesChild": False}
    await cases.on_referral(officer, "referralAttach", id, **given)
    assert len(await unsent(cases, officer, id)) == 1
    (held,) = (await cases.seen(officer, "Referral", id))["documents"]
    await cases.on_referral(officer, "referralDetach", id, documentId=held["id"])
    assert await unsent(cases, officer, id) == []
    await cases.resent(officer, id)
    assert (await cases.seen(member, "Referral", id))["revision"] == 1
    await cases.on_referral(officer, "referralAttach", id, **given)
    await cases.resent(officer, id)
    assert (await cases.seen(member, "Referral", id))["revision"] == 2
    (held,) = (await cases.seen(officer, "Referral", id))["documents"]
    await cases.on_referral(officer, "referralDetach", id, documentId=held["id"])
    await cases.on_referral(officer, "referralAttach", id, **given)  # the same file again
    assert await unsent(cases, officer, id) == []
    await cases.resent(officer, id)
    assert (await cases.seen(member, "Referral", id))["revision"] == 2


# ── the history ──────────────────────────────────────────────────────────────
CHANGED: dict[str, Any] = {
    "urgency": "EMERGENCY", "dateRequired": "2026-06-20", "responseDeadline": "2026-06-18T15:30:00Z",
    "radiusMiles": 20, "solo": False, "preferredAreas": ["Dudley", "Walsall"], "needs": "Adults who stay.",
    "socialWorker": {"name": "Sam Worker", "phone": "0121 000 0000"}, "legalStatus": "SECTION_20",
    "risks": [
        *(risk for risk in REFERRAL["risks"] if risk["kind"] != "SELF_HARM"),
        {"kind": "SELF_HARM", "level": "PAST", "note": "Not since May."},
    ],
    "requirements": {"wakingNight": True, "pets": "A dog is welcome."},
}  # fmt: skip
WORDS = [
    ("Urgency", "Planned", "Emergency"),
    ("Date required", "1 July 2026", "20 June 2026"),
    ("Response deadline", None, "18 June 2026, 16:30"),
    ("Social worker: phone", "0121 303 1888", "0121 000 0000"),
    ("Preferred areas", None, "Dudley, Walsall"),
    ("Radius in miles", None, "20"),
    ("Only child placed", None, "No"),
    ("Legal status", "Care order", "Section 20"),
    ("Needs", "Calm adults who stay.", "Adults who stay."),
    ("Requirements: waking night", None, "Yes"),
    ("Requirements: pets", None, "A dog is welcome."),
    ("Risk: Self harm", "None", "Past: Not since May."),
    ("Z.Q.: age", "14 years and 1 month", "13 years and 11 months"),
    ("Z.Q.: education", "Year 9, and likes it", None),
    ("Child", None, "A.B., 7 years and 1 month, Female"),
]


# S-060
async def test_what_a_revision_changed_is_told_in_words_to_both_sides(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider(Care(ages=(0, 17)))
    member = await cases.member(firm)
    id = await cases.sent(officer)
    (child,) = (await cases.seen(officer, "Referral", id))["children"]
    sibling = {"givenNames": "Ada", "familyName": "Bell", "dateOfBirth": "2019-05-10", "gender": "FEMALE"}
    first = {"id": child["id"], "dateOfBirth": "2012-07-01", "education": None, "caseNumber": "CASE-2"}
    await cases.edited(officer, id, **CHANGED, children=[first, sibling])
    said = await unsent(cases, officer, id)
    assert sorted(in_words(said), key=str) == sorted(WORDS, key=str)
    paths = {tuple(change["path"]) for change in said}
    assert {("socialWorker", "phone"), ("risks", "SELF_HARM"), ("children", child["id"], "education")} <= paths
    await cases.resent(officer, id)
    assert await unsent(cases, officer, id) == []
    theirs, own = await history(cases, member, id), await history(cases, officer, id)
    assert [revision["changes"] for revision in theirs] == [revision["changes"] for revision in own] == [[], said]
    assert [revision["summary"]["needs"] for revision in theirs] == [REFERRAL["needs"], CHANGED["needs"]]
    assert [revision["sentByName"] for revision in own] == [officer.name, officer.name]
    assert [revision["sentByName"] for revision in theirs] == [None, None]
    said = str(theirs)
    for known in await cases.world.sql("SELECT id::text FROM child"):
        said = said.replace(known["id"], "")
    for secret in ("Bell", "CASE", "2012", "2019", "Zebedee"):
        assert secret not in said


# S-060
async def test_a_child_who_has_grown_older_has_not_changed(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    id = await cases.sent(officer, children=[born("2012-05-20")])
    cases.world.clock.goes_on(days=10)
    await cases.edited(officer, id, needs="Else.")
    assert in_words(await unsent(cases, officer, id)) == [("Needs", REFERRAL["needs"], "Else.")]
    await cases.resent(officer, id)
    ages = [r["summary"]["children"][0] for r in await history(cases, await cases.member(firm), id)]
    assert [(child["ageYears"], child["ageMonths"]) for child in ages] == [(14, 0), (14, 1)]


# S-053, S-060
async def test_attachments_are_told_by_kind_and_by_name_and_what_names_the_child_not_at_all(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    plan = await cases.paper(officer, "plan.pdf", DocumentKind.CARE_PLAN)
    health = await cases.paper(officer, "Zebedee Quillfeather.pdf", DocumentKind.HEALTH)
    id = await cases.drafted(officer)
    await cases.on_referral(officer, "referralAttach", id, documentId=plan, identifiesChild=False)
    await cases.on_referral(officer, "referralSend", id)
    (held,) = (await cases.seen(officer, "Referral", id))["documents"]
    await cases.on_referral(officer, "referralDetach", id, documentId=held["id"])
    await cases.on_referral(officer, "referralAttach", id, documentId=health, identifiesChild=True)
    await cases.resent(officer, id)
    for who in (member, officer):
        told = in_words((await history(cases, who, id))[1]["changes"])
        assert told == [("Document: Care plan", "plan.pdf", None)]
    await cases.resent(officer, id, needs="Else.")
    assert in_words((await history(cases, member, id))[2]["changes"]) == [("Needs", REFERRAL["needs"], "Else.")]


# S-053, S-058, S-059
async def test_a_document_that_names_the_child_is_no_change_and_goes_out_with_a_reminder(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member, id = await cases.member(firm), await cases.sent(officer)
    named, plain = await cases.paper(officer, "zq.pdf"), await cases.paper(officer, "plain.pdf")
    seen = await cases.bytes_seen(member, id)
    await cases.on_referral(officer, "referralAttach", id, documentId=named, identifiesChild=True)
    assert await unsent(cases, officer, id) == []
    await cases.resent(officer, id)
    where = "SELECT sent_in, dropped_in FROM referral_document"
    assert [tuple(row.values()) for row in await cases.world.sql(where)] == [(1, None)]
    (held,) = (await cases.seen(officer, "Referral", id))["documents"]
    await cases.on_referral(officer, "referralDetach", id, documentId=held["id"])
    await cases.resent(officer, id)
    assert [tuple(row.values()) for row in await cases.world.sql(where)] == [(1, 1)]
    assert await cases.told(member) == ["REFERRAL_RECEIVED", "REFERRAL_REMINDED", "REFERRAL_REMINDED"]
    assert (await cases.seen(member, "Referral", id, "revision"), len(await history(cases, member, id))) == (
        {"revision": 1}, 1,
    )  # fmt: skip
    await cases.world.sql("DELETE FROM inbox_entry WHERE notice = 'REFERRAL_REMINDED'")
    assert await cases.bytes_seen(member, id) == seen
    await cases.on_referral(officer, "referralAttach", id, documentId=plain, identifiesChild=False)
    assert in_words(await unsent(cases, officer, id)) == [("Document: Local referral form", None, "plain.pdf")]


# S-053, S-060
async def test_of_two_files_alike_the_one_that_names_nobody_is_the_one_told_of(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member, id = await cases.member(firm), await cases.sent(officer)
    named, plain = await cases.paper(officer, "zq.pdf"), await cases.paper(officer, "plain.pdf")
    await cases.world.sql("UPDATE document SET sha256 = repeat('0', 64)")
    for paper, identifies in ((named, True), (plain, False)):
        await cases.on_referral(officer, "referralAttach", id, documentId=paper, identifiesChild=identifies)
    await cases.resent(officer, id)
    held = {each["name"]: each["id"] for each in (await cases.seen(officer, "Referral", id))["documents"]}
    await cases.on_referral(officer, "referralDetach", id, documentId=held["zq.pdf"])
    assert await unsent(cases, officer, id) == []
    await cases.on_referral(officer, "referralDetach", id, documentId=held["plain.pdf"])
    await cases.resent(officer, id)
    told = [in_words(revision["changes"]) for revision in await history(cases, member, id)]
    form = "Document: Local referral form"
    assert told == [[], [(form, None, "plain.pdf")], [(form, "plain.pdf", None)]]


# S-053, S-060
async def test_the_part_about_parents_goes_out_for_their_assessment_alone(cases: Cases) -> None:
    """The working copy keeps it, whatever the category becomes."""
    officer, firm = await cases.officer(), await cases.world.provider()
    member, part = await cases.member(firm), "familyAssessment { parents }"
    family = {"familyAssessment": {"parents": "Ada and Bo; Zebedee is theirs."}}
    id = await cases.drafted(officer, category="RESIDENTIAL_FAMILY_ASSESSMENT", **family)
    await cases.edited(officer, id, category="RESIDENTIAL")
    await cases.on_referral(officer, "referralSend", id)
    seen = await cases.seen(member, "Referral", id, f"summary {{ {part} }} revisions {{ summary {{ {part} }} }}")
    assert seen["summary"] == seen["revisions"][0]["summary"] == {"familyAssessment": None}
    own = await cases.seen(officer, "Referral", id, f"workingCopy {{ {part} }}")
    assert own["workingCopy"] == family
    await cases.edited(officer, id, familyAssessment={"parents": "Ada alone."})
    assert await unsent(cases, officer, id) == []
    await cases.world.provider(Care(Category.RESIDENTIAL_FAMILY_ASSESSMENT, (0, 17)))
    await cases.edited(officer, id, category="RESIDENTIAL_FAMILY_ASSESSMENT")
    parents = ("Family assessment: parents", None, "Ada alone.")
    assert parents in in_words(await unsent(cases, officer, id))


# S-030, S-039, S-060
async def test_a_provider_reads_from_the_revision_that_reached_it_first(cases: Cases) -> None:
    world, officer = cases.world, await cases.officer()
    always, older = await world.provider(Care(ages=(0, 17))), await world.provider(Care(ages=(12, 17)))
    younger = await world.provider(Care(ages=(0, 11)))
    stays, leaves, comes = await cases.member(always), await cases.member(older), await cases.member(younger)
    id = await cases.sent(officer)
    (child,) = (await cases.seen(officer, "Referral", id))["children"]
    await cases.resent(officer, id, needs="A secret of the second revision.")
    await cases.resent(officer, id, needs="Now", children=[{"id": child["id"], "dateOfBirth": "2018-05-14"}])
    assert await cases.seen(leaves, "Referral", id) is None
    assert [(r["revision"], len(r["changes"])) for r in await history(cases, stays, id)] == [(1, 0), (2, 1), (3, 2)]
    assert [(r["revision"], len(r["changes"])) for r in await history(cases, comes, id)] == [(3, 0)]
    assert b"secret" not in await cases.bytes_seen(comes, id)
    await cases.edited(officer, id, needs="Then", children=[{"id": child["id"], "dateOfBirth": "2012-05-14"}])
    assert [r["revision"] for r in await history(cases, comes, id)] == [3]
    await cases.on_referral(officer, "referralResend", id)
    assert await cases.seen(comes, "Referral", id) is None
    assert [(r["revision"], len(r["changes"])) for r in await history(cases, leaves, id)] == [(4, 0)]
    assert len(await history(cases, officer, id)) == 4
    for who, seen, changed in ((stays, [1, 2, 3, 4], [2, 3, 4]), (leaves, [4], []), (comes, [], [])):
        await behind_the_wall(cases, who, seen, changed)


async def behind_the_wall(cases: Cases, who: Viewer, seen: list[int], changed: list[int]) -> None:
    """The database itself shows a provider these revisions and changes, whatever is asked of it."""
    async with standing_as(cases.world, who) as connection:
        rows = await connection.fetch("SELECT revision, content FROM referral_revision ORDER BY revision")
        assert [row["revision"] for row in rows] == seen
        rows = await connection.fetch("SELECT revision FROM referral_change ORDER BY revision")
        assert [row["revision"] for row in rows] == changed
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT sent_by_name FROM referral_revision")


# S-041, S-060
async def test_a_provider_approved_late_reads_from_the_revision_of_that_day(world: World) -> None:
    cases = Registering(world)
    officer, reviewer = await cases.officer(), await cases.reviewer()
    firm, other = await world.provider(approved=False), await world.provider()
    member, gone = await cases.member(firm), await cases.member(other)
    id = await cases.sent(officer)
    await cases.resent(officer, id, needs="Second")
    await cases.approved(member, reviewer, firm)
    assert [(r["revision"], r["changes"]) for r in await history(cases, member, id)] == [(2, [])]
    await world.sql("UPDATE delivery SET withdrawn_at = now() WHERE provider_id = $1", other.id)
    await cases.on(reviewer, "registrationOpenForEditing", other)
    await cases.papers(other)
    await cases.approved(gone, reviewer, other)
    assert [(r["revision"], r["changes"]) for r in await history(cases, gone, id)] == [(2, [])]
    await cases.resent(officer, id, needs="Third")
    for who in (member, gone):
        assert [(r["revision"], len(r["changes"])) for r in await history(cases, who, id)] == [(2, 0), (3, 1)]


# S-030, S-060
async def test_what_is_not_sent_yet_is_the_authoritys_own(cases: Cases) -> None:
    officer, colleague = await cases.officer(), await cases.officer("Birmingham", Role.READ_ONLY)
    firm, stranger = await cases.world.provider(), await cases.officer("Solihull")
    member, draft, id = await cases.member(firm), await cases.drafted(officer), await cases.sent(officer)
    assert await unsent(cases, officer, draft) == await unsent(cases, officer, id) == []
    await cases.edited(officer, id, moveOn="Home in a year")
    assert in_words(await unsent(cases, colleague, id)) == [("Move on", None, "Home in a year")]
    for who in (member, await cases.member(firm, Role.SIGNATORY), stranger):
        assert await unsent(cases, who, id) is None
    assert await unsent(cases, officer, str(uuid4())) is None


# S-060
async def test_a_revision_and_its_changes_are_written_once(cases: Cases) -> None:
    officer = await cases.officer()
    await cases.world.provider()
    id = await cases.sent(officer)
    await cases.resent(officer, id, needs="Else")
    for table in ("referral_revision", "referral_change"):
        for statement in (f"UPDATE {table} SET revision = 9", f"DELETE FROM {table}"):
            with pytest.raises(asyncpg.PostgresError):
                await cases.world.sql(statement)


# S-036, S-057, S-060
async def test_who_had_an_offer_follows_and_what_is_accepted_is_frozen_until_it_is_voided(cases: Cases) -> None:
    world, officer = cases.world, await cases.officer()
    firms = [await world.provider(Care(ages=(12, 17))) for _ in range(3)]
    had, never, taken = [await cases.member(firm) for firm in firms]
    await world.provider(Care(ages=(0, 11)))
    for firm in (firms[0], firms[2]):
        await cases.papers(firm)
    id = await cases.sent(officer)
    withdrawn = await cases.submitted(had, id, {"homeId": str(firms[0].homes[0])})
    await cases.on_offer(had, "offerWithdraw", withdrawn, reason="The place is gone.")
    (child,) = (await cases.seen(officer, "Referral", id))["children"]
    await cases.resent(officer, id, children=[{"id": child["id"], "dateOfBirth": "2018-05-14"}])
    assert [revision["revision"] for revision in await history(cases, had, id)] == [1, 2]
    assert await cases.seen(never, "Referral", id) is await cases.seen(taken, "Referral", id) is None
    await cases.resent(officer, id, children=[{"id": child["id"], "dateOfBirth": "2012-05-14"}])
    offer = await cases.submitted(taken, id, {"homeId": str(firms[2].homes[0])})
    await cases.accepted(officer, offer)
    form, now = await cases.paper(officer), {"id": id, "expectedVersion": await cases.version(id)}
    given: dict[str, dict[str, Any]] = {
        "referralUpdate": {"input": {}}, "referralResend": {}, "referralClose": {"reason": "WITHDRAWN"},
        "referralAttach": {"documentId": form, "identifiesChild": False},
    }  # fmt: skip
    for act, more in given.items():
        (problem,) = await cases.problems(officer, act, **now, **more)
        assert problem["code"] == "REFERRAL_ACCEPTED"
        assert problem["message"] == "An offer on this referral has been accepted; void that offer first."
    await cases.on_offer(officer, "offerVoid", offer, reason="The home closes.")
    await cases.resent(officer, id, needs="Open again.")
    assert [revision["revision"] for revision in await history(cases, never, id)] == [3, 4]
