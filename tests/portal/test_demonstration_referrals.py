"""What the referrals of the demonstration world say, and the steps by which they come to their stages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from models.delivery import DeclineReferralReason
from models.document import DocumentKind
from models.message import MessageTag
from models.offer_decline import DeclineReason
from models.provider import Category
from models.referral import CloseReason, Urgency
from portal.demonstration import steps
from portal.demonstration.content import content
from portal.demonstration.fit import places_for
from portal.demonstration.referrals import Referral
from portal.demonstration.scene import MOST_SIGNATURES
from portal.demonstration.schedule import Stage
from tests.portal.lived import Life

TODAY = date(2026, 4, 28)
WORLD = content(TODAY)
CHILDREN = [child for referral in WORLD.referrals for child in referral.children]
LIVES = [Life(referral) for referral in WORLD.referrals]


def texts_of(referral: Referral) -> Iterator[str]:
    yield referral.plan.reason_for_search
    yield referral.requirements.family_time
    for child in referral.children:
        yield from (child.strengths, child.emotional_and_behavioural)
        yield from (text for text in (child.wishes, child.education) if text)


def test_children_are_of_an_age_that_their_category_takes_and_nobody_is_grown_up() -> None:
    for referral in WORLD.referrals:
        for child in referral.children:
            sent = TODAY - timedelta(days=referral.sent_days_ago)
            low, high = (16, 17) if referral.category == "SUPPORTED_ACCOMMODATION" else (0, 17)
            assert low <= child.identity.age_on(sent)[0] <= child.identity.age_on(TODAY)[0] <= high
            assert bool(child.identity.date_of_birth) != bool(child.identity.expected_on)
        assert (referral.category == "RESIDENTIAL_FAMILY_ASSESSMENT") == (referral.family_assessment is not None)
    ages = {child.identity.age_on(TODAY) for child in CHILDREN}
    assert {(16, 0), (17, 11)} <= ages
    assert {len(referral.children) for referral in WORLD.referrals} == {1, 2, 3}


def test_nhs_numbers_pass_their_check_and_belong_to_nobody() -> None:
    numbers = [child.identity.nhs_number for child in CHILDREN if child.identity.nhs_number]
    assert len(numbers) >= 30
    for number in numbers:
        assert number.startswith("999")
        assert sum(int(digit) * weight for digit, weight in zip(number, range(10, 0, -1), strict=True)) % 11 == 0


def test_what_providers_read_never_names_a_child() -> None:
    for referral in WORLD.referrals:
        own = [*texts_of(referral), *(a.title for a in referral.attachments)]
        own += [line for a in referral.attachments if not a.identifies_child for line in a.lines]
        said = [s.body for s in referral.steps if isinstance(s, steps.WriteMessage)]
        said += [s.offer.matching for s in referral.steps if isinstance(s, steps.DraftOffer)]
        for who in (child.identity for child in referral.children):
            assert not any(re.search(rf"\b({who.given}|{who.family})\b", text) for text in own if who.given != "Baby")
            assert not any(f"{who.given} {who.family}" in text for text in said)


def test_no_two_referrals_are_told_in_the_same_words() -> None:
    told = Counter(text for referral in WORLD.referrals for text in texts_of(referral))
    assert [text for text, times in told.items() if times > 1] == []
    assert not any("{" in text or "}" in text for text in told)
    wording = " ".join(told).lower()
    assert not re.search(r"\b(lac|abscond\w*|contact with|beds?|vacanc\w*)\b", wording)


def test_steps_make_only_moves_that_the_states_permit_and_reach_every_state() -> None:
    assert min(Counter(referral.stage for referral in WORLD.referrals)[stage] for stage in Stage) >= 3
    referrals = Counter(life.referral for life in LIVES)
    deliveries = Counter(state for life in LIVES for state in set(life.deliveries.values()))
    rest = Counter(state for life in LIVES for state in life.past)
    assert min(referrals[each] for each in ("DRAFT", "SENT", "PLACED", "CLOSED")) >= 3
    assert min(deliveries[each] for each in ("NEW", "OPENED", "DECLINED", "OFFERED")) >= 3
    offers = ("DRAFT", "SUBMITTED", "ACCEPTED", "DECLINED", "WITHDRAWN", "VOIDED")
    agreements = ("DRAFT", "IN_REVIEW", "READY_TO_SIGN", "PARTLY_SIGNED", "SIGNED", "VOIDED")
    uplifts = ("PROPOSED", "upliftAgree", "upliftRefuse", "upliftWithdraw")
    assert min(rest[f"UPLIFT {each}"] for each in uplifts) >= 3
    assert min([rest[f"OFFER {each}"] for each in offers] + [rest[f"AGREEMENT {each}"] for each in agreements]) >= 3


def test_what_birmingham_may_refer_in_the_pilot_is_there_at_every_stage() -> None:
    first = WORLD.referrals[: len(Stage)]
    assert {referral.stage for referral in first} == set(Stage)
    assert {referral.authority for referral in first} == {"birmingham"}
    assert "FOSTERING" not in {referral.category for referral in first}


def test_codes_are_those_that_the_rules_know() -> None:
    all_steps = [step for referral in WORLD.referrals for step in referral.steps]
    for step in all_steps:
        if isinstance(step, steps.DeclineReferral):
            assert step.reason in set(DeclineReferralReason)
        elif isinstance(step, steps.DeclineOffer):
            assert set(step.reasons) <= set(DeclineReason)
        elif isinstance(step, steps.CloseReferral):
            assert step.reason in set(CloseReason)
        elif isinstance(step, steps.WriteMessage):
            assert step.tag is None or step.tag in set(MessageTag)
    assert {referral.urgency for referral in WORLD.referrals} == set(Urgency)
    assert {referral.category for referral in WORLD.referrals} == set(Category)
    assert {paper.kind for referral in WORLD.referrals for paper in referral.attachments} <= set(DocumentKind)


def test_every_step_is_performed_by_somebody_who_may() -> None:
    people = {person.email: person for person in WORLD.users}
    for referral in WORLD.referrals:
        for step in referral.steps:
            who = people[step.by]
            signing = isinstance(step, (steps.SignAgreements, steps.RefuseToSign))
            wanted = {"SIGNATORY"} if signing else {"PLACEMENT_OFFICER", "MEMBER"}
            assert who.state == "ACTIVE"
            assert set(who.roles) & wanted
            assert who.organisation in {referral.authority, getattr(step, "provider", None)}


def test_nobody_signs_more_often_than_one_time_codes_allow() -> None:
    signed = [(s.by, len(r.children)) for r in WORLD.referrals for s in r.steps if isinstance(s, steps.SignAgreements)]
    often: Counter[str] = Counter()
    for who, times in signed:
        often[who] += times
    assert max(often.values()) <= MOST_SIGNATURES


def test_offers_come_from_providers_that_match_and_cover_the_whole_group() -> None:
    for referral in WORLD.referrals:
        fitting = places_for(referral.category, referral.children, TODAY, WORLD.providers)
        keys = {(p.provider.key, p.home.key if p.home else p.family.key if p.family else "") for p in fitting}
        assert len({provider for provider, _ in keys}) >= 3
        for step in referral.steps:
            if isinstance(step, (steps.DraftOffer, steps.EditOffer)):
                offer = step.offer
                assert (offer.home is None) != (offer.family is None)
                assert (step.provider, offer.home or offer.family) in keys
                assert [fee.child for fee in offer.fees] == list(range(len(referral.children)))
                assert all(fee.core_weekly_fee > 0 for fee in offer.fees)
                appendices = {paper.title for paper in offer.attachments}
                assert {answer.see_appendix for answer in offer.answers if answer.see_appendix} <= appendices
                assert bool(appendices) == (referral.category == "SUPPORTED_ACCOMMODATION")
