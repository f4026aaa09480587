"""How the certificate of signing speaks of parties, events and files."""

from portal.agreement_words import Told

PARTIES = {"LOCAL_AUTHORITY": "For the placing authority", "PROVIDER": "For the provider"}
CONSENT = "Declared on signing"
INTRODUCTION = (
    "This certificate says who signed the agreement named below, for whom and by which authority, what happened when, "
    "and by which hashes its files can be known. Each signature was given electronically in the West Midlands "
    "Placement Portal, by a person signed in there, with a fresh one-time code. The files are sealed with the portal’s "
    "own key."
)
HOW = (
    "Take the SHA-256 of the file you hold. It must be one of those in section 4.",
    "{asked} with that SHA-256: it answers whether the agreement is valid, void or unknown, with dates and the "
    "organisations that are its parties.",
    "Open the file in a reader that shows digital signatures, or run “portal verify-pdf” on it: every seal must be "
    "whole, and nothing may have been changed after the last one.",
    "The file carries agreement.json, the content that was signed. Its SHA-256 is the content hash in section 1. The "
    "stand-alone script among the portal’s examples for clients checks this and the seals without the portal.",
)
STEPS = {
    "create": "Drawn up from the accepted offer",
    "edit": "Draft changed",
    "attach": "Document attached",
    "share": "Shared for review",
    "edit_contacts": "Provider’s contacts changed",
    "confirm_review": "Review confirmed",
    "enable": "Made ready for signing",
    "open": "Opened to be read",
    "sign": "Signed",
    "sign_on_behalf": "Signed on behalf of another",
    "refuse": "Signing refused",
    "sealed": "Sealed by the portal",
    "void": "Voided",
}
FILES = {
    "ENABLED": "Made ready for signing",
    "SEALED": "Sealed",
    "TIMESTAMPED": "Time-stamped",
    "CERTIFICATE": "Certificate of signing",
    "VOID_COPY": "Copy marked void",
}


def step_said(step: Told) -> str:
    """What happened, in words; an event without words of its own by its name."""
    name = step.text("kind").rpartition(".")[2]
    return STEPS.get(name, name.replace("_", " ").capitalize())


def file_said(file: Told) -> str:
    """Which file it is: its number, what it is, whose signature it added, and how large it is."""
    kind = FILES.get(file.text("kind"), file.choice("kind"))
    party = PARTIES.get(file.text("party"), "")
    what = f"{kind} {party[0].lower()}{party[1:]}" if party else kind
    size = file.text("byteSize")
    told = [f"{int(size):,} bytes"] if size.isdecimal() and size != "0" else []
    return "\n".join([f"{file.text('no')}  {what}", *told])


def two_lines(moment: str) -> str:
    """The London time of a moment, and under it the same in UTC."""
    return moment.replace(" (", "\n(")
