"""Ways in which e-mail leaves the portal, as the settings name them."""

from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from portal.mail_folder import Folder
from portal.mail_notify import Key, Notify
from portal.mail_smtp import Server, Smtp
from resolvers.ports import Post

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
HERE = ("127.0.0.1", "::1", "localhost")
NOTIFY = "https://api.notifications.service.gov.uk"
FORMS = "PORTAL_MAIL begins with smtp://, smtps://, notify: or folder:; docs/operations.md has examples."


class UnknownPost(ValueError):
    """The settings name no way of sending e-mail; the message says why, and holds no secret."""


@dataclass(frozen=True)
class Sending:
    """The settings of e-mail as they were given."""

    mail: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    template: str | None = None
    notify_url: str | None = None

    def post(self) -> Post | None:
        """The way they name, None where none is set. Raises UnknownPost for what makes no sense."""
        if self.mail is None:
            self._nothing_beside()
            return None
        if self.mail.startswith("notify:"):
            return self._notify(self.mail.removeprefix("notify:"))
        if self.template or self.notify_url:
            raise UnknownPost("PORTAL_MAIL_TEMPLATE and PORTAL_NOTIFY_URL are for a PORTAL_MAIL that begins notify:.")
        sender = _sender(self.mail_from)
        if self.mail.startswith("folder:"):
            return Folder(_folder(self.mail.removeprefix("folder:")), sender)
        return Smtp(_server(self.mail), sender)

    def _nothing_beside(self) -> None:
        beside = {
            "PORTAL_MAIL_FROM": self.mail_from,
            "PORTAL_MAIL_TEMPLATE": self.template,
            "PORTAL_NOTIFY_URL": self.notify_url,
        }
        if given := [name for name, value in beside.items() if value is not None]:
            raise UnknownPost(f"{', '.join(given)} without PORTAL_MAIL: nothing would be sent, and nobody would know.")

    def _notify(self, key: str) -> Notify:
        if self.mail_from is not None:
            raise UnknownPost("PORTAL_MAIL_FROM is not for GOV.UK Notify: there the service itself says who writes.")
        if not self.template or not Key.UUID.fullmatch(self.template):
            raise UnknownPost("PORTAL_MAIL_TEMPLATE is missing, or no id: it names the template in GOV.UK Notify.")
        base = _base(self.notify_url or NOTIFY)
        try:
            return Notify(Key.of(key), self.template, base)
        except ValueError:
            raise UnknownPost("notify: in PORTAL_MAIL is followed by an API key: its name, and two ids.") from None


def _sender(mail_from: str | None) -> str:
    try:
        address = Address(addr_spec=parseaddr(mail_from or "")[1])
    except (MessageError, LookupError, AttributeError, ValueError):  # its parser stumbles in several ways
        address = Address()
    if mail_from is None or not mail_from.isprintable() or not address.username or not address.domain:
        raise UnknownPost("PORTAL_MAIL_FROM is missing, or no address: it stands in the From of every message.")
    return mail_from


def _folder(path: str) -> Path:
    if not path.startswith("/"):
        raise UnknownPost("folder: in PORTAL_MAIL is followed by a path that begins with a slash.")
    return Path(path)


def _base(url: str) -> str:
    parts = _parted(url, "PORTAL_NOTIFY_URL")
    if parts.scheme != "https" and parts.hostname not in HERE:
        raise UnknownPost("PORTAL_NOTIFY_URL begins with https://; http:// is for this machine alone.")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise UnknownPost("PORTAL_NOTIFY_URL cannot be understood: it is like https://notify.example.")
    return url.rstrip("/")


def _server(address: str) -> Server:
    parts = _parted(address, "PORTAL_MAIL")
    if parts.scheme not in PORTS or not parts.hostname:
        raise UnknownPost(FORMS)
    if parts.scheme == "smtp+plain" and parts.hostname not in HERE:
        raise UnknownPost("smtp+plain:// is for a relay on the same machine; elsewhere mail goes over TLS.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise UnknownPost("PORTAL_MAIL ends with the host and its port: in a password / ? # are written %2F %3F %23.")
    if bool(parts.username) != bool(parts.password):
        raise UnknownPost("PORTAL_MAIL has a name without a password, or a password without a name.")
    login = (unquote(parts.username), unquote(parts.password)) if parts.username and parts.password else None
    return Server(parts.hostname, parts.port or PORTS[parts.scheme], parts.scheme, login)


def _parted(address: str, setting: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        return parts if parts.port != 0 else SplitResult("", "", "", "", "")
    except ValueError:
        raise UnknownPost(f"{setting} cannot be understood; docs/operations.md says what it may be.") from None
