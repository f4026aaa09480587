"""Refusing to sign: a signatory's word, with a reason, after which nobody signs and the authority voids."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests.agreeing import Agreeing
from tests.authorising import Authorising, codes
from tests.resolvers.test_ipa_on_behalf import waiting
from tests.world import World

BOTH = pytest.mark.parametrize("party", ["LOCAL_AUTHORITY", "PROVIDER"])
SEEN = "query ($id: UUID!) { ipa(id: $id) { status can refusals { name organisation reason } } }"


async def refuse(agreeing: Agreeing, who: Any, reason: str = "The start date is wrong.") -> dict[str, Any]:
    return await agreeing.act(who, "ipaRefuse", "reason: $reason", reason=("String!", reason))


async def seen(agreeing: Agreeing, who: Any) -> dict[str, Any]:
    return dict((await agreeing.world.gql(who, SEEN, id=agreeing.ids["ipa"]))["ipa"])


@BOTH
async def test_both_sides_are_told_of_a_refusal_and_the_agreement_stays_as_it_is(world: World, party: str) -> None:
    case = await Authorising.for_party(world, party)
    agreeing, who = case.agreeing, case.signatory
    await case.given()
    (before,) = await world.sql("SELECT * FROM ipa")
    assert codes(await refuse(agreeing, who)) == []
    told = {agreeing.officer, agreeing.member, agreeing.authority_signatory, agreeing.provider_signatory} - {who}
    assert [await case.heard(each, "IPA_REFUSED") for each in (*told, case.colleague)] == [1, 1, 1, 1]
    assert await case.heard(who, "IPA_REFUSED") == 0
    assert (await world.sql("SELECT * FROM ipa"))[0] == before
    refusal = {"name": who.name, "organisation": who.organisation_name, "reason": "The start date is wrong."}
    for each in (agreeing.officer, agreeing.member, agreeing.provider_signatory):
        assert (await seen(agreeing, each))["refusals"] == [refusal]


# A refusal that was told to the other party is an answer. A signature after it would leave in doubt what was agreed.
@BOTH
async def test_after_a_refusal_nobody_signs_and_the_authority_voids(world: World, party: str) -> None:
    case = await Authorising.for_party(world, party)
    agreeing = case.agreeing
    made = await case.given()
    assert await waiting(world, agreeing.provider_signatory) == (1, 1)
    assert codes(await refuse(agreeing, case.signatory)) == []
    assert codes(await case.sign(made["id"])) == ["IPA_REFUSED"]
    for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
        refused = await agreeing.sign(signer, code=await case.fresh(signer))
        assert codes(refused) == ["IPA_REFUSED"]
        assert case.signatory.name in refused["problems"][0]["message"]
        assert await waiting(world, signer) == (0, 0)
    assert await waiting(world, case.colleague) == (0, 0)
    assert (await seen(agreeing, case.signatory))["can"] == ["OPEN"]
    assert "SIGN_ON_BEHALF" not in (await seen(agreeing, case.colleague))["can"]
    assert await case.nothing_signed()
    assert (await agreeing.well(agreeing.officer, "ipaVoid", 'reason: "Refused."'))["status"] == "VOIDED"


async def test_a_party_that_has_not_signed_may_refuse_what_the_other_has_signed(world: World) -> None:
    case = await Authorising.for_party(world)
    agreeing = case.agreeing
    assert codes(await agreeing.sign(agreeing.authority_signatory)) == []
    assert codes(await refuse(agreeing, agreeing.authority_signatory)) == ["ALREADY_SIGNED"]
    assert "REFUSE" not in (await seen(agreeing, agreeing.authority_signatory))["can"]
    assert codes(await refuse(agreeing, case.signatory)) == []
    assert codes(await agreeing.sign(case.signatory)) == ["IPA_REFUSED"]
    assert (await seen(agreeing, case.signatory))["status"] == "PARTLY_SIGNED"


# S-112
async def test_only_a_signatory_refuses_with_a_reason_and_once(world: World) -> None:
    case = await Authorising.for_party(world)
    agreeing = case.agreeing
    await case.given()
    for who in (agreeing.officer, agreeing.member, case.colleague, case.administrator):
        assert codes(await refuse(agreeing, who)) == ["NOT_A_SIGNATORY"]
    for reason in ("", " \n"):
        assert codes(await refuse(agreeing, case.signatory, reason)) == ["REASON_REQUIRED"]
    assert await world.count("ipa_refusal") == 0
    assert codes(await refuse(agreeing, case.signatory)) == []
    assert codes(await refuse(agreeing, case.signatory)) == ["ALREADY_REFUSED"]
    assert codes(await refuse(agreeing, agreeing.authority_signatory, "Nor do we.")) == []
    assert await world.count("ipa_refusal") == await world.count("event", "kind = 'agreement.refuse'") == 2


async def test_there_is_nothing_to_refuse_before_it_is_ready_or_once_it_is_signed_or_voided(world: World) -> None:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
        await step()
    assert codes(await refuse(agreeing, agreeing.authority_signatory)) == ["WRONG_STATE"]
    await agreeing.ready()
    for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
        await agreeing.opened(signer)
        assert codes(await agreeing.sign(signer)) == []
    assert codes(await refuse(agreeing, agreeing.provider_signatory)) == ["IPA_LOCKED"]
    await agreeing.well(agreeing.officer, "ipaVoid", 'reason: "Names were wrong."')
    assert codes(await refuse(agreeing, agreeing.provider_signatory)) == ["IPA_LOCKED"]
    assert await world.count("ipa_refusal") == 0


async def test_of_refusing_and_signing_at_once_whichever_is_first_decides(world: World) -> None:
    case = await Authorising.for_party(world)
    agreeing = case.agreeing
    one, other = await asyncio.gather(
        refuse(agreeing, agreeing.authority_signatory), agreeing.sign(agreeing.provider_signatory)
    )
    assert codes(one) == []
    assert codes(other) in ([], ["IPA_REFUSED"])
    assert await world.count("signature") == (not codes(other))


async def test_the_database_takes_no_refusal_of_somebody_who_could_not_sign(world: World) -> None:
    case = await Authorising.for_party(world)
    insert = """INSERT INTO ipa_refusal (id, ipa_id, la_id, provider_id, person_id, name, organisation, reason, at)
      SELECT gen_random_uuid(), i.id, la_id, provider_id, $2, p.name, o.name, $3, now()
      FROM ipa i, person p JOIN organisation o ON o.id = p.organisation_id WHERE i.id = $1 AND p.id = $2"""
    ipa = UUID(case.agreeing.ids["ipa"])
    for person, reason in ((case.colleague.person_id, "No."), (case.signatory.person_id, " ")):
        with pytest.raises(Exception, match="cannot refuse"):
            await world.sql(insert, ipa, person, reason)
    await world.sql(insert, ipa, case.signatory.person_id, "No.")
