"""The states of a registration, and who may do what in each of them."""

from dataclasses import replace
from enum import StrEnum

from models.lifecycle import (
    PROVIDER_STAFF,
    REGION_ADMINISTRATOR,
    REGISTRATION_TEAM,
    Audience,
    Lifecycle,
    rule,
)
from models.refusal import Code


class RegistrationStatus(StrEnum):
    DRAFT = "DRAFT"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    OPEN_FOR_EDITING = "OPEN_FOR_EDITING"


DRAFT, PENDING, APPROVED, REJECTED, OPEN = RegistrationStatus
REVIEWERS = (REGISTRATION_TEAM, REGION_ADMINISTRATOR)
LIFECYCLE = Lifecycle(
    (
        rule("edit", by=PROVIDER_STAFF, when=[DRAFT, OPEN]),
        rule("edit_profile", by=PROVIDER_STAFF, when=[DRAFT, OPEN, APPROVED]),
        rule("propose", by=PROVIDER_STAFF, when=[APPROVED], tells=Audience.REVIEWERS,
             notice="REGISTRATION_CHANGE_PROPOSED"),
        rule("add_document", by=PROVIDER_STAFF, when=[DRAFT, OPEN, APPROVED], reads=True),
        rule("withdraw_change", by=PROVIDER_STAFF, when=[OPEN, APPROVED], tells=Audience.REVIEWERS,
             notice="REGISTRATION_CHANGE_WITHDRAWN"),
        rule("submit", by=PROVIDER_STAFF, when=[DRAFT, OPEN], then=PENDING, tells=Audience.REVIEWERS,
             notice="REGISTRATION_SUBMITTED"),
        rule("approve", by=REVIEWERS, when=[PENDING], then=APPROVED, tells=Audience.PROVIDER,
             notice="REGISTRATION_APPROVED"),
        rule("reject", by=REVIEWERS, when=[PENDING], then=REJECTED, tells=Audience.PROVIDER,
             notice="REGISTRATION_REJECTED"),
        rule("open_for_editing", by=REVIEWERS, when=[PENDING, APPROVED, REJECTED], then=OPEN,
             tells=Audience.PROVIDER, notice="REGISTRATION_OPENED"),
        rule("approve_change", by=REVIEWERS, when=[APPROVED], tells=Audience.PROVIDER,
             notice="REGISTRATION_CHANGE_APPROVED"),
        rule("reject_change", by=REVIEWERS, when=[APPROVED], tells=Audience.PROVIDER,
             notice="REGISTRATION_CHANGE_REJECTED"),
        rule("hand_over", by=REVIEWERS, when=RegistrationStatus, tells=[Audience.PROVIDER, Audience.REVIEWERS],
             notice="REGISTRATION_HANDED_OVER"),
    ),
    start=DRAFT,
    frozen=frozenset({PENDING, APPROVED, REJECTED}),
    locked=Code.REGISTRATION_LOCKED,
)  # fmt: skip
GATED = ("edit_profile", "propose", "add_document")
BEFORE_PROFILES_OPEN = replace(
    LIFECYCLE,
    rules=tuple(replace(r, when=r.when - {APPROVED}) if r.action in GATED else r for r in LIFECYCLE),
)
"""What can be done until the profiles of approved providers may be edited (S-049)."""
