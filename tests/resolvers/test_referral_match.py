"""The dry run of a sending and why a provider matches or not: what is said beforehand is what happens then."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.lifecycle import Role
from models.provider import Category, Gender
from tests.cases import CHILD, born
from tests.registering import Registering
from tests.world import Care, Firm, World

OUTLOOK = """query ($id: UUID!) { referralMatch(id: $id) { kind told
  reach { providers homes giving givingAtAge newcomers holders decliners keepers losers
    byFramework { framework providers homes } }
  hindrances { code message path ... on NotYetAvailable { availableFrom } } warnings { code message } } }"""
WHY = """query ($id: UUID!, $provider: UUID!) { referralMatchOf(id: $id, providerId: $provider) { providerName matches
  reasons { code message homeId homeName } } }"""


@pytest.fixture
def cases(world: World) -> Registering:
    return Registering(world)


async def outlook(cases: Registering, who: Any, id: str) -> Any:
    return (await cases.world.gql(who, OUTLOOK, id=id))["referralMatch"]


async def why(cases: Registering, who: Any, id: str, firm: Firm) -> Any:
    return (await cases.world.gql(who, WHY, id=id, provider=str(firm.id)))["referralMatchOf"]


async def reasons(cases: Registering, who: Any, id: str, firm: Firm) -> list[tuple[str, str]]:
    return [(each["code"], each["message"]) for each in (await why(cases, who, id, firm))["reasons"]]


async def test_a_draft_says_whom_it_would_reach_and_that_is_whom_it_reaches(cases: Registering) -> None:
    """S-039, S-040, S-055: nothing is written by asking, and nobody is told."""
    world, officer = cases.world, await cases.officer()
    two = await world.provider(Care(), Care(ages=(0, 17)), Care(ages=(0, 5)))
    await world.provider()
    await world.provider(Care(genders=(Gender.FEMALE,)))
    await world.provider(Care(ages=(15, 17)))
    await world.provider(Care(Category.FOSTERING))
    await world.sql(
        "INSERT INTO framework_membership (id, provider_id, home_id, framework, valid_from, approved_at)"
        " VALUES (gen_random_uuid(), $1, $2, 'West Midlands Residential', '2026-01-01', now())",
        two.id, two.homes[0],
    )  # fmt: skip
    id = await cases.drafted(officer)
    before = await cases.everything_kept()
    said = await outlook(cases, officer, id)
    assert await cases.everything_kept() == before
    assert (said["kind"], said["told"], said["hindrances"]) == ("FIRST", 2, [])
    standings = [{"framework": name, "providers": 1, "homes": 1} for name in ("FRAMEWORK", "SPOT", "NON_FRAMEWORK")]
    assert said["reach"] == {
        "providers": 2, "homes": 3, "giving": 4, "givingAtAge": 3, "newcomers": 2, "holders": 0, "decliners": 0,
        "keepers": 0, "losers": 0, "byFramework": standings,
    }  # fmt: skip
    assert [warning["code"] for warning in said["warnings"]] == ["NO_ATTACHMENT"]
    await cases.on_referral(officer, "referralSend", id)
    assert await world.count("delivery") == 2


async def test_of_one_sent_it_says_who_is_new_keeps_and_loses_it(cases: Registering) -> None:
    """S-058, S-059, S-060: as a reminder while nothing has changed, as a revision afterwards, and then it is so."""
    world, officer = cases.world, await cases.officer()
    keeper, decliner, loser, always = [
        await world.provider(Care(ages=ages)) for ages in ((8, 17), (0, 17), (8, 17), (0, 17))
    ]
    id = await cases.sent(officer)
    await cases.papers(keeper)
    await cases.submitted(await cases.member(keeper), id, {"homeId": str(keeper.homes[0])})
    await cases.act(await cases.member(decliner), "referralDecline", id=id, revision=1)
    newcomer = await world.provider(Care(ages=(0, 5)))
    said = await outlook(cases, officer, id)
    assert (said["kind"], said["told"], said["reach"]["holders"], said["reach"]["decliners"]) == ("REMINDER", 3, 3, 1)
    (child,) = await world.sql("SELECT id FROM child WHERE referral_id = $1", UUID(id))
    await cases.edited(officer, id, children=[{"id": str(child["id"]), "dateOfBirth": "2022-05-14"}])
    said = await outlook(cases, officer, id)
    counts = {"providers": 3, "newcomers": 1, "holders": 1, "decliners": 1, "keepers": 1, "losers": 1}
    assert {name: said["reach"][name] for name in counts} == counts
    assert (said["kind"], said["told"]) == ("REVISION", 4)
    await cases.resent(officer, id)
    having = await world.sql("SELECT provider_id FROM delivery WHERE withdrawn_at IS NULL")
    assert {row["provider_id"] for row in having} == {keeper.id, decliner.id, always.id, newcomer.id}
    assert (await cases.delivery(id, loser) or {})["withdrawn_at"]


async def test_a_draft_of_an_offer_changes_nothing_of_what_is_said(cases: Registering) -> None:  # S-030, S-060
    world, officer = cases.world, await cases.officer()
    firm, _ = await world.provider(Care(ages=(8, 17))), await world.provider(Care(ages=(8, 17)))
    id = await cases.sent(officer)
    (child,) = await world.sql("SELECT id FROM child WHERE referral_id = $1", UUID(id))
    await cases.edited(officer, id, children=[{"id": str(child["id"]), "dateOfBirth": "2022-05-14"}])
    member, before = await cases.member(firm), await outlook(cases, officer, id)
    assert (before["reach"]["keepers"], before["reach"]["losers"]) == (0, 2)
    await cases.offered(member, id, {"homeId": str(firm.homes[0])})
    assert await outlook(cases, officer, id) == before
    await cases.on_referral(officer, "referralResend", id, acknowledgeNoMatch=True)
    assert (await cases.delivery(id, firm) or {})["withdrawn_at"], "a draft keeps nothing, so nobody learns of it"


async def test_everything_that_hinders_is_said_at_once_as_sending_says_it(cases: Registering) -> None:
    """S-035, S-045: an incomplete form, a wrong age and the pilot in one list."""
    cases.world.clock.now = cases.world.clock.now.replace(month=5, day=10)
    officer = await cases.officer("Coventry")
    id = await cases.drafted(officer, category="FOSTERING", needs=None, children=[born("2005-01-01")])
    await cases.world.sql('UPDATE referral SET content = content || \'{"category": "RESIDENTIAL"}\'')
    said = await outlook(cases, officer, id)
    refused = await cases.problems(officer, "referralSend", id=id, expectedVersion=await cases.version(id))
    assert said["hindrances"] == refused
    assert [each["code"] for each in refused] == ["INCOMPLETE", "AGE_OUT_OF_RANGE", "NOT_IN_PILOT"]
    assert (said["reach"], said["told"]) == (None, None)


async def test_an_incomplete_draft_has_its_reach_from_category_and_ages_on(cases: Registering) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    id = await cases.drafted(officer, needs=None)
    said = await outlook(cases, officer, id)
    assert [each["path"] for each in said["hindrances"]] == [["needs"]]
    assert said["reach"]["providers"] == 1
    assert (await why(cases, officer, id, firm))["matches"] is True
    bare = await cases.drafted(officer, category=None)
    assert (await outlook(cases, officer, bare))["reach"] is None
    assert await reasons(cases, officer, bare, firm) == [
        ("REFERRAL_INCOMPLETE", "The referral does not say its category and every child's age yet.")
    ]
    assert (await why(cases, officer, bare, firm))["matches"] is None


async def test_what_the_viewer_or_the_state_does_not_allow_hinders_too(cases: Registering) -> None:  # S-034, S-060
    officer, firm = await cases.officer(), await cases.world.provider()
    reader, member = await cases.officer("Birmingham", Role.READ_ONLY), await cases.member(firm)
    id = await cases.sent(officer)
    assert [each["code"] for each in (await outlook(cases, reader, id))["hindrances"]] == ["FORBIDDEN"]
    await cases.papers(firm)
    await cases.accepted(officer, await cases.submitted(member, id, {"homeId": str(firm.homes[0])}))
    assert [each["code"] for each in (await outlook(cases, officer, id))["hindrances"]] == ["REFERRAL_ACCEPTED"]
    closed = await cases.sent(officer)
    await cases.on_referral(officer, "referralClose", closed, reason="WITHDRAWN")
    assert [each["code"] for each in (await outlook(cases, officer, closed))["hindrances"]] == ["WRONG_STATE"]


async def test_nobody_else_learns_anything_of_a_working_copy(cases: Registering) -> None:
    """S-030: another authority's, a provider's and the region's answer is that for what is not there."""
    officer, firm = await cases.officer(), await cases.world.provider()
    others = [
        await cases.officer("Solihull"), await cases.member(firm), await cases.member(firm, Role.SIGNATORY),
        await cases.world.person(await cases.world.region(), Role.REGION_ADMIN),
    ]  # fmt: skip
    for id in (await cases.sent(officer), await cases.drafted(officer), str(uuid4())):
        for other in others:
            assert await outlook(cases, other, id) is None
            assert await why(cases, other, id, firm) is None
    managed, waiting = [
        await cases.world.provider(approved=False, managed_by=name) for name in ("Birmingham", "Solihull")
    ]
    id = await cases.drafted(officer)
    assert await reasons(cases, officer, id, managed) == [("NOT_APPROVED", f"{managed.name} is not approved.")]
    assert await why(cases, officer, id, waiting) is None


async def test_why_a_provider_matches_or_not_is_said_home_by_home(cases: Registering) -> None:
    """S-039: every reason with its code, its home and a sentence."""
    world, officer = cases.world, await cases.officer()
    firm = await world.provider(
        Care(ages=(10, 13)),
        Care(ages=(16, 16), genders=(Gender.FEMALE,)),
        Care(),
        Care(Category.FOSTERING, (0, 17)),
        name="Ash",
    )
    id = await cases.drafted(officer)
    said = await why(cases, officer, id, firm)
    assert (said["providerName"], said["matches"]) == ("Ash", True)
    assert [(each["code"], each["homeName"], each["message"]) for each in said["reasons"]] == [
        ("AGE", "Home 1", "Home 1 takes 10 to 13; the child is 14."),
        ("AGE", "Home 2", "Home 2 takes 16; the child is 14."),
        ("GENDER", "Home 2", "Home 2 takes girls alone; the referral asks for a place for boys."),
        ("MATCHES", "Home 3", "Home 3 matches: it takes 8 to 17, girls and boys."),
    ]
    assert [each["homeId"] for each in said["reasons"]] == [str(firm.homes[n]) for n in (0, 1, 1, 2)]
    group = [CHILD, {**CHILD, "dateOfBirth": "2009-01-01", "gender": "OTHER"}]
    await cases.edited(officer, id, children=group[1:])
    assert (await reasons(cases, officer, id, firm))[0] == (
        "AGE", "Home 1 takes 10 to 13; the children are 14 and 17."
    )  # fmt: skip
    fostered = await cases.drafted(officer, category="FOSTERING")
    assert await reasons(cases, officer, fostered, firm) == [
        ("MATCHES", "Ash matches: it takes 0 to 17, girls and boys.")
    ]
    older = await cases.drafted(officer, category="SUPPORTED_ACCOMMODATION", children=[born("2009-01-01")])
    sentence = "Ash is not registered for supported accommodation. It is registered for fostering and residential care."
    assert await reasons(cases, officer, older, firm) == [("CATEGORY", sentence)]


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        ("UPDATE home SET ended_at = now()", "HOME_ENDED", "Home 1 has been taken out of the registration."),
        ("UPDATE home SET approved_at = NULL", "HOME_NOT_APPROVED", "Home 1 waits for approval."),
        ("UPDATE registered_care SET ended_at = now()", "CARE_ENDED", "Home 1 gives residential care no longer."),
        ("UPDATE registered_care SET approved_at = NULL", "CARE_NOT_APPROVED",
         "That Home 1 gives residential care waits for approval."),
    ],
)  # fmt: skip
async def test_what_is_not_in_effect_is_said_so(cases: Registering, change: str, code: str, sentence: str) -> None:
    """S-007, S-010"""
    officer, firm = await cases.officer(), await cases.world.provider()
    await cases.world.sql(change)
    id = await cases.drafted(officer)
    assert await reasons(cases, officer, id, firm) == [(code, sentence)]
    assert (await why(cases, officer, id, firm))["matches"] is False


async def test_that_nobody_matches_is_explained(cases: Registering) -> None:
    """S-041: how many give the care, at that age, for that gender; sent anyway it reaches whoever is approved later."""
    world, officer = cases.world, await cases.officer()
    id = await cases.drafted(officer, children=[born("2012-05-14", gender="FEMALE")])

    async def refusal() -> str:
        (problem,) = await cases.problems(officer, "referralSend", id=id, expectedVersion=1)
        assert (problem["code"], problem["path"]) == ("NO_MATCH", ["acknowledgeNoMatch"])
        assert (await outlook(cases, officer, id))["hindrances"] == [problem]
        return str(problem["message"]).removesuffix(
            " Choose another category, or send it anyway by acknowledging this."
        )

    assert await refusal() == "No approved provider matches: none gives residential care."
    await world.provider(Care(ages=(0, 9)), Care(ages=(16, 17)))
    assert await refusal() == "No approved provider matches: 1 gives residential care, but not to children aged 14."
    for _ in range(2):
        await world.provider(Care(genders=(Gender.MALE,)))
    assert await refusal() == (
        "No approved provider matches: 3 give residential care, 2 of them to children aged 14, but not to girls."
    )
    firm = await world.provider(approved=False)
    member = await cases.member(firm)
    await cases.on_referral(officer, "referralSend", id, acknowledgeNoMatch=True)
    assert await world.count("delivery") == await world.count("thread") == 0
    await cases.approved(member, await cases.reviewer(), firm)
    assert (await cases.delivery(id, firm) or {})["status"] == "NEW"
    assert "REFERRAL_RECEIVED" in await cases.told(member)


async def test_withheld_attachments_are_warned_of(cases: Registering) -> None:  # S-055
    officer = await cases.officer()
    id = await cases.drafted(officer)
    (authority,) = await cases.world.sql("SELECT la_id FROM referral")
    await cases.papers(Firm(authority["la_id"], "", []))
    first, second, *_ = await cases.world.sql("SELECT id FROM document")
    await cases.on_referral(officer, "referralAttach", id, documentId=str(first["id"]), identifiesChild=True)
    assert [each["code"] for each in (await outlook(cases, officer, id))["warnings"]] == ["ATTACHMENTS_WITHHELD"]
    await cases.on_referral(officer, "referralAttach", id, documentId=str(second["id"]), identifiesChild=False)
    assert (await outlook(cases, officer, id))["warnings"] == []


async def test_a_dry_run_is_a_handful_of_statements_that_cannot_write(cases: Registering) -> None:
    """The transaction itself is read-only, so that not even a defect could send."""
    officer = await cases.officer()
    database: Any = cases.world.shell.database
    async with database.consulting(officer, cases.world.clock.now) as session:
        with pytest.raises(DBAPIError, match="read-only"):
            await session.execute(text("UPDATE referral SET version = version"))
        await session.rollback()
