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
  email recoveryCodes problems { code message } } }"""
RECOVER = """mutation ($input: SignInRecoverInput!) { signInRecover(input: $input) {
  token enrolment recoveryCodesLeft viewer { name } problems { code message path } } }"""
RENEW = """mutation ($input: CodeInput!) { recoveryCodesRenew(input: $input) {
  recoveryCodes problems { code message path } } }"""
CHANGE_AUTHENTICATOR = """mutation ($input: CodeInput!) { authenticatorChange(input: $input) {
  secret otpauth qrCode problems { code message path } } }"""
CONFIRM_AUTHENTICATOR = """mutation ($input: AuthenticatorConfirmInput!) { authenticatorConfirm(input: $input) {
  changed problems { code message path } } }"""
CHANGE_PASSWORD = """mutation ($input: PasswordChangeInput!) { passwordChange(input: $input) {
  changed problems { code message path } } }"""
FORGOTTEN = """mutation ($input: PasswordForgottenInput!) { passwordForgotten(input: $input) {
  received problems { code message path } } }"""
RESET = """mutation ($input: PasswordResetInput!) { passwordReset(input: $input) {
  email problems { code message path } } }"""
RESET_AUTHENTICATOR = """mutation ($id: UUID!, $version: Int!) {
  accountResetAuthenticator(id: $id, expectedVersion: $version) {
    account { version status } invitation link expiresAt problems { code message path } } }"""
RESET_PASSWORD = """mutation ($id: UUID!, $version: Int!) { accountResetPassword(id: $id, expectedVersion: $version) {
  account { version } invitation link problems { code message path } } }"""
CHANGE_ROLES = """mutation ($id: UUID!, $version: Int!, $input: RolesInput!) {
  accountChangeRoles(id: $id, expectedVersion: $version, input: $input) {
    account { version roles status } problems { code message path } } }"""
END_OTHERS = "mutation { sessionsEndOthers { ended problems { code message } } }"
TOLD = "{ notifications { nodes { kind title subjectKind subjectId } } }"
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
    recovery_codes: tuple[str, ...] = ()

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
    done = await world.do(None, ENROL, input={"invitation": invitation, "code": somebody.code()})
    somebody.recovery_codes = tuple(done["recoveryCodes"])
    await half_a_minute_later(world, somebody)
    return somebody


async def challenge(world: World, somebody: Enrolled) -> str:
    given = await world.do(None, SIGN_IN, input={"email": somebody.email, "password": somebody.password})
    return str(given["challenge"])


async def token(world: World, somebody: Enrolled) -> str:
    confirmed = {"challenge": await challenge(world, somebody), "code": somebody.code()}
    return str((await world.do(None, CONFIRM, input=confirmed))["token"])


async def known(world: World, somebody: Enrolled) -> dict[str, Any]:
    """The account as whoever decides on it names it."""
    (row,) = await world.sql("SELECT version FROM person WHERE id = $1", somebody.id)
    return {"id": str(somebody.id), "version": row["version"]}


async def notices(world: World, viewer: Viewer) -> list[str]:
    """What somebody finds in the list of notifications, newest first."""
    return [node["kind"] for node in (await world.gql(viewer, TOLD))["notifications"]["nodes"]]


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
