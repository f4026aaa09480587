"""What somebody can ask who is not signed in: how to sign in, how to begin, where help is. Nothing else is there."""

from typing import TypeVar

import strawberry

from resolvers import invitation, password, password_forgotten, registration_begin, session, session_recovery
from resolvers.ipa_verification import verification
from resolvers.service_info import ask_for_help
from schema import CONFIG, PROBLEMS
from schema.executor import Executor
from schema.fields import act, ask
from schema.ipa_verification import VERIFIES, AgreementVerification
from schema.problems import Problem
from schema.service_info import ServiceInfo
from schema.session import (
    InvitationAcceptPayload,
    InvitationConfirmPayload,
    PasswordForgottenPayload,
    PasswordResetPayload,
    RecoveryPayload,
    SessionPayload,
    SignInPayload,
)
from schema.values import with_words

S = TypeVar("S", bound=strawberry.Schema)


@strawberry.type(description="The answer to a provider's first step; the same whether the address is known or not.")
class RegistrationBeginPayload:
    received: bool = strawberry.field(default=False, description="Whether the request will be looked at.")
    managing_local_authority: str | None = strawberry.field(
        default=None, description="The authority that will answer; null where the region finds one."
    )
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(name="Query", description="What can be asked without signing in.")
class PublicQuery:
    service_info: ServiceInfo = ask(ask_for_help, "Where to find help.")
    verify_agreement: AgreementVerification = ask(verification, VERIFIES)


@strawberry.type(name="Mutation", description="What can be done without signing in.")
class PublicMutation:
    sign_in: SignInPayload = act(session.sign_in, "Sign in: your password.", key=None, guard=session.with_password)
    sign_in_confirm: SessionPayload = act(
        session.confirm, "Sign in: the code of your authenticator.", key=None, guard=session.with_challenge
    )
    sign_in_recover: RecoveryPayload = act(
        session_recovery.recover, "Sign in: a recovery code, where the authenticator is lost.", key=None,
        guard=session_recovery.with_recovery_code,
    )  # fmt: skip
    password_forgotten: PasswordForgottenPayload = act(
        password_forgotten.forgotten, "Tell those who can give out a link for a new password.", key=None,
        guard=password_forgotten.with_one_answer,
    )  # fmt: skip
    password_reset: PasswordResetPayload = act(
        password.reset, "Take up a link for a new password, with a code of the authenticator.", key=None,
        guard=password.with_link_and_code,
    )  # fmt: skip
    invitation_accept: InvitationAcceptPayload = act(
        invitation.accept, "Take up an invitation: choose a password, get an authenticator secret.", key=None,
        guard=invitation.with_password,
    )  # fmt: skip
    invitation_confirm: InvitationConfirmPayload = act(
        invitation.confirm, "Take up an invitation: show that the authenticator works.", key=None,
        guard=invitation.with_invitation,
    )  # fmt: skip
    registration_begin: RegistrationBeginPayload = act(
        registration_begin.begin, "Ask for your organisation to take part, and for your own account.", key=None,
        guard=registration_begin.with_patience,
    )  # fmt: skip


def build_public(kind: type[S]) -> S:
    """The contract of anonymous callers, as a schema of that kind."""
    contract = kind(PublicQuery, PublicMutation, types=PROBLEMS, config=CONFIG, execution_context_class=Executor)
    return with_words(contract)


public_schema = build_public(strawberry.Schema)
