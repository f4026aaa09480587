"""What an e-mail says: a greeting, what waits, a reference and where to go; nothing of a child."""

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from models.mail import Mail
from models.notification import NotificationKind

SAYS = {
    NotificationKind.IPA_READY_TO_SIGN: (
        "An agreement is ready to sign",
        "The agreement {reference} is ready to be signed. You are told because you may sign it. Sign in to the portal"
        " to open it, read it, and sign it or say why you will not.",
    ),
}
FOOT = "This message was sent by the West Midlands Placement Portal. It cannot be answered."


@dataclass(frozen=True)
class Addressee:
    """Whom a message is for: the name and the address of the account, as they are at that moment."""

    name: str
    email: str


def message_id(mail: Mail, address: str) -> str:
    """The same for every try of one message; `address` is where the portal is found."""
    return f"<{mail.id}@{_host(address)}>"


def letter(mail: Mail, to: Addressee, sender: str, address: str) -> EmailMessage:
    """The message as it is sent, in plain text and in HTML. `sender` is its From, `address` where the portal is.

    Raises ValueError where a header would not be one line, or no message can carry the address.
    """
    subject, said = SAYS[NotificationKind(mail.kind)]
    parts = [f"Dear {_one_line(to.name)},", said.format(reference=mail.reference), f"{address}/", FOOT]
    made = EmailMessage()
    made["From"] = sender
    made["To"] = _address(to.email)
    made["Subject"] = f"{subject}: {mail.reference}"
    made["Date"] = format_datetime(mail.at)
    made["Message-ID"] = mail.message_id
    made["Auto-Submitted"] = "auto-generated"
    made.set_content("\n\n".join(parts) + "\n")
    made.add_alternative(_html(parts, f"{address}/"), subtype="html")
    return made


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


def _host(address: str) -> str:
    return address.partition("://")[2].partition("/")[0].partition(":")[0] or "localhost"
