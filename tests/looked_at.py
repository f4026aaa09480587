"""Which test takes which act of the contract where everybody's screens are looked at around it.

A new act is named here with a test in which it is not refused, or `test_mirror` fails.
"""

LOOKED_AT: dict[str, dict[str, str]] = {
    "tests/portal/test_files.py": {
        "test_an_announcement_is_made_once_and_its_ticket_can_be_had_again": "documentUpload documentUploadAgain",
    },
    "tests/portal/test_offer_archive.py": {
        "test_the_authority_fetches_everything_as_one_archive": "offerDownloadDocuments",
    },
    "tests/resolvers/test_authenticator.py": {
        "test_a_link_of_somebody_who_is_suspended_meanwhile_does_not_work": (
            "accountApprove accountInvite accountRequest accountResetAuthenticator accountSuspend"
        ),
        "test_the_old_authenticator_works_until_the_new_one_has_shown_a_code": (
            "authenticatorChange authenticatorConfirm"
        ),
    },
    "tests/resolvers/test_change.py": {
        "test_the_log_asked_for_is_the_log_that_is_streamed": "messageSend referralOpen",
    },
    "tests/resolvers/test_delegation.py": {
        "test_only_somebody_who_can_sign_in_is_authorised": "machineCreate",
        "test_an_administrator_records_the_authority_of_somebody_without_access[PROVIDER]": "delegationRecord",
    },
    "tests/resolvers/test_delivery.py": {
        "test_edited_and_resent_is_new_for_decliners": "referralAttach referralDetach",
    },
    "tests/resolvers/test_everything_lost.py": {
        "test_a_link_for_a_password_does_without_a_code_only_after_the_authenticator_was_ended": "accountResetPassword",
    },
    "tests/resolvers/test_hand_over.py": {
        "test_the_region_assigns_a_provider_of_no_authority": "registrationHandOver",
    },
    "tests/resolvers/test_home.py": {
        "test_profiles_of_approved_providers_are_edited_from_june": "homeUpdate",
    },
    "tests/resolvers/test_ipa.py": {
        "test_a_signatory_may_refuse_with_a_reason_and_nothing_is_locked_open_by_it": "ipaRefuse",
    },
    "tests/resolvers/test_ipa_ends.py": {
        "test_voiding_an_agreement_voids_its_offer_and_opens_the_search_again[IN_REVIEW]": "ipaVoid",
    },
    "tests/resolvers/test_ipa_review.py": {
        "test_a_provider_asks_for_a_correction_with_a_reason_and_the_authority_answers": (
            "ipaAnswerCorrection ipaRequestCorrection"
        ),
        "test_nothing_of_a_draft_leaks_before_it_is_shared": "ipaAttach ipaDetach",
        "test_enabling_warns_of_a_review_that_was_not_confirmed_and_does_not_refuse[confirmed]": "ipaConfirmReview",
    },
    "tests/resolvers/test_mail.py": {
        "test_a_dead_one_is_sent_again_as_if_for_the_first_time_or_given_up": "mailGiveUp mailSendAgain",
    },
    "tests/resolvers/test_mail_preference.py": {
        "test_whoever_may_sign_is_always_told_at_once_that_they_can": (
            "delegationGive delegationRevoke mailPreferencesSet"
        ),
    },
    "tests/resolvers/test_notification.py": {
        "test_reading_is_the_readers_own_singly_or_up_to_a_cursor": "notificationRead notificationsRead",
        "test_reading_a_conversation_is_told_to_the_readers_screens_alone": "threadRead",
    },
    "tests/resolvers/test_offer.py": {
        "test_a_decline_gives_reasons_and_words": "offerDecline",
    },
    "tests/resolvers/test_offer_check.py": {
        "test_of_two_who_change_it_at_once_the_second_reads_it_again": "acceptanceChecksUpdate",
    },
    "tests/resolvers/test_offer_documents.py": {
        "test_compulsory_documents_attach_themselves_and_stay_as_they_were": "documentDownload offerRefreshDocuments",
    },
    "tests/resolvers/test_offer_rest.py": {
        "test_what_names_the_child_is_said_only_where_it_is_meant": "offerDeclineRemaining",
    },
    "tests/resolvers/test_offer_warnings.py": {
        "test_an_appendix_that_was_attached_to_one_offer_never_slips_into_another": "offerAttach offerDetach",
        "test_an_appendix_whose_last_day_is_set_to_one_that_is_over_attaches_itself_no_more": "documentSetExpiry",
        "test_the_provider_is_notified_once_for_each_version_by_whatever_comes_first": "offerWithdraw",
    },
    "tests/resolvers/test_password.py": {
        "test_a_change_takes_the_present_password_and_a_fresh_code_and_ends_other_sessions": "passwordChange",
    },
    "tests/resolvers/test_person_access.py": {
        "test_the_right_to_sign_is_given_with_a_fresh_code": "accountChangeRoles",
        "test_no_authority_takes_a_providers_last_administrator_away_to_put_its_own_person_in": "accountReinstate",
        "test_all_other_sessions_end_together": "sessionsEndOthers",
    },
    "tests/resolvers/test_provider.py": {
        "test_a_registration_without_care_ages_and_genders_is_not_submitted": "fosteringCareAdd",
    },
    "tests/resolvers/test_recovery.py": {
        "test_codes_are_renewed_with_a_fresh_code_and_the_old_ones_end": "recoveryCodesRenew",
    },
    "tests/resolvers/test_referral_split.py": {
        "test_no_offer_is_for_a_part_of_the_group": "offerUpdate referralResend referralSplit",
        "test_a_text_that_names_a_child_who_was_taken_out_is_found_even_in_a_draft": (
            "referralRemoveChild referralUpdate"
        ),
    },
    "tests/resolvers/test_registration_change.py": {
        "test_a_home_taken_out_stays_in_effect_until_approval": (
            "homeAdd homeEnd registrationApprove registrationOpenForEditing registrationSubmit"
        ),
        "test_contacts_and_families_wait_for_nobody": (
            "fosteringFamilyAdd fosteringFamilyEnd fosteringFamilyUpdate registrationContactsUpdate"
        ),
        "test_a_membership_is_added_by_approval_and_ends_at_once": (
            "frameworkMembershipAdd frameworkMembershipEnd registrationChangeApprove"
        ),
        "test_after_a_rejection_the_provider_goes_on_where_it_was": "registrationReject registrationUpdate",
        "test_the_provider_takes_back_what_it_proposed": "careAdd registrationChangeWithdraw",
        "test_a_rejected_home_never_was_one_and_the_provider_reads_why": "registrationChangeReject",
        "test_what_is_narrower_counts_at_once_and_what_is_wider_waits": "careUpdate",
        "test_care_that_ends_brings_no_referrals_from_then_on": "careEnd",
    },
    "tests/resolvers/test_registration_import.py": {
        "test_the_marked_copy_and_the_file_itself_can_be_fetched_by_the_providers_staff_alone": (
            "registrationImportDownload registrationUpload"
        ),
        "test_an_announcement_is_made_once_and_its_ticket_can_be_had_again": "registrationUploadAgain",
    },
    "tests/resolvers/test_session.py": {
        "test_sessions_are_in_the_audit_under_their_person": "signOut",
    },
    "tests/resolvers/test_taking_on.py": {
        "test_it_is_taken_on_by_staff_while_the_search_goes_on": (
            "referralClose referralDecline referralTakeOn referralUndoDecline"
        ),
    },
    "tests/resolvers/test_uplift.py": {
        "test_what_is_open_ends_with_the_agreement_and_what_was_agreed_stays[True]": (
            "ipaCreate ipaEnable ipaOpen ipaShare ipaSign ipaUpdate ipaUpdateContacts offerAccept offerCreate "
            "offerSubmit offerVoid referralCreate referralSend upliftAgree upliftPropose"
        ),
        "test_the_other_side_is_told_and_the_colleagues_screens_change_without_a_bell": "upliftRefuse upliftWithdraw",
    },
}


def nodes() -> list[str]:
    """Each of these tests as pytest names it."""
    return [f"{file}::{test}" for file, tests in LOOKED_AT.items() for test in tests]


def acts() -> list[str]:
    return [act for tests in LOOKED_AT.values() for taken in tests.values() for act in taken.split()]
