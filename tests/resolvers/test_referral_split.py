"""Sibling groups: a child with a referral of its own, one entered by mistake, and offers that are for all of them."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from models.document import DocumentKind
from models.lifecycle import Role
from models.person import Viewer
from models.referral_purge import PURGE
from portal.jobs import Worker
from resolvers.referral_purge import purge
from tests.agreeing import Agreeing
from tests.cases import FEES, Cases, born
from tests.standing import standing_as
from tests.world import Care, Firm, World

SPLIT = """id reference status revision version children { id givenNames caseNumber nhsNumber dateOfBirth }
  workingCopy { needs together children { id strengths } } documents { id name identifiesChild }
  splitFrom { id reference } splitInto { id } summary { needs }"""
ENDS = "splitFrom { id } splitInto { id }"
OLDER, YOUNGER, TODDLER = (
    born("2012-05-14", strengths="Chess", givenNames="Ana"),
    born("2015-05-14", strengths="Football", givenNames="Ben", gender="MALE"),
    born("2024-05-14", strengths="Sand", givenNames="Cleo"),
)


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def group(cases: Cases, officer: Viewer, *children: dict[str, Any], send: bool = True) -> tuple[str, list[str]]:
    """A sibling group and the ids of its children."""
    given = {"children": [*(children or (OLDER, YOUNGER))], "together": True}
    id = await (cases.sent if send else cases.drafted)(officer, **given)
    return id, [child["id"] for child in (await cases.seen(officer, "Referral", id))["children"]]


async def split(cases: Cases, officer: Viewer, id: str, child: str) -> dict[str, Any]:
    return await cases.on_referral(officer, "referralSplit", id, SPLIT, childId=child)


# ── splitting ────────────────────────────────────────────────────────────────
# S-061
async def test_a_child_is_given_a_referral_of_its_own(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id, (older, younger) = await group(cases, officer)
    form = await cases.paper(officer, "form.pdf")
    named = await cases.paper(officer, "Zebedee.pdf", DocumentKind.HEALTH)
    await cases.on_referral(officer, "referralAttach", id, documentId=form, identifiesChild=False)
    await cases.on_referral(officer, "referralAttach", id, documentId=named, identifiesChild=True)
    before = await cases.bytes_seen(member, id), await cases.told(member)
    cases.world.clock.goes_on(minutes=1)
    own = await split(cases, officer, id, younger)
    rest = await cases.seen(officer, "Referral", id, SPLIT)
    assert (own["status"], own["revision"], own["summary"]) == ("DRAFT", 0, None)
    assert own["reference"] != rest["reference"]
    assert own["splitFrom"] == {"id": id, "reference": rest["reference"]}
    assert rest["splitInto"] == [{"id": own["id"]}]
    assert [(child["id"], child["givenNames"]) for child in own["children"]] == [(younger, "Ben")]
    assert own["children"][0]["nhsNumber"] == "9434765919"
    assert [child["id"] for child in rest["children"]] == [older]
    assert own["workingCopy"]["children"] == [{"id": younger, "strengths": "Football"}]
    assert rest["workingCopy"]["children"] == [{"id": older, "strengths": "Chess"}]
    assert (own["workingCopy"]["needs"], own["workingCopy"]["together"]) == (rest["workingCopy"]["needs"], None)
    assert [document["name"] for document in own["documents"]] == ["form.pdf"]
    assert {document["name"] for document in rest["documents"]} == {"form.pdf", "Zebedee.pdf"}
    assert (await cases.bytes_seen(member, id), await cases.told(member)) == before
    assert await cases.seen(member, "Referral", own["id"]) is None
    timeline = "query ($id: UUID!) { timeline(referralId: $id, first: 1) { nodes { kind } } }"
    for end in (id, own["id"]):
        assert (await cases.world.gql(officer, timeline, id=end))["timeline"] == {"nodes": [{"kind": "referral.split"}]}
        assert await cases.world.count("event", "kind = 'referral.split' AND stream = $1", UUID(end)) == 1
    assert await cases.world.count("event", "kind = 'referral.split' AND provider_id IS NOT NULL") == 0


# S-059, S-061
async def test_each_of_the_two_goes_its_own_way(cases: Cases) -> None:
    world, officer = cases.world, await cases.officer()
    both, teens = await world.provider(Care(ages=(8, 17))), await world.provider(Care(ages=(13, 17)))
    all_, tall = await cases.member(both), await cases.member(teens)
    id, (_, younger) = await group(cases, officer)
    assert await cases.seen(tall, "Referral", id) is None
    own = (await split(cases, officer, id, younger))["id"]
    await cases.resent(officer, id)
    summary = "summary { children { id ageYears } } revisions { changes { label before after } }"
    seen = await cases.seen(all_, "Referral", id, summary)
    assert [child["ageYears"] for child in seen["summary"]["children"]] == [14]
    assert seen["revisions"][1]["changes"] == [
        {"label": "Child", "before": "B.Q., 11 years and 1 month, Male", "after": None}
    ]
    assert await cases.told(tall) == ["REFERRAL_RECEIVED"]  # who can take the one that is left
    await cases.on_referral(officer, "referralSend", own)
    assert await cases.seen(tall, "Referral", own) is None
    assert await cases.told(all_) == ["REFERRAL_RECEIVED", "REFERRAL_UPDATED", "REFERRAL_RECEIVED"]


# S-030, S-061
async def test_only_who_sees_both_ends_sees_that_they_belong_together(cases: Cases) -> None:
    world, officer = cases.world, await cases.officer()
    firms = [await world.provider(Care(ages=ages)) for ages in ((8, 17), (13, 17), (8, 12))]
    both, one, other = [await cases.member(firm) for firm in firms]
    id, (_, younger) = await group(cases, officer)
    own = (await split(cases, officer, id, younger))["id"]
    await cases.resent(officer, id)
    assert await cases.seen(both, "Referral", id, ENDS) == {"splitFrom": None, "splitInto": []}
    await cases.on_referral(officer, "referralSend", own)
    assert await cases.seen(both, "Referral", id, ENDS) == {"splitFrom": None, "splitInto": [{"id": own}]}
    assert await cases.seen(both, "Referral", own, ENDS) == {"splitFrom": {"id": id}, "splitInto": []}
    for who, theirs in ((one, id), (other, own)):
        assert await cases.seen(who, "Referral", theirs, ENDS) == {"splitFrom": None, "splitInto": []}
    for who, rows in ((both, 1), (one, 0), (other, 0), (await cases.officer("Solihull"), 0), (officer, 1)):
        async with standing_as(world, who) as connection:
            assert await connection.fetchval("SELECT count(*) FROM referral_split") == rows


# S-061
async def test_who_is_no_child_of_the_group_or_its_last_is_not_split_off(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    id, (older, younger) = await group(cases, officer)
    other, (stranger,) = await group(cases, officer, OLDER)
    for act in ("referralSplit", "referralRemoveChild"):
        now: dict[str, Any] = {"id": id, "expectedVersion": await cases.version(id)}
        for nobody in (stranger, str(uuid4())):
            assert await cases.refused(officer, act, **now, childId=nobody) == ["NOT_FOUND"]
        stale = {**now, "expectedVersion": now["expectedVersion"] - 1}
        assert await cases.refused(officer, act, **stale, childId=older) == ["STALE_VERSION"]
        (last,) = await cases.problems(officer, act, id=other, expectedVersion=2, childId=stranger)
        assert (last["code"], last["message"], last["path"]) == (
            "LAST_CHILD", "A referral needs at least one child.", ["childId"],
        )  # fmt: skip
        for who in (await cases.member(firm), await cases.officer("Birmingham", Role.READ_ONLY)):
            assert await cases.refused(who, act, **now, childId=older) == ["FORBIDDEN"]
        foreign = await cases.officer("Solihull")
        assert await cases.refused(foreign, act, **now, childId=older) == ["NOT_FOUND"]
    await split(cases, officer, id, younger)
    now = {"id": id, "expectedVersion": await cases.version(id)}
    assert await cases.refused(officer, "referralSplit", **now, childId=younger) == ["NOT_FOUND"]
    assert await cases.refused(officer, "referralSplit", **now, childId=older) == ["LAST_CHILD"]


# S-061
async def test_the_same_key_splits_once(cases: Cases) -> None:
    officer = await cases.officer()
    id, (_, younger) = await group(cases, officer, send=False)
    given = {"id": id, "expectedVersion": 1, "childId": younger, "idempotencyKey": str(uuid4())}
    first = await cases.act(officer, "referralSplit", "id splitFrom { id }", **given)
    assert await cases.act(officer, "referralSplit", "id splitFrom { id }", **given) == first
    assert await cases.world.count("referral") == 2


# S-061
async def test_a_group_that_was_split_takes_on_another_child(cases: Cases) -> None:
    """What counts children counts those who are there: places are free again, none is taken twice."""
    officer = await cases.officer()
    await cases.world.provider(Care(ages=(0, 17)))
    id, (older, younger, toddler) = await group(cases, officer, OLDER, YOUNGER, TODDLER)
    await split(cases, officer, id, older)
    await cases.on_referral(officer, "referralRemoveChild", id, childId=younger)
    given = {"input": {"children": [{"id": younger, "wishes": "None"}]}, "id": id}
    version = await cases.version(id)
    assert await cases.refused(officer, "referralUpdate", **given, expectedVersion=version) == ["NOT_FOUND"]
    await cases.edited(officer, id, children=[born("2020-01-01", givenNames="Dan"), born("2021-01-01")])
    seen = await cases.seen(officer, "Referral", id, "workingCopy { children { id } } children { id givenNames }")
    assert [child["givenNames"] for child in seen["children"]] == ["Cleo", "Dan", "Zebedee"]
    assert [child["id"] for child in seen["workingCopy"]["children"]] == [child["id"] for child in seen["children"]]
    await cases.edited(officer, id, children=[{"id": toddler, "dateOfBirth": None}])
    version = await cases.version(id)
    (problem,) = await cases.problems(officer, "referralResend", id=id, expectedVersion=version)
    assert (problem["code"], problem["path"]) == ("INCOMPLETE", ["children", "0", "dateOfBirth"])


# ── entered by mistake ───────────────────────────────────────────────────────
# S-060, S-061
async def test_a_child_entered_by_mistake_is_taken_out(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id, (older, younger) = await group(cases, officer)
    before = await cases.bytes_seen(member, id)
    await cases.on_referral(officer, "referralRemoveChild", id, childId=younger)
    assert await cases.bytes_seen(member, id) == before
    seen = await cases.seen(officer, "Referral", id)
    assert [child["id"] for child in seen["children"]] == [older]
    assert [child["id"] for child in seen["workingCopy"]["children"]] == [older]
    await cases.resent(officer, id)
    assert len((await cases.seen(member, "Referral", id))["summary"]["children"]) == 1
    draft, (_, mistaken) = await group(cases, officer, send=False)
    await cases.on_referral(officer, "referralRemoveChild", draft, childId=mistaken)
    assert [child["id"] for child in (await cases.seen(officer, "Referral", draft))["children"]] != [mistaken]
    version = await cases.version(draft)
    (problem,) = await cases.problems(
        officer, "referralRemoveChild", id=draft, expectedVersion=version, childId=mistaken
    )
    assert problem["code"] == "NOT_FOUND"


# S-053, S-061
async def test_a_text_that_names_a_child_who_was_taken_out_is_found_even_in_a_draft(cases: Cases) -> None:
    officer = await cases.officer()
    await cases.world.provider()
    draft, (_, mistaken) = await group(cases, officer, send=False)
    await cases.edited(officer, draft, needs="Ben lives next door.")
    await cases.on_referral(officer, "referralRemoveChild", draft, childId=mistaken)
    version = await cases.version(draft)
    problems = await cases.problems(officer, "referralSend", id=draft, expectedVersion=version)
    assert {"NAMES_THE_CHILD"} == {problem["code"] for problem in problems}
    assert ["needs"] in [problem["path"] for problem in problems]


# ── offers are for all of them ───────────────────────────────────────────────
def fees(*children: str) -> list[dict[str, Any]]:
    return [{**FEES[0], "childId": child} for child in children]


async def offered(cases: Cases, member: Viewer, firm: Firm, id: str, *children: str) -> str:
    await cases.papers(firm)
    return await cases.submitted(member, id, {"homeId": str(firm.homes[0])}, fees=fees(*children))


# S-061
async def test_no_offer_is_for_a_part_of_the_group(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id, (older, younger) = await group(cases, officer)
    where = {"homeId": str(firm.homes[0])}
    for part in ([older], [younger, younger], [older, younger, str(uuid4())]):
        partly = {"placement": where, "fees": fees(*part)}
        codes = await cases.refused(member, "offerCreate", referralId=id, input=partly)
        assert set(codes) == {"FEES_NOT_FOR_CHILDREN"}
    offer = await offered(cases, member, firm, id, older, younger)
    await split(cases, officer, id, younger)
    await cases.resent(officer, id)
    version = await cases.version(offer, "offer")
    given = {"checksConfirmed": True}
    assert await cases.refused(officer, "offerAccept", id=offer, expectedVersion=version, input=given) == [
        "OFFER_OVERTAKEN"
    ]
    await cases.on_offer(member, "offerUpdate", offer, input={"fees": fees(older)})
    await cases.accepted(officer, offer)


CHANGED: dict[str, Any] = {
    "split": ("referralSplit", {}),
    "removed": ("referralRemoveChild", {}),
    "added": ("referralUpdate", {"input": {"children": [born("2014-01-01")]}}),
}


# S-061
@pytest.mark.parametrize("how", CHANGED)
async def test_an_offer_is_not_accepted_for_other_children_than_there_are(cases: Cases, how: str) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id, (older, younger) = await group(cases, officer)
    offer = await offered(cases, member, firm, id, older, younger)
    act, more = CHANGED[how]
    await cases.on_referral(officer, act, id, **(more or {"childId": younger}))
    version = await cases.version(offer, "offer")
    given: dict[str, Any] = {"id": offer, "expectedVersion": version, "input": {"checksConfirmed": True}}
    (problem,) = await cases.problems(officer, "offerAccept", **given)
    assert problem["code"] == "REFERRAL_CHANGED"
    assert "Send the referral again first" in problem["message"]


# S-060, S-061
async def test_an_edit_that_was_not_sent_hinders_no_acceptance(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id, children = await group(cases, officer)
    offer = await offered(cases, member, firm, id, *children)
    await cases.edited(officer, id, needs="Else", children=[{"id": children[0], "wishes": "A dog"}])
    await cases.accepted(officer, offer)
    now = {"id": id, "expectedVersion": await cases.version(id), "childId": children[0]}
    for act in ("referralSplit", "referralRemoveChild"):
        assert await cases.refused(officer, act, **now) == ["REFERRAL_ACCEPTED"]
    for statement in (
        "UPDATE child SET removed_at = now()",
        "UPDATE child SET family_name = 'Else'",
        "INSERT INTO child (id, referral_id, la_id, position) SELECT gen_random_uuid(), id, la_id, 7 FROM referral",
    ):
        with pytest.raises(asyncpg.PostgresError, match="has been accepted"):
            await cases.world.sql(statement)
    await cases.on_offer(officer, "offerVoid", offer, reason="The home closes.")
    await split(cases, officer, id, children[1])  # open again
    assert len((await cases.seen(officer, "Referral", id))["children"]) == 1


# S-061, S-101
async def test_the_referral_is_placed_with_the_last_agreement_of_those_the_offer_is_for(world: World) -> None:
    cases, agreeing = Cases(world), await Agreeing.among(world)
    officer, where = agreeing.officer, {"homeId": str(agreeing.firm.homes[0])}
    id, (older, younger, mistaken) = await group(cases, officer, OLDER, YOUNGER, born("2013-01-01"), send=False)
    await cases.on_referral(officer, "referralRemoveChild", id, childId=mistaken)
    await cases.edited(officer, id, socialWorker={"name": "Sam Worker", "phone": "0121 000 0000"})
    await cases.on_referral(officer, "referralSend", id)
    terms: dict[str, Any] = {"fees": fees(older, younger), "availableFrom": "2026-07-01"}
    offer = await cases.submitted(agreeing.member, id, where, **terms)
    await cases.accepted(officer, offer)
    key = str(uuid4())
    given: dict[str, Any] = {"offerId": offer, "idempotencyKey": key}
    assert await cases.refused(officer, "ipaCreate", **given, childId=mistaken) == ["NOT_FOUND"]
    assert await cases.refused(officer, "ipaCreate", **given, childId=None) == ["INVALID_INPUT"]
    for child, status in ((older, "SENT"), (younger, "PLACED")):
        made = await cases.act(officer, "ipaCreate", offerId=offer, childId=child, idempotencyKey=str(uuid4()))
        agreeing.ids["ipa"] = made["id"]
        await (await agreeing.shared()).ready()
        for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
            await agreeing.enrol(signer)
            await agreeing.opened(signer)
            assert (await agreeing.sign(signer))["problems"] == []
        assert (await cases.seen(officer, "Referral", id))["status"] == status


# S-061
async def test_a_draft_for_a_child_who_was_sent_with_the_group_is_not_purged(cases: Cases) -> None:
    officer = await cases.officer()
    await cases.world.provider()
    sent, (_, known) = await group(cases, officer)
    drafted, (_, unknown) = await group(cases, officer, send=False)
    kept = (await split(cases, officer, sent, known))["id"]
    gone = (await split(cases, officer, drafted, unknown))["id"]
    await cases.on_referral(officer, "referralClose", drafted, reason="ENTERED_IN_ERROR")
    cases.world.clock.goes_on(days=90)
    await Worker(cases.world.shell, {PURGE: purge}, daily=[PURGE]).work_off()
    left = {str(row["id"]) for row in await cases.world.sql("SELECT id FROM referral")}
    assert left == {sent, kept, drafted}
    assert {str(row["referral_id"]) for row in await cases.world.sql("SELECT * FROM referral_split")} == {kept}
    assert gone not in left
    for statement in ("UPDATE referral_split SET group_id = referral_id", "DELETE FROM referral_split"):
        with pytest.raises(asyncpg.PostgresError):
            async with standing_as(cases.world, await cases.officer()) as connection:
                await connection.execute(statement)
    with pytest.raises(asyncpg.PostgresError, match="never removed"):
        await cases.world.sql("DELETE FROM referral_split")


# S-061
async def test_who_was_sent_stays_however_often_it_was_split_since(cases: Cases) -> None:
    """A draft in between goes; what was split off it is bound to what it came from itself."""
    officer = await cases.officer()
    await cases.world.provider()
    sent, (_, known) = await group(cases, officer)
    between = (await split(cases, officer, sent, known))["id"]
    await cases.edited(officer, between, children=[TODDLER])
    last = (await split(cases, officer, between, known))["id"]
    cases.world.clock.goes_on(days=90)
    await Worker(cases.world.shell, {PURGE: purge}, daily=[PURGE]).work_off()
    left = {str(row["id"]) for row in await cases.world.sql("SELECT id FROM referral")}
    assert left == {sent, last}
    assert (await cases.seen(await cases.officer(), "Referral", last, ENDS))["splitFrom"] == {"id": sent}
    assert await cases.world.count("child", "given_names = 'Cleo'") == 0


# S-061
async def test_acts_on_one_child_of_several_are_offered_for_several(cases: Cases) -> None:
    officer = await cases.officer()
    id, (_, younger) = await group(cases, officer, send=False)
    acts = {"SPLIT", "REMOVE_CHILD"}
    can = (await cases.seen(officer, "Referral", id, "can"))["can"]
    assert acts <= set(can)
    await cases.on_referral(officer, "referralRemoveChild", id, childId=younger)
    assert (await cases.seen(officer, "Referral", id, "can"))["can"] == [act for act in can if act not in acts]


# S-060, S-061
async def test_children_who_were_taken_out_are_told_in_the_order_they_had(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    several = [born("2012-05-14", givenNames=name) for name in ("Ana", "Ben", "Cleo", "Dan", "Eve", "Flo", "Gus")]
    id, (_, *others) = await group(cases, officer, *several)
    for child in others:
        await cases.on_referral(officer, "referralRemoveChild", id, childId=child)
    await cases.resent(officer, id)
    seen = await cases.seen(await cases.member(firm), "Referral", id, "revisions { changes { before } }")
    said = [change["before"] for change in seen["revisions"][1]["changes"]]
    assert [each[0] for each in said] == ["B", "C", "D", "E", "F", "G"]
