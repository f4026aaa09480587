"""Signing for a colleague: only by an authority that stands, in its days, for its agreement, in code and database."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from pypdf import PdfReader

from models.lifecycle import Role, Side
from models.person import Viewer
from portal.database import asyncpg_dsn, standing
from tests.agreeing import Agreeing
from tests.authorising import Authorising, codes
from tests.people import REINSTATE, SUSPEND
from tests.sealing import bytes_of, seals_plainly, worked_off
from tests.waiting import until
from tests.world import World, as_app

BOTH = pytest.mark.parametrize("party", ["LOCAL_AUTHORITY", "PROVIDER"])
SIGNED = """query ($id: UUID!) { ipa(id: $id) { status can
  signatures { party name jobTitle organisation onBehalfOf authority delegationId consent } } }"""
WAITING = "{ ipasAwaitingMySignature { nodes { id } } viewer { pending { ipasToSign } } }"


async def waiting(world: World, who: Viewer) -> tuple[int, int]:
    seen = await world.gql(who, WAITING)
    return len(seen["ipasAwaitingMySignature"]["nodes"]), seen["viewer"]["pending"]["ipasToSign"]


# S-033, S-109
@BOTH
async def test_a_delegate_signs_and_the_signature_says_for_whom_and_by_which_authority(
    world: World, party: str
) -> None:
    case = await Authorising.for_party(world, party)
    made = await case.given()
    assert codes(await case.sign(made["id"])) == []
    seen = (await world.gql(case.signatory, SIGNED, id=case.agreeing.ids["ipa"]))["ipa"]
    (signature,) = seen["signatures"]
    assert (seen["status"], signature["party"]) == ("PARTLY_SIGNED", party)
    assert (signature["name"], signature["jobTitle"]) == ("Bea Birch", "Officer")
    assert signature["onBehalfOf"] == f"{case.signatory.name}, Officer"
    assert (signature["authority"], signature["delegationId"]) == (made["authority"], made["id"])
    assert f"for {case.signatory.name}, Officer under authority {made['reference']}" in signature["consent"]
    assert await world.count("event", "kind = 'agreement.sign_on_behalf' AND payload LIKE $1", f"%{made['id']}%") == 1


# S-033, S-116
async def test_a_signature_for_somebody_is_that_partys_and_completes_the_agreement(world: World) -> None:
    case = await Authorising.for_party(seals_plainly(world))
    made = await case.given()
    assert codes(await case.agreeing.sign(case.agreeing.authority_signatory)) == []
    assert codes(await case.sign(made["id"])) == []
    assert codes(await case.agreeing.sign(case.signatory, code=await case.fresh(case.signatory))) == ["IPA_LOCKED"]
    await worked_off(world)
    row = (await world.sql("SELECT status, provider_signed FROM ipa"))[0]
    assert (row["status"], row["provider_signed"]) == ("SIGNED", True)
    assert (await world.sql("SELECT status FROM referral"))[0]["status"] == "PLACED"
    sealed, certificate = (await bytes_of(case.agreeing))[2:]
    assert f"on behalf of {case.signatory.name}, Officer | {made['authority']}" in sealed.decode("latin-1")
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(certificate)).pages).split())
    assert f"{case.signatory.name}, Officer" in text
    assert made["reference"] in text
    assert await world.count("signature") == 2


# S-033, S-112
async def test_one_who_was_not_authorised_signs_for_nobody(world: World) -> None:
    case = await Authorising.for_party(world)
    made = await case.given()
    other = await world.person(case.signatory.organisation_id, Role.MEMBER)
    await case.agreeing.enrol(other)
    await case.agreeing.opened(other)
    assert codes(await case.sign(made["id"], other)) == ["NOT_A_SIGNATORY"]
    assert codes(await case.sign(made["id"], case.agreeing.authority_signatory)) == ["NOT_A_SIGNATORY"]
    assert codes(await case.sign(str(uuid4()))) == ["NOT_A_SIGNATORY"]
    mine = await case.agreeing.sign(case.colleague, code=await case.fresh(case.colleague))
    assert codes(mine) == ["NOT_A_SIGNATORY"]
    assert codes(await case.agreeing.sign(case.colleague, code="000000", behalf=made["id"])) == ["CODE_REFUSED"]
    assert await case.nothing_signed()
    assert await world.count("event", "kind LIKE 'agreement.sign%'") == 0


# S-033
async def test_a_revoked_or_expired_authority_or_one_that_has_not_begun_signs_nothing(world: World) -> None:
    case = await Authorising.for_party(world)
    later = await case.given(validFrom="2026-06-20", validUntil="2026-06-25")
    gone = await case.given()
    assert codes(await case.revoke(gone)) == []
    refused = await case.sign(gone["id"])
    assert refused["problems"] == [
        {"code": "DELEGATION_REVOKED", "message": "This authority has been revoked.", "path": ["input", "onBehalfOf"]}
    ]
    assert codes(await case.sign(later["id"])) == ["DELEGATION_NOT_IN_FORCE"]
    world.clock.goes_on(days=11)
    assert codes(await case.sign(later["id"])) == ["DELEGATION_EXPIRED"]
    assert await case.nothing_signed()
    world.clock.goes_on(days=-2)
    assert codes(await case.sign(later["id"])) == []


# S-033
async def test_an_authority_for_one_agreement_signs_no_other(world: World) -> None:
    case = await Authorising.for_party(world)
    first = case.agreeing.ids["ipa"]
    made = await case.given(ipaId=first, validUntil=None)
    await another_agreement(case.agreeing)
    await case.agreeing.opened(case.colleague)
    assert case.agreeing.ids["ipa"] != first
    assert await waiting(world, case.colleague) == (1, 1)
    assert codes(await case.sign(made["id"])) == ["NOT_A_SIGNATORY"]
    seen = (await world.gql(case.colleague, SIGNED, id=case.agreeing.ids["ipa"]))["ipa"]
    assert "SIGN_ON_BEHALF" not in seen["can"]
    case.agreeing.ids["ipa"] = first
    assert codes(await case.sign(made["id"])) == []
    assert await waiting(world, case.colleague) == (0, 0)


async def another_agreement(agreeing: Agreeing) -> None:
    """Another child's, between the same parties."""
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
        await step()
    await agreeing.ready()


# S-033, TRUST H5: a power that its owner does not have at present is nobody's to use
async def test_it_rests_while_its_principal_may_not_sign(world: World) -> None:
    case = await Authorising.for_party(world)
    made = await case.given()
    recorded = (await case.record())["delegation"]
    principal = str(case.signatory.person_id)
    (row,) = await world.sql("SELECT version FROM person WHERE id = $1", case.signatory.person_id)
    suspended = await world.do(case.administrator, SUSPEND, id=principal, version=row["version"])
    (listed,) = await case.listed(case.colleague, inForce=True)
    assert listed["id"] == recorded["id"]
    refused = await case.sign(made["id"])
    assert codes(refused) == ["DELEGATION_NOT_IN_FORCE"]
    assert case.signatory.name in refused["problems"][0]["message"]
    assert await case.nothing_signed()
    await world.do(case.administrator, REINSTATE, id=principal, version=suspended["account"]["version"])
    await world.sql("UPDATE person SET roles = '{MEMBER}' WHERE id = $1", case.signatory.person_id)
    assert codes(await case.sign(made["id"])) == ["DELEGATION_NOT_IN_FORCE"]
    await world.sql("UPDATE person SET roles = '{SIGNATORY}' WHERE id = $1", case.signatory.person_id)
    assert codes(await case.sign(made["id"])) == []


# S-033, S-113
async def test_whoever_may_sign_for_somebody_hears_and_sees_that_an_agreement_is_ready(world: World) -> None:
    agreeing = await Agreeing.among(world)
    authority = agreeing.officer.organisation_id
    reader, other = [await world.person(authority, Role.READ_ONLY) for _ in range(2)]
    case = Authorising(agreeing, agreeing.authority_signatory, reader, agreeing.officer)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
        await step()
    made = await case.given()
    assert await waiting(world, reader) == (0, 0)
    await agreeing.ready()
    assert (await case.heard(reader, "IPA_READY_TO_SIGN"), await case.heard(other, "IPA_READY_TO_SIGN")) == (1, 0)
    assert (await waiting(world, reader), await waiting(world, other)) == ((1, 1), (0, 0))
    await agreeing.enrol(reader)
    opened = await agreeing.opened(reader)
    assert opened["download"]["url"]
    seen = (await world.gql(reader, SIGNED, id=agreeing.ids["ipa"]))["ipa"]
    assert seen["can"] == ["OPEN", "SIGN_ON_BEHALF"]
    assert (await world.gql(other, SIGNED, id=agreeing.ids["ipa"]))["ipa"]["can"] == ["OPEN"]
    assert codes(await case.revoke(made)) == []
    assert await waiting(world, reader) == (0, 0)
    await agreeing.opened(agreeing.provider_signatory)
    assert codes(await agreeing.sign(agreeing.provider_signatory)) == []
    assert await case.heard(reader, "IPA_SIGNED") == 0


# S-033
async def test_of_revoking_and_signing_at_once_whichever_is_first_decides(world: World) -> None:
    case = await Authorising.for_party(world)
    orders = set()
    for turn in range(8):
        made = await case.given()
        code = await case.fresh(case.colleague)
        signing = case.agreeing.sign(case.colleague, code=code, behalf=made["id"])
        revoking = case.revoke(made)
        both = (signing, revoking) if turn % 2 else (revoking, signing)
        answers = await asyncio.gather(*both)
        signed, revoked = answers if turn % 2 else answers[::-1]
        assert codes(revoked) == []
        assert codes(signed) in ([], ["DELEGATION_REVOKED"])
        kept = await world.sql("SELECT delegation_id FROM signature")
        assert [str(row["delegation_id"]) for row in kept] == ([made["id"]] if codes(signed) == [] else [])
        orders.add(not codes(signed))
        if kept:
            break
    assert orders


async def somebody_waits(world: World) -> int:
    """For a row that another transaction holds."""
    return await world.count("pg_stat_activity", "datname = current_database() AND wait_event_type = 'Lock'")


# S-033
async def test_a_revocation_that_is_under_way_is_waited_for(world: World) -> None:
    case = await Authorising.for_party(world)
    made = await case.given()
    async with standing_as(world, case.signatory) as holder:
        await holder.execute(
            "UPDATE delegation SET status = 'REVOKED', version = version + 1, revoked_at = now() WHERE id = $1",
            UUID(made["id"]),
        )
        signing = asyncio.create_task(case.sign(made["id"]))
        await until(lambda: somebody_waits(world))
        assert not signing.done()
    assert codes(await signing) == ["DELEGATION_REVOKED"]
    assert await case.nothing_signed()


# S-033
async def test_a_signature_that_is_under_way_is_waited_for(world: World) -> None:
    case = await Authorising.for_party(world)
    made = await case.given()
    async with standing_as(world, case.colleague) as holder:
        await holder.execute("SELECT FROM delegation WHERE id = $1 FOR SHARE", UUID(made["id"]))
        revoking = asyncio.create_task(case.revoke(made))
        await until(lambda: somebody_waits(world))
        assert not revoking.done()
    assert codes(await revoking) == []


# ── the database refuses it too ──────────────────────────────────────────────
@asynccontextmanager
async def standing_as(world: World, viewer: Viewer) -> AsyncIterator[Any]:
    """A connection of the portal's role standing as the viewer; what is done in it is committed."""
    connection = await asyncpg.connect(asyncpg_dsn(as_app(world.dsn)))
    try:
        async with connection.transaction():
            await connection.execute(standing(viewer, world.clock.now))
            yield connection
    finally:
        await connection.close()


SIGNATURE = """INSERT INTO signature (ipa_id, party, la_id, provider_id, person_id, name, job_title, organisation,
  on_behalf_of, method, consent, consent_sha256, code_step, session_id, ipa_version, content_hash, pdf_sha256, at,
  delegation_id, authority, audit_seq, audit_head)
  SELECT i.id, $1, i.la_id, i.provider_id, {person}, $3, {job}, {organisation}, {behalf}, 'x', {consent},
  encode(sha256(convert_to({digested}, 'UTF8')), 'hex'), {step}, {session}, 1, i.content_hash, i.pdf_sha256, $5,
  {delegation}, {authority}, 7, 'forged' FROM ipa i WHERE $2::uuid IS NOT NULL AND $4::uuid IS NOT NULL
  AND $6::text IS NOT NULL"""


async def refused_by_database(case: Authorising, who: Viewer, delegation: str | None, **forged: str) -> str:
    """The state with which the database refuses a signature that a buggy portal would write."""
    given = {
        **dict.fromkeys(("behalf", "delegation", "authority"), "NULL"),
        "consent": "'x'", "person": "$2", "job": "'Officer'", "organisation": "$6", "session": "$4",
        "step": "(SELECT last_step FROM credential WHERE person_id = $2)",
    }  # fmt: skip
    if delegation:
        held = f"FROM delegation WHERE id = '{delegation}'"
        given |= {
            "behalf": f"(SELECT concat_ws(', ', principal_name, principal_job_title) {held})",
            "delegation": f"'{delegation}'::uuid", "authority": f"(SELECT authority {held})",
            "consent": f"(SELECT 'I sign under ' || reference {held})",
        }  # fmt: skip
    given = {**given, **forged}
    statement = SIGNATURE.format(**{"digested": given["consent"], **given})
    values = (who.side, who.person_id, who.name, who.session_id, case.world.clock.now, who.organisation_name)
    try:
        async with standing_as(case.world, who) as connection:
            await connection.execute(statement, *values)
            flag = "authority_signed" if who.side is Side.LOCAL_AUTHORITY else "provider_signed"
            await connection.execute(
                f"UPDATE ipa SET status = 'PARTLY_SIGNED', {flag} = true, version = version + 1, "
                "signed_pdf_sha256 = repeat('0', 64)"
            )
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    return "signed"


# S-033, S-112
async def test_the_database_takes_no_signature_without_right_or_authority(world: World) -> None:
    case = await Authorising.for_party(world)
    made, later = await case.given(), await case.given(validFrom="2026-07-01")
    gone = await case.given()
    assert codes(await case.revoke(gone)) == []
    stranger = await world.person(case.signatory.organisation_id, Role.MEMBER)
    assert await refused_by_database(case, case.colleague, None) == "PT409"
    assert await refused_by_database(case, case.colleague, later["id"]) == "PT409"
    assert await refused_by_database(case, case.colleague, gone["id"]) == "PT409"
    assert await refused_by_database(case, stranger, made["id"]) == "PT409"
    assert await refused_by_database(case, case.colleague, made["id"], behalf="'Somebody, Else'") == "PT409"
    assert await refused_by_database(case, case.colleague, made["id"], authority="'x'") == "PT409"
    assert await refused_by_database(case, case.signatory, None, behalf="'Somebody'") == "23514"
    await world.sql("UPDATE person SET roles = '{MEMBER}' WHERE id = $1", case.signatory.person_id)
    assert await refused_by_database(case, case.colleague, made["id"]) == "PT409"
    assert await case.nothing_signed()
    await world.sql("UPDATE person SET roles = '{SIGNATORY}' WHERE id = $1", case.signatory.person_id)
    assert await refused_by_database(case, case.colleague, made["id"]) == "signed"


# TRUST H1, H2: evidence that is not right, each in one way
@pytest.mark.parametrize(
    "forged",
    [
        {"step": "1"}, {"session": "gen_random_uuid()"}, {"consent": "'I sign'"},
        {"job": "'Director'"}, {"organisation": "'Somebody Ltd'"},
    ],
    ids=["a code that was not spent", "another session", "no authority named", "job", "organisation"],
)  # fmt: skip
async def test_the_database_takes_no_signature_with_other_evidence(world: World, forged: dict[str, str]) -> None:
    case = await Authorising.for_party(world)
    made = await case.given()
    assert await refused_by_database(case, case.colleague, made["id"], **forged) == "PT409"
    assert await case.nothing_signed()


# TRUST H1, S-106
async def test_what_the_database_counts_itself_nobody_forges(world: World) -> None:
    """Whatever comes with a signature, of an earlier release say: the hash of the consent is its hash, and what is
    printed at the end is not kept.
    """
    case = await Authorising.for_party(world)
    assert await refused_by_database(case, case.colleague, (await case.given())["id"], digested="'forged'") == "signed"
    (kept,) = await world.sql(
        "SELECT consent, consent_sha256, signed_pdf_sha256 FROM signature s JOIN ipa ON id = ipa_id"
    )
    assert kept["consent_sha256"] == sha256(kept["consent"].encode()).hexdigest()
    assert kept["signed_pdf_sha256"] is None


# TRUST H2
async def test_the_database_takes_no_signature_of_somebody_who_has_not_read_it(world: World) -> None:
    case = await Authorising.for_party(world)
    other = await world.person(case.signatory.organisation_id, Role.MEMBER)
    await case.agreeing.enrol(other)
    made = await case.given(delegateId=str(other.person_id))
    assert await refused_by_database(case, other, made["id"]) == "PT409"
    assert await case.nothing_signed()
    await case.agreeing.opened(other)
    assert await refused_by_database(case, other, made["id"]) == "signed"


FORGED = """INSERT INTO delegation (id, organisation_id, side, reference, principal_id, principal_name, delegate_id,
  delegate_name, valid_from, valid_until, authority, status, version, given_at, given_by_id, given_by_name, code_step,
  session_id, ipa_id, document_id, document_name, document_sha256)
  VALUES (gen_random_uuid(), $1, $2, gen_random_uuid()::text, {principal}, 'x', {delegate}, 'x', {first}, {last}, 'x',
  {status}, 1, now(), {giver}, 'x', 1, $3, {ipa}, {document}, {document_name}, {document_sha})"""


async def forged(case: Authorising, who: Viewer, **different: str) -> str:
    """What the database says to an authority that a buggy portal would write for a signatory."""
    given = {
        "principal": f"'{who.person_id}'", "giver": f"'{who.person_id}'", "delegate": f"'{case.colleague.person_id}'",
        "first": "'2026-06-15'", "last": "'2026-12-31'", "status": "'GIVEN'", "ipa": "NULL", "document": "NULL",
        "document_name": "NULL", "document_sha": "NULL", **different,
    }  # fmt: skip
    try:
        async with standing_as(case.world, who) as connection:
            await connection.execute(FORGED.format(**given), who.organisation_id, who.side, who.session_id)
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    return "given"


# S-033
async def test_the_database_takes_no_authority_that_could_not_be_given(world: World) -> None:
    case = await Authorising.for_party(world)
    officer, who = case.agreeing.officer, case.signatory
    colleague, admin = f"'{case.colleague.person_id}'", f"'{case.administrator.person_id}'"
    paper = await case.agreeing.paper(officer.organisation_id, officer, "OTHER")
    foreign = {"document": f"'{paper}'", "document_name": "'x'", "document_sha": f"'{'ab' * 32}'", "principal": "NULL"}
    refused = {
        "to oneself": await forged(case, who, delegate=f"'{who.person_id}'"),
        "across organisations": await forged(case, who, delegate=f"'{officer.person_id}'"),
        "longer than a year": await forged(case, who, last="'2027-06-16'"),
        "backwards": await forged(case, who, last="'2026-06-14'"),
        "in somebody else's name": await forged(case, case.colleague, principal=f"'{who.person_id}'"),
        "by nobody who may sign": await forged(case, case.colleague, delegate=admin),
        "passed on": await forged(case, case.administrator),
        "without a document": await forged(case, case.administrator, principal="NULL"),
        "with somebody else's document": await forged(case, case.administrator, **foreign),
        "revoked at birth": await forged(case, who, status="'REVOKED'"),
        "for somebody else's agreement": await forged(case, who, ipa="gen_random_uuid()"),
        "recorded by a colleague": await forged(case, case.colleague, **foreign, delegate=admin),
        "in a giver's name": await forged(case, case.administrator, giver=f"'{who.person_id}'", delegate=colleague),
    }  # fmt: skip
    assert {name for name, state in refused.items() if state == "given"} == set()
    assert set(refused.values()) <= {"PT409", "23503", "23514", "42501"}
    assert await world.count("delegation") == 0
    assert await forged(case, who) == "given"


# S-033
async def test_the_database_changes_nothing_of_an_authority_but_that_it_is_revoked(world: World) -> None:
    case = await Authorising.for_party(world)
    made = await case.given()
    before = await world.sql("SELECT * FROM delegation")
    stranger = await world.person((await world.provider()).id, Role.ADMINISTRATOR)
    tries = [
        (case.signatory, "UPDATE delegation SET valid_until = '2027-01-01'"),
        (case.signatory, "UPDATE delegation SET delegate_id = principal_id"),
        (case.signatory, "UPDATE delegation SET authority = 'x'"),
        (case.signatory, "DELETE FROM delegation"),
        (case.signatory, "TRUNCATE delegation CASCADE"),
        (case.colleague, REVOKED),
        (stranger, REVOKED),
    ]
    for who, statement in tries:
        assert await done(case, who, statement) in ("42501", "PT409", "UPDATE 0"), statement
    assert await world.sql("SELECT * FROM delegation") == before
    assert codes(await case.revoke(made)) == []
    back = "UPDATE delegation SET status = 'GIVEN', revoked_at = NULL"
    assert await done(case, case.signatory, back) == "PT409"


REVOKED = "UPDATE delegation SET status = 'REVOKED', revoked_at = now()"


async def done(case: Authorising, who: Viewer, statement: str) -> str:
    """What the database says to a statement: its state where it refuses, else what came of it."""
    try:
        async with standing_as(case.world, who) as connection:
            return str(await connection.execute(statement))
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
