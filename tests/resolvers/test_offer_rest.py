"""Declining what is left once one offer is accepted: all of it together, each in the version that was read."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from models.lifecycle import Role
from models.person import Viewer
from tests.agreeing import Agreeing
from tests.cases import Cases
from tests.resolvers.test_offer import at
from tests.world import World

NO = {"reasons": ["ANOTHER_OFFER_ACCEPTED", "LOCATION"], "note": "Another home is nearer to the school."}
DECLINE = """mutation ($id: UUID!, $offers: [OfferReadInput!]!, $input: OfferDeclineInput!, $key: UUID) {
  offerDeclineRemaining(referralId: $id, offers: $offers, input: $input, idempotencyKey: $key) {
    referral { id offers { id status declineReasons declineNote decidedByName } }
    problems { code message path ... on StaleVersion { currentVersion } ... on WrongState { state }
      ... on OffersOpen { offerIds } } } }"""

REST = """{ offers(filter: {undecided: true, anotherAccepted: true}) { nodes {
  id status anotherAccepted referralStatus } } }"""
OWN = "id version status updatedAt"


@dataclass
class Rivals:
    """A referral with offers of several providers, in the order of `members`."""

    cases: Cases
    officer: Viewer
    members: list[Viewer]
    referral: str
    offers: list[str]

    @classmethod
    async def of(cls, cases: Cases, number: int = 4) -> "Rivals":
        officer = await cases.officer()
        firms = [await cases.world.provider() for _ in range(number)]
        members = [await cases.member(firm) for firm in firms]
        for firm in firms:
            await cases.papers(firm)
        id = await cases.sent(officer)
        offers = [await cases.submitted(member, id, at(firm)) for member, firm in zip(members, firms, strict=True)]
        return cls(cases, officer, members, id, offers)

    async def named(self, *offers: str) -> list[dict[str, Any]]:
        return [{"id": id, "expectedVersion": await self.cases.version(id, "offer")} for id in offers]

    async def decline(self, *offers: dict[str, Any], by: Viewer | None = None, **more: Any) -> dict[str, Any]:
        key = more.pop("key", None)
        given = {"id": self.referral, "offers": list(offers), "input": {**NO, **more}, "key": key}
        payload = (await self.cases.world.gql(by or self.officer, DECLINE, **given))["offerDeclineRemaining"]
        return dict(payload)

    async def problems(self, *offers: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        """Why nothing at all was declined."""
        before = await self.cases.everything_kept()
        payload = await self.decline(*offers, **more)
        assert payload["referral"] is None
        assert await self.cases.everything_kept() == before
        return list(payload["problems"])


@pytest.fixture
async def rivals(world: World) -> Rivals:
    rivals = await Rivals.of(Cases(world))
    await rivals.cases.accepted(rivals.officer, rivals.offers[0])
    return rivals


# S-092, S-093
async def test_everything_that_still_waits_is_declined_and_each_provider_reads_of_its_own(rivals: Rivals) -> None:
    cases, (won, *rest) = rivals.cases, rivals.offers
    await cases.on_offer(rivals.members[3], "offerWithdraw", rest[2], reason="The place is taken.")
    payload = await rivals.decline(*await rivals.named(*rest[:2]))
    assert payload["problems"] == []
    seen = {offer["id"]: offer for offer in payload["referral"]["offers"]}
    assert [seen[id]["status"] for id in rivals.offers] == ["ACCEPTED", "DECLINED", "DECLINED", "WITHDRAWN"]
    for id in rest[:2]:
        assert (seen[id]["declineReasons"], seen[id]["declineNote"]) == (NO["reasons"], NO["note"])
        assert seen[id]["decidedByName"] == rivals.officer.name
    events = await cases.world.sql("SELECT subject_id, provider_id FROM event WHERE kind = 'offer.decline'")
    owners = {str(row["subject_id"]): row["provider_id"] for row in events}
    assert owners == {id: member.organisation_id for id, member in zip(rest[:2], rivals.members[1:3], strict=True)}
    for member, own in zip(rivals.members[1:3], rest[:2], strict=True):
        assert await cases.told(member) == ["REFERRAL_RECEIVED", "OFFER_DECLINED"]
        view = (await cases.bytes_seen(member, rivals.referral)).decode()
        assert "nearer to the school" in view
        assert not any(other in view for other in rivals.offers if other != own)
        (delivery,) = (await cases.seen(member, "Referral", rivals.referral))["deliveries"]
        assert delivery["status"] == "OPENED"
    assert await cases.told(rivals.members[0]) == ["REFERRAL_RECEIVED", "OFFER_ACCEPTED"]
    assert await cases.told(rivals.members[3]) == ["REFERRAL_RECEIVED"]
    assert (await cases.seen(rivals.members[0], "Offer", won))["status"] == "ACCEPTED"


# S-093
async def test_nothing_is_declined_without_a_reason_and_words(rivals: Rivals) -> None:
    named = await rivals.named(*rivals.offers[1:])
    wrongs: list[tuple[dict[str, Any], str]] = [({"reasons": []}, "reasons"), ({"note": " \n"}, "note")]
    for wrong, path in wrongs:
        (problem,) = await rivals.problems(*named, **wrong)
        assert (problem["code"], problem["path"]) == ("REASON_REQUIRED", ["input", path])


# S-053
async def test_what_names_the_child_is_said_only_where_it_is_meant(rivals: Rivals) -> None:
    named = await rivals.named(*rivals.offers[1:])
    problems = await rivals.problems(*named, note="Zebedee goes to another home.")
    assert {problem["code"] for problem in problems} == {"NAMES_THE_CHILD"}
    assert problems[0]["path"] == ["input", "note"]
    meant = await rivals.decline(*named, note="Zebedee goes to another home.", acknowledgeIdentity=True)
    assert meant["problems"] == []


# S-076, S-093
async def test_an_offer_that_was_not_read_declines_nothing(rivals: Rivals) -> None:
    """One that was left out, one of another version, one that does not wait any more, one of somebody else."""
    cases, rest = rivals.cases, rivals.offers[1:]
    named = await rivals.named(*rest)
    (problem,) = await rivals.problems(named[0])
    assert (problem["code"], problem["path"]) == ("OFFERS_NOT_NAMED", ["offers"])
    assert sorted(problem["offerIds"]) == sorted(rest[1:])
    (problem,) = await rivals.problems(named[0], {**named[1], "expectedVersion": 1}, named[2])
    assert (problem["code"], problem["currentVersion"]) == ("STALE_VERSION", 2)
    assert problem["path"] == ["offers", "1", "expectedVersion"]
    (problem,) = await rivals.problems(*named, *await rivals.named(rivals.offers[0]))
    assert (problem["code"], problem["state"], problem["path"]) == ("OFFER_LOCKED", "ACCEPTED", ["offers", "3"])
    await cases.on_offer(rivals.members[2], "offerWithdraw", rest[1], reason="Full")
    (problem,) = await rivals.problems(*named)
    assert (problem["code"], problem["state"], problem["path"]) == ("OFFER_LOCKED", "WITHDRAWN", ["offers", "1"])
    elsewhere = (await Rivals.of(cases, 1)).offers[0]
    for other in (elsewhere, str(uuid4())):
        (problem,) = await rivals.problems(named[0], named[2], {"id": other, "expectedVersion": 2})
        assert (problem["code"], problem["path"]) == ("NOT_FOUND", ["offers", "2"])


# S-092
async def test_where_nothing_waits_or_nothing_is_accepted_there_is_nothing_left_to_decline(rivals: Rivals) -> None:
    cases = rivals.cases
    assert (await rivals.decline(*await rivals.named(*rivals.offers[1:])))["problems"] == []
    (problem,) = await rivals.problems()
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["offers"])
    open_ = await Rivals.of(cases, 2)
    (problem,) = await open_.problems(*await open_.named(*open_.offers))
    assert (problem["code"], problem["path"]) == ("OFFER_NOT_ACCEPTED", ["referralId"])


async def test_the_same_key_declines_once(rivals: Rivals) -> None:
    named, key = await rivals.named(*rivals.offers[1:]), str(uuid4())
    first = await rivals.decline(*named, key=key)
    assert first["problems"] == []
    assert await rivals.decline(*named, key=key) == first
    (problem,) = await rivals.problems(*named[1:], key=key)
    assert problem["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert await rivals.cases.world.count("event", "kind = 'offer.decline'") == 3


# S-034
async def test_only_the_authoritys_placement_team_declines(rivals: Rivals) -> None:
    cases, named = rivals.cases, await rivals.named(*rivals.offers[1:])
    for who in (await cases.officer("Birmingham", Role.READ_ONLY), rivals.members[0]):
        assert [p["code"] for p in await rivals.problems(*named, by=who)] == ["FORBIDDEN"]
    stranger = await cases.officer("Coventry")
    assert [p["code"] for p in await rivals.problems(*named, by=stranger)] == ["NOT_FOUND"]


# S-092
async def test_a_placed_referral_still_has_its_rest_declined(rivals: Rivals) -> None:
    cases = rivals.cases
    await cases.world.sql("UPDATE referral SET status = 'PLACED'")
    assert (await rivals.decline(*await rivals.named(*rivals.offers[1:])))["problems"] == []
    assert await cases.world.count("offer", "status = 'DECLINED'") == 3


# S-092, S-116
async def test_what_is_left_once_both_have_signed_waits_on_and_its_provider_sees_nothing_of_it(world: World) -> None:
    agreeing, cases, firm = await Agreeing.among(world), Cases(world), await world.provider()
    left_with = await cases.member(firm)
    await cases.papers(firm)
    await agreeing.referred()
    referral = agreeing.ids["referral"]
    left = await cases.submitted(left_with, referral, at(firm))
    before = await cases.seen(left_with, "Offer", left, OWN)
    for step in (agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared, agreeing.ready):
        await step()
    for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
        await agreeing.opened(signer)
        assert (await agreeing.sign(signer))["problems"] == []
    assert (await world.gql(agreeing.officer, REST))["offers"]["nodes"] == [
        {"id": left, "status": "SUBMITTED", "anotherAccepted": True, "referralStatus": "PLACED"}
    ]
    assert await cases.seen(left_with, "Offer", left, OWN) == before
    view = (await cases.bytes_seen(left_with, referral)).decode()
    (ipa,) = await world.sql("SELECT id::text, reference FROM ipa")
    people = [agreeing.member.name, agreeing.provider_signatory.name, agreeing.authority_signatory.name]
    for name in (agreeing.firm.name, agreeing.ids["offer"], *ipa.values(), *people):
        assert name not in view
