"""What an offer says of a placement stays as it was submitted, and nothing of it is older than it for the authority."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models.document import DocumentKind
from models.provider import Category
from portal.database import asyncpg_dsn
from tests.cases import Cases
from tests.resolvers.test_offer import at, stage
from tests.waiting import until
from tests.world import Care, World

GRADE = "placement { ofstedGrade manager } versions { placement { ofstedGrade } }"
WARDS = {"name": "The Wards", "household": "A grown-up son"}
HOUSEHOLD = "placement { name family { household } }"
WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


# ── as it was submitted ──────────────────────────────────────────────────────
# S-011, S-076
async def test_mending_a_text_of_a_submitted_offer_leaves_what_it_says_of_the_home(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    grade = "UPDATE home SET ofsted_grade = $2 WHERE id = $1"
    await cases.world.sql(grade, firm.homes[0], "GOOD")
    offer = await cases.submitted(member, id, at(firm))
    await cases.world.sql(grade, firm.homes[0], "INADEQUATE")
    await cases.on_offer(member, "offerUpdate", offer, input={"trialPeriod": "Two weeks"})
    assert (await cases.seen(officer, "Offer", offer, GRADE))["placement"]["ofstedGrade"] == "GOOD"
    (changes,) = await cases.world.sql("SELECT changes::text AS told FROM offer_version ORDER BY version DESC LIMIT 1")
    assert "INADEQUATE" not in changes["told"].upper()
    await cases.on_offer(member, "offerUpdate", offer, input={"placement": at(firm)})
    versions = (await cases.seen(officer, "Offer", offer, GRADE))["versions"]
    assert [version["placement"]["ofstedGrade"] for version in versions] == ["GOOD", "GOOD", "INADEQUATE"]


# S-011
async def test_a_draft_says_of_the_home_what_holds_when_it_is_saved_and_submitted(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    draft = await cases.offered(member, id, at(firm))
    acts: list[tuple[str, str, dict[str, Any]]] = [
        ("Saved", "offerUpdate", {"input": {"trialPeriod": "None"}}), ("Submitted", "offerSubmit", {}),
    ]  # fmt: skip
    for name, act, given in acts:
        await cases.world.sql("UPDATE home SET registered_manager = $2 WHERE id = $1", firm.homes[0], name)
        await cases.on_offer(member, act, draft, **given)
        assert (await cases.seen(member, "Offer", draft, GRADE))["placement"]["manager"] == name
    assert await cases.seen(officer, "Offer", draft)


# S-010
async def test_a_home_that_has_ended_is_refused_though_it_is_not_named_again(cases: Cases) -> None:
    _, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    await cases.world.sql("UPDATE home SET ended_at = now() WHERE id = $1", firm.homes[0])
    version = await cases.version(offer, "offer")
    given = {"id": offer, "expectedVersion": version, "input": {"trialPeriod": "Two weeks"}}
    assert await cases.refused(member, "offerUpdate", **given) == ["HOME_NOT_REGISTERED"]


# S-095
async def test_what_a_colleague_types_of_a_family_elsewhere_changes_no_submitted_offer(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases, Care(Category.FOSTERING), category="FOSTERING")
    offer = await cases.submitted(member, id, {"family": WARDS})
    again = await cases.sent(officer, category="FOSTERING")
    typed = {"family": {**WARDS, "household": "Nobody else"}}
    await cases.offered(await cases.member(firm), again, typed)
    await cases.on_offer(member, "offerUpdate", offer, input={"trialPeriod": "Two weeks"})
    assert (await cases.seen(officer, "Offer", offer, HOUSEHOLD))["placement"]["family"] == {
        "household": "A grown-up son"
    }
    family = (await cases.seen(member, "Offer", offer))["familyId"]
    await cases.on_offer(member, "offerUpdate", offer, input={"placement": {"familyId": family}})
    assert (await cases.seen(officer, "Offer", offer, HOUSEHOLD))["placement"]["family"] == {"household": "Nobody else"}


# ── which revision it answers ────────────────────────────────────────────────
# S-059
async def test_a_draft_on_an_older_revision_is_saved_anew_before_it_is_submitted(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    draft = await cases.offered(member, id, at(firm))
    await cases.resent(officer, id, needs="A garden.")
    (problem,) = await cases.problems(member, "offerSubmit", id=draft, expectedVersion=1)
    assert (problem["code"], problem["path"]) == ("OFFER_OVERTAKEN", ["revision"])
    assert "Read the new revision, save the offer (`offerUpdate`), then submit it." in problem["message"]
    await cases.on_offer(member, "offerUpdate", draft, input={})
    await cases.on_offer(member, "offerSubmit", draft)
    assert (await cases.seen(officer, "Offer", draft))["revision"] == 2


async def test_a_referral_sent_again_unchanged_overtakes_no_draft(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    draft = await cases.offered(member, id, at(firm))
    await cases.resent(officer, id)
    await cases.on_offer(member, "offerSubmit", draft)


# ── for the authority it begins with the submission ──────────────────────────
# S-070
async def test_the_authority_reads_no_instant_of_the_days_of_drafting(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    draft = await cases.offered(member, id, at(firm))
    await cases.papers(firm, DocumentKind.OTHER)
    (further,) = await cases.world.sql("SELECT id FROM document WHERE kind = 'OTHER'")
    await cases.on_offer(member, "offerAttach", draft, documentId=str(further["id"]))
    begun = cases.world.clock.now
    cases.world.clock.goes_on(days=3)
    await cases.on_offer(member, "offerSubmit", draft)
    submitted = cases.world.clock.now
    cases.world.clock.goes_on(hours=1)
    shown = "createdAt submittedAt documents { kind attachedAt }"
    theirs, own = await cases.seen(officer, "Offer", draft, shown), await cases.seen(member, "Offer", draft, shown)
    assert theirs["createdAt"] == theirs["submittedAt"] == own["submittedAt"]
    assert {document["attachedAt"] for document in theirs["documents"]} == {theirs["submittedAt"]}
    assert own["createdAt"][:10] == str(begun.date()) == str((submitted - timedelta(days=3)).date())
    days = {document["kind"]: document["attachedAt"][:10] for document in own["documents"]}
    assert (days["OTHER"], days["STATEMENT_OF_PURPOSE"]) == (str(begun.date()), str(submitted.date()))


# ── two at once ──────────────────────────────────────────────────────────────
# S-095
async def test_a_family_that_a_colleague_types_at_the_same_moment_is_found_again(cases: Cases) -> None:
    """The colleague's family is there, not yet committed, while this one is typed in."""
    _, firm, member, id = await stage(cases, Care(Category.FOSTERING), category="FOSTERING")
    rival = await asyncpg.connect(asyncpg_dsn(cases.world.dsn))
    try:
        async with rival.transaction():
            family: UUID = await rival.fetchval(
                "INSERT INTO fostering_family (id, provider_id, name, details) VALUES (gen_random_uuid(), $1,"
                " 'the wards', '{\"pets\": \"Two cats\"}') RETURNING id", firm.id,
            )  # fmt: skip
            typing = asyncio.create_task(cases.offered(member, id, {"family": WARDS}))
            await until(lambda: cases.world.sql(WAITING))
        offer = await typing
    finally:
        await rival.close()
    shown: dict[str, Any] = await cases.seen(member, "Offer", offer, "familyId placement { family { pets household } }")
    assert shown == {
        "familyId": str(family), "placement": {"family": {"pets": "Two cats", "household": "A grown-up son"}},
    }  # fmt: skip
    assert await cases.world.count("fostering_family") == 1
