"""E-mail addresses: each belongs to one person (S-020, S-021)."""

import unicodedata
from collections.abc import Collection

from models.refusal import Code, Refused

LONGEST = 254
GENERIC = frozenset(
    "accounts admin administrator bookings care contact contracts duty enquiries enquiry fostering hello help home "
    "homes info information mail manager office placement placements postmaster reception referral referrals "
    "residential staff support team".split()
)


def email_key(email: str) -> str:
    """What makes two addresses the same one: NFC and case-folded, "+tags" kept (S-020)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", email.strip()).casefold())


def personal_email(email: str, *, generic: bool = False, shared: Collection[str] = GENERIC) -> str:
    """The address as given, or a refusal when it cannot be one person's, unless that was overridden (S-021).

    `shared` are the names of mailboxes that several people read, case-folded.
    """
    text = unicodedata.normalize("NFC", email.strip())
    local, at, domain = text.rpartition("@")
    odd = len(text) > LONGEST or any(c.isspace() or not c.isprintable() for c in text)
    if odd or not at or not local or "." not in domain:
        raise Refused(Code.INVALID_INPUT, "This is not an e-mail address.", ["input", "email"])
    if not generic and email_key(local).split("+")[0].strip(".-_0123456789") in shared:
        sentence = "Please give a person's own e-mail address; a shared mailbox cannot have an account."
        raise Refused(Code.GENERIC_EMAIL, sentence, ["input", "email"])
    return text
