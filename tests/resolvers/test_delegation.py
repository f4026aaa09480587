"""Authority to sign for a colleague: who gives it, to whom, for how long, and who ends it (S-033)."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from models.lifecycle import Role
from tests.agreeing import PROBLEMS
from tests.authorising import Authorising, codes
from tests.people import SUSPEND
from tests.world import World

MACHINE = """mutation { machineCreate(input: {name: "Case system"}) { account { id } problems { code } } }"""
BOTH = pytest.mark.parametrize("party", ["LOCAL_AUTHORITY", "PROVIDER"])


# S-033
@BOTH
async def test_a_signatory_of_either_party_authorises_a_colleague_who_is_told(world: World, party: str) -> None:
    case = await Authorising.for_party(world, party)
    made = await case.given()
    assert (made["principalName"], made["delegateName"]) == (case.signatory.name, "Bea Birch")
    assert (made["status"], made["inForce"], made["can"]) == ("GIVEN", True, ["REVOKE"])
    assert (made["validFrom"], made["validUntil"]) == ("2026-06-15", "2026-12-31")
    words = f"{made['reference']}, given by {case.signatory.name} in the portal on 15 June 2026"
    assert made["authority"] == words
    assert await case.heard(case.colleague, "DELEGATION_GIVEN") == 1
    assert await world.count("inbox_entry", "notice = 'DELEGATION_GIVEN'") == 1
    assert await world.count("event", "kind = 'delegation.give' AND payload NOT LIKE '%Birch%'") == 1
    (mine,) = await case.listed(case.colleague, toMe=True, inForce=True)
    assert (mine["id"], mine["can"]) == (made["id"], [])
    assert await case.listed(case.signatory, toMe=True) == []


# S-033
async def test_nobody_authorises_but_who_may_sign_and_nobody_passes_it_on(world: World) -> None:
    case = await Authorising.for_party(world)
    await case.given()
    other = await world.person(case.signatory.organisation_id, Role.MEMBER)
    for who in (case.colleague, case.administrator):
        refused = await case.give(who, delegateId=str(other.person_id))
        assert codes(refused) == ["NOT_A_SIGNATORY"]
    officer = case.agreeing.officer
    assert codes(await case.give(officer)) == ["NOT_A_SIGNATORY"]
    assert await world.count("delegation") == 1


# S-033
@BOTH
async def test_never_across_organisations_and_never_to_oneself(world: World, party: str) -> None:
    case = await Authorising.for_party(world, party)
    across = case.agreeing.member if party == "LOCAL_AUTHORITY" else case.agreeing.officer
    stranger = await world.person((await world.provider(managed_by="Birmingham")).id, Role.MEMBER)
    for who in (across.person_id, stranger.person_id, uuid4()):
        assert codes(await case.give(delegateId=str(who))) == ["NOT_FOUND"]
    assert codes(await case.give(delegateId=str(case.signatory.person_id))) == ["SAME_PERSON"]
    assert await world.count("delegation") == 0
    assert await world.count("inbox_entry", "notice = 'DELEGATION_GIVEN'") == 0


# S-033
async def test_only_somebody_who_can_sign_in_is_authorised(world: World) -> None:
    case = await Authorising.for_party(world, "LOCAL_AUTHORITY")
    (row,) = await world.sql("SELECT version FROM person WHERE id = $1", case.colleague.person_id)
    await world.do(case.administrator, SUSPEND, id=str(case.colleague.person_id), version=row["version"])
    assert codes(await case.give()) == ["ACCOUNT_NOT_ACTIVE"]
    machine = (await world.do(case.administrator, MACHINE))["account"]["id"]
    assert codes(await case.give(delegateId=machine)) == ["INVALID_INPUT"]
    assert await world.count("delegation") == 0


PERIODS: list[tuple[dict[str, Any], str | None]] = [
    ({"validFrom": "2026-06-15", "validUntil": "2026-06-15"}, None),
    ({"validFrom": "2026-06-15", "validUntil": "2027-06-15"}, None),
    ({"validFrom": "2026-09-01", "validUntil": "2027-09-01"}, None),
    ({"validFrom": "2026-06-14", "validUntil": "2026-07-01"}, "validFrom"),
    ({"validFrom": "2026-06-15", "validUntil": "2027-06-16"}, "validUntil"),
    ({"validFrom": "2026-07-02", "validUntil": "2026-07-01"}, "validUntil"),
    ({"validFrom": "2026-07-02", "validUntil": None}, "validUntil"),
    ({"validUntil": None}, "validUntil"),
]


# S-033
async def test_a_period_begins_today_or_later_and_lasts_a_year_at_most(world: World) -> None:
    case = await Authorising.for_party(world)
    for days, wrong in PERIODS:
        payload = await case.give(**days)
        assert [problem["path"][-1] for problem in payload["problems"]] == ([wrong] if wrong else []), days
    assert await world.count("delegation") == sum(wrong is None for _, wrong in PERIODS)


# S-033
async def test_days_are_those_of_london(world: World) -> None:
    case = await Authorising.for_party(world)
    world.clock.now = datetime(2026, 6, 15, 23, 30, tzinfo=UTC)  # the 16th has begun in London
    assert codes(await case.give(validFrom="2026-06-15")) == ["INVALID_INPUT"]
    made = await case.given(validUntil="2026-06-16")
    assert (made["validFrom"], made["inForce"]) == ("2026-06-16", True)
    world.clock.now = datetime(2026, 6, 16, 23, 0, tzinfo=UTC)
    (listed,) = await case.listed(case.signatory)
    assert (listed["inForce"], listed["status"]) == (False, "GIVEN")
    assert codes(await case.sign(made["id"])) == ["DELEGATION_EXPIRED"]
    assert await case.nothing_signed()


# S-033
async def test_for_one_agreement_it_names_that_one_and_no_days(world: World) -> None:
    case = await Authorising.for_party(world)
    agreement = case.agreeing.ids["ipa"]
    assert codes(await case.give(ipaId=agreement)) == ["INVALID_INPUT"]
    assert codes(await case.give(ipaId=str(uuid4()), validUntil=None)) == ["NOT_FOUND"]
    made = await case.given(ipaId=agreement, validUntil=None)
    assert (made["ipaId"], made["validUntil"]) == (agreement, "2027-06-15")
    assert codes(await case.agreeing.sign(case.signatory, code=await case.fresh(case.signatory))) == []
    assert codes(await case.give(ipaId=agreement, validUntil=None)) == ["ALREADY_SIGNED"]
    assert await world.count("delegation") == 1


# S-033
async def test_it_takes_a_fresh_code_that_has_not_been_used(world: World) -> None:
    case = await Authorising.for_party(world)
    assert codes(await case.give(code="000000")) == ["CODE_REFUSED"]
    assert await world.count("delegation") == 0
    code = await case.fresh(case.signatory)
    await case.given(code=code)
    assert codes(await case.give(code=code)) == ["CODE_USED"]
    recorded = await case.record(code="000000")
    assert codes(recorded) == ["CODE_REFUSED"]
    assert await world.count("delegation") == 1


# ── recorded by a document ───────────────────────────────────────────────────
# S-033
@BOTH
async def test_an_administrator_records_the_authority_of_somebody_without_access(world: World, party: str) -> None:
    case = await Authorising.for_party(world, party)
    payload = await case.record()
    made = payload["delegation"]
    assert payload["problems"] == []
    assert (made["principalId"], made["principalName"], made["principalJobTitle"]) == (None, "Cai Chair", "Director")
    assert (made["documentName"], made["documentSha256"]) == ("other.pdf", "ab" * 32)
    assert "recorded by Ada Admin on 15 June 2026 from the document other.pdf" in made["authority"]
    assert "ab" * 32 in made["authority"]
    assert await case.heard(case.colleague, "DELEGATION_GIVEN") == 1
    assert await world.count("event", "kind = 'delegation.record' AND payload NOT LIKE '%Cai%'") == 1
    (signed,) = (await case.sign(made["id"]))["ipa"]["signatures"]
    assert signed["name"] == "Bea Birch"


# S-033
async def test_only_an_administrator_records_and_not_for_themselves(world: World) -> None:
    case = await Authorising.for_party(world)
    assert codes(await case.record(case.signatory)) == ["FORBIDDEN"]
    assert codes(await case.record(case.colleague)) == ["FORBIDDEN"]
    assert codes(await case.record(delegateId=str(case.administrator.person_id))) == ["SAME_PERSON"]
    assert codes(await case.record(principalName="bea  birch")) == ["SAME_PERSON"]
    assert codes(await case.record(principalName=" ")) == ["INVALID_INPUT"]
    assert codes(await case.record(principalJobTitle="")) == ["INVALID_INPUT"]
    assert await world.count("delegation") == 0


# S-033
async def test_the_authorising_document_is_the_organisations_own_and_has_come(world: World) -> None:
    case = await Authorising.for_party(world)
    officer = case.agreeing.officer
    foreign = await case.agreeing.paper(officer.organisation_id, officer, "OTHER")
    assert codes(await case.record(documentId=str(foreign))) == ["NOT_FOUND"]
    own = await case.agreeing.paper(case.administrator.organisation_id, case.administrator, "OTHER")
    await world.sql("UPDATE document SET state = 'AWAITING_UPLOAD' WHERE id = $1", own)
    assert codes(await case.record(documentId=str(own))) == ["WRONG_STATE"]
    assert await world.count("delegation") == 0


# ── ending ───────────────────────────────────────────────────────────────────
# S-033
async def test_the_principal_or_an_administrator_revokes_it_and_the_delegate_is_told(world: World) -> None:
    case = await Authorising.for_party(world)
    first, second = await case.given(), await case.given()
    other = await world.person(case.signatory.organisation_id, Role.SIGNATORY, Role.MEMBER)
    for who in (case.colleague, other):
        assert codes(await case.revoke(first, who)) == ["FORBIDDEN"]
    assert codes(await case.revoke(first, case.agreeing.officer)) == ["NOT_FOUND"]
    done = await case.revoke(first, reason=" Back from leave. ")
    assert (done["delegation"]["status"], done["delegation"]["revokeReason"]) == ("REVOKED", "Back from leave.")
    assert (done["delegation"]["inForce"], done["delegation"]["can"]) == (False, [])
    assert await case.heard(case.signatory, "DELEGATION_REVOKED") == 0
    assert codes(await case.revoke(second, case.administrator)) == []
    assert await case.heard(case.colleague, "DELEGATION_REVOKED") == 2
    assert await case.heard(case.signatory, "DELEGATION_REVOKED") == 1
    assert codes(await case.revoke(done["delegation"])) == ["DELEGATION_REVOKED"]


# S-033
async def test_a_recorded_one_is_revoked_by_administrators_alone(world: World) -> None:
    case = await Authorising.for_party(world)
    made = (await case.record())["delegation"]
    for who in (case.signatory, case.colleague):
        refused = codes(await case.revoke(made, who))
        assert refused in (["FORBIDDEN"], ["NOT_FOUND"])
    assert codes(await case.revoke({**made, "version": 0}, case.administrator)) == ["STALE_VERSION"]
    assert codes(await case.revoke(made, case.administrator)) == []


# ── who sees it ──────────────────────────────────────────────────────────────
# S-030, S-033
async def test_the_organisation_sees_its_authorities_and_nobody_else_does(world: World) -> None:
    case = await Authorising.for_party(world)
    made = await case.given()
    assert [row["can"] for row in await case.listed(case.administrator)] == [["REVOKE"]]
    assert [row["can"] for row in await case.listed(case.agreeing.member)] == [[]]
    region = await world.person(await world.region(), Role.REGION_ADMIN)
    stranger = await world.person((await world.provider()).id, Role.ADMINISTRATOR, Role.SIGNATORY)
    document = "query ($id: UUID!) { delegation(id: $id) { id } node(id: $id) { id } }"
    for who in (case.agreeing.officer, region, stranger):
        assert await case.listed(who) == []
        assert await world.gql(who, document, id=made["id"]) == {"delegation": None, "node": None}
    seen = await world.gql(case.agreeing.member, document, id=made["id"])
    assert seen["node"] == seen["delegation"] == {"id": made["id"]}


# S-031, S-033
async def test_a_sign_only_person_authorises_by_address_and_sees_their_own_alone(world: World) -> None:
    case = await Authorising.for_party(world)
    other = await world.person(case.signatory.organisation_id, Role.SIGNATORY)
    await case.agreeing.enrol(other)
    (row,) = await world.sql("SELECT email FROM person WHERE id = $1", case.colleague.person_id)
    made = await case.given(delegateId=None, delegateEmail=f" {row['email'].upper()} ")
    assert made["delegateName"] == "Bea Birch"
    await case.given(other)
    assert [row["id"] for row in await case.listed(case.signatory)] == [made["id"]]
    assert len(await case.listed(case.colleague)) == 2
    both = await case.give(delegateEmail=row["email"])
    assert codes(both) == ["INVALID_INPUT"]
    assert codes(await case.give(delegateId=None, delegateEmail="nobody@example.org")) == ["NOT_FOUND"]
    assert (await world.gql(case.signatory, "{ accounts { totalCount } }"))["accounts"] == {"totalCount": 1}


# S-031, S-033
async def test_a_sign_only_person_who_is_authorised_is_told_of_that(world: World) -> None:
    case = await Authorising.for_party(world)
    director = await world.person(case.signatory.organisation_id, Role.SIGNATORY)
    made = await case.given(delegateId=str(director.person_id))
    question = """{ notifications { nodes { kind title subjectKind subjectId } } unreadNotifications
      timeline { nodes { kind } } }"""
    seen = await world.gql(director, question)
    assert seen["notifications"]["nodes"] == [
        {"kind": "DELEGATION_GIVEN", "title": f"Authority to sign for a colleague {made['reference']}",
         "subjectKind": "DELEGATION", "subjectId": made["id"]}
    ]  # fmt: skip
    assert seen["unreadNotifications"] == 1
    (mine,) = await case.listed(director, toMe=True)
    assert mine["inForce"] is True
    await case.given()
    again = await world.gql(director, question)
    assert len([row for row in again["timeline"]["nodes"] if row["kind"].startswith("delegation.")]) == 1


async def test_a_repeated_key_gives_the_first_authority_again(world: World) -> None:
    case = await Authorising.for_party(world)
    given = {"delegateId": str(case.colleague.person_id), "validUntil": "2026-12-31"}
    asked = {"key": str(uuid4()), "input": {**given, "code": await case.fresh(case.signatory)}}
    document = f"""mutation ($key: UUID!, $input: DelegationInput!) {{
      delegationGive(idempotencyKey: $key, input: $input) {{ delegation {{ id }} {PROBLEMS} }} }}"""
    first, again = await world.do(case.signatory, document, **asked), await world.do(case.signatory, document, **asked)
    assert first == again
    assert await world.count("delegation") == 1
    assert [row["id"] for row in await case.listed(case.signatory)] == [first["delegation"]["id"]]
