"""What e-mails say: for each kind of notification what waits, but never who did it or which child it is for (S-120)."""

from datetime import date
from unicodedata import category

from models.announcement import BREAKING, TURNING
from models.mail import Due, Item
from models.mail_kind import ALWAYS
from models.notification import SENTENCES, titled
from models.notification import NotificationKind as Kind

PORTAL = "West Midlands Placement Portal"
LOOK = "Sign in to the portal to read it."
YOURS = "If you do not know of this, somebody else may have your password: ask for help at once, at the address below."
SAYS: dict[str, str] = {
    Kind.REFERRAL_RECEIVED: "There is a new referral, {reference}, that your organisation can answer. " + LOOK,
    Kind.REFERRAL_UPDATED: "The referral {reference} has changed and was sent again. " + LOOK,
    Kind.REFERRAL_REMINDED: "The referral {reference} still waits for an answer. " + LOOK,
    Kind.REFERRAL_CLOSED: "The referral {reference} has been closed. Nothing is to be done about it any more.",
    Kind.MESSAGE_RECEIVED: "There is a new message about {reference}. Sign in to the portal to read and answer it.",
    Kind.OFFER_SUBMITTED: "There is a new offer, {reference}. " + LOOK,
    Kind.OFFER_UPDATED: "The offer {reference} has changed. " + LOOK,
    Kind.OFFER_WITHDRAWN: "The offer {reference} has been withdrawn.",
    Kind.OFFER_ACCEPTED: "The offer {reference} has been accepted. The placement agreement comes next.",
    Kind.OFFER_DECLINED: "The offer {reference} has been declined. Sign in to the portal to read why.",
    Kind.OFFER_VOIDED: "The offer {reference}, which had been accepted, has been voided. Sign in to the portal to read"
    " why.",
    Kind.IPA_READY_FOR_REVIEW: "The agreement {reference} is ready for review. " + LOOK,
    Kind.IPA_UPDATED: "The agreement {reference} has changed. " + LOOK,
    Kind.IPA_CORRECTION_REQUESTED: "A correction of the agreement {reference} has been asked for. " + LOOK,
    Kind.IPA_READY_TO_SIGN: "The agreement {reference} is ready to be signed. Sign in to the portal to open it,"
    " read it, and sign it or say why it is not signed.",
    Kind.IPA_SIGNED: "The agreement {reference} has been signed. Sign in to the portal to see by which party.",
    Kind.IPA_REFUSED: "The signature of the agreement {reference} has been refused. Sign in to the portal to read why.",
    Kind.IPA_VOIDED: "The agreement {reference} has been voided. Sign in to the portal to read why.",
    Kind.PASSWORD_FORGOTTEN: "Somebody in your organisation has forgotten their password. Sign in to the portal to give"
    " out a link for a new one, once you have made sure who it is.",
    Kind.SIGN_IN_BLOCKED: "There were too many wrong tries to sign in as you, and your account was closed to further"
    f" ones. {YOURS}",
}
"""The rest are said by their title, which is the one of the bell."""
OPEN, OPEN_PORTAL = "Open it in the portal", "Open the portal"
SAFE = "The portal never asks by e-mail for a password or a code, and no e-mail of it says anything about a child."
NO_ANSWER = f"This message was sent by the {PORTAL}. Answers to it are not read."
WHICH = "Which e-mails you get you choose in the portal"
OTHERS = "Which other e-mails you get you choose in the portal"
ALWAYS_SENT = "This concerns the safety of your account: such e-mails cannot be switched off."
SIGNERS = "Whoever may sign an agreement is always told by e-mail that it is ready."
MOST = 100
"""So many lines of a digest are written out; it says how many more there are."""


def subject(due: Due) -> str:
    """One line: what waits, and its reference; of a digest, how much waits and since when."""
    if due.day is None:
        return one_line(": ".join(filter(None, (SENTENCES[Kind(due.kind)], due.reference))))
    return f"{_counted(sum(item.count for item in due.items))} in the {PORTAL}, {in_full(due.day)}"


def said(due: Due) -> str:
    """What has happened and what to do, in one paragraph."""
    if due.day is not None:
        return f"{_counted(sum(item.count for item in due.items))} for you in the portal:"
    words = SAYS.get(due.kind)
    if words is None or ("{reference}" in words and not due.reference):
        return one_line(f"{titled(due.kind, due.reference)}. {YOURS if due.kind in ALWAYS else LOOK}")
    return one_line(words.format(reference=due.reference))


def line(item: Item) -> str:
    """One line of a digest, as the bell groups it."""
    times = f" ({item.count} times)" if item.count > 1 else ""
    return one_line(titled(item.kind, item.reference)) + times


def switched_off(due: Due) -> bool:
    """Whether such messages can be switched off."""
    return due.kind not in ALWAYS and due.kind != Kind.IPA_READY_TO_SIGN


def why(due: Due) -> str:
    """Why it cannot be switched off."""
    return SIGNERS if due.kind == Kind.IPA_READY_TO_SIGN else ALWAYS_SENT


def in_full(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _counted(number: int) -> str:
    return "One notification waits" if number == 1 else f"{number} notifications wait"


def greeting(due: Due) -> str:
    return f"Dear {one_line(due.name)},"


def one_line(text: str) -> str:
    """What stays one line, and in its own direction, wherever it is put: breaks and control characters are spaces."""
    kept = (" " if category(each) in BREAKING else each for each in text if each not in TURNING)
    return " ".join("".join(kept).split())
