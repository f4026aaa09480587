"""Somebody who has lost password, authenticator and recovery codes gets in again by two links, never by one."""

from dataclasses import replace

import pytest_asyncio

from models.lifecycle import Role
from models.person import Viewer
from tests.people import (
    ACCEPT,
    ENROL,
    PASSWORD,
    RESET,
    RESET_AUTHENTICATOR,
    RESET_PASSWORD,
    SIGN_IN,
    Enrolled,
    known,
    notices,
    signed_in,
)
from tests.world import World

NEW = "teal ducks read slowly"


@pytest_asyncio.fixture(loop_scope="session")
async def second(world: World, admin: Viewer) -> Viewer:
    return await world.person(admin.organisation_id, Role.ADMINISTRATOR)


async def test_with_links_of_two_people_somebody_who_has_lost_everything_gets_in_by_a_new_password_and_authenticator(
    world: World, admin: Viewer, second: Viewer, ada: Enrolled
) -> None:
    # TRUST E6, S-026
    enrolment = await world.do(admin, RESET_AUTHENTICATOR, **await known(world, ada))
    given = await world.do(second, RESET_PASSWORD, **await known(world, ada))
    link = {"invitation": given["invitation"], "password": NEW}
    other = {"invitation": enrolment["invitation"]}
    assert await world.refused(None, RESET, input={**link, "code": ada.code()}) == ["CODE_REFUSED"]
    await world.do(None, RESET, input=link)
    assert await world.refused(None, RESET, input=link) == ["INVITATION_USED"]
    assert await world.count("session", "person_id = $1 AND revoked_at IS NULL", ada.id) == 0
    assert await world.refused(None, ACCEPT, input={**other, "password": PASSWORD}) == ["SIGN_IN_REFUSED"]
    shown = await world.do(None, ACCEPT, input={**other, "password": NEW})
    renewed = replace(ada, password=NEW, secret=shown["secret"])
    assert await world.refused(None, ENROL, input={**other, "code": ada.code()}) == ["CODE_REFUSED"]
    await world.do(None, ENROL, input={**other, "code": renewed.code()})
    told = await notices(world, await signed_in(world, renewed))
    assert sorted(set(told)) == ["AUTHENTICATOR_CHANGED", "AUTHENTICATOR_RESET", "PASSWORD_CHANGED", "PASSWORD_RESET"]
    helped = "kind IN ('account.reset_authenticator', 'account.reset_password') AND actor_id = $1"
    assert [await world.count("event", helped, who.person_id) for who in (admin, second)] == [1, 1]


async def test_nobody_who_helps_gets_in_with_two_links_of_their_own(
    world: World, admin: Viewer, second: Viewer, ada: Enrolled
) -> None:
    # TRUST E6
    await world.do(admin, RESET_AUTHENTICATOR, **await known(world, ada))
    own = await world.do(admin, RESET_PASSWORD, **await known(world, ada))
    assert await world.refused(None, RESET, input={"invitation": own["invitation"], "password": NEW}) == [
        "CODE_REFUSED"
    ]
    given = await world.do(second, RESET_PASSWORD, **await known(world, ada))
    await world.do(None, RESET, input={"invitation": given["invitation"], "password": NEW})
    again = await world.do(second, RESET_AUTHENTICATOR, **await known(world, ada))
    link = {"invitation": again["invitation"], "password": NEW}
    assert await world.refused(None, ACCEPT, input=link) == ["FORBIDDEN"]
    assert await world.count("credential", "person_id = $1 AND pending_authenticator IS NOT NULL", ada.id) == 0


async def test_a_link_for_a_password_does_without_a_code_only_after_the_authenticator_was_ended(
    world: World, admin: Viewer, ada: Enrolled
) -> None:
    # TRUST E6
    given = await world.do(admin, RESET_PASSWORD, **await known(world, ada))
    link = {"invitation": given["invitation"], "password": NEW}
    assert await world.refused(None, RESET, input=link) == ["CODE_REFUSED"]
    await world.do(admin, RESET_AUTHENTICATOR, **await known(world, ada))
    assert await world.refused(None, RESET, input=link) == ["CODE_REFUSED"]  # it was given before
    still = await world.do(None, SIGN_IN, input={"email": ada.email, "password": PASSWORD})
    assert still["challenge"]
