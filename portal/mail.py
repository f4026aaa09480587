"""What an e-mail says: a greeting, what waits, a reference and where to go; nothing of a child."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from models.mail import DIGEST, Due, Item
from models.notification import NotificationKind, titled

TO_SIGN = (
    "The agreement {reference} is ready to be signed. You are told because you may sign it. Sign in to the portal"
    " to open it, read it, and sign it or say why you will not."
)
WAITS = "Sign in to the portal to read what it is about."
FOOT = "This message was sent by the West Midlands Placement Portal. It cannot be answered."


def letter(due: Due, sender: str, address: str) -> EmailMessage:
    """The message as it is sent, in plain text and in HTML. `sender` is its From, `address` where the portal is.

    Raises ValueError where a header would not be one line, or no message can carry the address.
    """
    subject, said = _digest(due) if due.kind == DIGEST else _alone(due)
    parts = [f"Dear {_one_line(due.name)},", *said, f"{address}/", FOOT]
    made = EmailMessage()
    made["From"] = sender
    made["To"] = _address(due.email)
    made["Subject"] = subject
    made["Date"] = format_datetime(due.at)
    made["Message-ID"] = due.message_id
    made["Auto-Submitted"] = "auto-generated"
    made.set_content("\n\n".join(parts) + "\n")
    made.add_alternative(_html(parts, f"{address}/"), subtype="html")
    return made


def _alone(due: Due) -> tuple[str, list[str]]:
    if due.kind == NotificationKind.IPA_READY_TO_SIGN:
        return f"An agreement is ready to sign: {due.reference}", [TO_SIGN.format(reference=due.reference)]
    title = titled(due.kind, due.reference)
    return title, [f"{title}.", WAITS]


def _digest(due: Due) -> tuple[str, list[str]]:
    count = sum(item.count for item in due.items)
    subject = f"{count} unread notification{'' if count == 1 else 's'}"
    return subject, [f"You have {subject[0].lower()}{subject[1:]} in the portal:", *map(_line, due.items)]


def _line(item: Item) -> str:
    return titled(item.kind, item.reference) + (f" ({item.count})" if item.count > 1 else "")


def _address(email: str) -> Address:
    try:
        return Address(addr_spec=email)
    except (MessageError, LookupError, AttributeError):  # its parser stumbles in several ways
        raise ValueError("no address") from None


def _html(parts: list[str], link: str) -> str:
    shown = [
        f'<p><a href="{escape(link)}">{escape(link)}</a></p>' if part == link else f"<p>{escape(part)}</p>"
        for part in parts
    ]
    head = '<html lang="en-GB"><head><meta charset="utf-8"><title>West Midlands Placement Portal</title></head>'
    return f"<!DOCTYPE html>{head}<body>{''.join(shown)}</body></html>\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def host_of(address: str) -> str:
    """The host of the portal's address, which the name of every message ends with."""
    return address.partition("://")[2].partition("/")[0].partition(":")[0] or "localhost"
