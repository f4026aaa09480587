"""Wishes of e-mail: everybody chooses for themselves, kind by kind, and nobody else learns of it."""

import json
from typing import Any

import pytest

from models import ipa, offer, referral, registration, registration_import, uplift
from models.lifecycle import Role, Side
from models.mail_kind import ALWAYS, GROUPS, grouped
from models.mail_preference import USUALLY, MailChoice
from models.notification import NotificationKind as Kind
from models.person import ROLES_OF, Viewer
from resolvers.context import Shell
from tests.agreeing import Agreeing
from tests.authorising import Authorising
from tests.following import stream
from tests.resolvers.test_change import CHANGES
from tests.world import World

ASK = "{ mailPreferences { kind group title choice usual changeable fixed } }"
CHOOSE = """mutation ($input: [MailPreferenceInput!]!) { mailPreferencesSet(input: $input) {
  preferences { kind choice } problems { code message path } } }"""
BELLS = "subscription { notifications { __typename ... on Heartbeat { cursor } } }"
TABLES = (ipa, offer, referral, registration, registration_import, uplift)


async def held(world: World, who: Viewer) -> dict[str, Any]:
    return {each["kind"]: each for each in (await world.gql(who, ASK))["mailPreferences"]}


async def choose(world: World, who: Viewer, **kinds: str) -> dict[str, Any]:
    input = [{"kind": kind, "choice": choice} for kind, choice in kinds.items()]
    (payload,) = (await world.gql(who, CHOOSE, input=input)).values()
    return dict(payload)


def test_every_kind_stands_in_one_group_and_has_a_usual_choice() -> None:
    assert sorted(kind for kinds in GROUPS.values() for kind in kinds) == sorted(Kind)
    assert set(USUALLY) == {kind.value for kind in Kind}


# S-100
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_everybody_whom_the_tables_tell_can_choose(table: Any) -> None:
    for rule in table.LIFECYCLE:
        for audience in rule.tells if rule.notice else ():
            for role in audience.who.roles:
                groups = grouped(audience.who.side, [role], signs=False).values()
                assert any(rule.notice in kinds for kinds in groups), (rule.notice, audience)


def test_roles_are_asked_about_what_can_reach_them_and_nothing_else() -> None:
    sign_only = grouped(Side.PROVIDER, [Role.SIGNATORY], signs=True)
    assert set(sign_only) == {"Agreements", "Accounts"}
    assert grouped(Side.LOCAL_AUTHORITY, [Role.READ_ONLY], signs=False)["Agreements"] == [
        Kind.DELEGATION_GIVEN, Kind.DELEGATION_REVOKED,
    ]  # fmt: skip
    assert grouped(Side.LOCAL_AUTHORITY, [Role.MACHINE], signs=False) == {}
    assert set(grouped(Side.REGION, [Role.REGION_ADMIN], signs=False)) == {"Accounts"}
    for side, roles in ROLES_OF.items():
        for role in roles - {Role.MACHINE}:
            assert set(grouped(side, [role], signs=False)["Accounts"]) >= ALWAYS


# S-113, S-120
async def test_it_is_told_what_holds_and_what_would_without_a_choice(world: World) -> None:
    agreeing = await Agreeing.among(world)
    usual = await held(world, agreeing.member)
    assert usual["REFERRAL_RECEIVED"] == {
        "kind": "REFERRAL_RECEIVED", "group": "Referrals", "title": "New referral", "choice": "IMMEDIATELY",
        "usual": "IMMEDIATELY", "changeable": True, "fixed": None,
    }  # fmt: skip
    assert usual["MESSAGE_RECEIVED"]["choice"] == "DAILY_DIGEST"
    assert usual["IPA_READY_TO_SIGN"]["choice"] == "DAILY_DIGEST"
    assert usual["WORKBOOK_TAKEN_IN"]["choice"] == "OFF"
    assert not usual["PASSWORD_CHANGED"]["changeable"]
    assert "OFFER_SUBMITTED" not in usual
    payload = await choose(world, agreeing.member, MESSAGE_RECEIVED="IMMEDIATELY", REFERRAL_RECEIVED="OFF")
    assert payload["problems"] == []
    now = await held(world, agreeing.member)
    assert {each["kind"]: each["choice"] for each in payload["preferences"]} == {k: v["choice"] for k, v in now.items()}
    assert (now["MESSAGE_RECEIVED"]["choice"], now["MESSAGE_RECEIVED"]["usual"]) == ("IMMEDIATELY", "DAILY_DIGEST")
    assert now["REFERRAL_RECEIVED"]["choice"] == "OFF"
    assert await held(world, await world.person(agreeing.firm.id, Role.MEMBER)) == usual


# S-113, S-033
async def test_whoever_may_sign_is_always_told_at_once_that_they_can(world: World) -> None:
    case = await Authorising.for_party(world)
    signatory, colleague = case.signatory, case.colleague
    assert (await held(world, colleague))["IPA_READY_TO_SIGN"]["changeable"]
    assert (await choose(world, colleague, IPA_READY_TO_SIGN="OFF"))["problems"] == []
    given = await case.given()
    for who in (signatory, colleague):
        row = (await held(world, who))["IPA_READY_TO_SIGN"]
        assert (row["choice"], row["usual"], row["changeable"]) == ("IMMEDIATELY", "IMMEDIATELY", False)
        assert row["fixed"] == "You may sign agreements, so you are always told at once that one is ready for it."
        for choice in ("OFF", "DAILY_DIGEST"):
            payload = await choose(world, who, IPA_SIGNED="OFF", IPA_READY_TO_SIGN=choice)
            assert payload["preferences"] is None
            assert [(each["code"], each["path"]) for each in payload["problems"]] == [
                ("ALWAYS_MAILED", ["input", "1", "kind"])
            ]
        assert (await held(world, who))["IPA_SIGNED"]["choice"] == "DAILY_DIGEST"
        assert (await choose(world, who, IPA_READY_TO_SIGN="IMMEDIATELY"))["problems"] == []
    await case.revoke(given)
    assert (await held(world, colleague))["IPA_READY_TO_SIGN"]["choice"] == "OFF"


async def test_what_concerns_the_safety_of_the_own_account_cannot_be_turned_off(world: World) -> None:
    officer = await world.person(await world.authority(), Role.PLACEMENT_OFFICER)
    for kind in ALWAYS:
        assert [each["code"] for each in (await choose(world, officer, **{kind: "OFF"}))["problems"]] == [
            "ALWAYS_MAILED"
        ]
    assert await world.count("mail_preference") == 0


async def test_a_kind_of_others_and_one_said_twice_are_refused(world: World) -> None:
    officer = await world.person(await world.authority(), Role.PLACEMENT_OFFICER)
    (refused,) = (await choose(world, officer, REFERRAL_RECEIVED="OFF"))["problems"]
    assert (refused["code"], refused["message"]) == ("INVALID_INPUT", "You are not told of this kind.")
    twice = [{"kind": "OFFER_SUBMITTED", "choice": choice} for choice in ("OFF", "IMMEDIATELY")]
    assert await world.refused(officer, CHOOSE.replace("preferences { kind choice }", ""), input=twice) == [
        "INVALID_INPUT"
    ]
    assert await world.count("mail_preference") == 0


# S-122
async def test_a_case_system_gets_no_mail_and_has_nothing_to_choose(world: World) -> None:
    machine = await world.person(await world.authority(), Role.PLACEMENT_OFFICER)
    await world.sql("UPDATE person SET roles = '{MACHINE}', email = NULL WHERE id = $1", machine.person_id)
    system = Viewer(
        machine.person_id, machine.organisation_id, machine.side, frozenset({Role.MACHINE}), machine.session_id,
        machine.name, None, machine.organisation_name, machine.expires_at,
    )  # fmt: skip
    assert await held(world, system) == {}
    assert [each["code"] for each in (await choose(world, system, OFFER_SUBMITTED="OFF"))["problems"]] == ["FORBIDDEN"]


# S-070
async def test_nobody_else_learns_of_a_choice_and_ones_own_screens_learn_it_once(world: World) -> None:
    agreeing = await Agreeing.among(world)
    region = await world.person(await world.region(), Role.REGION_ADMIN)
    (head,) = await world.sql("SELECT seq FROM event_stream WHERE stream = $1", agreeing.member.person_id)
    for choice in ("OFF", "OFF", "DAILY_DIGEST"):
        await choose(world, agreeing.member, REFERRAL_RECEIVED=choice)
    told = await world.sql(
        "SELECT n.person_id, n.notice, e.payload, e.la_id, e.provider_id FROM inbox_entry n JOIN event e"
        " ON e.id = n.event_id WHERE e.kind = 'mail_preferences.set' ORDER BY n.no"
    )
    assert [json.loads(row["payload"]) for row in told] == [
        {"REFERRAL_RECEIVED": choice} for choice in (MailChoice.OFF, MailChoice.DAILY_DIGEST)
    ]
    assert {(row["person_id"], row["notice"], row["la_id"], row["provider_id"]) for row in told} == {
        (agreeing.member.person_id, None, None, None)
    }
    assert await world.sql("SELECT seq FROM event_stream WHERE stream = $1", agreeing.member.person_id) == [head]
    for who in (agreeing.officer, region, await world.person(agreeing.firm.id, Role.ADMINISTRATOR)):
        async with world.shell.database.reading(who, world.clock.now) as connection:
            for table in ("mail_preference", "event WHERE kind = 'mail_preferences.set'"):
                assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0


# S-119, S-070
async def test_what_is_chosen_on_one_screen_is_told_to_the_other_and_to_nobody_else(world: World, live: Shell) -> None:
    firm = await world.provider()
    me, colleague = [await world.person(firm.id, Role.MEMBER) for _ in range(2)]
    mine, theirs, bells = (
        stream(world, who, document) for who, document in ((me, CHANGES), (colleague, CHANGES), (me, BELLS))
    )
    begun = [await anext(each) for each in (mine, theirs, bells)]
    await choose(world, me, MESSAGE_RECEIVED="IMMEDIATELY")
    told = await anext(mine)
    assert (told["subjectKind"], told["subjectId"]) == ("MAIL_PREFERENCES", str(me.person_id))
    assert (told["after"], told["unread"], told["version"]) == (begun[0]["cursor"], 0, None)
    assert (told["referralId"], told["fromOthers"]) == (None, False)
    assert (await held(world, me))["MESSAGE_RECEIVED"]["choice"] == "IMMEDIATELY"
    await choose(world, me, MESSAGE_RECEIVED="IMMEDIATELY")
    await choose(world, colleague, MESSAGE_RECEIVED="OFF")
    heard = await anext(theirs)
    assert (heard["subjectId"], heard["after"]) == (str(colleague.person_id), begun[1]["cursor"])
    for each in (mine, theirs, bells):
        await each.aclose()
