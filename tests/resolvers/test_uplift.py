"""Uplifts of the core fee: proposed by one side of a signed agreement, agreed by the other (S-090)."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from models.lifecycle import Role
from models.person import Viewer
from tests.sealing import bytes_of, files_of, worked_off
from tests.uplifting import PROPOSE, Uplifting, codes
from tests.world import World

CHAIN = """query ($id: UUID!) { ipa(id: $id) { coreFeeToday can
  uplifts { id status effectiveFrom feeBefore feeAfter can } } }"""
LIST = "query ($filter: UpliftFilter) { uplifts(filter: $filter) { totalCount nodes { id reference status } } }"
PENDING = "{ viewer { pending { upliftsToAnswer } } }"
BY_TEN = {"percentage": "10"}


async def signed(world: World, **offered: Any) -> Uplifting:
    return await (await Uplifting.of(world, **offered)).signed()


async def everything(case: Uplifting) -> list[Any]:
    return [
        await case.world.sql(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("uplift", "event", "inbox_entry")
    ]


async def told(case: Uplifting, notice: str) -> set[UUID]:
    rows = await case.world.sql("SELECT person_id FROM inbox_entry WHERE notice = $1", notice)
    return {row["person_id"] for row in rows}


# S-090
async def test_one_side_proposes_and_the_other_agrees_whichever_begins(world: World) -> None:
    case = await signed(world)
    first = await case.proposed(case.member, {"percentage": "3.5"}, "2026-09-01")
    assert first["reference"].endswith("-A1-U1")
    assert (first["status"], first["proposedBy"], first["can"]) == ("PROPOSED", "PROVIDER", ["WITHDRAW"])
    assert (first["percentage"], first["amount"]) == ("3.50", None)
    assert (first["feeBefore"], first["feeAfter"]) == ("4100.00", "4243.50")
    done = await case.answered(case.officer, "upliftAgree", first)
    assert (done["uplift"]["status"], done["uplift"]["closedByName"], done["uplift"]["can"]) == (
        "AGREED",
        "Olu Officer",
        [],
    )
    second = await case.proposed(case.officer, {"amount": "120"}, "2026-09-02")
    assert (second["proposedBy"], second["feeBefore"], second["feeAfter"]) == ("LOCAL_AUTHORITY", "4243.50", "4363.50")
    done = await case.answered(case.member, "upliftAgree", second)
    assert (done["uplift"]["status"], done["uplift"]["closedByName"]) == ("AGREED", "Mia Member")
    for who in (case.officer, case.member, case.authority_signatory, case.provider_signatory):
        shown = (await world.gql(who, CHAIN, id=case.ids["ipa"]))["ipa"]
        assert [(each["effectiveFrom"], each["feeAfter"]) for each in shown["uplifts"]] == [
            ("2026-09-01", "4243.50"),
            ("2026-09-02", "4363.50"),
        ]
        assert shown["coreFeeToday"] == "4100.00"


# S-090
async def test_the_fee_is_that_of_the_day_that_is_asked_for(world: World) -> None:
    case = await signed(world, fees=[{
        "coreFeeWeekly": "4100.00",
        "additionalCosts": [{"description": "Tutor", "amount": "65", "unit": "WEEK", "until": "2026-09-30"}],
    }])  # fmt: skip
    first = await case.agreed(BY_TEN, "2026-09-01")
    second = await case.agreed({"amount": "0.01"}, "2026-10-01")
    await case.proposed(case.officer, BY_TEN, "2026-11-01")
    for day, core, total, stands_on in (
        ("2020-01-01", "4100.00", "4165.00", None),
        ("2026-08-31", "4100.00", "4165.00", None),
        ("2026-09-01", "4510.00", "4575.00", first["id"]),
        ("2026-09-30", "4510.00", "4575.00", first["id"]),
        ("2026-10-01", "4510.01", "4510.01", second["id"]),
        ("2030-01-01", "4510.01", "4510.01", second["id"]),
    ):
        for who in (case.officer, case.member, case.provider_signatory):
            shown = await case.fee(who, day)
            assert (shown["on"], shown["coreFeeWeekly"], shown["weeklyTotal"]) == (day, core, total)
            assert (shown["standsOn"], shown["agreedCoreFeeWeekly"]) == (stands_on, "4100.00")
    assert (await case.fee(case.officer))["on"] == "2026-06-15"
    await world.sql("UPDATE session SET expires_at = '2027-01-01'")
    world.clock.goes_on(days=78)
    for who in (case.officer, case.member, case.provider_signatory):
        assert (await world.gql(who, CHAIN, id=case.ids["ipa"]))["ipa"]["coreFeeToday"] == "4510.00"
        assert (await case.fee(who))["coreFeeWeekly"] == "4510.00"


# S-090, S-108
async def test_there_is_no_uplift_of_what_is_not_signed(world: World) -> None:
    case = await Uplifting.among(world)
    for step in (case.referred, case.offered, case.accepted, case.drawn_up):
        await step()
    assert await refusals(case) == ("DRAFT", ["CORE_FEE_FIXED", "NOT_FOUND"])
    await case.shared()
    assert await refusals(case) == ("IN_REVIEW", ["CORE_FEE_FIXED"] * 2)
    await case.ready()
    assert await refusals(case) == ("READY_TO_SIGN", ["CORE_FEE_FIXED"] * 2)
    for signer in (case.authority_signatory, case.provider_signatory):
        await case.opened(signer)
    await case.sign(case.authority_signatory)
    assert await refusals(case) == ("PARTLY_SIGNED", ["CORE_FEE_FIXED"] * 2)
    await case.sign(case.provider_signatory)
    await case.well(case.officer, "ipaVoid", 'reason: "The plan has changed."')
    assert await refusals(case) == ("VOIDED", ["IPA_LOCKED"] * 2)


async def refusals(case: Uplifting) -> tuple[str, list[str]]:
    """The state of the agreement, and why neither side can propose an uplift of it; nothing has changed."""
    before = await everything(case)
    found = [code for who in (case.officer, case.member) for code in codes(await case.tried(who, BY_TEN, "2026-09-01"))]
    assert await everything(case) == before
    (row,) = await case.world.sql("SELECT status FROM ipa")
    return row["status"], found


# S-030, S-031, S-034, S-090
async def test_nobody_else_proposes_answers_or_sees_anything_of_it(world: World) -> None:
    case = await signed(world)
    uplift = await case.proposed(case.member, BY_TEN, "2026-09-01")
    authority, elsewhere = case.officer.organisation_id, await world.authority("Coventry")
    none = await world.provider()
    strangers = [
        await world.person(elsewhere, Role.PLACEMENT_OFFICER, Role.ADMINISTRATOR),
        await world.person(none.id, Role.MEMBER, Role.ADMINISTRATOR),
    ]
    watching = [
        case.authority_signatory, case.provider_signatory, await world.person(authority, Role.READ_ONLY),
        await world.person(authority, Role.REGISTRATION_OFFICER),
    ]  # fmt: skip
    region = await world.person(await world.region(), Role.REGION_ADMIN)
    before = await everything(case)
    for who in (*strangers, *watching, region):
        refusal = "NOT_FOUND" if who in strangers else "FORBIDDEN"
        assert codes(await case.tried(who, BY_TEN, "2026-10-01")) == [refusal]
        for act, reason in (("upliftAgree", None), ("upliftRefuse", "No."), ("upliftWithdraw", None)):
            assert codes(await case.answered(who, act, uplift, reason)) == [refusal]
    assert await everything(case) == before
    for who in watching:
        assert (await world.gql(who, LIST))["uplifts"]["totalCount"] == 1
    for who in (*strangers, region):
        assert await world.gql(who, LIST) == {"uplifts": {"totalCount": 0, "nodes": []}}
        asked = "query ($id: UUID!, $ipa: UUID!) { uplift(id: $id) { id } node(id: $id) { id }"
        asked += " agreementFee(ipaId: $ipa) { on } }"
        shown = await world.gql(who, asked, id=uplift["id"], ipa=case.ids["ipa"])
        assert shown == {"uplift": None, "node": None, "agreementFee": None}


# S-090
async def test_the_side_that_proposed_withdraws_and_only_the_other_one_answers(world: World) -> None:
    case = await signed(world)
    officer = await world.person(case.officer.organisation_id, Role.PLACEMENT_OFFICER)
    member = await world.person(case.firm.id, Role.ADMINISTRATOR)
    for ours, theirs, day in (
        ((case.officer, officer), (case.member, member), "2026-09-01"),
        ((case.member, member), (case.officer, officer), "2026-10-01"),
    ):
        uplift = await case.proposed(ours[0], BY_TEN, day)
        before = await everything(case)
        for who in ours:
            assert codes(await case.answered(who, "upliftAgree", uplift)) == ["OTHER_SIDE_DECIDES"]
            assert codes(await case.answered(who, "upliftRefuse", uplift, "No.")) == ["OTHER_SIDE_DECIDES"]
        for who in theirs:
            assert codes(await case.answered(who, "upliftWithdraw", uplift)) == ["OTHER_SIDE_DECIDES"]
        assert await everything(case) == before
        for who, can in ((ours[1], ["WITHDRAW"]), (theirs[1], ["AGREE", "REFUSE"])):
            shown = (await world.gql(who, CHAIN, id=case.ids["ipa"]))["ipa"]["uplifts"][-1]
            assert shown["can"] == can
        assert (await case.answered(ours[1], "upliftWithdraw", uplift))["uplift"]["status"] == "WITHDRAWN"
        assert codes(await case.answered(theirs[0], "upliftAgree", uplift)) == ["UPLIFT_CLOSED"]


# S-090, S-093
async def test_refusing_takes_a_reason_that_the_other_side_reads(world: World) -> None:
    case = await signed(world)
    uplift = await case.proposed(case.member, BY_TEN, "2026-09-01")
    for blank in ("", " \n\t"):
        assert codes(await case.answered(case.officer, "upliftRefuse", uplift, blank)) == ["REASON_REQUIRED"]
    done = await case.answered(case.officer, "upliftRefuse", uplift, "Not in the budget.")
    assert done["uplift"]["status"] == "REFUSED"
    asked = "query ($id: UUID!) { uplift(id: $id) { status refuseReason closedByName can } }"
    assert (await world.gql(case.member, asked, id=uplift["id"]))["uplift"] == {
        "status": "REFUSED", "refuseReason": "Not in the budget.", "closedByName": "Olu Officer", "can": [],
    }  # fmt: skip
    assert (await case.fee(case.member, "2026-09-01"))["coreFeeWeekly"] == "4100.00"
    assert (await case.proposed(case.member, {"percentage": "5"}, "2026-09-01"))["feeAfter"] == "4305.00"


# S-090
async def test_one_is_open_at_a_time_and_each_begins_after_those_agreed(world: World) -> None:
    case = await signed(world)
    first = await case.proposed(case.member, BY_TEN, "2026-09-01")
    document = PROPOSE.replace(
        "problems { code message path }", "problems { code path ... on AlreadyExists { existingId } }"
    )
    for who in (case.member, case.officer):
        asked = {"rise": BY_TEN, "effectiveFrom": "2026-10-01", "reason": "Again."}
        payload = (await world.gql(who, document, ipa=case.ids["ipa"], input=asked, key=str(uuid4())))["upliftPropose"]
        assert payload["problems"] == [{"code": "UPLIFT_EXISTS", "path": ["ipaId"], "existingId": first["id"]}]
    await case.answered(case.officer, "upliftAgree", first)
    for day in ("2026-06-15", "2026-08-31", "2026-09-01"):
        assert codes(await case.tried(case.member, BY_TEN, day)) == ["UPLIFT_OUT_OF_ORDER"]
    assert await world.count("uplift") == 1
    assert (await case.proposed(case.member, BY_TEN, "2026-09-02"))["feeBefore"] == "4510.00"


WRONG: list[tuple[dict[str, str], str, str, str, list[str]]] = [
    ({"percentage": "0"}, "2026-09-01", "Wages.", "PERCENTAGE_REFUSED", ["input", "rise", "percentage"]),
    ({"percentage": "-1"}, "2026-09-01", "Wages.", "PERCENTAGE_REFUSED", ["input", "rise", "percentage"]),
    ({"percentage": "100.01"}, "2026-09-01", "Wages.", "PERCENTAGE_REFUSED", ["input", "rise", "percentage"]),
    ({"percentage": "3.501"}, "2026-09-01", "Wages.", "PERCENTAGE_REFUSED", ["input", "rise", "percentage"]),
    ({"percentage": "NaN"}, "2026-09-01", "Wages.", "PERCENTAGE_REFUSED", ["input", "rise", "percentage"]),
    ({"amount": "NaN"}, "2026-09-01", "Wages.", "INVALID_AMOUNT", ["input", "rise", "amount"]),
    ({"amount": "0"}, "2026-09-01", "Wages.", "INVALID_AMOUNT", ["input", "rise", "amount"]),
    ({"amount": "-1"}, "2026-09-01", "Wages.", "INVALID_AMOUNT", ["input", "rise", "amount"]),
    ({"amount": "1.001"}, "2026-09-01", "Wages.", "INVALID_AMOUNT", ["input", "rise", "amount"]),
    ({"amount": "1000000.01"}, "2026-09-01", "Wages.", "INVALID_AMOUNT", ["input", "rise", "amount"]),
    ({"amount": "999999.00"}, "2026-09-01", "Wages.", "UPLIFT_TOO_HIGH", ["input", "rise"]),
    (BY_TEN, "2026-06-14", "Wages.", "UPLIFT_BACKDATED", ["input", "effectiveFrom"]),
    (BY_TEN, "2031-06-16", "Wages.", "UPLIFT_TOO_FAR_AHEAD", ["input", "effectiveFrom"]),
    (BY_TEN, "2026-09-01", " \n", "REASON_REQUIRED", ["input", "reason"]),
]


# S-088, S-090
async def test_what_cannot_be_asked_for_is_refused_and_every_fault_is_told_at_once(world: World) -> None:
    case = await signed(world)
    before = await everything(case)
    for rise, start, reason, code, path in WRONG:
        (problem,) = (await case.tried(case.member, rise, start, reason=reason))["problems"]
        assert (problem["code"], problem["path"]) == (code, path)
    payload = await case.tried(case.member, {"percentage": "0"}, "2026-06-14", reason="")
    assert codes(payload) == ["PERCENTAGE_REFUSED", "UPLIFT_BACKDATED", "REASON_REQUIRED"]
    for nothing in ({}, {"percentage": "1", "amount": "1"}, {"percentage": "ten"}):
        asked = {"rise": nothing, "effectiveFrom": "2026-09-01", "reason": "Wages."}
        await world.error(case.member, PROPOSE, ipa=case.ids["ipa"], input=asked, key=str(uuid4()))
    assert await everything(case) == before


# S-090, S-100
async def test_the_other_side_is_told_and_the_colleagues_screens_change_without_a_bell(world: World) -> None:
    case = await signed(world)
    officer = await world.person(case.officer.organisation_id, Role.ADMINISTRATOR)
    member = await world.person(case.firm.id, Role.ADMINISTRATOR)
    authority, provider = {case.officer.person_id, officer.person_id}, {case.member.person_id, member.person_id}
    uplift = await case.proposed(case.member, BY_TEN, "2026-09-01")
    assert await told(case, "UPLIFT_PROPOSED") == authority
    await case.answered(case.officer, "upliftAgree", uplift)
    assert await told(case, "UPLIFT_AGREED") == provider
    uplift = await case.proposed(case.officer, BY_TEN, "2026-10-01")
    await case.answered(case.member, "upliftRefuse", uplift, "Too little.")
    assert await told(case, "UPLIFT_REFUSED") == authority
    uplift = await case.proposed(case.officer, BY_TEN, "2026-10-01")
    await case.answered(officer, "upliftWithdraw", uplift)
    assert await told(case, "UPLIFT_WITHDRAWN") == provider
    heard = await world.sql(
        "SELECT e.kind, n.person_id FROM inbox_entry n JOIN event e ON e.id = n.event_id"
        " WHERE e.subject_kind = 'UPLIFT' AND n.notice IS NULL"
    )
    silent = {
        kind: {row["person_id"] for row in heard if row["kind"] == kind} for kind in ("uplift.agree", "uplift.refuse")
    }
    assert silent["uplift.agree"] >= authority
    assert silent["uplift.refuse"] >= provider
    said = str(await world.sql("SELECT payload FROM event WHERE subject_kind = 'UPLIFT'")).replace(case.ids["ipa"], "")
    assert not [word for word in ("Ana", "Żak", "Wages", "little", "4100", "4510") if word in said]


# S-052, S-090
async def test_what_waits_for_an_answer_is_counted_and_listed_for_those_who_answer(world: World) -> None:
    case = await signed(world)
    reader = await world.person(case.officer.organisation_id, Role.READ_ONLY)

    async def waiting(who: Viewer) -> int:
        number = (await world.gql(who, PENDING))["viewer"]["pending"]["upliftsToAnswer"]
        return int(number)

    people = (case.officer, case.member, case.authority_signatory, case.provider_signatory, reader)
    assert [await waiting(who) for who in people] == [0, 0, 0, 0, 0]
    uplift = await case.proposed(case.member, BY_TEN, "2026-09-01")
    assert [await waiting(who) for who in people] == [1, 0, 0, 0, 0]
    mine = {"filter": {"awaitingAnswer": True}}
    assert (await world.gql(case.officer, LIST, **mine))["uplifts"]["nodes"][0]["id"] == uplift["id"]
    assert (await world.gql(case.member, LIST, **mine))["uplifts"]["totalCount"] == 0
    await case.answered(case.officer, "upliftAgree", uplift)
    await case.proposed(case.officer, BY_TEN, "2026-10-01")
    assert [await waiting(who) for who in people] == [0, 1, 0, 0, 0]
    for status, number in (("AGREED", 1), ("PROPOSED", 1), ("REFUSED", 0)):
        for who in people:
            given = {"filter": {"status": [status], "ipaId": case.ids["ipa"]}}
            assert (await world.gql(who, LIST, **given))["uplifts"]["totalCount"] == number


# S-078, S-090, S-108
@pytest.mark.parametrize("by_offer", [False, True])
async def test_what_is_open_ends_with_the_agreement_and_what_was_agreed_stays(world: World, by_offer: bool) -> None:
    case = await signed(world)
    agreed = await case.agreed(BY_TEN, "2026-09-01")
    opened = await case.proposed(case.member, BY_TEN, "2026-10-01")
    if by_offer:
        (row,) = await world.sql("SELECT version FROM offer")
        await case.with_offer(case.officer, "offerVoid", row["version"], 'reason: "The plan has changed."')
    else:
        await case.well(case.officer, "ipaVoid", 'reason: "The plan has changed."')
    for who in (case.officer, case.member, case.provider_signatory):
        shown = (await world.gql(who, CHAIN, id=case.ids["ipa"]))["ipa"]["uplifts"]
        assert [(each["id"], each["status"], each["can"]) for each in shown] == [
            (agreed["id"], "AGREED", []),
            (opened["id"], "ENDED", []),
        ]
    for who, act in ((case.officer, "upliftAgree"), (case.member, "upliftWithdraw")):
        assert codes(await case.answered(who, act, opened)) == ["UPLIFT_CLOSED"]
    (event,) = await world.sql(
        "SELECT e.id, e.subject_id, e.version, u.version AS now FROM event e JOIN uplift u ON u.id = e.subject_id"
        " WHERE e.kind = 'uplift.end'"
    )
    assert (event["subject_id"], event["version"], event["now"]) == (UUID(opened["id"]), 2, 2)
    heard = await world.sql("SELECT person_id, notice FROM inbox_entry WHERE event_id = $1", event["id"])
    assert {(row["person_id"], row["notice"]) for row in heard} == {
        (case.officer.person_id, None),
        (case.authority_signatory.person_id, None),
        (case.member.person_id, None),
        (case.provider_signatory.person_id, None),
    }


# S-090
async def test_another_can_be_proposed_once_none_waits(world: World) -> None:
    case = await signed(world)

    async def open_to(who: Viewer) -> bool:
        return "PROPOSE_UPLIFT" in (await world.gql(who, CHAIN, id=case.ids["ipa"]))["ipa"]["can"]

    assert [await open_to(who) for who in (case.officer, case.member, case.provider_signatory)] == [True, True, False]
    uplift = await case.proposed(case.member, BY_TEN, "2026-09-01")
    assert [await open_to(who) for who in (case.officer, case.member)] == [False, False]
    assert "VOID" in (await world.gql(case.officer, CHAIN, id=case.ids["ipa"]))["ipa"]["can"]
    await case.answered(case.officer, "upliftAgree", uplift)
    assert [await open_to(who) for who in (case.officer, case.member)] == [True, True]


# S-106, S-118, S-090
async def test_the_signed_agreement_stays_byte_for_byte_what_it_was(world: World) -> None:
    case = await signed(world)

    async def kept() -> list[Any]:
        rows = [await world.sql(f"SELECT * FROM {table}") for table in ("ipa", "offer", "signature", "ipa_document")]
        return [*rows, await files_of(case), await bytes_of(case)]

    await worked_off(world)
    before = await kept()
    await case.agreed(BY_TEN, "2026-09-01")
    uplift = await case.proposed(case.officer, BY_TEN, "2026-10-01")
    await case.answered(case.member, "upliftRefuse", uplift, "Too little.")
    assert await kept() == before


# S-090, S-111
async def test_a_signed_agreement_lists_its_uplift_beside_files_that_stay_the_same(world: World) -> None:
    case = await signed(world)
    await worked_off(world)
    before = await shown(case)
    assert (before.pop("uplifts"), len(before["files"]), before["signedPdfSha256"] is None) == ([], 4, False)
    await case.agreed(BY_TEN, "2026-09-01")
    await worked_off(world)
    after = await shown(case)
    agreed = {"status": "AGREED", "effectiveFrom": "2026-09-01", "feeBefore": "4100.00", "feeAfter": "4510.00"}
    assert after.pop("uplifts") == [agreed]
    assert after == before


async def shown(case: Uplifting) -> dict[str, Any]:
    asked = """query ($id: UUID!) { ipa(id: $id) { pdfSha256 signedPdfSha256 contentHash files { kind sha256 }
      uplifts { status effectiveFrom feeBefore feeAfter } } }"""
    return dict((await case.world.gql(case.member, asked, id=case.ids["ipa"]))["ipa"])


# S-090
async def test_a_stale_version_and_a_repeated_key_do_nothing_more(world: World) -> None:
    case = await signed(world)
    key = str(uuid4())
    first = await case.tried(case.member, BY_TEN, "2026-09-01", key=key)
    again = await case.tried(case.member, BY_TEN, "2026-09-01", key=key)
    assert (again, await world.count("uplift")) == (first, 1)
    stale = {**first["uplift"], "version": 0}
    assert codes(await case.answered(case.officer, "upliftAgree", stale)) == ["STALE_VERSION"]
    (row,) = await world.sql("SELECT status, version FROM uplift")
    assert (row["status"], row["version"]) == ("PROPOSED", 1)


RIVALS = [
    ("upliftAgree", "upliftAgree"), ("upliftAgree", "upliftWithdraw"), ("upliftAgree", "upliftRefuse"),
    ("upliftRefuse", "upliftWithdraw"), ("upliftWithdraw", "upliftAgree"),
]  # fmt: skip


# S-090
async def test_of_two_at_once_exactly_one_comes_first(world: World) -> None:
    case = await signed(world)
    colleague = await world.person(case.officer.organisation_id, Role.PLACEMENT_OFFICER)
    for turn, (first, second) in enumerate(RIVALS * 2, 1):
        uplift = await case.proposed(case.member, BY_TEN, f"2026-09-{turn:02}")
        rivals = [
            (case.member if act == "upliftWithdraw" else answering, act, "No." if act == "upliftRefuse" else None)
            for act, answering in ((first, case.officer), (second, colleague))
        ]
        done = await asyncio.gather(*(case.answered(who, act, uplift, reason) for who, act, reason in rivals))
        assert sorted(len(payload["problems"]) for payload in done) == [0, 1]
        assert {code for payload in done for code in codes(payload)} <= {"UPLIFT_CLOSED", "STALE_VERSION"}
        told_of = "subject_id = $1 AND kind <> 'uplift.create'"
        assert await world.count("event", told_of, UUID(uplift["id"])) == 1


# S-090, S-108
async def test_nothing_stays_open_of_an_agreement_that_is_voided_meanwhile(world: World) -> None:
    case = await signed(world)
    uplift = await case.proposed(case.member, BY_TEN, "2026-09-01")
    colleague = await world.person(case.officer.organisation_id, Role.PLACEMENT_OFFICER)
    voided, agreed, again = await asyncio.gather(
        case.act(case.officer, "ipaVoid", 'reason: "The plan has changed."'),
        case.answered(colleague, "upliftAgree", uplift),
        case.tried(case.member, BY_TEN, "2026-10-01"),
    )
    assert codes(voided) == []
    (row,) = await world.sql("SELECT status FROM uplift WHERE id = $1", UUID(uplift["id"]))
    assert row["status"] == ("ENDED" if codes(agreed) else "AGREED")
    assert set(codes(again)) <= {"UPLIFT_EXISTS", "IPA_LOCKED"}
    assert await world.count("uplift", "status = 'PROPOSED'") == 0


# S-090
async def test_of_two_proposals_at_once_one_is_open(world: World) -> None:
    case = await signed(world)
    done = await asyncio.gather(
        case.tried(case.member, BY_TEN, "2026-09-01"), case.tried(case.officer, BY_TEN, "2026-10-01")
    )
    assert sorted(codes(payload) for payload in done) == [[], ["UPLIFT_EXISTS"]]
    assert await world.count("uplift") == 1
