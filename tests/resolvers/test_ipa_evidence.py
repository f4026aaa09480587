"""What stands behind a signature: shown before, kept with it, and refused where it is not right (TRUST H1, H2)."""

from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from models.lifecycle import Role
from tests.agreeing import SIGN, Agreeing
from tests.authorising import Authorising, codes
from tests.people import SUSPEND
from tests.world import World

CONSENTS = "query ($id: UUID!) { ipa(id: $id) { consents { delegationId onBehalfOf authority words } } }"
OWN = "I have read this agreement and sign it on behalf of my organisation, which intends to be bound by it."


async def ready(world: World) -> Agreeing:
    return await (await Agreeing.among(world)).to_sign()


async def shown(agreeing: Agreeing, who: Any) -> list[dict[str, Any]]:
    return list((await agreeing.world.gql(who, CONSENTS, id=agreeing.ids["ipa"]))["ipa"]["consents"])


async def last_step(agreeing: Agreeing, who: Any) -> int:
    rows = await agreeing.world.sql("SELECT last_step FROM credential WHERE person_id = $1", who.person_id)
    return int(rows[0]["last_step"])


# TRUST H2
async def test_a_signature_keeps_everything_by_which_it_can_be_proved(world: World) -> None:
    agreeing = await ready(world)
    who = agreeing.provider_signatory
    code = agreeing.code(who)
    assert codes(await agreeing.sign(who, code=code)) == []
    (kept,) = await world.sql("SELECT * FROM signature")
    (row,) = await world.sql("SELECT * FROM ipa")
    assert (kept["person_id"], kept["name"], kept["job_title"]) == (who.person_id, "Dev Director", "Officer")
    assert (kept["party"], kept["organisation"]) == ("PROVIDER", who.organisation_name)
    assert (kept["session_id"], kept["address"], kept["agent"]) == (who.session_id, "192.0.2.1", "a test")
    assert (kept["method"], kept["code_step"]) == ("AUTHENTICATOR_CODE", await last_step(agreeing, who))
    assert (kept["content_hash"], kept["pdf_sha256"]) == (row["content_hash"], row["pdf_sha256"])
    assert (kept["consent"], kept["consent_sha256"]) == (OWN, sha256(OWN.encode()).hexdigest())
    assert kept["at"] == world.clock.now


# TRUST H2, H6: whoever has the record of events can tell where a signature belongs in it
async def test_a_signature_keeps_where_the_record_of_events_stood_and_its_own_event_follows(world: World) -> None:
    agreeing = await ready(world)
    for signer in (agreeing.provider_signatory, agreeing.authority_signatory):
        assert codes(await agreeing.sign(signer)) == []
    found = await world.sql(
        """SELECT b.hash = decode(s.audit_head, 'hex') AND a.prev = b.hash AS joined
        FROM signature s JOIN event b ON b.stream = $1 AND b.seq = s.audit_seq
        JOIN event a ON a.stream = b.stream AND a.seq = b.seq + 1 AND a.kind = 'agreement.sign'
          AND a.actor_id = s.person_id""",
        UUID(agreeing.ids["referral"]),
    )
    assert [row["joined"] for row in found] == [True, True]


# S-033, TRUST H2
async def test_the_words_are_shown_before_signing_and_are_the_ones_that_are_kept(world: World) -> None:
    case = await Authorising.for_party(world)
    agreeing = case.agreeing
    mine = {"delegationId": None, "onBehalfOf": None, "authority": None, "words": OWN}
    assert await shown(agreeing, case.signatory) == [mine]
    assert await shown(agreeing, case.colleague) == []
    made = await case.given()
    world.clock.goes_on(minutes=1)
    recorded = (await case.record())["delegation"]
    first, second = await shown(agreeing, case.colleague)
    assert (first["delegationId"], second["delegationId"]) == (made["id"], recorded["id"])
    assert (first["onBehalfOf"], second["onBehalfOf"]) == (f"{case.signatory.name}, Officer", "Cai Chair, Director")
    assert (first["authority"], second["authority"]) == (made["authority"], recorded["authority"])
    assert await shown(agreeing, case.signatory) == [mine]
    assert codes(await case.sign(recorded["id"])) == []
    (kept,) = await world.sql("SELECT consent FROM signature")
    assert kept["consent"] == second["words"]
    assert await shown(agreeing, case.colleague) == await shown(agreeing, case.signatory) == []
    assert await shown(agreeing, agreeing.authority_signatory) == [mine]


async def test_nobody_is_asked_to_consent_to_what_cannot_be_signed_yet(world: World) -> None:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
        await step()
    assert await shown(agreeing, agreeing.authority_signatory) == []
    assert await shown(agreeing, agreeing.officer) == []


# S-109, S-025
async def test_a_code_used_for_anything_a_moment_ago_is_told_from_a_wrong_one(world: World) -> None:
    case = await Authorising.for_party(world)
    code = await case.fresh(case.signatory)
    await case.given(code=code)
    refused = await case.agreeing.sign(case.signatory, code=code)
    assert refused["problems"] == [
        {
            "code": "CODE_USED", "path": ["input", "code"],
            "message": "This code has been used already, perhaps for signing in. Wait for the next one and try again.",
        }
    ]  # fmt: skip
    assert codes(await case.agreeing.sign(case.signatory, code="000000")) == ["CODE_REFUSED"]
    assert await case.nothing_signed()
    assert codes(await case.agreeing.sign(case.signatory, code=await case.fresh(case.signatory))) == []


# TRUST H1
async def test_what_is_refused_spends_no_code(world: World) -> None:
    case = await Authorising.for_party(world)
    agreeing = case.agreeing
    other = await world.person(case.signatory.organisation_id, Role.SIGNATORY)
    await agreeing.enrol(other)
    gone = await case.given()
    assert codes(await case.revoke(gone)) == []
    code = await case.fresh(case.colleague)
    before = await last_step(agreeing, case.colleague)
    sign = agreeing.sign
    assert codes(await sign(case.colleague, code=code)) == ["NOT_A_SIGNATORY"]
    assert codes(await sign(case.colleague, code=code, behalf=gone["id"])) == ["DELEGATION_REVOKED"]
    assert codes(await sign(case.colleague, code=code, behalf=str(uuid4()))) == ["NOT_A_SIGNATORY"]
    assert await last_step(agreeing, case.colleague) == before
    assert codes(await sign(other)) == ["NOT_OPENED"]
    code = await case.fresh(case.signatory)
    assert codes(await sign(case.signatory, code=code, consent=False)) == ["INVALID_INPUT"]
    assert codes(await sign(case.signatory, code=code, hash="0" * 64)) == ["CONTENT_CHANGED"]
    assert (await last_step(agreeing, case.signatory), await last_step(agreeing, other)) == (0, 0)
    assert codes(await sign(case.signatory, code=code)) == []


# S-112
async def test_whoever_has_lost_the_right_signs_no_more(world: World) -> None:
    case = await Authorising.for_party(world)
    who = {"id": str(case.signatory.person_id)}
    (row,) = await world.sql("SELECT version FROM person WHERE id = $1", case.signatory.person_id)
    await world.sql("UPDATE person SET roles = '{MEMBER}' WHERE id = $1", case.signatory.person_id)
    assert codes(await case.agreeing.sign(case.signatory)) == ["NOT_A_SIGNATORY"]
    assert codes(await case.agreeing.act(case.signatory, "ipaRefuse", 'reason: "No."')) == ["NOT_A_SIGNATORY"]
    await world.do(case.administrator, SUSPEND, **who, version=row["version"])
    given = {"id": case.agreeing.ids["ipa"], "hash": "0" * 64, "code": "1", "consent": True, "key": str(uuid4())}
    assert await world.turned_away(case.signatory, SIGN, **given) == "UNAUTHENTICATED"
    assert await world.count("ipa_refusal") == 0
    assert await case.nothing_signed()
