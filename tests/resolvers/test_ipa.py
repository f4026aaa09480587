"""Agreements: drawn from the accepted offer, fixed, signed by both, never changed."""

import asyncio
import hashlib
from typing import Any
from uuid import UUID, uuid4

from models.lifecycle import Role
from tests.agreeing import CREATE, IPA, Agreeing
from tests.sealing import worked_off
from tests.world import World


async def ready(world: World) -> Agreeing:
    return await (await Agreeing.among(world)).to_sign()


def codes(payload: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in payload["problems"]]


async def stored(agreeing: Agreeing) -> dict[str, Any]:
    (row,) = await agreeing.world.sql("SELECT * FROM ipa WHERE id = $1", UUID(agreeing.ids["ipa"]))
    return row


# S-101
async def test_an_agreement_is_drawn_only_by_the_authority_and_only_from_an_accepted_offer(world: World) -> None:
    agreeing = await (await (await Agreeing.among(world)).referred()).offered()
    given = {"id": agreeing.ids["offer"], "key": str(uuid4())}
    assert await world.refused(agreeing.officer, CREATE, **given) == ["OFFER_NOT_ACCEPTED"]
    await agreeing.accepted()
    assert await world.refused(agreeing.member, CREATE, **given) == ["FORBIDDEN"]
    assert await world.count("ipa") == 0
    await agreeing.drawn_up()
    assert await world.refused(agreeing.officer, CREATE, id=agreeing.ids["offer"], key=str(uuid4())) == ["IPA_EXISTS"]
    assert await world.count("ipa") == 1


# S-102, S-104
async def test_a_draft_starts_with_what_referral_and_offer_know(world: World) -> None:
    agreeing = await (await (await (await (await Agreeing.among(world)).referred()).offered()).accepted()).drawn_up()
    document = f"query ($id: UUID!) {{ {IPA.replace('ipa {', 'ipa(id: $id) {', 1)} }}"
    shown = (await world.gql(agreeing.officer, document, id=agreeing.ids["ipa"]))["ipa"]
    assert shown["details"]["child"] == {"givenNames": "Ana", "familyName": "Żak", "dateOfBirth": "2014-02-03"}
    assert shown["details"]["placement"]["startsOn"] == "2026-07-01"
    assert shown["terms"]["coreFeeWeekly"] == shown["terms"]["weeklyTotal"] == "4100.00"


# S-103
async def test_what_was_offered_has_no_input_in_an_agreement(world: World) -> None:
    agreeing = await (await (await (await (await Agreeing.among(world)).referred()).offered()).accepted()).drawn_up()
    document = """mutation ($id: UUID!) { ipaUpdate(id: $id, expectedVersion: 1,
      input: {coreFeeWeekly: "1.00"}) { problems { code } } }"""
    assert "coreFeeWeekly" in str(await world.error(agreeing.officer, document, id=agreeing.ids["ipa"]))
    assert (await stored(agreeing))["version"] == 1


# S-105
async def test_a_draft_is_the_authoritys_alone_until_it_is_shared(world: World) -> None:
    agreeing = await (await (await (await (await Agreeing.among(world)).referred()).offered()).accepted()).drawn_up()
    question = "query ($id: UUID!) { ipa(id: $id) { status details { child { familyName } } } ipas { totalCount } }"
    hidden = await world.gql(agreeing.member, question, id=agreeing.ids["ipa"])
    assert hidden == {"ipa": None, "ipas": {"totalCount": 0}}
    assert await world.count("inbox_entry", "notice = 'IPA_READY_FOR_REVIEW'") == 0
    await agreeing.shared()
    seen = await world.gql(agreeing.member, question, id=agreeing.ids["ipa"])
    assert seen["ipa"] == {"status": "IN_REVIEW", "details": {"child": {"familyName": "Żak"}}}
    told = await world.sql("SELECT person_id FROM inbox_entry WHERE notice = 'IPA_READY_FOR_REVIEW'")
    assert [row["person_id"] for row in told] == [agreeing.member.person_id]


# S-104
async def test_in_review_the_authority_edits_details_and_the_provider_its_own_contacts(world: World) -> None:
    agreeing = await (await (await (await (await Agreeing.among(world)).referred()).offered()).accepted()).drawn_up()
    await agreeing.shared()
    child = {"child": {"nhsNumber": "943 476 5919", "knownAs": "Annie"}}
    await agreeing.well(agreeing.officer, "ipaUpdate", "input: $input", input=("IpaInput!", child))
    contact = {"keyContact": {"name": "Mia Member", "phone": "01902 000000"}}
    given = ("IpaContactsInput!", contact)
    await agreeing.well(agreeing.member, "ipaUpdateContacts", "input: $input", input=given)
    assert codes(await agreeing.act(agreeing.officer, "ipaUpdateContacts", "input: $input", input=given)) == [
        "FORBIDDEN"
    ]
    assert codes(await agreeing.act(agreeing.member, "ipaUpdate", "input: $input", input=("IpaInput!", child))) == [
        "FORBIDDEN"
    ]
    row = await stored(agreeing)
    assert '"nhsNumber": "9434765919"' in row["details"]
    assert '"familyName": "Żak"' in row["details"]
    wrong = {"child": {"nhsNumber": "9434765918"}}
    refused = await agreeing.act(agreeing.officer, "ipaUpdate", "input: $input", input=("IpaInput!", wrong))
    assert codes(refused) == ["INVALID_INPUT"]


# S-106
async def test_enabling_needs_everything_and_then_fixes_content_and_bytes(world: World) -> None:
    agreeing = await (await (await (await (await Agreeing.among(world)).referred()).offered()).accepted()).drawn_up()
    await (await agreeing.shared()).filled()
    emptied = {"child": {"givenNames": None, "dateOfBirth": None}}
    await agreeing.well(agreeing.officer, "ipaUpdate", "input: $input", input=("IpaInput!", emptied))
    refused = await agreeing.act(agreeing.officer, "ipaEnable")
    assert [problem["path"] for problem in refused["problems"]] == [["child", "givenNames"], ["child", "dateOfBirth"]]
    assert (await stored(agreeing))["content_hash"] is None
    filled = {"child": {"givenNames": "Ana", "dateOfBirth": "2014-02-03"}}
    await agreeing.well(agreeing.officer, "ipaUpdate", "input: $input", input=("IpaInput!", filled))
    assert codes(await agreeing.act(agreeing.member, "ipaEnable")) == ["FORBIDDEN"]  # S-107
    await agreeing.ready()
    row = await stored(agreeing)
    assert row["content_hash"] == hashlib.sha256(row["canonical_form"].encode()).hexdigest()
    assert (await world.shell.vault.read(row["pdf_sha256"])).startswith(b"%PDF")


# S-106, S-108, S-110
async def test_once_enabled_no_act_changes_anything_and_none_leads_back(world: World) -> None:
    agreeing = await ready(world)
    before = await stored(agreeing)
    paper = await agreeing.paper(agreeing.officer.organisation_id, agreeing.officer, "OTHER")
    tries = [
        (agreeing.officer, "ipaUpdate", "input: {outcomes: []}", {}),
        (agreeing.officer, "ipaAttach", "documentId: $paper", {"paper": ("UUID!", str(paper))}),
        (agreeing.officer, "ipaShare", "", {}),
        (agreeing.officer, "ipaEnable", "", {}),
        (agreeing.member, "ipaUpdateContacts", "input: {}", {}),
        (agreeing.member, "ipaConfirmReview", "", {}),
    ]
    for who, name, extra, variables in tries:
        assert codes(await agreeing.act(who, name, extra, **variables)) == ["IPA_LOCKED"], name
    assert await stored(agreeing) == before
    assert await world.count("ipa_document") == 0


# S-109, S-112, S-116
async def test_both_parties_sign_in_either_order_and_that_completes_it(world: World) -> None:
    agreeing = await ready(world)
    assert codes(await agreeing.sign(agreeing.provider_signatory)) == []
    assert (await stored(agreeing))["status"] == "PARTLY_SIGNED"
    signed = await agreeing.sign(agreeing.authority_signatory)
    assert signed["problems"] == []
    assert signed["ipa"]["status"] == "SIGNED"
    assert {s["party"]: s["name"] for s in signed["ipa"]["signatures"]} == {
        "LOCAL_AUTHORITY": "Sian Signatory",
        "PROVIDER": "Dev Director",
    }
    (referral,) = await world.sql("SELECT status FROM referral")
    assert referral["status"] == "PLACED"
    assert await world.count("event", "kind = 'referral.place'") == 1


# S-112
async def test_only_signatories_sign(world: World) -> None:
    agreeing = await ready(world)
    for who in (agreeing.officer, agreeing.member):
        await agreeing.enrol(who)
        assert codes(await agreeing.sign(who)) == ["NOT_A_SIGNATORY"]
    assert await world.count("signature") == 0


# S-109
async def test_a_code_signs_once_and_a_wrong_one_never(world: World) -> None:
    agreeing = await ready(world)
    assert codes(await agreeing.sign(agreeing.authority_signatory, code="000000")) == ["CODE_REFUSED"]
    assert await world.count("signature") == 0
    used = agreeing.code(agreeing.authority_signatory)
    assert codes(await agreeing.sign(agreeing.authority_signatory, code=used)) == []
    assert codes(await agreeing.sign(agreeing.authority_signatory, code=used)) == ["ALREADY_SIGNED"]
    assert await world.count("signature") == 1


async def test_a_repeated_key_returns_the_first_signature_before_any_code_is_looked_at(world: World) -> None:
    agreeing = await ready(world)
    key, code = str(uuid4()), agreeing.code(agreeing.authority_signatory)
    first = await agreeing.sign(agreeing.authority_signatory, key=key, code=code)
    again = await agreeing.sign(agreeing.authority_signatory, key=key, code=code)
    assert first["problems"] == again["problems"] == []
    assert again["ipa"]["signatures"] == first["ipa"]["signatures"]
    assert await world.count("signature") == 1


async def test_one_signs_only_what_one_was_shown_and_has_opened(world: World) -> None:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
        await step()
    await agreeing.ready()
    assert codes(await agreeing.sign(agreeing.authority_signatory)) == ["NOT_OPENED"]
    await agreeing.opened(agreeing.authority_signatory)
    assert codes(await agreeing.sign(agreeing.authority_signatory, hash="0" * 64)) == ["CONTENT_CHANGED"]
    assert codes(await agreeing.sign(agreeing.authority_signatory, consent=False)) == ["INVALID_INPUT"]
    assert await world.count("signature") == 0
    assert codes(await agreeing.sign(agreeing.authority_signatory)) == []


async def test_two_who_sign_at_once_for_one_party_make_one_signature(world: World) -> None:
    agreeing = await ready(world)
    authority = await world.authority()
    other = await world.person(authority, Role.SIGNATORY)
    await agreeing.enrol(other)
    await agreeing.opened(other)
    both = await asyncio.gather(agreeing.sign(agreeing.authority_signatory), agreeing.sign(other))
    assert sorted(codes(payload) for payload in both) == [[], ["ALREADY_SIGNED"]]
    assert await world.count("signature") == 1


# S-111
async def test_the_pdf_is_marked_until_it_is_enabled_and_the_same_bytes_ever_after(world: World) -> None:
    agreeing = await (await (await (await (await Agreeing.among(world)).referred()).offered()).accepted()).drawn_up()
    draft = await agreeing.opened(agreeing.officer)
    assert draft["contentHash"] is None
    assert draft["download"]["url"].startswith("http")
    await agreeing.shared()
    await agreeing.ready()
    first, second = await agreeing.opened(agreeing.officer), await agreeing.opened(agreeing.provider_signatory)
    assert first["pdfSha256"] == second["pdfSha256"] != draft["pdfSha256"]
    for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
        await agreeing.opened(signer)
        assert codes(await agreeing.sign(signer)) == []
    await worked_off(world)
    signed = [await agreeing.opened(who) for who in (agreeing.officer, agreeing.member, agreeing.provider_signatory)]
    assert len({payload["pdfSha256"] for payload in signed}) == 1
    assert signed[0]["pdfSha256"] not in (draft["pdfSha256"], first["pdfSha256"])


# S-031
async def test_a_sign_only_person_sees_agreements_and_nothing_else(world: World) -> None:
    agreeing = await ready(world)
    question = """{ ipasAwaitingMySignature { nodes { status terms { coreFeeWeekly } authority { name } } }
      referrals { totalCount } offers { totalCount } threads { totalCount } }"""
    seen = await world.gql(agreeing.provider_signatory, question)
    assert seen["ipasAwaitingMySignature"]["nodes"] == [
        {"status": "READY_TO_SIGN", "terms": {"coreFeeWeekly": "4100.00"}, "authority": {"name": "Birmingham"}}
    ]
    assert [seen[name]["totalCount"] for name in ("referrals", "threads")] == [0, 0]


async def test_a_signatory_may_refuse_with_a_reason_and_nothing_is_locked_open_by_it(world: World) -> None:
    agreeing = await ready(world)
    blank = await agreeing.act(agreeing.provider_signatory, "ipaRefuse", 'reason: "  "')
    assert codes(blank) == ["REASON_REQUIRED"]
    refused = await agreeing.well(agreeing.provider_signatory, "ipaRefuse", 'reason: "The start date is wrong."')
    assert refused["refusals"] == [{"reason": "The start date is wrong."}]
    assert (await stored(agreeing))["status"] == "READY_TO_SIGN"


# S-078, S-108, S-115
async def test_voiding_the_offer_voids_its_agreement_and_the_next_one_names_what_it_replaces(world: World) -> None:
    agreeing = await ready(world)
    for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
        assert codes(await agreeing.sign(signer)) == []
    old = agreeing.ids["ipa"]
    assert codes(await agreeing.act(agreeing.officer, "ipaUpdate", "input: {outcomes: []}")) == ["IPA_LOCKED"]
    version = (await world.sql("SELECT version FROM offer"))[0]["version"]
    await agreeing.with_offer(agreeing.officer, "offerVoid", version, 'reason: "The home has closed."')
    assert (await stored(agreeing))["status"] == "VOIDED"
    assert (await world.sql("SELECT status, accepted FROM referral"))[0] == {"status": "SENT", "accepted": False}
    for step in (agreeing.offered, agreeing.accepted, agreeing.drawn_up):
        await step()
    new = await stored(agreeing)
    assert str(new["supersedes_id"]) == old
    assert new["status"] == "DRAFT"
    assert await world.count("signature") == 2


# S-030
async def test_another_organisation_learns_nothing_of_an_agreement(world: World) -> None:
    agreeing = await ready(world)
    stranger = await world.person((await world.provider()).id, Role.MEMBER, Role.SIGNATORY)
    other = await world.person(await world.authority("Coventry"), Role.PLACEMENT_OFFICER, Role.SIGNATORY)
    question = "query ($id: UUID!) { ipa(id: $id) { reference } }"
    for who in (stranger, other):
        assert (await world.gql(who, question, id=agreeing.ids["ipa"]))["ipa"] is None
        payload = await agreeing.opened(who)
        assert payload["problems"] == [{"code": "NOT_FOUND", "message": "There is no such agreement.", "path": []}]


# S-031
async def test_what_the_wall_keeps_from_a_role_altogether_is_forbidden_and_not_a_fault(world: World) -> None:
    agreeing = await ready(world)
    again = "mutation ($id: UUID!) { documentUploadAgain(id: $id) { problems { code } } }"
    paper = await agreeing.paper(agreeing.firm.id, agreeing.member, "OTHER")
    answer = await world.gql(agreeing.provider_signatory, again, id=str(paper))
    assert answer["documentUploadAgain"]["problems"] == [{"code": "FORBIDDEN"}]
