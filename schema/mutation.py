"""Everything a signed-in client can do: one line, one act."""

import strawberry

from resolvers import (
    authenticator,
    care,
    delegation,
    delivery,
    document,
    document_archive,
    document_expiry,
    family,
    home,
    ipa,
    ipa_attachment,
    ipa_file,
    ipa_review,
    mail,
    mail_preference,
    membership,
    message,
    notification_reading,
    offer,
    offer_check,
    offer_decision,
    offer_rest,
    offer_voiding,
    password,
    person,
    person_access,
    provider,
    referral,
    registration_change,
    registration_import,
    session,
    uplift,
)
from resolvers.code import with_code, with_code_where_given
from resolvers.referral_split import remove, split_off
from schema.delegation import DelegationPayload
from schema.document import DocumentDownloadPayload, DocumentPayload, DocumentUploadPayload
from schema.fields import act
from schema.home import FosteringFamilyPayload, HomePayload
from schema.ipa import IpaOpenPayload, IpaPayload
from schema.mail import MailPayload, MailPreferencesPayload
from schema.message import MessagePayload, ThreadPayload
from schema.notification import NotificationsReadPayload
from schema.offer import OfferPayload
from schema.offer_check import AcceptanceChecksPayload
from schema.person import AccountInvitePayload, AccountLinkPayload, AccountPayload, MachinePayload
from schema.provider import RegistrationPayload
from schema.referral import ReferralPayload
from schema.registration_import import RegistrationImportDownloadPayload, RegistrationUploadPayload
from schema.session import (
    AuthenticatorChangePayload,
    CredentialPayload,
    RecoveryCodesPayload,
    SessionsEndPayload,
    SignOutPayload,
)
from schema.uplift import UpliftPayload


@strawberry.type(description="Everything a signed-in client can do.")
class Mutation:
    sign_out: SignOutPayload = act(session.sign_out, "End the present session, or another of yours.", key=None)
    sessions_end_others: SessionsEndPayload = act(session.end_others, "End all your other sessions.", key=None)
    password_change: CredentialPayload = act(
        password.change,
        "Choose a new password, with the present one and a fresh code.",
        key=None,
        guard=password.with_present_password,
    )
    authenticator_change: AuthenticatorChangePayload = act(
        authenticator.change,
        "Begin to change the authenticator, with a fresh code of the present one.",
        key=None,
        guard=with_code,
    )
    authenticator_confirm: CredentialPayload = act(
        authenticator.confirm, "Change the authenticator: show that the new one works.", key=None, guard=with_code
    )
    recovery_codes_renew: RecoveryCodesPayload = act(
        authenticator.renew_recovery_codes, "Get ten new recovery codes, with a fresh code.", key=None, guard=with_code
    )
    account_request: AccountPayload = act(person.request, "Ask for an account for one person.", key=True)
    account_approve: AccountPayload = act(person.approve, "Approve an account that somebody has asked for.")
    account_invite: AccountInvitePayload = act(person.invite, "Issue the login, or issue it again.")
    account_suspend: AccountPayload = act(person.suspend, "Sign a person out everywhere and keep them out.")
    account_reinstate: AccountPayload = act(person.reinstate, "Let a suspended person sign in again.")
    account_change_roles: AccountPayload = act(
        person_access.change_roles,
        "Say what a person may do; the person signs in again.",
        guard=with_code_where_given,
    )
    account_reset_authenticator: AccountLinkPayload = act(
        person_access.reset_authenticator, "End a lost authenticator; answers with a link to enrol another."
    )
    account_reset_password: AccountLinkPayload = act(
        person_access.reset_password, "Answer a forgotten password with a link to choose another."
    )
    machine_create: MachinePayload = act(person.connect_machine, "Connect your authority's case system.")
    referral_create: ReferralPayload = act(referral.create, "Draft a referral; it may be incomplete.", key=True)
    referral_update: ReferralPayload = act(referral.update, "Change the working copy; providers see it when resent.")
    referral_attach: ReferralPayload = act(referral.attach, "Attach a document, saying whether it names the child.")
    referral_detach: ReferralPayload = act(referral.detach, "Take an attached document off the working copy.")
    referral_send: ReferralPayload = act(referral.send, "Send it to every approved provider that matches.")
    referral_resend: ReferralPayload = act(
        referral.resend, "Send it again: changed as a new revision, else a reminder."
    )
    referral_split: ReferralPayload = act(
        split_off, "Draft one child of a group a referral of its own: the answer.", key=True
    )
    referral_remove_child: ReferralPayload = act(
        remove, "Take out a child who was entered by mistake; providers see it when resent."
    )
    referral_close: ReferralPayload = act(referral.close, "End the search, with a reason.")
    referral_open: ReferralPayload = act(delivery.open_, "Read a referral that reached you; the reading is recorded.")
    referral_take_on: ReferralPayload = act(
        delivery.take_on, "Deal with a referral from now on; your colleagues see that."
    )
    referral_decline: ReferralPayload = act(delivery.decline, "Decline the revision you have read.")
    referral_undo_decline: ReferralPayload = act(delivery.undo_decline, "Take the declining back.")
    message_send: MessagePayload = act(message.send, "Add a message to a conversation.", key=True)
    thread_read: ThreadPayload = act(message.read, "Mark a conversation as read by you up to a message.", key=None)
    notification_read: NotificationsReadPayload = act(
        notification_reading.read_one, "Mark a notification as read.", key=None
    )
    notifications_read: NotificationsReadPayload = act(
        notification_reading.read_up_to,
        "Mark notifications as read up to a cursor of the stream: all, or those that a filter means.",
        key=None,
    )
    mail_preferences_set: MailPreferencesPayload = act(
        mail_preference.choose, "Choose which notifications are followed by e-mail, and when.", key=None
    )
    mail_send_again: MailPayload = act(
        mail.send_again, "Try e-mails again that could not be sent; without ids all of them.", key=None
    )
    mail_give_up: MailPayload = act(
        mail.give_up, "Give up e-mails that could not be sent; without ids all of them.", key=None
    )
    offer_create: OfferPayload = act(offer.create, "Draft your organisation's offer on a referral.", key=True)
    offer_update: OfferPayload = act(offer.update, "Change an offer, until it is accepted.")
    offer_attach: OfferPayload = act(offer.attach, "Attach a further document, until the offer is accepted.")
    offer_detach: OfferPayload = act(offer.detach, "Take a further document off, until the offer is accepted.")
    offer_download_documents: DocumentDownloadPayload = act(
        document_archive.download,
        "Learn where to fetch all of its documents as one zip file with an index; the reading of each is recorded.",
        key=None,
    )
    offer_submit: OfferPayload = act(offer.submit, "Submit it; compulsory documents attach themselves.")
    offer_refresh_documents: OfferPayload = act(
        offer.refresh_documents, "Take the profile's present compulsory documents into a submitted offer."
    )
    offer_withdraw: OfferPayload = act(offer.withdraw, "Take the offer back, with a reason.")
    offer_accept: OfferPayload = act(
        offer_decision.accept, "Accept the version you have read; it is locked from then on."
    )
    offer_decline: OfferPayload = act(offer_decision.decline, "Decline it, with reasons that the provider reads.")
    offer_decline_remaining: ReferralPayload = act(
        offer_rest.decline_remaining, "Decline every offer that still waits once one is accepted: all, or none."
    )
    offer_void: OfferPayload = act(
        offer_voiding.void, "Undo an acceptance and every agreement drawn from it, with a reason."
    )
    acceptance_checks_update: AcceptanceChecksPayload = act(
        offer_check.update, "Say what your authority checks before it accepts an offer; the whole list, in order."
    )
    ipa_create: IpaPayload = act(ipa.create, "Draw up the agreement from the accepted offer.", key=True)
    ipa_update: IpaPayload = act(ipa_review.update, "Fill in the draft.")
    ipa_attach: IpaPayload = act(ipa_attachment.attach, "Attach a document until it is enabled.")
    ipa_detach: IpaPayload = act(ipa_attachment.detach, "Take a document off, until it is enabled.")
    ipa_share: IpaPayload = act(ipa_review.share, "Show the draft to the provider for review.")
    ipa_update_contacts: IpaPayload = act(
        ipa_review.update_contacts, "Change the provider's own contacts during review."
    )
    ipa_confirm_review: IpaPayload = act(ipa_review.confirm_review, "Say that the provider has reviewed it.")
    ipa_request_correction: IpaPayload = act(ipa_review.request_correction, "Ask the authority for a correction.")
    ipa_answer_correction: IpaPayload = act(ipa_review.answer_correction, "Answer a correction in words.")
    ipa_enable: IpaPayload = act(ipa.enable, "Fix the content for signing; there is no way back.")
    ipa_open: IpaOpenPayload = act(
        ipa_file.open_, "Read a file of the agreement: answers where it can be fetched once.", key=None
    )
    ipa_sign: IpaPayload = act(
        ipa.sign, "Sign exactly the content you have read, with a fresh code.", key=True, guard=with_code
    )
    ipa_refuse: IpaPayload = act(ipa.refuse, "Say why you will not sign.")
    ipa_void: IpaPayload = act(
        offer_voiding.void_agreement, "Void the agreement, its offer and that one's other agreements, with a reason."
    )
    uplift_propose: UpliftPayload = act(
        uplift.propose, "Propose to the other side that the core fee of a signed agreement rises.", key=True
    )
    uplift_agree: UpliftPayload = act(uplift.agree, "Agree to what the other side proposed; it stands from then on.")
    uplift_refuse: UpliftPayload = act(uplift.refuse, "Refuse what the other side proposed, with a reason.")
    uplift_withdraw: UpliftPayload = act(uplift.withdraw, "Take back what your side proposed.")
    delegation_give: DelegationPayload = act(
        delegation.give,
        "Let a colleague sign for you: one agreement, or for a year at most.",
        key=True,
        guard=with_code,
    )
    delegation_record: DelegationPayload = act(
        delegation.record, "Record by a document whom somebody without access lets sign.", key=True, guard=with_code
    )
    delegation_revoke: DelegationPayload = act(delegation.revoke, "End an authority to sign, at once.")
    registration_update: RegistrationPayload = act(provider.update, "Change your registration while it is open.")
    registration_upload: RegistrationUploadPayload = act(
        registration_import.upload, "Announce your registration as a spreadsheet and learn where to send it.", key=True
    )
    registration_upload_again: RegistrationUploadPayload = act(
        registration_import.upload_again, "Learn anew where to send a spreadsheet that has not come.", key=None
    )
    registration_import_download: RegistrationImportDownloadPayload = act(
        registration_import.download, "Learn where to fetch a spreadsheet again, or its marked copy.", key=None
    )
    registration_submit: RegistrationPayload = act(provider.submit, "Ask for approval; it is locked from then on.")
    registration_approve: RegistrationPayload = act(
        provider.approve, "Approve it: the provider receives what it matches, open referrals included."
    )
    registration_reject: RegistrationPayload = act(provider.reject, "Reject it, with a reason that the provider reads.")
    registration_open_for_editing: RegistrationPayload = act(
        provider.open_for_editing, "Let the provider change it; an approval stays in effect meanwhile."
    )
    fostering_care_add: RegistrationPayload = act(
        provider.add_fostering_care, "Add what your agency is registered for.", key=True
    )
    registration_contacts_update: RegistrationPayload = act(
        provider.update_contacts, "Say whom to ask about what; the whole list."
    )
    registration_hand_over: RegistrationPayload = act(
        provider.hand_over, "Let another authority manage it, with a reason that the provider reads."
    )
    registration_change_approve: RegistrationPayload = act(
        registration_change.approve, "Approve one change: it is in effect, open referrals that match are delivered."
    )
    registration_change_reject: RegistrationPayload = act(
        registration_change.reject, "Reject one change, with a reason that the provider reads."
    )
    registration_change_withdraw: RegistrationPayload = act(
        registration_change.withdraw, "Take a change back that has not been decided on."
    )
    fostering_family_add: FosteringFamilyPayload = act(
        family.add, "Save a family of your agency, to be suggested for offers.", key=True
    )
    fostering_family_update: FosteringFamilyPayload = act(
        family.update, "Change facts of a family; `expectedVersion` is the registration's."
    )
    fostering_family_end: RegistrationPayload = act(family.end, "Suggest a family no longer.")
    home_add: HomePayload = act(
        home.add, "Add a home with the care it gives; of an approved provider it waits for approval.", key=True
    )
    home_update: HomePayload = act(home.update, "Change facts of a home; `expectedVersion` is the registration's.")
    home_end: RegistrationPayload = act(home.end, "Take a home out of the registration, with its care.")
    care_add: RegistrationPayload = act(
        care.add, "Register a home for more; of an approved provider it waits for approval.", key=True
    )
    care_update: RegistrationPayload = act(
        care.update, "Change ages and genders: narrower at once, wider once it is approved."
    )
    care_end: RegistrationPayload = act(care.end, "Give this care no longer.")
    framework_membership_add: RegistrationPayload = act(
        membership.add, "Add a place on a framework; of an approved provider it waits for approval.", key=True
    )
    framework_membership_end: RegistrationPayload = act(membership.end, "Say on which day a place on a framework ends.")
    document_upload: DocumentUploadPayload = act(
        document.upload, "Announce a file and learn where to send its bytes.", key=True
    )
    document_upload_again: DocumentUploadPayload = act(
        document.upload_again, "Learn anew where to send the bytes of a file that have not come.", key=None
    )
    document_set_expiry: DocumentPayload = act(
        document_expiry.set_expiry, "Correct the last day of a document; offers keep what they carry of it."
    )
    document_download: DocumentDownloadPayload = act(
        document.download, "Learn where to fetch a file that you can see; the reading is recorded.", key=None
    )
