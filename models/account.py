"""Accounts: the roles there are, the states an account goes through, and what is asked of a new one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.email import GENERIC
from models.lifecycle import (
    AUTHORITY_ADMINISTRATOR,
    PROVIDER_ADMINISTRATOR,
    REGION_ADMINISTRATOR,
    REGISTRATION_TEAM,
    Lifecycle,
    Role,
    Rule,
    Side,
    rule,
)
from models.refusal import Code, Refused

ROLES_OF = {
    Side.LOCAL_AUTHORITY: {
        Role.PLACEMENT_OFFICER,
        Role.REGISTRATION_OFFICER,
        Role.SIGNATORY,
        Role.ADMINISTRATOR,
        Role.READ_ONLY,
        Role.MACHINE,
    },
    Side.PROVIDER: {Role.MEMBER, Role.SIGNATORY, Role.ADMINISTRATOR},
    Side.REGION: {Role.REGION_ADMIN},
}


class AccountStatus(StrEnum):
    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    INVITED = "INVITED"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


REQUESTED, APPROVED, INVITED, ACTIVE, SUSPENDED = AccountStatus
APPROVERS = (AUTHORITY_ADMINISTRATOR, PROVIDER_ADMINISTRATOR, REGISTRATION_TEAM, REGION_ADMINISTRATOR)
AUTHORITY = (AUTHORITY_ADMINISTRATOR, REGISTRATION_TEAM)
LEADING = (Role.ADMINISTRATOR, Role.REGION_ADMIN)


def _decision(action: str, when: Iterable[AccountStatus], **more: Any) -> tuple[Rule[AccountStatus], ...]:
    """Administrators decide on their own people; who looks after a provider does while it has no administrator."""
    authority = rule(action, by=AUTHORITY, when=when, unless="led", **more)
    return (authority, rule(action, by=(PROVIDER_ADMINISTRATOR, REGION_ADMINISTRATOR), when=when, **more))


LIFECYCLE = Lifecycle(
    (
        *_decision("request", [REQUESTED]),
        rule("request", by=(), when=[REQUESTED]),
        *_decision("approve", [REQUESTED], then=APPROVED),
        *_decision("invite", [APPROVED, INVITED], then=INVITED),
        rule("enrol", by=(), when=[INVITED, ACTIVE]),
        rule("activate", by=(), when=[APPROVED, INVITED], then=ACTIVE),
        *_decision("change_roles", [REQUESTED, APPROVED, INVITED, ACTIVE, SUSPENDED], notice="ROLES_CHANGED"),
        *_decision("reset_authenticator", [ACTIVE], notice="AUTHENTICATOR_RESET"),
        *_decision("reset_password", [ACTIVE], notice="PASSWORD_RESET"),
        rule("change_authenticator", by=(), when=[ACTIVE], reads=True, notice="AUTHENTICATOR_CHANGED"),
        rule("change_password", by=(), when=[ACTIVE], reads=True, notice="PASSWORD_CHANGED"),
        rule("forget_password", by=(), when=[ACTIVE], reads=True, notice="PASSWORD_FORGOTTEN"),
        rule("block", by=(), when=[ACTIVE], reads=True, notice="SIGN_IN_BLOCKED"),
        rule("recover", by=(), when=[ACTIVE], reads=True, notice="RECOVERY_CODE_USED"),
        rule("renew_recovery_codes", by=(), when=[ACTIVE], reads=True, notice="RECOVERY_CODES_RENEWED"),
        *_decision("suspend", [ACTIVE], then=SUSPENDED),
        *_decision("reinstate", [SUSPENDED], then=ACTIVE),
    ),
    start=REQUESTED,
    begins="request",
    because={
        "led": (Code.FORBIDDEN, "This provider has an administrator of its own, who decides on its people's accounts.")
    },
)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is asked of somebody who shall have an account."""

    name: str
    email: str
    roles: Iterable[str]
    job_title: str | None = None
    phone: str | None = None
    override_reason: str | None = None
    shared: Collection[str] = GENERIC


def fitting(roles: Iterable[str], side: Side) -> list[str]:
    """Roles that people of that side can hold, at least one, in order."""
    wanted = sorted({Role(role) for role in roles})
    if not wanted or not set(wanted) <= ROLES_OF[side] - {Role.MACHINE}:
        raise Refused(Code.INVALID_INPUT, "Choose roles that this organisation has.", ["input", "roles"])
    return [role.value for role in wanted]


def named(name: str) -> str:
    text = " ".join(name.split())
    if not text:
        raise Refused(Code.INVALID_INPUT, "Please give a name.", ["input", "name"])
    return text
