"""Access over real sockets: whoever loses it is out as soon as a hint tells of it, and nobody else is."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from models.lifecycle import Role
from portal.app import Portal
from tests.journeys.asking import Asking, Somebody, Stream
from tests.people import (
    ACCEPT,
    CHANGE_AUTHENTICATOR,
    CHANGE_PASSWORD,
    CHANGE_ROLES,
    CONFIRM_AUTHENTICATOR,
    END_OTHERS,
    PASSWORD,
    RECOVER,
    RESET_AUTHENTICATOR,
    SIGN_IN,
    SUSPEND,
    Enrolled,
    challenge,
    enrolled,
    half_a_minute_later,
    invited,
    known,
    signed_in,
    token,
)
from tests.world import World

WHO = "{ viewer { name } }"


@pytest.fixture
def asking(portal: Portal) -> Asking:
    return Asking(portal.where.origin)


async def anew(world: World, somebody: Enrolled) -> Somebody:
    """Signed in once more, with a session of its own."""
    await half_a_minute_later(world, somebody)
    return Somebody(somebody.email, somebody.password, somebody.secret, await token(world, somebody))


ACTS = ["suspend", "roles", "lost", "password", "authenticator", "others", "recovery"]


class Acting:
    """The acts by which somebody is out; the first three are an administrator's, the others are Ada's own."""

    def __init__(self, world: World, asking: Asking, boss: Enrolled, ada: Enrolled) -> None:
        self.world, self.asking, self.boss, self.ada = world, asking, boss, ada

    async def suspend(self, _: Somebody) -> None:
        await self._by_boss(SUSPEND)

    async def roles(self, _: Somebody) -> None:
        await self._by_boss(CHANGE_ROLES, input={"roles": ["READ_ONLY"]})

    async def lost(self, _: Somebody) -> None:
        await self._by_boss(RESET_AUTHENTICATOR)

    async def password(self, me: Somebody) -> None:
        await half_a_minute_later(self.world, self.ada)
        given = {"current": PASSWORD, "password": "teal ducks read slowly", "code": self.ada.code()}
        await self.asking.do(me, CHANGE_PASSWORD, input=given)

    async def authenticator(self, me: Somebody) -> None:
        await half_a_minute_later(self.world, self.ada)
        given = await self.asking.do(me, CHANGE_AUTHENTICATOR, input={"code": self.ada.code()})
        fresh = Enrolled(self.ada.id, self.ada.email, given["secret"])
        await self.asking.do(me, CONFIRM_AUTHENTICATOR, input={"code": fresh.code()})

    async def others(self, me: Somebody) -> None:
        await self.asking.do(me, END_OTHERS)

    async def recovery(self, _: Somebody) -> None:
        given = {"challenge": await challenge(self.world, self.ada), "recoveryCode": self.ada.recovery_codes[0]}
        await self.asking.do(None, RECOVER, input=given)

    async def _by_boss(self, document: str, **more: Any) -> None:
        who = await anew(self.world, self.boss)
        await self.asking.do(who, document, **await known(self.world, self.ada), **more)


# TRUST D1, D7
@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize("act", ACTS)
async def test_sockets_of_sessions_that_end_close_when_the_hint_of_it_comes(
    world: World, asking: Asking, act: str
) -> None:
    region = await world.person(await world.region(), Role.REGION_ADMIN)
    authority = str(await world.authority())
    boss = await enrolled(world, region, "boss@example.org", "ADMINISTRATOR", organisationId=authority)
    ada = await enrolled(world, region, "ada.moss@example.org", "PLACEMENT_OFFICER", organisationId=authority)
    mine, other, bystander = await anew(world, ada), await anew(world, ada), await anew(world, boss)
    stays = act in ("password", "authenticator", "others")
    async with AsyncExitStack() as open_:
        gone = [await open_.enter_async_context(asking.following(other)) for _ in range(3)]
        kept = [await open_.enter_async_context(asking.following(bystander))]
        own = await open_.enter_async_context(asking.following(mine))
        (kept if stays else gone).append(own)
        await getattr(Acting(world, asking, boss, ada), act)(mine)
        assert [await stream.closed() for stream in gone] == [4401] * len(gone)
        assert [await open_still(stream) for stream in kept] == [True] * len(kept)
    assert await heard(asking, other) is False
    assert await heard(asking, mine) is stays


async def open_still(stream: Stream) -> bool:
    await asyncio.sleep(0.05)
    return stream.socket.close_code is None


async def heard(asking: Asking, who: Somebody) -> bool:
    """Whether the portal still answers who is signed in so."""
    headers = {"Authorization": f"Bearer {who.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as client,
        client.post(f"{asking.address}/graphql", json={"query": WHO}) as answer,
    ):
        body = await answer.json()
    codes = [error["extensions"]["code"] for error in body.get("errors", ())]
    assert codes in ([], ["UNAUTHENTICATED"])
    return codes == []


# TRUST E3
async def test_too_many_who_sign_in_at_once_are_told_when_to_try_again(world: World, portal: Portal) -> None:
    places = portal.where.keys._passwords._places
    taken = 0
    while places.acquire(blocking=False):
        taken += 1
    given = {"query": SIGN_IN, "variables": {"input": {"email": "nobody@example.org", "password": PASSWORD}}}
    async with aiohttp.ClientSession() as client:
        for _ in range(8):
            async with client.post(f"{portal.where.origin}/graphql", json=given) as answer:
                assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
                body = await answer.json()
                assert [error["extensions"]["code"] for error in body["errors"]] == ["BUSY"]
                assert "try again in a few seconds" in body["errors"][0]["message"]
        assert await world.count("throttle", "failures > 0") == 0
        for _ in range(taken):
            places.release()
        async with client.post(f"{portal.where.origin}/graphql", json=given) as answer:
            assert answer.status == 200


# S-025
async def test_no_cache_keeps_a_secret_that_is_shown_once(world: World, asking: Asking) -> None:
    admin = await world.person(await world.authority(), Role.ADMINISTRATOR)
    _, invitation = await invited(world, admin, "ada.moss@example.org", "READ_ONLY")
    given = {"query": ACCEPT, "variables": {"input": {"invitation": invitation, "password": PASSWORD}}}
    async with aiohttp.ClientSession() as client, client.post(f"{asking.address}/graphql", json=given) as answer:
        assert (await answer.json())["data"]["invitationAccept"]["secret"]
        assert answer.headers["Cache-Control"] == "no-store"


# S-031
async def test_a_provider_signatory_looks_after_their_own_credentials_too(world: World, asking: Asking) -> None:
    firm = await world.provider()
    boss = await world.person(firm.id, Role.ADMINISTRATOR)
    signer = await enrolled(world, boss, "signer@example.org", "SIGNATORY")
    viewer = await signed_in(world, signer)
    assert viewer.sign_only
    await half_a_minute_later(world, signer)
    new = {"current": PASSWORD, "password": "teal ducks read slowly", "code": signer.code()}
    await world.do(viewer, CHANGE_PASSWORD, input=new)
    await half_a_minute_later(world, signer)
    fresh = await world.do(viewer, CHANGE_AUTHENTICATOR, input={"code": signer.code()})
    code = Enrolled(signer.id, signer.email, fresh["secret"]).code()
    await world.do(viewer, CONFIRM_AUTHENTICATOR, input={"code": code})
    told = "{ notifications { nodes { kind } } viewer { recoveryCodesLeft } }"
    seen = await world.gql(viewer, told)
    assert [node["kind"] for node in seen["notifications"]["nodes"]] == ["AUTHENTICATOR_CHANGED", "PASSWORD_CHANGED"]
    assert seen["viewer"]["recoveryCodesLeft"] == 10
