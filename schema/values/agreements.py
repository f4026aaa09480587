"""What there is to choose and to know about agreements, by the name of the enum."""

from models.ipa_codes import LEGAL_WORDS

AGREEMENTS: dict[str, dict[str, str]] = {
    "CorrectionOutcome": {
        "CORRECTED": "The authority has changed the agreement by an edit that names it.",
        "ANSWERED": "The authority has answered in words.",
        "TAKEN_BACK": "The provider has confirmed its review without it.",
    },
    "IpaAwaits": {
        "COMPLETION": "A draft, to be filled in and shared by the authority.",
        "PROVIDER_REVIEW": "Shared; the provider has neither confirmed this version nor asked for a correction.",
        "AUTHORITY_CORRECTION": "The provider has asked for a correction that is not settled.",
        "ENABLING": "The provider has confirmed this version; the authority may enable it.",
        "MY_SIGNATURE": "Your party's signature, which you may give.",
        "OTHER_SIGNATURE": "The other party's signature; yours is given.",
        "VOIDING": "A signatory has refused to sign; the authority voids it.",
    },
    "IpaOrder": {
        "NEWEST_CHANGE": "Newest change first.",
        "OLDEST": "What was drawn up first, for a provider what was shown first, comes first.",
        "START": "What begins soonest first; without a first day last.",
    },
    "ReviewItem": {
        "CHILD": "The child's details.",
        "PLACEMENT": "The home or family, the first day and the arrangements.",
        "PRICE": "The fees, as they were offered.",
        "CONTACTS": "The contacts of both sides.",
        "TERMS": "Notice, trial period, outcomes and the other terms.",
        "DOCUMENTS": "The documents attached have been read.",
    },
    "ReviewWarning": {
        "PRINT_LETTERS": "Somebody's name cannot be printed as it is, and is not the child's given in print letters.",
        "DIFFERS_FROM_OFFER": "Notice, trial period or staffing differ from what the accepted offer promised.",
        "NOT_REVIEWED": "The provider has not confirmed its review.",
        "REVIEW_OUTDATED": "Something was changed or asked for since the provider confirmed.",
        "CORRECTIONS_OPEN": "A correction that the provider has asked for is not settled.",
    },
    "DecisionMaker": {
        "CARER": "The carers, by themselves.",
        "PROVIDER": "The provider.",
        "AUTHORITY": "The placing authority.",
        "PARENT": "Somebody with parental responsibility.",
        "CHILD": "The child.",
    },
    "FosteringType": {
        "RELATIVE_LONG_TERM": "A relative or friend, for long (U1).",
        "RELATIVE_FOR_ADOPTION": "A relative or friend who may adopt: fostering for adoption (U2).",
        "RELATIVE_OTHER": "A relative or friend, neither for long nor for adoption (U3).",
        "LONG_TERM": "Another carer, for long (U4).",
        "FOR_ADOPTION": "Another carer who may adopt: fostering for adoption (U5).",
        "OTHER": "Another carer, neither for long nor for adoption (U6).",
    },
    "LegalStatusCode": {code.value: f"{words}." for code, words in LEGAL_WORDS.items()},
    "ProviderSector": {
        "PRIVATE": "A private provider (PR4).",
        "VOLUNTARY": "A voluntary provider, as a charity is (PR5).",
    },
}
