"""Who the child is stays with the authority: what providers would read is looked through before it goes out (S-053)."""

import logging
from typing import Any
from uuid import uuid4

import orjson
import pytest

from models.document import DocumentKind
from models.person import Viewer
from tests.cases import CHILD, IDENTITY, REFERRAL, Cases
from tests.world import Firm, World

SISTER = {**CHILD, "givenNames": "Ottoline", "knownAs": None, "caseNumber": None, "nhsNumber": None, "gender": "FEMALE"}
MEANT: dict[str, Any] = {"acknowledgeIdentity": True}


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def named(cases: Cases, who: Viewer, act: str, id: str, **given: Any) -> list[str]:
    """The places for which an act is refused because they say who a child is; what they say is told by nothing."""
    problems = await cases.problems(who, act, id=id, expectedVersion=await cases.version(id), **given)
    assert {problem["code"] for problem in problems} == {"NAMES_THE_CHILD"}
    told = orjson.dumps(problems).decode().casefold()
    assert not any(secret.casefold() in told for secret in (*IDENTITY.values(), "9434765919", "Ottoline"))
    return [".".join(problem["path"]) for problem in problems]


async def attached(cases: Cases, officer: Viewer, referral: str, name: str, *, identifies: bool = False) -> str:
    """A document of a draft, by the id it has there."""
    await cases.papers(Firm(officer.organisation_id, "", []), DocumentKind.RISK_ASSESSMENT, name=name)
    (file,) = await cases.world.sql("SELECT id FROM document WHERE name = $1", name)
    given: dict[str, Any] = {"documentId": str(file["id"]), "identifiesChild": identifies}
    await cases.on_referral(officer, "referralAttach", referral, **given)
    (held,) = await cases.world.sql("SELECT id FROM referral_document WHERE name = $1", name)
    return str(held["id"])


EVERYWHERE: dict[str, Any] = {
    "placingTeam": "Team Zebedee",
    "socialWorker": {"name": "Sam", "role": "For zebby", "email": "z.quillfeather@a.org"},
    "teamManager": {"name": "Zebedee Moss, who shares the name"},
    "preferredAreas": ["B14", "Near the Quillfeathers; Quillfeather Farm"],
    "excludedAreas": ["CASE 778812"], "presentPlacement": "With Mr Quillfeather", "needs": "Zébedée is shy.",
    "reasonForSearch": "Born 14/5/2012.", "carePlan": "14 May 2012", "placementHistory": "NHS 943-476-5919",
    "moveOn": "zebedee", "risks": [*REFERRAL["risks"][:-1], {"kind": "ONLINE", "level": "PAST", "note": "Zebby posts"}],
    "requirements": {
        "staffingRatio": "2:1 Zebedee", "matching": "Zebedee", "pets": "Zebedee", "smoking": "Zebedee",
        "accessibility": "Zebedee", "therapy": "Zebedee", "transport": "Zebedee", "familyTime": "Ottoline and he",
    },
    "familyAssessment": {"parents": "The Quillfeather parents", "assessment": "Zebedee"},
    "children": [
        {
            **CHILD, "ethnicity": "Zebedee", "religion": "Zebedee", "firstLanguage": "Zebedee", "disability": "Zebedee",
            "health": "Zebedee", "medication": "Zebedee", "allergies": "Zebedee", "education": "Zebedee",
            "behaviour": "Ottoline's", "strengths": "Zebedee", "wishes": "Zebedee",
        },
        SISTER,
    ],
}  # fmt: skip
PLACES = {
    "placingTeam", "socialWorker.role", "preferredAreas.1", "excludedAreas.0",
    "presentPlacement", "needs", "reasonForSearch", "carePlan", "placementHistory", "moveOn",
    "risks.12.note", *(f"requirements.{name}" for name in EVERYWHERE["requirements"]), "familyAssessment.parents",
    "familyAssessment.assessment", *(f"children.0.{name}" for name in EVERYWHERE["children"][0]
                                     if name not in (*IDENTITY, "gender")),
}  # fmt: skip


async def test_every_text_that_providers_will_read_is_looked_through(cases: Cases) -> None:
    officer, _ = await cases.officer(), await cases.world.provider()
    id = await cases.drafted(officer, **EVERYWHERE)
    places = await named(cases, officer, "referralSend", id)
    stays = {place for place in PLACES if place.startswith("familyAssessment")}  # of no use to this category
    assert (set(places), len(places)) == (PLACES - stays, len(PLACES) - 2)
    await cases.edited(officer, id, category="RESIDENTIAL_FAMILY_ASSESSMENT")
    places = await named(cases, officer, "referralSend", id)
    assert (set(places), len(places)) == (PLACES, len(PLACES))
    await cases.on_referral(officer, "referralSend", id, acknowledgeNoMatch=True, **MEANT)
    (row,) = await cases.world.sql("SELECT payload FROM event WHERE kind = 'referral.send'")
    assert orjson.loads(row["payload"])["identity_acknowledged"] == len(PLACES)


async def test_a_referral_that_names_nobody_goes_out_without_being_acknowledged(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    id = await cases.sent(officer, needs="Z.Q. is shy; on 14 May he had 2012 pieces of Lego, and feathers.")
    assert await cases.delivery(id, firm)


async def test_gaps_and_names_are_told_together(cases: Cases) -> None:
    officer = await cases.officer()
    id = await cases.drafted(officer, duration=None, needs="Zebedee is shy.")
    codes = await cases.refused(officer, "referralSend", id=id, expectedVersion=1)
    assert codes == ["INCOMPLETE", "NAMES_THE_CHILD"]
    assert await cases.refused(officer, "referralSend", id=id, expectedVersion=1, **MEANT) == ["INCOMPLETE"]


async def test_the_names_of_documents_are_looked_through_unless_they_wait_for_the_agreement(cases: Cases) -> None:
    officer, _ = await cases.officer(), await cases.world.provider()
    id = await cases.drafted(officer)
    await attached(cases, officer, id, "Zebedee_Quillfeather.pdf", identifies=True)
    open_ = await attached(cases, officer, id, "quillfeather-risk.pdf")
    gone = await attached(cases, officer, id, "Zebby.pdf")
    await cases.on_referral(officer, "referralDetach", id, documentId=gone)
    assert await named(cases, officer, "referralSend", id) == [f"documents.{open_}"]
    await cases.on_referral(officer, "referralDetach", id, documentId=open_)
    await cases.on_referral(officer, "referralSend", id)


async def test_resending_looks_at_what_is_new_and_a_reminder_at_nothing(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    id = await cases.drafted(officer, needs="Zebedee is shy.")
    await cases.on_referral(officer, "referralSend", id, **MEANT)
    await cases.resent(officer, id)
    await cases.edited(officer, id, moveOn="Home.")
    assert await named(cases, officer, "referralResend", id) == ["needs"]
    await cases.edited(officer, id, needs="Shy.", risks=REFERRAL["risks"])
    await cases.on_referral(officer, "referralResend", id)
    assert (await cases.delivery(id, firm) or {})["revision"] == 2


async def test_a_note_at_closing_is_looked_through_where_somebody_will_read_it(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    id, draft = await cases.sent(officer), await cases.drafted(officer)
    note: dict[str, Any] = {"reason": "PLACED_WITH_FAMILY", "note": "Zebedee lives with Nan."}
    assert await named(cases, officer, "referralClose", id, **note) == ["note"]
    await cases.on_referral(officer, "referralClose", draft, **note)
    await cases.on_referral(officer, "referralClose", id, **note, **MEANT)
    assert (await cases.seen(await cases.member(firm), "Referral", id))["closeNote"] == note["note"]


async def test_what_a_provider_reads_of_its_offer_is_looked_through_until_the_agreement_is_shared(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member, id = await cases.member(firm), await cases.sent(officer)
    await cases.papers(firm)
    offer = await cases.submitted(member, id, {"homeId": str(firm.homes[0])})
    no: dict[str, Any] = {"reasons": ["MATCHING"], "note": "Zebedee would be alone."}
    on: dict[str, Any] = {"id": offer, "expectedVersion": await cases.version(offer, "offer")}
    (problem,) = await cases.problems(officer, "offerDecline", **on, input=no)
    assert (problem["code"], problem["path"]) == ("NAMES_THE_CHILD", ["input", "note"])
    await cases.accepted(officer, offer)
    on["expectedVersion"] = await cases.version(offer, "offer")
    (problem,) = await cases.problems(officer, "offerVoid", **on, reason="Zebedee went home.")
    assert (problem["code"], problem["path"]) == ("NAMES_THE_CHILD", ["reason"])
    made = await cases.act(officer, "ipaCreate", offerId=offer, idempotencyKey=str(uuid4()))
    await cases.act(officer, "ipaShare", id=made["id"], expectedVersion=1)
    on["expectedVersion"] = await cases.version(offer, "offer")
    await cases.act(officer, "offerVoid", **on, reason="Zebedee went home.")


async def test_the_children_of_all_that_was_one_referral_are_looked_for(cases: Cases) -> None:  # S-061
    """Split off one after the other, each by itself: what is said of one was copied with the others."""
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    sisters = [
        {**SISTER, "givenNames": name, "wishes": wishes}
        for name, wishes in (("Ana", "A cat"), ("Benjamina", "A dog"), ("Cleo", "Benjamina is her sister."))
    ]
    group = await cases.drafted(officer, children=sisters)
    _, second, third = [child["id"] for child in (await cases.seen(officer, "Referral", group))["children"]]
    await cases.on_referral(officer, "referralSplit", group, childId=second)
    id = (await cases.on_referral(officer, "referralSplit", group, childId=third))["id"]
    assert await named(cases, officer, "referralSend", id) == ["children.0.wishes"]
    await cases.on_referral(officer, "referralSend", id, **MEANT)
    said: dict[str, Any] = {"threadId": await cases.thread(id, firm), "input": {"body": "Benjamina would visit."}}
    assert await cases.refused(officer, "messageSend", **said) == ["NAMES_THE_CHILD"]
    await cases.papers(firm)
    offer = await cases.submitted(member, id, {"homeId": str(firm.homes[0])})
    on: dict[str, Any] = {"id": offer, "expectedVersion": await cases.version(offer, "offer")}
    no = {"reasons": ["LOCATION"], "note": "Too far from Benjamina."}
    assert await cases.refused(officer, "offerDecline", **on, input=no) == ["NAMES_THE_CHILD"]


async def test_a_word_that_is_meant_otherwise_declines_an_offer(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member, id = await cases.member(firm), await cases.sent(officer)
    await cases.papers(firm)
    offer = await cases.submitted(member, id, {"homeId": str(firm.homes[0])})
    no: dict[str, Any] = {"reasons": ["LOCATION"], "note": "Beyond Quillfeather Farm.", **MEANT}
    await cases.on_offer(officer, "offerDecline", offer, input=no)


async def test_nothing_of_it_is_logged(cases: Cases, caplog: pytest.LogCaptureFixture) -> None:
    officer = await cases.officer()
    id = await cases.drafted(officer, needs="Zebedee Quillfeather, 14/5/2012")
    with caplog.at_level(logging.DEBUG):
        await named(cases, officer, "referralSend", id)
    assert "Zebedee" not in caplog.text
