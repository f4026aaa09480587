"""The states that a record can be in, by the name of the enum."""

STATES: dict[str, dict[str, str]] = {
    "AccountStatus": {
        "REQUESTED": "Somebody has asked for it.",
        "APPROVED": "Approved; the login has not been issued yet.",
        "INVITED": "The login has been issued and waits to be taken up.",
        "ACTIVE": "Its person can sign in.",
        "SUSPENDED": "Its person is kept out.",
    },
    "AgreementVerificationState": {
        "VALID": "A file of an agreement of this portal, unchanged; `signedAt` says whether both parties have signed.",
        "VOID": "A file of an agreement of this portal, unchanged; the agreement has been voided and binds nobody.",
        "UNKNOWN": "Not a file of an agreement that was enabled for signing here: a draft, a changed file, another.",
    },
    "ChangeStatus": {
        "PENDING": "Waits to be decided; what was approved stays in effect meanwhile.",
        "APPROVED": "In effect.",
        "REJECTED": "Rejected, with a reason; nothing of it is in effect.",
        "WITHDRAWN": "Taken back by the provider.",
    },
    "DelegationStatus": {
        "GIVEN": "Given; it counts between its first and its last day.",
        "REVOKED": "Taken back; nobody signs by it any more.",
    },
    "DeliveryStatus": {
        "NEW": "Nobody at the provider has opened this revision.",
        "OPENED": "Somebody at the provider has opened it.",
        "DECLINED": "The provider cannot help.",
        "OFFERED": "The provider has an offer on it.",
    },
    "DocumentState": {
        "AWAITING_UPLOAD": "Announced; its bytes have not come yet.",
        "READY": "Its bytes are here as announced.",
    },
    "ImportStatus": {
        "AWAITING_UPLOAD": "Announced; its bytes have not come yet.",
        "READING": "Being read.",
        "FAULTY": "Read and found faulty; nothing of it was taken in.",
        "TAKEN_IN": "The registration says what it says.",
        "FAILED": "It has no faults, and yet could not be taken in; `failure` says why.",
        "SUPERSEDED": "A later spreadsheet has taken its place.",
    },
    "IpaStatus": {
        "DRAFT": "Being filled in by the authority.",
        "IN_REVIEW": "Shown to the provider, still being filled in.",
        "READY_TO_SIGN": "Its content is fixed; nobody has signed yet.",
        "PARTLY_SIGNED": "One party has signed.",
        "SIGNED": "Both parties have signed.",
        "VOIDED": "Void, with a reason.",
    },
    "OfferStatus": {
        "DRAFT": "The provider's own; the authority sees nothing of it.",
        "SUBMITTED": "Before the authority.",
        "ACCEPTED": "Accepted and locked.",
        "DECLINED": "Declined, with reasons, or ended with the referral.",
        "WITHDRAWN": "Taken back by the provider.",
        "VOIDED": "Its acceptance was undone, with a reason.",
    },
    "ReferralStatus": {
        "DRAFT": "The authority's own; no provider has it.",
        "SENT": "With the providers that match.",
        "PLACED": "An agreement for it has been signed.",
        "CLOSED": "The search has ended.",
    },
    "RegistrationStatus": {
        "DRAFT": "Being filled in by the provider.",
        "PENDING_APPROVAL": "Submitted and locked until it is decided.",
        "APPROVED": "Approved and in effect.",
        "REJECTED": "Rejected, with a reason.",
        "OPEN_FOR_EDITING": "Opened for the provider to change; an earlier approval stays in effect.",
    },
    "UpliftStatus": {
        "PROPOSED": "Waits for the answer of the other side.",
        "AGREED": "Agreed by both sides; in effect from its day on.",
        "REFUSED": "Refused by the other side, with a reason.",
        "WITHDRAWN": "Taken back by the side that proposed it.",
        "ENDED": "The agreement was voided before it was answered.",
    },
}
