"""Ways in which e-mail leaves the portal: an SMTP server, or for the demonstration a folder of .eml files."""

import asyncio
import os
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from resolvers.ports import NotTaken, Post

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
HERE = ("127.0.0.1", "::1", "localhost")
PATIENCE = 30.0  # seconds, for the whole conversation with a server


class UnknownPost(ValueError):
    """The setting names no way of sending e-mail; the message says why."""


def post_at(mail: str | None, mail_from: str | None) -> Post | None:
    """The way that a setting names, None where it names none. Raises UnknownPost."""
    if mail is None:
        return None
    if mail_from is None or "@" not in parseaddr(mail_from)[1] or not mail_from.isprintable():
        raise UnknownPost("PORTAL_MAIL_FROM is missing, or no address: it stands in the From of every message.")
    if mail.startswith("folder:"):
        return Folder(Path(mail.removeprefix("folder:")), mail_from)
    return Smtp.at(mail, mail_from)


class Folder:
    """Puts each message into a folder as a file of its own, named like it; sent again it takes its own place."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self.sender = sender

    async def send(self, message: EmailMessage) -> None:
        await asyncio.to_thread(self._keep, message)

    def _keep(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        fresh = self._folder / f".{name}.new"
        fresh.write_bytes(message.as_bytes())
        os.replace(fresh, self._folder / f"{name}.eml")


class Smtp:
    """Hands each message to a server, over TLS: `smtp://` after STARTTLS, `smtps://` from the beginning.

    `smtp+plain://` is for a relay on the same machine alone. Login where the address has a name and a password.
    """

    def __init__(self, sender: str, told: dict[str, Any]) -> None:
        self.sender = sender
        self._told = told

    @classmethod
    def at(cls, address: str, sender: str) -> "Smtp":
        try:
            parts = urlsplit(address)
            scheme, host, port = parts.scheme, parts.hostname, parts.port
        except ValueError:
            raise UnknownPost("PORTAL_MAIL cannot be understood; docs/operations.md says what it may be.") from None
        if scheme not in PORTS or not host:
            raise UnknownPost("PORTAL_MAIL begins with smtp://, smtps:// or folder:; docs/operations.md has examples.")
        if scheme == "smtp+plain" and host not in HERE:
            raise UnknownPost("smtp+plain:// is for a relay on the same machine; elsewhere mail goes over TLS.")
        login = (
            {"username": unquote(parts.username), "password": unquote(parts.password or "")} if parts.username else {}
        )
        tls = {"use_tls": scheme == "smtps", "start_tls": scheme == "smtp"}
        return cls(sender, {"hostname": host, "port": port or PORTS[scheme], "timeout": PATIENCE, **tls, **login})

    async def send(self, message: EmailMessage) -> None:
        import aiosmtplib  # as late as this: most processes send nothing

        try:
            await aiosmtplib.send(message, **self._told)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            code = max(each.code for each in refused.recipients)
            raise NotTaken(f"SMTP {code}", for_good=code >= 500) from None
        except (aiosmtplib.SMTPDataError, aiosmtplib.SMTPRecipientRefused) as refused:
            raise NotTaken(f"SMTP {refused.code}", for_good=refused.code >= 500) from None
        except aiosmtplib.SMTPResponseException as refused:
            raise NotTaken(f"SMTP {refused.code}", for_good=False) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as away:
            raise NotTaken(type(away).__name__, for_good=False) from None
