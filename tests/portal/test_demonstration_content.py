"""What the demonstration world is made of, before anybody acts in it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from portal import region
from portal.demonstration import content as contents
from portal.demonstration import places
from portal.demonstration.documents import expiring

TODAY = date(2026, 4, 28)
OTHER_DAYS = (date(2026, 11, 22), date(2028, 2, 29), date(2027, 1, 31))
URN = re.compile(r"^(SC\d{6}|\d{6,7})$")
POSTCODE = re.compile(r"^[A-Z]{1,2}[0-9]{1,2} [0-9][ABD-HJLNP-UW-Z]{2}$")
COMPULSORY = {
    "PUBLIC_LIABILITY_INSURANCE",
    "EMPLOYERS_LIABILITY_INSURANCE",
    "PROFESSIONAL_INDEMNITY_INSURANCE",
    "OFSTED_CERTIFICATE",
    "STATEMENT_OF_PURPOSE",
}
GENERIC = {"info", "admin", "office", "placements", "referrals", "enquiries", "finance", "duty", "contact", "manager"}
WORLD = contents.content(TODAY)
HOMES = [home for provider in WORLD.providers for home in provider.homes]
FAMILIES = [family for provider in WORLD.providers for family in provider.families]


def test_the_world_is_as_large_as_it_was_promised_to_be() -> None:
    assert len(WORLD.authorities) == 14
    assert len(WORLD.providers) >= 60
    assert len(HOMES) >= 150
    assert len(FAMILIES) >= 40
    assert len(WORLD.users) >= 150
    assert len(WORLD.referrals) >= 80
    assert len({district.name for each in WORLD.authorities for district in places.districts(each.key)}) >= 120


def test_the_same_day_gives_the_same_world_and_another_day_the_same_people() -> None:
    assert contents.content(TODAY) == WORLD
    for day in OTHER_DAYS:
        other = contents.content(day)
        assert other.users == WORLD.users
        assert [r.stage for r in other.referrals] == [r.stage for r in WORLD.referrals]
        assert [type(s) for r in other.referrals for s in r.steps] == [
            type(s) for r in WORLD.referrals for s in r.steps
        ]


def test_every_postcode_is_valid_and_lies_in_its_authority() -> None:
    addresses = [provider.address for provider in WORLD.providers] + [home.address for home in HOMES]
    located = [(each.postcode, each.authority) for each in addresses] + [(f.postcode, f.authority) for f in FAMILIES]
    own = {each.name: set(region.districts(each)) for each in region.AUTHORITIES}
    for postcode, authority in located:
        assert POSTCODE.match(postcode), postcode
        assert postcode.split()[0] in own[places.authority(authority).name]


def test_every_district_of_the_word_lists_lies_in_the_authority_it_stands_under() -> None:
    own = {each.name: set(region.districts(each)) for each in region.AUTHORITIES}
    for authority in WORLD.authorities:
        for district in places.districts(authority.key):
            assert set(district.outward) <= own[authority.name], district


def test_registration_numbers_are_well_formed_and_shared_only_by_the_premises_of_a_service() -> None:
    agencies = [provider.agency for provider in WORLD.providers if provider.agency]
    assert all(URN.match(each.urn) for each in agencies + [home.registration for home in HOMES])
    own = [home.registration.urn for home in HOMES if home.category != "SUPPORTED_ACCOMMODATION"]
    assert len(own) == len(set(own))
    assert not {home.registration.urn for home in HOMES if home.registration.urn not in own} & set(own)


def test_all_four_categories_are_there_on_framework_and_spot() -> None:
    assert {home.category for home in HOMES} | {"FOSTERING"} == {
        "RESIDENTIAL", "SUPPORTED_ACCOMMODATION", "RESIDENTIAL_FAMILY_ASSESSMENT", "FOSTERING",
    }  # fmt: skip
    assert {provider.framework_provider for provider in WORLD.providers} == {True, False}
    off_framework = [h for p in WORLD.providers if p.framework_provider for h in p.homes if h.framework is None]
    assert len(off_framework) >= 3
    assert any(h.framework and not h.framework.covers(TODAY) for h in HOMES)
    assert all(h.age_from >= 16 for h in HOMES if h.category == "SUPPORTED_ACCOMMODATION")
    assert all(3800 <= h.core_weekly_fee <= 7500 for h in HOMES if h.category == "RESIDENTIAL")


def test_registrations_stand_in_every_state_with_a_reason_where_one_is_due() -> None:
    states = Counter(provider.state for provider in WORLD.providers)
    assert min(states[each] for each in ("PENDING_APPROVAL", "DRAFT", "REJECTED", "OPEN_FOR_EDITING")) >= 3
    assert states["APPROVED"] >= 45
    assert all(bool(p.state_reason) == (p.state in {"REJECTED", "OPEN_FOR_EDITING"}) for p in WORLD.providers)


def test_approved_providers_hold_every_compulsory_document_and_none_has_expired() -> None:
    for provider in (each for each in WORLD.providers if each.approved):
        for home in provider.homes or (None,):
            held = {paper.kind for paper in (*provider.documents, *(home.documents if home else ()))}
            assert held >= COMPULSORY
        assert ("APPENDIX" in {paper.kind for paper in provider.documents}) == (
            "SUPPORTED_ACCOMMODATION" in provider.categories
        )
        assert not expiring(provider.all_documents, TODAY + timedelta(days=1), 0)


def test_some_documents_expire_within_thirty_days_and_most_do_not() -> None:
    dated = [paper for provider in WORLD.providers for paper in provider.all_documents if paper.expires_on]
    soon = expiring(dated, TODAY, 30)
    assert 10 <= len(soon) <= len(dated) / 5
    assert expiring(WORLD.providers[0].documents, TODAY, 30)


def test_everybody_has_an_address_of_their_own_at_their_organisation() -> None:
    emails = [person.email for person in WORLD.users]
    assert len(emails) == len(set(emails))
    domains = {each.key: each.domain for each in WORLD.authorities} | {p.key: p.domain for p in WORLD.providers}
    for person in WORLD.users:
        local, _, domain = person.email.partition("@")
        assert re.fullmatch(r"[a-z]+\.[a-z-]+", local), person.email
        assert not set(local.split(".")) & GENERIC
        assert domain == domains.get(person.organisation, "west-midlands-region.example")
        assert re.fullmatch(r"[A-Z2-7]{32}", person.secret)
    assert len({person.secret for person in WORLD.users}) == len(emails)


def test_every_organisation_has_people_for_the_acts_it_must_perform() -> None:
    for authority in WORLD.authorities:
        team = [person for person in WORLD.users if person.organisation == authority.key]
        assert 3 <= len(team) <= 5
        held = {role for person in team for role in person.roles if person.state == "ACTIVE"}
        assert held >= {"PLACEMENT_OFFICER", "REGISTRATION_OFFICER", "SIGNATORY", "ADMINISTRATOR"}
    for provider in WORLD.providers:
        team = [person for person in WORLD.users if person.organisation == provider.key]
        assert 1 <= len(team) <= 3
        held = {role for person in team for role in person.roles if person.state == "ACTIVE"}
        assert held == {"ADMINISTRATOR", "MEMBER", *(["SIGNATORY"] if provider.approved else [])}


def test_the_printed_sign_ins_come_first_and_their_two_providers_serve_different_children() -> None:
    shown = WORLD.users[:12]
    assert {role for person in shown for role in person.roles} == {
        "PLACEMENT_OFFICER", "REGISTRATION_OFFICER", "SIGNATORY", "ADMINISTRATOR", "READ_ONLY", "MEMBER",
        "REGION_ADMIN",
    }  # fmt: skip
    sign_only = [p for p in shown if p.roles == ("SIGNATORY",) and p.side == "PROVIDER"]
    assert [p.organisation for p in sign_only] == [p.key for p in WORLD.providers[:2]]
    assert WORLD.providers[0].categories != WORLD.providers[1].categories
    assert all(person.state == "ACTIVE" for person in shown)


@pytest.mark.parametrize("heritage", ["punjabi", "pakistani", "arab"])
def test_some_people_write_their_names_in_another_script(heritage: str) -> None:
    scripts = [person.script for person in WORLD.users if person.script]
    ranges = {"punjabi": "\u0a00-\u0a7f", "pakistani": "\u0600-\u06ff", "arab": "\u0600-\u06ff"}
    assert any(re.search(f"[{ranges[heritage]}]", each) for each in scripts)


def test_names_need_letters_of_welsh_polish_romanian_and_vietnamese() -> None:
    names = " ".join(person.name for person in WORLD.users)
    assert set("âłășễ") & set(names) >= set("âł")
    given = " ".join(child.identity.given + child.identity.family for r in WORLD.referrals for child in r.children)
    assert set(given) & set("ễđĐầạươ")
