"""The review of an agreement: what each edit changed, what the provider asks for, what it has confirmed."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.ipa_form import read_form
from models.lifecycle import Role
from models.person import Viewer
from portal.database import standing
from schema import schema
from tests.agreeing import Agreeing
from tests.filing import FETCH
from tests.reading.known import everything
from tests.test_wall_around_offers import connected
from tests.world import World, as_app

CHANGES = "query ($id: UUID!, $since: Int!) { ipaChanges(id: $id, since: $since) { path label before after } }"
REVIEW = """query ($id: UUID!) { ipa(id: $id) { version reviewStands reviewedVersion reviewWarnings can
  reviewChecklist { item confirmed } corrections { id version name reason open outcome answer settledByName }
  changes { version name organisation shared changes { label before after } } documents { id name } } }"""
BELLS = """{ notifications { nodes { id kind ipaChangesSince ipaChanges { label before after } } } }"""
ENABLE = """mutation ($id: UUID!, $version: Int!) { ipaEnable(id: $id, expectedVersion: $version) {
  ipa { status } warnings { code message } problems { code } } }"""


async def drafted(world: World) -> Agreeing:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up):
        await step()
    return agreeing


async def reviewing(world: World) -> Agreeing:
    return await (await drafted(world)).shared()


def codes(payload: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in payload["problems"]]


async def edited(agreeing: Agreeing, **child: Any) -> dict[str, Any]:
    return await agreeing.well(agreeing.officer, "ipaUpdate", "input: $input", input=("IpaInput!", {"child": child}))


async def review(agreeing: Agreeing, who: Viewer) -> dict[str, Any]:
    answer = await agreeing.world.gql(who, REVIEW, id=agreeing.ids["ipa"])
    return dict(answer["ipa"])


async def asked(agreeing: Agreeing, reason: str = "The first day is the 3rd.") -> str:
    await agreeing.well(agreeing.member, "ipaRequestCorrection", "reason: $reason", reason=("String!", reason))
    return str((await review(agreeing, agreeing.member))["corrections"][-1]["id"])


async def answered(agreeing: Agreeing, who: Viewer, id: str, note: str = "It is the 1st.") -> dict[str, Any]:
    given = {"correction": ("UUID!", id), "note": ("String!", note)}
    return await agreeing.act(who, "ipaAnswerCorrection", "correctionId: $correction, note: $note", **given)


async def bells(agreeing: Agreeing, who: Viewer) -> list[dict[str, Any]]:
    return list((await agreeing.world.gql(who, BELLS))["notifications"]["nodes"])


# S-105
async def test_each_change_in_review_is_shown_from_the_old_words_to_the_new(world: World) -> None:
    agreeing = await reviewing(world)
    before = (await review(agreeing, agreeing.member))["version"]
    await edited(agreeing, knownAs="Annie", dateOfBirth="2014-02-04")
    world.clock.goes_on(minutes=10)
    place = {"placement": {"startsOn": "2026-07-03"}, "outcomes": [{"outcome": "Reads daily", "measure": "Diary"}]}
    await agreeing.well(agreeing.officer, "ipaUpdate", "input: $input", input=("IpaInput!", place))
    found = (await world.gql(agreeing.member, CHANGES, id=agreeing.ids["ipa"], since=before))["ipaChanges"]
    assert [(each["label"], each["before"], each["after"]) for each in found] == [
        ("Child: known as", None, "Annie"),
        ("Child: date of birth", "3 February 2014", "4 February 2014"),
        ("Placement: first day", "1 July 2026", "3 July 2026"),
        ("Outcomes 1: outcome", None, "Reads daily"),
        ("Outcomes 1: measure", None, "Diary"),
    ]
    assert found[0]["path"] == ["child", "knownAs"]
    newest, oldest = [bell for bell in await bells(agreeing, agreeing.member) if bell["kind"] == "IPA_UPDATED"]
    assert (oldest["ipaChangesSince"], newest["ipaChangesSince"]) == (before, before + 1)
    assert oldest["ipaChanges"][0] == {"label": "Child: known as", "before": None, "after": "Annie"}
    assert len(newest["ipaChanges"]) == 3
    shown = (await review(agreeing, agreeing.member))["changes"]
    assert [(each["name"], each["shared"]) for each in shown] == [("Olu Officer", True)] * 2


# S-100, S-105
@pytest.mark.parametrize(("minutes", "read", "rung"), [(9, False, 1), (9, True, 2), (10, False, 2)])
async def test_a_burst_of_changes_in_review_rings_once_and_the_bell_leads_to_all_of_it(
    world: World, minutes: int, read: bool, rung: int
) -> None:
    agreeing = await reviewing(world)
    before = (await review(agreeing, agreeing.member))["version"]
    await edited(agreeing, knownAs="Annie")
    (bell,) = [bell for bell in await bells(agreeing, agreeing.member) if bell["kind"] == "IPA_UPDATED"]
    if read:
        document = "mutation ($id: UUID!) { notificationRead(id: $id) { unread problems { code } } }"
        assert (await world.do(agreeing.member, document, id=bell["id"]))["problems"] == []
    world.clock.goes_on(minutes=minutes)
    await edited(agreeing, dateOfBirth="2014-02-04")
    found = [bell for bell in await bells(agreeing, agreeing.member) if bell["kind"] == "IPA_UPDATED"]
    assert (len(found), found[-1]["ipaChangesSince"]) == (rung, before)
    assert [each["label"] for each in found[-1]["ipaChanges"]] == ["Child: known as", "Child: date of birth"]
    told = "person_id = $1 AND event_id IN (SELECT id FROM event WHERE kind = 'agreement.edit')"
    assert await world.count("inbox_entry", told, agreeing.member.person_id) == 2


async def test_what_is_changed_back_is_no_change(world: World) -> None:
    agreeing = await reviewing(world)
    before = (await review(agreeing, agreeing.member))["version"]
    await edited(agreeing, knownAs="Annie")
    await edited(agreeing, knownAs=None)
    answer = await world.gql(agreeing.member, CHANGES, id=agreeing.ids["ipa"], since=before)
    assert answer["ipaChanges"] == []


async def test_an_edit_that_changes_nothing_makes_no_version_and_rings_no_bell(world: World) -> None:
    agreeing = await reviewing(world)
    before = await review(agreeing, agreeing.officer)
    events, rung = await world.count("event"), await world.count("inbox_entry")
    await edited(agreeing, givenNames="Ana", knownAs=None)
    same = {"keyContact": {"name": "Mia Member"}}
    await agreeing.well(agreeing.member, "ipaUpdateContacts", "input: $input", input=("IpaContactsInput!", same))
    assert await review(agreeing, agreeing.officer) == before
    assert (await world.count("event"), await world.count("inbox_entry")) == (events, rung)
    assert codes(await agreeing.act(agreeing.member, "ipaUpdate", "input: {}")) == ["FORBIDDEN"]


# S-105
async def test_the_providers_own_contacts_are_shown_to_the_authority_likewise(world: World) -> None:
    agreeing = await reviewing(world)
    contact = {"keyContact": {"name": "Mia Member", "phone": "01902 000000"}}
    await agreeing.well(agreeing.member, "ipaUpdateContacts", "input: $input", input=("IpaContactsInput!", contact))
    (bell,) = [bell for bell in await bells(agreeing, agreeing.officer) if bell["kind"] == "IPA_UPDATED"]
    assert bell["ipaChanges"] == [{"label": "Provider: key contact: phone", "before": None, "after": "01902 000000"}]


# S-105, S-030
async def test_nothing_of_a_draft_leaks_before_it_is_shared(world: World) -> None:
    agreeing = await drafted(world)
    question = """query ($id: UUID!) { ipa(id: $id) { status } ipas { totalCount } ipaCounts { count }
      ipaChanges(id: $id, since: 0) { label } node(id: $id) { id } unreadNotifications
      viewer { pending { ipasToReview ipasToSign } }
      timeline { nodes { kind } } }"""
    before = await world.gql(agreeing.member, question, id=agreeing.ids["ipa"])
    heads = await world.sql("SELECT person_id, head FROM inbox ORDER BY person_id")
    await edited(agreeing, knownAs="Annie")
    paper = await agreeing.paper(agreeing.officer.organisation_id, agreeing.officer, "CARE_PLAN")
    await agreeing.well(agreeing.officer, "ipaAttach", "documentId: $paper", paper=("UUID!", str(paper)))
    await agreeing.well(agreeing.officer, "ipaDetach", "documentId: $paper", paper=("UUID!", str(paper)))
    assert await world.gql(agreeing.member, question, id=agreeing.ids["ipa"]) == before
    providers = [agreeing.member.person_id, agreeing.provider_signatory.person_id]
    after = await world.sql("SELECT person_id, head FROM inbox ORDER BY person_id")
    assert [row for row in heads if row["person_id"] in providers] == [
        row for row in after if row["person_id"] in providers
    ]
    await agreeing.shared()
    assert (await review(agreeing, agreeing.member))["changes"] == []
    assert len((await review(agreeing, agreeing.officer))["changes"]) == 3
    answer = await world.gql(agreeing.member, CHANGES, id=agreeing.ids["ipa"], since=0)
    assert answer["ipaChanges"] == []


async def read_by(agreeing: Agreeing, who: Viewer) -> set[str]:
    """What has happened to the agreement, as somebody is told it, by the timeline or by SQL as their own role."""
    world = agreeing.world
    question = "query ($id: UUID) { timeline(referralId: $id, first: 100) { nodes { kind } } }"
    told = await world.gql(who, question, id=agreeing.ids["referral"])
    async with connected(as_app(world.dsn)) as connection, connection.transaction():
        await connection.execute(standing(who, world.clock.now))
        rows = await connection.fetch("SELECT kind FROM event WHERE subject_kind = 'IPA'")
    kinds = {row["kind"] for row in (*told["timeline"]["nodes"], *rows)}
    return {kind for kind in kinds if kind.startswith("agreement.")}


async def as_written_before(agreeing: Agreeing) -> None:
    """Openings of drafts as an earlier release kept them: as if the provider were concerned."""
    await agreeing.world.sql("ALTER TABLE event DISABLE TRIGGER ALL")
    await agreeing.world.sql("UPDATE event SET provider_id = $1 WHERE kind = 'agreement.open'", agreeing.firm.id)


# S-105
async def test_a_draft_that_the_authority_opens_is_no_news_to_the_provider(world: World) -> None:
    agreeing = await drafted(world)
    await agreeing.opened(agreeing.officer)
    assert await read_by(agreeing, agreeing.member) == set()
    assert await world.sql("SELECT provider_id FROM event WHERE kind = 'agreement.open'") == [{"provider_id": None}]
    await as_written_before(agreeing)
    assert await read_by(agreeing, agreeing.member) == set()
    world.clock.now += timedelta(minutes=1)
    await agreeing.shared()
    assert await read_by(agreeing, agreeing.member) == {"agreement.share"}
    await agreeing.opened(agreeing.officer)
    assert await read_by(agreeing, agreeing.member) == {"agreement.share", "agreement.open"}


# S-105, S-108
async def test_a_draft_that_was_void_unshared_is_no_news_either(world: World) -> None:
    agreeing = await drafted(world)
    await agreeing.well(agreeing.officer, "ipaVoid", 'reason: "The fee has to rise."')
    await agreeing.opened(agreeing.officer)
    assert await read_by(agreeing, agreeing.member) == set()
    assert await world.sql("SELECT provider_id FROM event WHERE kind = 'agreement.open'") == [{"provider_id": None}]
    await as_written_before(agreeing)
    assert await read_by(agreeing, agreeing.member) == set()


# S-105
@pytest.mark.long
async def test_who_the_child_is_reaches_the_accepted_provider_with_the_sharing_and_nobody_else(world: World) -> None:
    agreeing = await drafted(world)
    rival = await world.person((await world.provider()).id, Role.MEMBER)
    kinds = {name: schema._schema.type_map[name] for name in ("Ipa", "Referral", "Offer", "Notification", "Event")}
    lists = ("ipas", "referrals", "offers", "notifications", "timeline")
    asked = " ".join(
        f"{field}(first: 50) {{ nodes {everything(kind)} }}" for field, kind in zip(lists, kinds.values(), strict=True)
    )
    for who in (agreeing.member, rival, agreeing.provider_signatory):
        assert "Żak" not in str(await world.gql(who, f"{{ {asked} }}"))
    assert "Żak" in str(await world.gql(agreeing.officer, f"{{ {asked} }}"))
    await agreeing.shared()
    assert "Żak" in str(await world.gql(agreeing.member, f"{{ {asked} }}"))
    for who in (rival, agreeing.provider_signatory):
        assert "Żak" not in str(await world.gql(who, f"{{ {asked} }}"))


# S-117
async def test_a_provider_asks_for_a_correction_with_a_reason_and_the_authority_answers(world: World) -> None:
    agreeing = await reviewing(world)
    blank = await agreeing.act(agreeing.member, "ipaRequestCorrection", 'reason: " "')
    assert codes(blank) == ["REASON_REQUIRED"]
    assert await world.count("ipa_correction") == 0
    correction = await asked(agreeing)
    assert (await bells(agreeing, agreeing.officer))[0]["kind"] == "IPA_CORRECTION_REQUESTED"
    (seen,) = (await review(agreeing, agreeing.officer))["corrections"]
    assert (seen["name"], seen["reason"], seen["open"]) == ("Mia Member", "The first day is the 3rd.", True)
    assert codes(await answered(agreeing, agreeing.member, correction)) == ["FORBIDDEN"]
    assert codes(await answered(agreeing, agreeing.officer, correction, note=" ")) == ["REASON_REQUIRED"]
    assert codes(await answered(agreeing, agreeing.officer, str(uuid4()))) == ["NOT_FOUND"]
    assert codes(await answered(agreeing, agreeing.officer, correction)) == []
    assert codes(await answered(agreeing, agreeing.officer, correction)) == ["CORRECTION_SETTLED"]
    (seen,) = (await review(agreeing, agreeing.member))["corrections"]
    assert (seen["open"], seen["outcome"], seen["answer"]) == (False, "ANSWERED", "It is the 1st.")
    assert seen["settledByName"] == "Olu Officer"
    assert (await bells(agreeing, agreeing.member))[0]["kind"] == "IPA_CORRECTION_ANSWERED"


# S-117
async def test_an_edit_settles_the_corrections_that_it_names_and_no_other(world: World) -> None:
    agreeing = await reviewing(world)
    first, _other = await asked(agreeing), await asked(agreeing, "Her name is Anna.")
    given = {"input": ("IpaInput!", {"child": {"givenNames": "Ana"}}), "made": ("[UUID!]", [first])}
    extra = "input: $input, corrections: $made"
    assert codes(await agreeing.act(agreeing.officer, "ipaUpdate", extra, **given)) == ["NOTHING_NEW"]
    given["input"] = ("IpaInput!", {"placement": {"startsOn": "2026-07-03"}})
    await agreeing.well(agreeing.officer, "ipaUpdate", extra, **given)
    outcomes = {each["id"]: each["outcome"] for each in (await review(agreeing, agreeing.member))["corrections"]}
    assert outcomes.pop(first) == "CORRECTED"
    assert list(outcomes.values()) == [None]
    assert codes(await agreeing.act(agreeing.officer, "ipaUpdate", extra, **given)) == ["NOTHING_NEW"]


async def test_only_the_provider_asks_and_only_in_review(world: World) -> None:
    agreeing = await drafted(world)
    assert codes(await agreeing.act(agreeing.member, "ipaRequestCorrection", 'reason: "x"')) == ["NOT_FOUND"]
    for who in (agreeing.officer, agreeing.provider_signatory):
        assert codes(await agreeing.act(who, "ipaRequestCorrection", 'reason: "x"')) == ["FORBIDDEN"]
    await agreeing.shared()
    correction = await asked(agreeing)
    await agreeing.ready()
    assert codes(await agreeing.act(agreeing.member, "ipaRequestCorrection", 'reason: "x"')) == ["IPA_LOCKED"]
    assert codes(await answered(agreeing, agreeing.officer, correction)) == ["IPA_LOCKED"]
    assert await world.count("ipa_correction", "outcome IS NULL") == 1


# S-117
async def test_a_confirmed_review_is_of_a_version_and_falls_with_the_next_change(world: World) -> None:
    agreeing = await reviewing(world)
    given = {"items": ("[ReviewItem!]", ["CHILD", "PRICE"])}
    confirmed = await agreeing.well(agreeing.member, "ipaConfirmReview", "items: $items", **given)
    seen = await review(agreeing, agreeing.officer)
    assert (seen["reviewStands"], seen["reviewedVersion"], seen["reviewWarnings"]) == (True, confirmed["version"], [])
    assert [each["item"] for each in seen["reviewChecklist"] if each["confirmed"]] == ["CHILD", "PRICE"]
    assert len(seen["reviewChecklist"]) == 6
    contact = {"keyWorker": {"name": "Kay Worker"}}
    await agreeing.well(agreeing.member, "ipaUpdateContacts", "input: $input", input=("IpaContactsInput!", contact))
    assert (await review(agreeing, agreeing.member))["reviewStands"] is True
    await edited(agreeing, knownAs="Annie")
    seen = await review(agreeing, agreeing.member)
    assert (seen["reviewStands"], seen["reviewWarnings"]) == (False, ["REVIEW_OUTDATED"])
    assert not any(each["confirmed"] for each in seen["reviewChecklist"])
    assert (await bells(agreeing, agreeing.member))[0]["kind"] == "IPA_UPDATED"


# S-117
async def test_confirming_takes_back_what_was_asked_for(world: World) -> None:
    agreeing = await reviewing(world)
    await asked(agreeing)
    assert (await review(agreeing, agreeing.officer))["reviewWarnings"] == ["NOT_REVIEWED", "CORRECTIONS_OPEN"]
    await agreeing.well(agreeing.member, "ipaConfirmReview")
    seen = await review(agreeing, agreeing.officer)
    assert [each["outcome"] for each in seen["corrections"]] == ["TAKEN_BACK"]
    assert seen["reviewWarnings"] == []
    await asked(agreeing)
    assert (await review(agreeing, agreeing.officer))["reviewWarnings"] == ["REVIEW_OUTDATED", "CORRECTIONS_OPEN"]


# S-117
@pytest.mark.parametrize(
    ("confirmed", "warnings"), [(True, []), (False, ["NOT_REVIEWED"])], ids=["confirmed", "not confirmed"]
)
async def test_enabling_warns_of_a_review_that_was_not_confirmed_and_does_not_refuse(
    world: World, confirmed: bool, warnings: list[str]
) -> None:
    agreeing = await (await reviewing(world)).filled()
    if confirmed:
        await agreeing.well(agreeing.member, "ipaConfirmReview")
    version = (await review(agreeing, agreeing.officer))["version"]
    payload = (await world.gql(agreeing.officer, ENABLE, id=agreeing.ids["ipa"], version=version))["ipaEnable"]
    assert (payload["ipa"], payload["problems"]) == ({"status": "READY_TO_SIGN"}, [])
    assert [warning["code"] for warning in payload["warnings"]] == warnings
    assert all(warning["message"] for warning in payload["warnings"])


# S-114
async def test_a_document_attached_by_mistake_goes_and_is_handed_out_to_nobody_any_more(world: World) -> None:
    agreeing = await reviewing(world)
    paper = await agreeing.paper(agreeing.officer.organisation_id, agreeing.officer, "CARE_PLAN")
    given = {"paper": ("UUID!", str(paper))}
    attached = await agreeing.well(agreeing.officer, "ipaAttach", "documentId: $paper", **given)
    (document,) = attached["documents"]
    again = await agreeing.act(agreeing.officer, "ipaAttach", "documentId: $paper", **given)
    assert codes(again) == ["DOCUMENT_ATTACHED_ALREADY"]
    fetched = (await world.gql(agreeing.member, FETCH, id=document["id"]))["documentDownload"]
    assert codes(fetched) == []
    token = fetched["download"]["url"]
    assert token
    assert codes(await agreeing.act(agreeing.member, "ipaDetach", "documentId: $paper", **given)) == ["FORBIDDEN"]
    before = attached["version"]
    detached = await agreeing.well(agreeing.officer, "ipaDetach", "documentId: $paper", **given)
    assert detached["documents"] == []
    for who in (agreeing.member, agreeing.officer):
        fetched = (await world.gql(who, FETCH, id=document["id"]))["documentDownload"]
        assert codes(fetched) == ["NOT_FOUND"]
    found = (await world.gql(agreeing.member, CHANGES, id=agreeing.ids["ipa"], since=before))["ipaChanges"]
    assert found == [
        {"path": ["documents", str(paper)], "label": "Document: care plan", "before": "care_plan.pdf", "after": None}
    ]
    assert codes(await agreeing.act(agreeing.officer, "ipaDetach", "documentId: $paper", **given)) == ["NOT_FOUND"]
    await agreeing.well(agreeing.officer, "ipaAttach", "documentId: $paper", **given)
    assert await world.count("ipa_document") == 2


# S-106, S-110, S-114
async def test_once_enabled_no_document_comes_or_goes(world: World) -> None:
    agreeing = await reviewing(world)
    paper = await agreeing.paper(agreeing.officer.organisation_id, agreeing.officer, "OTHER")
    given = {"paper": ("UUID!", str(paper))}
    await agreeing.well(agreeing.officer, "ipaAttach", "documentId: $paper", **given)
    await agreeing.ready()
    for act in ("ipaAttach", "ipaDetach"):
        assert codes(await agreeing.act(agreeing.officer, act, "documentId: $paper", **given)) == ["IPA_LOCKED"]
    assert await world.count("ipa_document", "removed_at IS NULL") == 1


# S-110
async def test_there_is_no_kind_of_document_for_a_signed_copy(world: World) -> None:
    agreeing = await Agreeing.among(world)
    kinds = (await world.gql(agreeing.officer, '{ __type(name: "DocumentKind") { enumValues { name } } }'))["__type"]
    assert not [kind["name"] for kind in kinds["enumValues"] if "SIGN" in kind["name"]]


# S-030, S-031
async def test_nobody_else_learns_of_the_review(world: World) -> None:
    agreeing = await reviewing(world)
    await edited(agreeing, knownAs="Annie")
    correction = await asked(agreeing)
    competitor = await world.person((await world.provider()).id, Role.MEMBER)
    elsewhere = await world.person(await world.authority("Coventry"), Role.PLACEMENT_OFFICER)
    for who in (competitor, elsewhere, agreeing.provider_signatory):
        assert (await world.gql(who, REVIEW, id=agreeing.ids["ipa"]))["ipa"] is None
        answer = await world.gql(who, CHANGES, id=agreeing.ids["ipa"], since=0)
        assert answer["ipaChanges"] is None
    assert codes(await answered(agreeing, elsewhere, correction)) == ["NOT_FOUND"]
    await agreeing.ready()
    seen = await review(agreeing, agreeing.provider_signatory)
    assert (seen["corrections"], len(seen["changes"])) == ([], 3)


# S-106
async def test_the_database_keeps_what_was_changed_and_asked_for(world: World) -> None:
    agreeing = await reviewing(world)
    await edited(agreeing, knownAs="Annie")
    correction = await asked(agreeing)
    id = UUID(agreeing.ids["ipa"])
    settling = "answer = 'x', settled_at = now(), settled_by_name = 'x', settled_by_id = current_setting('app.person')"
    tries = [
        (agreeing.officer, f"UPDATE ipa_change SET name = 'x' WHERE ipa_id = '{id}'"),
        (agreeing.officer, f"DELETE FROM ipa_change WHERE ipa_id = '{id}'"),
        (agreeing.officer, f"UPDATE ipa_correction SET reason = 'x' WHERE id = '{correction}'"),
        (agreeing.officer, f"DELETE FROM ipa_correction WHERE id = '{correction}'"),
        (
            agreeing.member,
            f"UPDATE ipa_correction SET outcome = 'ANSWERED', {settling}::uuid WHERE id = '{correction}'",
        ),
        (agreeing.officer, f"UPDATE ipa_correction SET outcome = 'TAKEN_BACK', {settling}::uuid"),
        (agreeing.officer, f"UPDATE ipa_document SET name = 'x' WHERE ipa_id = '{id}'"),
        (agreeing.officer, "DELETE FROM ipa_document"),
    ]
    database: Any = world.shell.database
    for who, statement in tries:
        async with database.acting(who, world.clock.now) as session:
            with pytest.raises(DBAPIError) as refused:
                await session.execute(text(statement))
            await session.rollback()
        assert any(code in str(refused.value) for code in ("permission denied", "row-level security")), statement


async def test_names_that_cannot_be_printed_are_asked_for_in_print_letters_until_they_are_given(world: World) -> None:
    agreeing = await drafted(world)
    fill = """mutation ($id: UUID!, $version: Int!, $child: IpaChildInput!) {
      ipaUpdate(id: $id, expectedVersion: $version, input: {child: $child}) {
        warnings { code message } problems { code } } }"""

    async def warnings(**child: Any) -> list[str]:
        version = (await review(agreeing, agreeing.officer))["version"]
        answer = await world.gql(agreeing.officer, fill, id=agreeing.ids["ipa"], version=version, child=child)
        assert answer["ipaUpdate"]["problems"] == []
        return [told["code"] for told in answer["ipaUpdate"]["warnings"]]

    assert await warnings(givenNames="محمد", familyName="ਕੌਰ Wiśniewski-Llŷr") == []
    assert await warnings(givenNames="小明") == ["PRINT_LETTERS"]
    assert "PRINT_LETTERS" in (await review(agreeing, agreeing.officer))["reviewWarnings"]
    assert await warnings(namesInPrintLetters="XIAOMING") == []
    assert "PRINT_LETTERS" not in (await review(agreeing, agreeing.officer))["reviewWarnings"]
    version = (await review(agreeing, agreeing.officer))["version"]
    worker = {"authority": {"socialWorker": {"name": "小红"}}}
    fill = fill.replace("$child: IpaChildInput!", "$input: IpaInput!").replace("{child: $child}", "$input")
    answer = await world.gql(agreeing.officer, fill, id=agreeing.ids["ipa"], version=version, input=worker)
    (warning,) = answer["ipaUpdate"]["warnings"]
    assert warning["code"] == "PRINT_LETTERS"
    assert "authority.socialWorker.name" in warning["message"]


# S-103, S-104
async def test_what_was_offered_stays_said_where_the_agreement_says_otherwise(world: World) -> None:
    agreeing = await Agreeing.among(world)
    await (await agreeing.referred()).offered(noticeByAuthority="28 days", staffing={"text": "Two adults"})
    await (await (await agreeing.accepted()).drawn_up()).shared()
    assert "DIFFERS_FROM_OFFER" not in (await review(agreeing, agreeing.member))["reviewWarnings"]
    terms = {"terms": {"noticeByAuthority": "1 day"}}
    await agreeing.well(agreeing.officer, "ipaUpdate", "input: $input", input=("IpaInput!", terms))
    for who in (agreeing.officer, agreeing.member):
        assert "DIFFERS_FROM_OFFER" in (await review(agreeing, who))["reviewWarnings"]
    await agreeing.ready()
    (row,) = await world.sql("SELECT canonical_form FROM ipa WHERE id = $1", UUID(agreeing.ids["ipa"]))
    form = read_form(row["canonical_form"])
    assert (form["offer"]["noticeByAuthority"], form["offer"]["staffing"]) == ("28 days", "Two adults")


# S-104
async def test_impossible_facts_are_refused_at_filling_in_and_at_enabling(world: World) -> None:
    agreeing = await drafted(world)
    wrong = {"child": {"expectedOn": "2027-02-20"}, "placement": {"fosteringType": "FOR_ADOPTION"}}
    paths = [["child", "expectedOn"], ["placement", "fosteringType"]]
    answer = await agreeing.act(agreeing.officer, "ipaUpdate", "input: $input", input=("IpaInput!", wrong))
    assert [problem["path"] for problem in answer["problems"]] == [["input", *path] for path in paths]
    await (await agreeing.shared()).filled()
    held = """UPDATE ipa SET details = jsonb_set(jsonb_set(details, '{child,expectedOn}', '"2027-02-20"'),
      '{placement,fosteringType}', '"FOR_ADOPTION"')"""
    await world.sql(held)
    answer = await agreeing.act(agreeing.officer, "ipaEnable")
    assert [problem["path"] for problem in answer["problems"]] == paths
