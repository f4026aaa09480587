"""Signing in and out as a client sees it."""

from datetime import datetime
from uuid import UUID

import strawberry

from models import session
from resolvers.viewer import signed_in
from schema.fields import ask, shows, told
from schema.problems import Problem
from schema.viewer import Viewer


@shows(session.Session, "One of your sessions that has not ended.")
class Session:
    id: UUID = told("Its id.")
    created_at: datetime = told("When it began.")
    expires_at: datetime = told("When it ends; using it does not make it longer.")
    address: str | None = told("The network address that signed in.")
    agent: str | None = told("The program that signed in, as it called itself.")
    current: bool = told("Whether it is the one that asks.")


@strawberry.type(description="The answer to a right password: it takes a code of the authenticator to go on.")
class SignInPayload:
    challenge: str | None = strawberry.field(default=None, description="Send it with the code.")
    expires_at: datetime | None = strawberry.field(default=None, description="Until when a code is taken.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why you are not signed in.")


@strawberry.type(description="The answer to a right code: a session of fourteen days.")
class SessionPayload:
    token: str | None = strawberry.field(
        default=None, description="Send it as `Authorization: Bearer …`; null when it is in the cookie."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When to sign in again.")
    viewer: Viewer | None = ask(signed_in, "Who is signed in now.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why you are not signed in.")


@strawberry.type(description="The answer to a right recovery code: a session, and a way to another authenticator.")
class RecoveryPayload:
    token: str | None = strawberry.field(
        default=None, description="Send it as `Authorization: Bearer …`; null when it is in the cookie."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When to sign in again.")
    viewer: Viewer | None = ask(signed_in, "Who is signed in now.")
    recovery_codes_left: int | None = strawberry.field(default=None, description="How many codes are left.")
    enrolment: str | None = strawberry.field(
        default=None,
        description="For an hour, once: give it as `invitation` to `invitationAccept` to enrol a new authenticator.",
    )
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why you are not signed in.")


@strawberry.type(description="The answer to signing out.")
class SignOutPayload:
    ended: UUID | None = strawberry.field(default=None, description="The session that has ended.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer to the first step of taking up an invitation. The secret is shown this once.")
class InvitationAcceptPayload:
    email: str | None = strawberry.field(default=None, description="The e-mail address to sign in with.")
    secret: str | None = strawberry.field(default=None, description="The secret to type into an authenticator app.")
    otpauth: str | None = strawberry.field(default=None, description="The same as the text of a QR code.")
    qr_code: str | None = strawberry.field(default=None, description="The same as a picture, in SVG.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer to the second step: the account is active. Sign in with the next code.")
class InvitationConfirmPayload:
    email: str | None = strawberry.field(default=None, description="The e-mail address to sign in with.")
    recovery_codes: list[str] | None = strawberry.field(
        default=None, description="Ten codes for the day the authenticator is lost, each for one use; shown this once."
    )
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer to ending the other sessions.")
class SessionsEndPayload:
    ended: int | None = strawberry.field(default=None, description="How many have ended.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer to beginning to change the authenticator. The secret is shown this once.")
class AuthenticatorChangePayload:
    secret: str | None = strawberry.field(default=None, description="The secret to type into an authenticator app.")
    otpauth: str | None = strawberry.field(default=None, description="The same as the text of a QR code.")
    qr_code: str | None = strawberry.field(default=None, description="The same as a picture, in SVG.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer to a change of password or authenticator: every other session has ended.")
class CredentialPayload:
    changed: bool = strawberry.field(default=False, description="Whether it is the new one from here on.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer to renewing the recovery codes.")
class RecoveryCodesPayload:
    recovery_codes: list[str] | None = strawberry.field(
        default=None, description="Ten new codes, each for one use, shown this once; those from before work no more."
    )
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer to having forgotten a password; the same for every address.")
class PasswordForgottenPayload:
    received: bool = strawberry.field(
        default=False, description="Whether those who can give out a link are told, if there is such an account."
    )
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type(description="The answer to taking up a link for a new password: sign in with it.")
class PasswordResetPayload:
    email: str | None = strawberry.field(default=None, description="The e-mail address to sign in with.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")
