"""The codes of the models as enums of the contract. Every one may grow; an unknown value is to be shown as it is."""

from enum import Enum, StrEnum
from typing import Any

import strawberry
from strawberry.types.enum import has_enum_definition

from models.deadline import Due
from models.delegation import LIFECYCLE as DELEGATION
from models.delegation import DelegationStatus
from models.delivery import LIFECYCLE as DELIVERY
from models.delivery import DeclineReferralReason, DeliveryStatus
from models.document import DocumentKind, DocumentScan, DocumentState
from models.document_fault import DocumentWarningCode
from models.home import FrameworkStatus, HomeKind, OfstedGrade, Regulator
from models.ipa import LIFECYCLE as IPA
from models.ipa import IpaStatus
from models.ipa_codes import DecisionMaker, FosteringType, LegalStatusCode, ProviderSector
from models.ipa_correction import CorrectionOutcome
from models.ipa_file import IpaFileChoice, IpaFileKind, SealLevel
from models.ipa_review import ReviewItem, ReviewWarning
from models.ipa_worklist import IpaAwaits
from models.lifecycle import Lifecycle, Role, Side
from models.mail_preference import MailChoice
from models.message import MessageTag
from models.money import CostUnit
from models.notification import NotificationKind
from models.offer import LIFECYCLE as OFFER
from models.offer import OfferStatus
from models.offer_decline import DeclineReason
from models.person import LIFECYCLE as ACCOUNT
from models.person import AccountStatus
from models.provider import Category, ContactPurpose, Gender
from models.referral import LIFECYCLE as REFERRAL
from models.referral import CloseReason, ReferralStatus, Urgency
from models.referral_form import CarerGender, Duration, LegalStatus, PresentPlacement, RiskKind, RiskLevel
from models.refusal import Code
from models.registration import LIFECYCLE as REGISTRATION
from models.registration import RegistrationStatus
from models.registration_change import ChangeAction, ChangeStatus, ChangeSubject
from models.registration_import import LIFECYCLE as REGISTRATION_IMPORT
from models.registration_import import ImportStatus
from models.rollout import Feature
from models.uplift import LIFECYCLE as UPLIFT
from models.uplift import UpliftStatus

WORDS: dict[type[Enum], str] = {
    AccountStatus: "The state of an account.",
    CarerGender: "The gender that carers are asked to have.",
    Category: "A category of care. Family assessment falls under the residential framework.",
    ChangeAction: "What shall be done.",
    ChangeStatus: "What has become of a change that was proposed.",
    ChangeSubject: "What of a registration a change concerns.",
    CloseReason: "Why a referral was closed.",
    ContactPurpose: "What somebody at a provider is asked about.",
    CorrectionOutcome: "What became of a correction that a provider asked for.",
    CostUnit: "How an additional cost is charged; `quantity` is how many of these a week.",
    DecisionMaker: "Who decides something in a child's daily life.",
    DeclineReason: "Why an authority declined an offer.",
    DeclineReferralReason: "Why a provider cannot help.",
    DelegationStatus: "Whether an authority to sign for a colleague still stands.",
    DeliveryStatus: "What a provider has done with a referral it received.",
    DocumentKind: "What a file is.",
    DocumentScan: "Whether a file has been looked at for malware. What is infected is not kept.",
    DocumentState: "Whether a file's bytes have arrived.",
    Duration: "For how long a placement is sought.",
    Due: "When an answer is due, by days in London and working days of England. No machine declines anything by it.",
    Feature: "What a dated gate opens.",
    FrameworkStatus: "Where a placement stands: NON_FRAMEWORK is a framework provider's home outside its framework.",
    Gender: "A gender.",
    HomeKind: "What an address is registered as. No child is placed in a branch of an agency.",
    IpaFileChoice: "A file of an agreement to open.",
    IpaFileKind: "What a file of an agreement is.",
    IpaAwaits: "What an agreement waits for.",
    IpaStatus: "The state of an agreement.",
    FosteringType: "Who fosters, and for how long: what the codes U1 to U6 tell apart.",
    LegalStatusCode: "The child's legal status by its code in the return on looked-after children, SSDA903.",
    ProviderSector: "Whether a provider is a private or a voluntary one.",
    LegalStatus: "The child's legal status.",
    MailChoice: "When an e-mail follows a notification.",
    MessageTag: "What a message is about, where that must not be lost.",
    NotificationKind: "What a notification is about.",
    OfferStatus: "The state of an offer.",
    OfstedGrade: "The grade of the last inspection.",
    PresentPlacement: "Where a child lives at present.",
    ReferralStatus: "The state of a referral.",
    RegistrationStatus: "The state of a registration.",
    ImportStatus: "What has become of a spreadsheet.",
    Regulator: "Who registers a home.",
    ReviewItem: "What a provider looks through when it reviews an agreement.",
    ReviewWarning: "What speaks against enabling an agreement; nothing is refused for it.",
    RiskKind: "A kind of risk that every referral answers for.",
    RiskLevel: "How present a risk is.",
    Role: "What a person may do for their organisation.",
    SealLevel: "How much a seal proves by itself.",
    Side: "The kind of an organisation.",
    DocumentWarningCode: "What there is to know of something that was done. Treat an unknown one as a warning.",
    UpliftStatus: "The state of an uplift of the core fee.",
    Urgency: "How soon a placement is needed.",
}


def described(codes: type[Enum], words: str, name: str | None = None) -> None:
    """Give an enum its words, and keep it the one that inputs, which may have been imported before, already use."""
    if not has_enum_definition(codes):
        strawberry.enum(codes)
    definition: Any = codes.__dict__["__strawberry_definition__"]
    definition.description, definition.name = words, name or definition.name


for codes, words in WORDS.items():
    described(codes, words)
described(
    Code,
    "Every reason for which an act is refused. New values may be added; treat an unknown one as a refusal.",
    "ProblemCode",
)


def actions(noun: str, lifecycle: Lifecycle) -> type[Enum]:  # type: ignore[type-arg]
    """The enum of what can be done with a record, from its table."""
    asked = {action: rules for action, rules in lifecycle.by_action.items() if action not in lifecycle.beginnings}
    names = [action.upper() for action, rules in asked.items() if any(rule.by for rule in rules)]
    made = StrEnum(f"{noun}Action", {name: name for name in names})  # type: ignore[misc]
    return strawberry.enum(made, description=f"What can be done with {noun.lower()}s; `can` lists what is open to you.")


AccountAction = actions("Account", ACCOUNT)
DelegationAction = actions("Delegation", DELEGATION)
DeliveryAction = actions("Delivery", DELIVERY)
IpaAction = actions("Agreement", IPA)
OfferAction = actions("Offer", OFFER)
ReferralAction = actions("Referral", REFERRAL)
RegistrationAction = actions("Registration", REGISTRATION)
RegistrationImportAction = actions("RegistrationImport", REGISTRATION_IMPORT)
UpliftAction = actions("Uplift", UPLIFT)
