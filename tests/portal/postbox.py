"""An SMTP server for tests: a real one on a real socket, that keeps what came and answers as it is told to."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOGIN = ("portal", "p@ss/word:1")


@dataclass
class Postbox:
    """Answers to come are taken from the front of a list; where it is empty everything is fine.

    A recipient is answered by its address first. "DROP" ends the connection, "HANG" answers never.
    """

    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    by_address: dict[str, str] = field(default_factory=dict)
    came: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    logins: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ids(self) -> list[str]:
        return sorted(str(message["Message-ID"]) for message in self.came)

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._said(server, self.senders.pop(0) if self.senders else "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.by_address.get(address) or (self.recipients.pop(0) if self.recipients else "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return await self._said(server, answer)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await self._said(server, self.contents.pop(0) if self.contents else "250 OK")
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.came.append(message_from_bytes(envelope.content, policy=default))
        return answer

    def let_in(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins += 1
        return AuthResult(success=(data.login.decode(), data.password.decode()) == LOGIN, handled=False)

    async def _said(self, server: Any, answer: str) -> str:
        if answer == "DROP":
            server.transport.abort()
        if answer == "HANG":
            await self.released.wait()
        return answer if answer[:3].isdigit() else "451 never said"


@asynccontextmanager
async def listening(box: Postbox, **settings: Any) -> AsyncIterator[int]:
    """The port on which it answers; `settings` are aiosmtpd's, a `tls` of them is for TLS from the beginning."""
    tls, utf8 = settings.pop("tls", None), settings.pop("utf8", False)

    def opened() -> SMTP:
        box.connections += 1
        return SMTP(box, enable_SMTPUTF8=utf8, **settings)

    server = await asyncio.get_running_loop().create_server(opened, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        box.released.set()
        server.close()


def certified(folder: Path, name: str = "localhost", *, days: int = 1) -> ssl.SSLContext:
    """A server's side of TLS, under a certificate that is its own authority, put into `folder` as authority.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    places = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))] if name == "localhost" else []
    made = (
        x509.CertificateBuilder().subject_name(named).issuer_name(named).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9)).not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(places or [x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "authority.pem").write_bytes(pem)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(private + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context
