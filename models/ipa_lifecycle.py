"""The states of an agreement, and the table of who may do what to it in each."""

from enum import StrEnum
from typing import Any

from models.lifecycle import (
    AUTHORITY_READERS,
    AUTHORITY_SIGNATORY,
    PLACEMENT_TEAM,
    PROVIDER_READERS,
    PROVIDER_SIGNATORY,
    PROVIDER_STAFF,
    Audience,
    Lifecycle,
    rule,
)
from models.refusal import Code


class IpaStatus(StrEnum):
    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    READY_TO_SIGN = "READY_TO_SIGN"
    PARTLY_SIGNED = "PARTLY_SIGNED"
    SIGNED = "SIGNED"
    VOIDED = "VOIDED"


DRAFT, IN_REVIEW, READY, PARTLY, SIGNED, VOIDED = IpaStatus
SIGNERS = (Audience.AUTHORITY_SIGNATORIES, Audience.PROVIDER_SIGNATORIES)
PARTIES = (Audience.AUTHORITY, Audience.PROVIDER)
EVERYBODY = (*PARTIES, *SIGNERS)
SIGN = {"denied": Code.NOT_A_SIGNATORY, "tells": EVERYBODY, "notice": "IPA_SIGNED"}
REFUSE: dict[str, Any] = {
    "denied": Code.NOT_A_SIGNATORY, "tells": EVERYBODY, "notice": "IPA_REFUSED", "reads": True,
}  # fmt: skip
LIFECYCLE = Lifecycle(
    (
        rule("create", by=PLACEMENT_TEAM, when=[DRAFT], private=True),
        rule("edit", by=PLACEMENT_TEAM, when=[DRAFT], private=True),
        rule("edit", by=PLACEMENT_TEAM, when=[IN_REVIEW], tells=Audience.PROVIDER, notice="IPA_UPDATED"),
        rule("attach", by=PLACEMENT_TEAM, when=[DRAFT], private=True),
        rule("attach", by=PLACEMENT_TEAM, when=[IN_REVIEW], tells=Audience.PROVIDER, notice="IPA_UPDATED"),
        rule("detach", by=PLACEMENT_TEAM, when=[DRAFT], private=True),
        rule("detach", by=PLACEMENT_TEAM, when=[IN_REVIEW], tells=Audience.PROVIDER, notice="IPA_UPDATED"),
        rule("edit_contacts", by=PROVIDER_STAFF, when=[IN_REVIEW], tells=Audience.AUTHORITY, notice="IPA_UPDATED"),
        rule("share", by=PLACEMENT_TEAM, when=[DRAFT], then=IN_REVIEW, tells=Audience.PROVIDER,
             notice="IPA_READY_FOR_REVIEW"),
        rule("confirm_review", by=PROVIDER_STAFF, when=[IN_REVIEW], tells=Audience.AUTHORITY,
             notice="IPA_REVIEW_CONFIRMED"),
        rule("request_correction", by=PROVIDER_STAFF, when=[IN_REVIEW], tells=Audience.AUTHORITY,
             notice="IPA_CORRECTION_REQUESTED"),
        rule("answer_correction", by=PLACEMENT_TEAM, when=[IN_REVIEW], tells=Audience.PROVIDER,
             notice="IPA_CORRECTION_ANSWERED"),
        rule("enable", by=PLACEMENT_TEAM, when=[IN_REVIEW], then=READY, tells=EVERYBODY, notice="IPA_READY_TO_SIGN"),
        rule("open", by=AUTHORITY_READERS, when=[DRAFT], private=True, reads=True),
        rule("open", by=AUTHORITY_READERS, when=[IN_REVIEW, READY, PARTLY, SIGNED, VOIDED], reads=True),
        rule("open", by=PROVIDER_STAFF, when=[IN_REVIEW, READY, PARTLY, SIGNED, VOIDED], reads=True),
        rule("open", by=PROVIDER_SIGNATORY, when=[READY, PARTLY, SIGNED, VOIDED], reads=True),
        rule("sign", by=AUTHORITY_SIGNATORY, when=[READY], then=PARTLY, **SIGN),
        rule("sign", by=AUTHORITY_SIGNATORY, when=[PARTLY], then=SIGNED, unless="authority_signed", **SIGN),
        rule("sign", by=PROVIDER_SIGNATORY, when=[READY], then=PARTLY, **SIGN),
        rule("sign", by=PROVIDER_SIGNATORY, when=[PARTLY], then=SIGNED, unless="provider_signed", **SIGN),
        rule("sign_on_behalf", by=(AUTHORITY_READERS, PROVIDER_READERS), when=[READY], then=PARTLY, **SIGN),
        rule("sign_on_behalf", by=AUTHORITY_READERS, when=[PARTLY], then=SIGNED, unless="authority_signed", **SIGN),
        rule("sign_on_behalf", by=PROVIDER_READERS, when=[PARTLY], then=SIGNED, unless="provider_signed", **SIGN),
        rule("propose_uplift", by=(PLACEMENT_TEAM, PROVIDER_STAFF), when=[SIGNED], reads=True),
        rule("refuse", by=AUTHORITY_SIGNATORY, when=[READY, PARTLY], unless="authority_signed", **REFUSE),
        rule("refuse", by=PROVIDER_SIGNATORY, when=[READY, PARTLY], unless="provider_signed", **REFUSE),
        rule("void", by=PLACEMENT_TEAM, when=[DRAFT], then=VOIDED, private=True),
        rule("void", by=PLACEMENT_TEAM, when=[IN_REVIEW], then=VOIDED, tells=PARTIES, notice="IPA_VOIDED"),
        rule("void", by=PLACEMENT_TEAM, when=[READY, PARTLY, SIGNED], then=VOIDED, tells=EVERYBODY,
             notice="IPA_VOIDED"),
        rule("void_with_offer", by=(), when=[DRAFT], then=VOIDED, private=True),
        rule("void_with_offer", by=(), when=[IN_REVIEW], then=VOIDED, tells=PARTIES, notice="IPA_VOIDED"),
        rule("void_with_offer", by=(), when=[READY, PARTLY, SIGNED], then=VOIDED, tells=EVERYBODY,
             notice="IPA_VOIDED"),
    ),
    start=DRAFT,
    frozen=frozenset({READY, PARTLY, SIGNED, VOIDED}),
    locked=Code.IPA_LOCKED,
    free=(
        "status", "version", "authority_signed", "provider_signed", "signed_at", "signed_pdf_sha256", "void_reason",
        "voided_at", "updated_at",
    ),
    because={
        "authority_signed": (Code.ALREADY_SIGNED, "The authority has signed this agreement already."),
        "provider_signed": (Code.ALREADY_SIGNED, "The provider has signed this agreement already."),
    },
)  # fmt: skip
