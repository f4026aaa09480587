"""An authority for time stamps, over HTTP, that can be away."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.tsp import TimeStampReq
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

LASTS = timedelta(days=30)


@cache
def clockmaker() -> tuple[bytes, Any]:
    """The certificate (DER), trusted for itself, and what stamps with it."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A time-stamping authority")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 17, now - LASTS, now + LASTS)
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    certificate = builder.add_extension(purpose, critical=True).sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    private = PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, DummyTimeStamper(Certificate.load(certificate), private)


class Clock(ThreadingHTTPServer):
    """Answers with a time stamp, or as `mood` says: "away", "silly", "other", "dripping". Counts what it was asked."""

    daemon_threads = True
    mood = ""
    asked = 0
    credentials: str | None = None
    revoked = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/stamp"


class Answering(BaseHTTPRequestHandler):
    server: Clock

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        self.server.credentials = self.headers["Authorization"]
        if self.server.mood == "dripping":
            self._drip()
            return
        self.send_response(503 if self.server.mood == "away" else 200)
        self.end_headers()
        self.wfile.write(self._said(TimeStampReq.load(body)))

    def do_GET(self) -> None:
        if self.server.mood == "dripping":
            self._drip()
            return
        self.send_response(200 if self.server.revoked else 404)
        self.end_headers()
        self.wfile.write(self.server.revoked)

    def _said(self, request: TimeStampReq) -> bytes:
        if self.server.mood in ("away", "silly"):
            return b"<h1>Sorry</h1>"
        if self.server.mood == "other":
            request["message_imprint"]["hashed_message"] = bytes(32)
        stamped: bytes = clockmaker()[1].request_tsa_response(request).dump()
        return stamped

    def _drip(self) -> None:
        """A byte now and then, for as long as somebody waits for them."""
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):
            while True:
                self.wfile.write(b" ")
                sleep(0.02)

    def log_message(self, *_: object) -> None:
        """Not on the terminal of the tests."""


@contextmanager
def clock_running() -> Iterator[Clock]:
    """A server of its own on a free port."""
    with Clock(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
