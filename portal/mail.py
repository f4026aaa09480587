"""How an e-mail is written: a greeting, what waits, a reference and where to go; nothing of a child (S-120)."""

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

from models.mail import Due
from portal.mail_form import Entry, Written, page, plain
from portal.mail_words import (
    MOST,
    NO_ANSWER,
    OPEN,
    OPEN_PORTAL,
    OTHERS,
    SAFE,
    WHICH,
    greeting,
    line,
    said,
    subject,
    switched_off,
    why,
)

LONGEST_LINE = 900
IN_EMAILS = ("/open/{reference}", "/preferences")
"""Where e-mails lead, beside the portal itself."""


@dataclass(frozen=True)
class Letterhead:
    """What all messages have in common: who they are from, where the portal is, and who helps."""

    sender: str | None
    address: str
    support: str

    @property
    def host(self) -> str:
        """The part after the @ of every Message-ID."""
        return urlsplit(self.address).hostname or "localhost"

    @property
    def preferences(self) -> str:
        return f"{self.address}/preferences"

    def place(self, reference: str | None) -> str:
        """Where something is found by its reference."""
        return f"{self.address}/open/{quote(reference, safe='')}" if reference else f"{self.address}/"


class NoAddress(ValueError):
    """No message can carry it."""


def letter(due: Due, head: Letterhead) -> EmailMessage:
    """The message as it is sent, in plain text and in HTML, the same for every try.

    Raises NoAddress.
    """
    written = _written(due, head)
    made = EmailMessage()
    if head.sender:
        made["From"] = head.sender
    made["To"] = _address(due.email)
    made["Subject"] = written.subject
    made["Date"] = format_datetime(due.at)
    made["Message-ID"] = due.message_id
    made["Auto-Submitted"] = "auto-generated"
    if switched_off(due):
        made["List-Unsubscribe"] = f"<{head.preferences}>"
    text = plain(written)
    made.set_content(text, cte=_encoding(text))
    made.add_alternative(page(written), subtype="html", cte="quoted-printable")
    return made


def _written(due: Due, head: Letterhead) -> Written:
    links = tuple(Entry(line(item), head.place(item.reference)) for item in due.items[:MOST])
    over = len(due.items) - len(links)
    opening = Entry(OPEN if due.reference else OPEN_PORTAL, head.place(due.reference))
    choosing = (Entry(WHICH, head.preferences),) if switched_off(due) else (why(due), Entry(OTHERS, head.preferences))
    return Written(
        subject=subject(due),
        greeting=greeting(due),
        said=said(due),
        entries=links if due.day else (opening,),
        listed=due.day is not None,
        more=f"And {over} more, which you find in the portal." if over else "",
        foot=(SAFE, *choosing, Entry("Help", f"mailto:{head.support}"), NO_ANSWER),
    )


def _encoding(text: str) -> str:
    """Readable in the source too, unless a line is longer than a server takes, or not ASCII."""
    short = max(map(len, text.split("\n"))) <= LONGEST_LINE
    return "7bit" if text.isascii() and short else "quoted-printable"


def _address(email: str) -> Address:
    """Its domain in the letters that name servers know."""
    local, _, domain = email.rpartition("@")
    try:
        return Address(addr_spec=f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}")
    except (MessageError, LookupError, AttributeError, ValueError):  # its parser stumbles in several ways
        raise NoAddress from None
