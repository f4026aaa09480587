"""Which notifications reach whom, in the groups in which people choose how they are told of them by e-mail."""

from collections.abc import Collection

from models.lifecycle import (
    AUTHORITY_ADMINISTRATOR,
    AUTHORITY_READERS,
    AUTHORITY_SIGNATORY,
    PLACEMENT_TEAM,
    PROVIDER_ADMINISTRATOR,
    PROVIDER_READERS,
    PROVIDER_SIGNATORY,
    PROVIDER_STAFF,
    REGION_ADMINISTRATOR,
    REGISTRATION_TEAM,
    Role,
    Side,
    Who,
)
from models.notification import NotificationKind as Kind

TEAM, STAFF = (PLACEMENT_TEAM,), (PROVIDER_STAFF,)
BOTH = (*TEAM, *STAFF)
SIGNING = (*BOTH, AUTHORITY_SIGNATORY, PROVIDER_SIGNATORY)
COLLEAGUES = (AUTHORITY_READERS, PROVIDER_READERS)
PEOPLE = (*COLLEAGUES, REGION_ADMINISTRATOR)
HELPERS = (AUTHORITY_ADMINISTRATOR, REGISTRATION_TEAM, PROVIDER_ADMINISTRATOR, REGION_ADMINISTRATOR)
REVIEWERS = (REGISTRATION_TEAM,)
ALWAYS = frozenset(
    {
        Kind.ROLES_CHANGED, Kind.AUTHENTICATOR_RESET, Kind.AUTHENTICATOR_CHANGED, Kind.PASSWORD_RESET,
        Kind.PASSWORD_CHANGED, Kind.SIGN_IN_BLOCKED, Kind.RECOVERY_CODE_USED, Kind.RECOVERY_CODES_RENEWED,
    }
)  # fmt: skip
"""What concerns the safety of one's own account: a thief who is signed in could else keep it from its owner."""
AT_ONCE = frozenset({Kind.REFERRAL_RECEIVED, Kind.PASSWORD_FORGOTTEN, *ALWAYS})
QUIET = frozenset({Kind.WORKBOOK_FAULTY, Kind.WORKBOOK_TAKEN_IN, Kind.WORKBOOK_FAILED})
GROUPS: dict[str, dict[Kind, tuple[Who, ...]]] = {
    "Referrals": {
        Kind.REFERRAL_RECEIVED: STAFF,
        Kind.REFERRAL_UPDATED: STAFF,
        Kind.REFERRAL_REMINDED: STAFF,
        Kind.REFERRAL_CLOSED: STAFF,
    },
    "Messages": {Kind.MESSAGE_RECEIVED: BOTH},
    "Offers": {
        Kind.OFFER_SUBMITTED: TEAM,
        Kind.OFFER_UPDATED: TEAM,
        Kind.OFFER_WITHDRAWN: TEAM,
        Kind.OFFER_ACCEPTED: STAFF,
        Kind.OFFER_DECLINED: STAFF,
        Kind.OFFER_VOIDED: BOTH,
    },
    "Agreements": {
        Kind.IPA_READY_FOR_REVIEW: STAFF,
        Kind.IPA_UPDATED: BOTH,
        Kind.IPA_REVIEW_CONFIRMED: TEAM,
        Kind.IPA_CORRECTION_REQUESTED: TEAM,
        Kind.IPA_CORRECTION_ANSWERED: STAFF,
        Kind.IPA_READY_TO_SIGN: SIGNING,
        Kind.IPA_SIGNED: SIGNING,
        Kind.IPA_REFUSED: SIGNING,
        Kind.IPA_VOIDED: SIGNING,
        Kind.DELEGATION_GIVEN: COLLEAGUES,
        Kind.DELEGATION_REVOKED: COLLEAGUES,
    },
    "Uplifts": {
        Kind.UPLIFT_PROPOSED: BOTH,
        Kind.UPLIFT_AGREED: BOTH,
        Kind.UPLIFT_REFUSED: BOTH,
        Kind.UPLIFT_WITHDRAWN: BOTH,
    },
    "Registrations and documents": {
        Kind.REGISTRATION_SUBMITTED: REVIEWERS,
        Kind.REGISTRATION_APPROVED: STAFF,
        Kind.REGISTRATION_REJECTED: STAFF,
        Kind.REGISTRATION_OPENED: STAFF,
        Kind.REGISTRATION_HANDED_OVER: (*STAFF, *REVIEWERS),
        Kind.REGISTRATION_CHANGE_PROPOSED: REVIEWERS,
        Kind.REGISTRATION_CHANGE_APPROVED: STAFF,
        Kind.REGISTRATION_CHANGE_REJECTED: STAFF,
        Kind.REGISTRATION_CHANGE_WITHDRAWN: REVIEWERS,
        Kind.DOCUMENT_EXPIRING: STAFF,
        Kind.DOCUMENT_EXPIRED: STAFF,
        Kind.WORKBOOK_FAULTY: STAFF,
        Kind.WORKBOOK_TAKEN_IN: STAFF,
        Kind.WORKBOOK_FAILED: STAFF,
    },
    "Accounts": {Kind.PASSWORD_FORGOTTEN: HELPERS, **dict.fromkeys(sorted(ALWAYS), PEOPLE)},
}
OF_DELEGATES = frozenset({Kind.IPA_READY_TO_SIGN, Kind.IPA_SIGNED, Kind.IPA_REFUSED, Kind.IPA_VOIDED})


def grouped(side: Side, roles: Collection[Role], *, signs: bool) -> dict[str, list[Kind]]:
    """The kinds that somebody with these roles can be told of, by their groups; `signs` where a colleague lets them."""
    held = frozenset(roles)

    def told(kind: Kind, who: tuple[Who, ...]) -> bool:
        return (signs and kind in OF_DELEGATES) or any(each.includes(side, held) for each in who)

    heard = {group: [kind for kind, who in kinds.items() if told(kind, who)] for group, kinds in GROUPS.items()}
    return {group: kinds for group, kinds in heard.items() if kinds}
