"""Everything a signed-in client can ask."""

import strawberry

import resolvers.cursor
import resolvers.delegation
import resolvers.document
import resolvers.event
import resolvers.family
import resolvers.home
import resolvers.ipa
import resolvers.ipa_review
import resolvers.ipa_worklist
import resolvers.mail
import resolvers.mail_preference
import resolvers.message
import resolvers.node
import resolvers.notification
import resolvers.notification_group
import resolvers.notification_log
import resolvers.offer
import resolvers.offer_change
import resolvers.offer_check
import resolvers.offer_comparison
import resolvers.organisation
import resolvers.person
import resolvers.provider
import resolvers.referral
import resolvers.referral_closing
import resolvers.referral_match
import resolvers.registration_change
import resolvers.registration_import
import resolvers.session
import resolvers.uplift
import resolvers.viewer
from resolvers.ipa_verification import verification
from resolvers.offer_prefill import prefill
from resolvers.referral_unsent import unsent_changes
from resolvers.service_info import ask_for_help
from schema.change import Log
from schema.delegation import Delegation, DelegationConnection
from schema.document import DocumentConnection
from schema.event import EventConnection, Gate
from schema.fields import ask, read
from schema.home import FosteringFamily, Home, HomeConnection
from schema.ipa import Ipa, IpaConnection
from schema.ipa_review import IpaChange, IpaCount
from schema.ipa_verification import VERIFIES, AgreementVerification
from schema.mail import DeadMailConnection, MailCounts, MailPreference
from schema.message import MessageConnection, Thread, ThreadConnection
from schema.node import Node
from schema.notification import NotificationConnection
from schema.notification_group import NotificationCount, NotificationGroupConnection
from schema.offer import Offer, OfferConnection
from schema.offer_change import OfferChange
from schema.offer_check import AcceptanceChecks
from schema.offer_comparison import ComparedOffer
from schema.offer_prefill import OfferPrefill
from schema.organisation import OrganisationConnection
from schema.person import Person, PersonConnection
from schema.provider import ApprovedProviders, Registration, RegistrationConnection, RegistrationCount
from schema.referral import Referral, ReferralConnection
from schema.referral_closing import ReferralClosing
from schema.referral_match import ProviderMatch, ReferralMatch
from schema.referral_revision import ReferralChange
from schema.registration_change import RegistrationChangeConnection
from schema.registration_import import (
    RegistrationFaultConnection,
    RegistrationImport,
    RegistrationImportConnection,
    RegistrationTemplate,
)
from schema.service_info import ServiceInfo
from schema.session import Session
from schema.uplift import AgreementFee, Uplift, UpliftConnection
from schema.viewer import Viewer


@strawberry.type(description="Everything a signed-in client can ask.")
class Query:
    viewer: Viewer = read(resolvers.viewer.own, "Who you are, and what waits for you.")
    sessions: list[Session] = read(resolvers.session.mine, "Your sessions that have not ended, newest first.")
    account: Person | None = read(resolvers.person.one, "An account by its id; null where you see none.")
    accounts: PersonConnection = read(
        resolvers.person.page, "Accounts of your organisation and of those you look after."
    )
    organisations: OrganisationConnection = read(
        resolvers.organisation.page, "The organisations that you answer for, and the authorities, by name."
    )
    service_info: ServiceInfo = ask(ask_for_help, "Where to find help.")
    referral: Referral | None = read(
        resolvers.referral.one, "A referral by its id or its reference; null where you see none."
    )
    referral_unsent_changes: list[ReferralChange] | None = ask(
        unsent_changes, "What sending it again would change; empty for a draft, null but for its own authority."
    )
    referrals: ReferralConnection = read(
        resolvers.referral.inbox, "The authority's referrals, or those the provider received."
    )
    referral_match: ReferralMatch | None = ask(
        resolvers.referral_match.match,
        "Whom your authority's referral would reach if sent now, and what hinders that; null where you see none.",
    )
    referral_match_of: ProviderMatch | None = ask(
        resolvers.referral_match.match_of,
        "Why a provider does or does not match your authority's referral as it stands; null where you see either not.",
    )
    referral_closing: ReferralClosing | None = read(
        resolvers.referral_closing.one, "What closing a referral would do; for the authority's placement team."
    )
    thread: Thread | None = read(
        resolvers.message.thread, "A conversation by its id, or a provider's own on a referral."
    )
    threads: ThreadConnection = read(resolvers.message.threads, "Conversations, newest message first.")
    messages: MessageConnection = read(resolvers.message.page, "The messages of a conversation, oldest first.")
    offer: Offer | None = read(resolvers.offer.one, "An offer by its id; null where you see none.")
    offers: OfferConnection = read(resolvers.offer.page, "Offers, newest change first, or those that wait the longest.")
    offer_comparison: list[ComparedOffer] | None = read(
        resolvers.offer_comparison.comparison,
        "The offers on a referral side by side, for its authority; null for everybody else.",
    )
    offer_prefill: OfferPrefill | None = ask(
        prefill,
        "What an offer can be begun with, with one of your homes or families or before one is chosen; for the"
        " provider's staff. Null where you see no such referral, home or family.",
    )
    acceptance_checks: AcceptanceChecks | None = read(
        resolvers.offer_check.current, "What your authority checks before it accepts; for its placement team."
    )
    offer_changes: list[OfferChange] | None = read(
        resolvers.offer_change.changes,
        "What has changed of an offer since the version that you have read, where an act is refused with STALE_VERSION"
        " say; versions are kept from the submission on. Null where you see none.",
    )
    cursor: str = read(
        resolvers.cursor.current,
        "Where your log stands in what you read with it: give it as `after`, and you hear of all that came later.",
    )
    log: Log = ask(
        resolvers.notification_log.log,
        "What followed a cursor in your log, for clients that do not listen: the same events and cursors as streams.",
    )
    notifications: NotificationConnection = read(resolvers.notification.page, "What you were told, newest first.")
    notification_groups: NotificationGroupConnection = read(
        resolvers.notification_group.page,
        "The same put together by kind and by what they concern, the group with the newest first.",
    )
    unread_counts: list[NotificationCount] = read(
        resolvers.notification_group.unread_counts, "How many of them you have not read, by their kind."
    )
    unread_notifications: int = read(resolvers.notification_group.unread, "How many notifications you have not read.")
    mail_preferences: list[MailPreference] = ask(
        resolvers.mail_preference.own, "Which notifications are followed by e-mail to you, and when."
    )
    mails_dead: DeadMailConnection = read(
        resolvers.mail.page, "E-mails that could not be sent, newest first; for the region's administrators."
    )
    mail_counts: MailCounts | None = ask(
        resolvers.mail.counts, "How e-mail stands; for the region's administrators, null for everybody else."
    )
    ipa: Ipa | None = read(resolvers.ipa.one, "An agreement by its id; null where you see none.")
    ipas: IpaConnection = read(resolvers.ipa_worklist.page, "Agreements, newest change first; your worklists.")
    ipa_counts: list[IpaCount] = read(
        resolvers.ipa_worklist.counts, "How many agreements wait for what, and how long the oldest of them has."
    )
    ipa_changes: list[IpaChange] | None = read(
        resolvers.ipa_review.changes,
        "What has changed of an agreement since the version that you have read, as far as you may know of it; null"
        " where you see none.",
    )
    ipas_awaiting_my_signature: IpaConnection = read(
        resolvers.ipa_worklist.awaiting_my_signature,
        "Agreements that await your signature, your own or a colleague's.",
    )
    verify_agreement: AgreementVerification = ask(verification, VERIFIES)
    agreement_fee: AgreementFee | None = ask(
        resolvers.uplift.fee,
        "What an agreement asks on a day, uplifts and additional costs included; null where you see none.",
    )
    uplift: Uplift | None = read(resolvers.uplift.one, "An uplift by its id; null where you see none.")
    uplifts: UpliftConnection = read(resolvers.uplift.page, "Uplifts of signed agreements, newest change first.")
    delegation: Delegation | None = read(
        resolvers.delegation.one, "An authority to sign by its id; null where you see none."
    )
    delegations: DelegationConnection = read(
        resolvers.delegation.page, "Authorities to sign for colleagues of your organisation, newest first."
    )
    registration: Registration | None = read(
        resolvers.provider.one, "A registration by its id; without one, a provider's own. Null where you see none."
    )
    registrations: RegistrationConnection = read(
        resolvers.provider.worklist, "The registrations that you decide on, longest waiting first."
    )
    registration_template: RegistrationTemplate = ask(
        resolvers.registration_import.template, "The workbook that a provider registers with."
    )
    registration_import: RegistrationImport | None = read(
        resolvers.registration_import.one, "A spreadsheet of your registration by its id; null where you see none."
    )
    registration_imports: RegistrationImportConnection = read(
        resolvers.registration_import.page, "The spreadsheets of your registration, newest first."
    )
    registration_faults: RegistrationFaultConnection = read(
        resolvers.registration_import.faults, "Everything that is wrong with a spreadsheet, from top to bottom."
    )
    registration_counts: list[RegistrationCount] = read(
        resolvers.provider.counts, "How many registrations you look after are in each state, and how long they wait."
    )
    registration_changes: RegistrationChangeConnection = read(
        resolvers.registration_change.page,
        "Changes that you proposed or decide on, those decided on included.",
    )
    approved_providers: list[ApprovedProviders] = read(
        resolvers.provider.approved_by_category, "How many approved providers give each category of care."
    )
    home: Home | None = read(resolvers.home.one, "A home by its id; null where you see none.")
    homes: HomeConnection = read(resolvers.home.own, "Your organisation's homes, by name.")
    documents: DocumentConnection = read(resolvers.document.own, "Your organisation's documents, newest first.")
    fostering_family_suggestions: list[FosteringFamily] = read(
        resolvers.family.suggestions, "Your agency's families whose name begins so, from the first letter on."
    )
    timeline: EventConnection = read(resolvers.event.timeline, "What was done that concerns you, newest first.")
    gates: list[Gate] = read(resolvers.event.gates, "The dated gates.")
    node: Node | None = ask(resolvers.node.node, "Anything by its id; null where you see none.")
    nodes: list[Node | None] = ask(resolvers.node.nodes, "Several of them, in the order asked for.")
