"""E-mail addresses: each belongs to one person (S-020, S-021)."""

import re
import unicodedata
from collections.abc import Collection

from models.refusal import Code, Refused

LONGEST, LONGEST_LOCAL = 254, 64
GENERIC = frozenset(
    "accounts admin administrator bookings care contact contracts donotreply duty enquiries enquiry fostering hello "
    "help home homes info information mail manager noreply office placement placements postmaster reception referral "
    "referrals reply residential staff support team webmaster".split()
)
BESIDE_THEM = frozenset("and at do for in my no not of our the uk your".split())
LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"({LABEL}\.)+(?=[a-z]){LABEL}")


def email_key(email: str) -> str:
    """What makes two addresses the same one, whatever they are: compatible forms folded (NFKC), case-folded, the
    domain as name servers know it; "+tags" kept (S-020).
    """
    local, at, domain = _folded(_folded(email).casefold()).rpartition("@")
    return f"{local}{at}{_as_served(domain)}" if at else domain


def personal_email(email: str, *, generic: bool = False, shared: Collection[str] = GENERIC) -> str:
    """The address, full-width letters made plain, or a refusal when it is none, or cannot be one person's (S-021).

    `generic` lets a shared mailbox pass; `shared` are the words that such mailboxes are named with, case-folded.
    """
    text = _folded(email)
    key = email_key(email)
    local, _, domain = key.partition("@")
    too_long = max(len(text), len(key)) > LONGEST or len(local) > LONGEST_LOCAL
    if too_long or not LOCAL.fullmatch(local) or not DOMAIN.fullmatch(domain):
        raise Refused(Code.INVALID_INPUT, "This is not an e-mail address.", ["input", "email"])
    if not generic and _reads_shared(local.split("+")[0], shared):
        sentence = "Please give a person's own e-mail address; a shared mailbox cannot have an account."
        raise Refused(Code.GENERIC_EMAIL, sentence, ["input", "email"])
    return text


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _as_served(domain: str) -> str:
    """An international domain in the letters that stand for it, anything that is none as it is."""
    if domain.isascii() or len(domain) > LONGEST:
        return domain
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def _reads_shared(local: str, shared: Collection[str]) -> bool:
    """Whether a mailbox's name, numbers aside, is made of nothing but such words: one other makes it a person's."""
    words = set(filter(None, re.split(r"[\W\d_]+", local)))
    return local.strip(".-_0123456789") in shared or (words <= BESIDE_THEM.union(shared) and not words <= BESIDE_THEM)
