"""People who sign in as people do: with a password of their own and an authenticator app."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pyotp
from starlette.requests import HTTPConnection

from models.person import Viewer
from portal.sign_in import SignIn
from tests.world import World

PASSWORD = "correct horse battery staple"
REQUEST = """mutation ($key: UUID!, $input: AccountInput!) { accountRequest(idempotencyKey: $key, input: $input) {
  account { id status version can roles email } problems { code message path } } }"""
APPROVE = """mutation ($id: UUID!, $version: Int!) { accountApprove(id: $id, expectedVersion: $version) {
  account { id status version can } problems { code message } } }"""
INVITE = """mutation ($id: UUID!, $version: Int!) { accountInvite(id: $id, expectedVersion: $version) {
  account { id status version } invitation link expiresAt problems { code message } } }"""
SUSPEND = """mutation ($id: UUID!, $version: Int!) { accountSuspend(id: $id, expectedVersion: $version) {
  account { id status version can } problems { code message } } }"""
REINSTATE = """mutation ($id: UUID!, $version: Int!) { accountReinstate(id: $id, expectedVersion: $version) {
  account { id status version } problems { code message } } }"""
ACCEPT = """mutation ($input: InvitationAcceptInput!) { invitationAccept(input: $input) {
  email secret otpauth problems { code message path } } }"""
ENROL = """mutation ($input: InvitationConfirmInput!) { invitationConfirm(input: $input) {
  email problems { code message } } }"""
SIGN_IN = """mutation ($input: SignInInput!) { signIn(input: $input) {
  challenge expiresAt problems { code message path } } }"""
CONFIRM = """mutation ($input: SignInConfirmInput!) { signInConfirm(input: $input) {
  token expiresAt viewer { name } problems { code message path } } }"""


@dataclass
class Enrolled:
    """Somebody with an active account, and what they know and have."""

    id: UUID
    email: str
    secret: str
    password: str = PASSWORD

    def code(self, steps: int = 0) -> str:
        """What the app shows now, or so many half minutes later; one step ahead is taken, one behind as well."""
        return pyotp.TOTP(self.secret).at(datetime.now(UTC) + timedelta(seconds=30 * steps))


def asked(email: str, *roles: str, **more: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "input": {"name": "Ada Moss", "email": email, "roles": [*roles], **more}}


async def invited(world: World, by: Viewer, email: str, *roles: str, **more: Any) -> tuple[dict[str, Any], str]:
    """An account that was asked for, approved and invited, and the invitation."""
    account = (await world.do(by, REQUEST, **asked(email, *roles, **more)))["account"]
    account = (await world.do(by, APPROVE, id=account["id"], version=account["version"]))["account"]
    given = await world.do(by, INVITE, id=account["id"], version=account["version"])
    return given["account"], given["invitation"]


async def enrolled(world: World, by: Viewer, email: str, *roles: str, **more: Any) -> Enrolled:
    account, invitation = await invited(world, by, email, *roles, **more)
    given = await world.do(None, ACCEPT, input={"invitation": invitation, "password": PASSWORD})
    somebody = Enrolled(UUID(account["id"]), email, given["secret"])
    await world.do(None, ENROL, input={"invitation": invitation, "code": somebody.code()})
    await half_a_minute_later(world, somebody)
    return somebody


async def challenge(world: World, somebody: Enrolled) -> str:
    given = await world.do(None, SIGN_IN, input={"email": somebody.email, "password": somebody.password})
    return str(given["challenge"])


async def token(world: World, somebody: Enrolled) -> str:
    confirmed = {"challenge": await challenge(world, somebody), "code": somebody.code()}
    return str((await world.do(None, CONFIRM, input=confirmed))["token"])


async def half_a_minute_later(world: World, somebody: Enrolled) -> None:
    """As far as used codes go."""
    await world.sql("UPDATE credential SET last_step = 0 WHERE person_id = $1", somebody.id)


async def viewer_with(world: World, bearer: str, door: SignIn | None = None) -> Viewer:
    """Whom the portal finds for a token."""
    scope = {"type": "http", "headers": [(b"authorization", f"Bearer {bearer}".encode())]}
    found = await (door or SignIn(world.shell))(HTTPConnection(scope))
    assert found is not None
    return found


async def signed_in(world: World, somebody: Enrolled) -> Viewer:
    await half_a_minute_later(world, somebody)
    return await viewer_with(world, await token(world, somebody))
