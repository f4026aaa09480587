"""From the token of a request to a person: header or cookie, remembered for a minute, never longer than it is good."""

import re

import pytest
import pytest_asyncio
from starlette.requests import HTTPConnection

from models.lifecycle import Role
from portal.door import SignedOut
from portal.sign_in import SignIn
from resolvers.context import Context
from schema import schema
from schema.public import public_schema
from tests.people import CONFIRM, Enrolled, challenge, enrolled, token, viewer_with
from tests.world import World

OUT = "mutation { signOut { ended problems { code } } }"


@pytest_asyncio.fixture(loop_scope="session")
async def ada(world: World) -> Enrolled:
    admin = await world.person(await world.authority(), Role.ADMINISTRATOR)
    return await enrolled(world, admin, "ada.moss@example.org", "PLACEMENT_OFFICER")


def request(*headers: tuple[bytes, bytes]) -> HTTPConnection:
    return HTTPConnection({"type": "http", "headers": [*headers]})


async def test_a_browser_keeps_its_session_in_a_cookie_that_scripts_cannot_read(world: World, ada: Enrolled) -> None:
    # TRUST D2
    given = {"challenge": await challenge(world, ada), "code": ada.code(), "cookie": True}
    headers: list[tuple[bytes, bytes]] = []
    context = Context(world.shell, None, set_cookie=headers)
    result = await public_schema.execute(CONFIRM, {"input": given}, context)
    assert result.data
    assert result.data["signInConfirm"]["token"] is None
    ((name, cookie),) = headers
    assert name == b"set-cookie"
    found = re.fullmatch(rb"(__Host-portal=\S+); Path=/; Max-Age=1209600; Secure; HttpOnly; SameSite=Strict", cookie)
    assert found
    viewer = await SignIn(world.shell)(HTTPConnection({"type": "http", "headers": [(b"cookie", found[1])]}))
    assert viewer
    leaving = Context(world.shell, viewer, set_cookie=headers)
    await schema.execute(OUT, {}, leaving)
    assert headers[1][1].startswith(b"__Host-portal=; Path=/; Max-Age=0;")


async def test_a_request_without_a_credential_is_nobodys(world: World) -> None:
    # TRUST D2
    door = SignIn(world.shell)
    assert await door(request()) is None
    assert await door(request((b"cookie", b"other=1"))) is None


@pytest.mark.parametrize("given", [b"", b"Bearer", b"Bearer ", b"Basic YTpi", b"Bearer made-up", b"Bearer \xff"])
async def test_a_credential_that_is_none_is_refused(world: World, given: bytes) -> None:
    # TRUST D2: never taken for an anonymous request
    with pytest.raises(SignedOut, match="UNAUTHENTICATED"):
        await SignIn(world.shell)(request((b"authorization", given)))


async def test_a_person_is_looked_up_anew_after_a_minute(world: World, ada: Enrolled) -> None:
    # TRUST D1
    door = SignIn(world.shell)
    bearer = await token(world, ada)
    await viewer_with(world, bearer, door)
    await world.sql("UPDATE person SET name = 'Ada Marsh' WHERE id = $1", ada.id)
    assert (await viewer_with(world, bearer, door)).name == "Ada Moss"
    world.clock.goes_on(minutes=1)
    assert (await viewer_with(world, bearer, door)).name == "Ada Marsh"
    await world.sql("UPDATE session SET revoked_at = now()")
    world.clock.goes_on(minutes=1)
    for _ in range(2):
        with pytest.raises(SignedOut, match="UNAUTHENTICATED"):
            await viewer_with(world, bearer, door)


async def test_several_people_of_one_organisation_are_signed_in_at_once_each_as_themselves(
    world: World, ada: Enrolled
) -> None:  # S-022
    admin = await world.person(await world.authority(), Role.ADMINISTRATOR)
    ben = await enrolled(world, admin, "ben.hall@example.org", "PLACEMENT_OFFICER")
    first, second = [await viewer_with(world, await token(world, who)) for who in (ada, ben)]
    assert (first.person_id, second.person_id) == (ada.id, ben.id)
    assert first.organisation_id == second.organisation_id
    for viewer in (first, second):
        asked = await world.gql(viewer, "{ viewer { person { id } } }")
        assert asked["viewer"]["person"]["id"] == str(viewer.person_id)
