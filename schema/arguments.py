"""What each argument of the contract means: one name, one meaning, wherever it is asked for."""

from typing import Any

WORDS = {
    "acknowledge_identity": "Say it although it seems to name the child: the word is meant otherwise.",
    "acknowledge_no_match": "Send it although no approved provider matches.",
    "after": "The cursor to go on from; left out, a list begins at its beginning and a stream with what comes now.",
    "checks": "What is checked, each in a sentence; what stays keeps its words, and is left where it was.",
    "child_id": "The child of the referral.",
    "content_hash": "What the signer has opened and read: the hash that opening gave.",
    "correction_id": "The correction that was asked for.",
    "corrections": "Corrections that this edit makes, by their ids; they are settled by it.",
    "descending": "Whether the last of them comes first; what is not known comes last in any case.",
    "document_id": "The document.",
    "expected_version": "The version you have read; refused with STALE_VERSION when there is a newer one.",
    "expires_on": "The last day on which it is valid.",
    "family_id": "The fostering family.",
    "file": "Which file of it; left out, the agreement as it is now.",
    "filter": "Which of them; every condition given must hold.",
    "first": "How many at most.",
    "id": "The id of the record.",
    "home_id": "The home.",
    "identifies_child": "Whether it names the child; then providers wait for the shared agreement.",
    "ids": "The ids of the records.",
    "include_ended": "Whether to have those too that were declined, withdrawn or voided.",
    "input": "What is said.",
    "marked": "Whether to have the copy with the faults in red and commented.",
    "ipa_id": "The agreement.",
    "items": "What has been looked through; left out, nothing is named.",
    "last_day": "The last day, that included.",
    "local_authority_id": "The authority that shall manage it.",
    "note": "In your own words.",
    "offer_id": "The accepted offer.",
    "offers": "Each of them, in the version that you have read.",
    "on": "The day, in London; left out, today.",
    "order_by": "Which come first.",
    "prefix": "How the name begins.",
    "provider_id": "The provider.",
    "reason": "Why; where a reason is compulsory, a blank one is refused.",
    "reference": "The reference as people read it out, like WM-7KD4X-RES.",
    "referral_id": "The referral.",
    "revision": "The revision you have read.",
    "session": "Another session of yours to end; left out, this one.",
    "sha256": "The SHA-256 of the file's bytes, in 64 hexadecimal digits.",
    "since": "The version you have read.",
    "side": "Of this kind.",
    "status": "In one of these states.",
    "subject_id": "The record that it concerns.",
    "tag": "About this alone.",
    "thread_id": "The conversation.",
    "topic": "What about.",
    "unread_only": "Whether to leave out what you have read.",
    "up_to": "Up to where, that included.",
}


def worded(field: Any) -> Any:
    """The field with every argument described; a name that has no words yet is an error at import."""
    for argument in field.arguments:
        if not argument.description:
            argument.description = WORDS[argument.python_name]
    return field
