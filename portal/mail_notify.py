"""Hands messages to GOV.UK Notify by its HTTP API: one template whose subject and body are what the portal writes."""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any, ClassVar

from resolvers.ports import NotTaken, Trouble

if TYPE_CHECKING:
    import aiohttp  # as late as it is needed: most processes send nothing

PATIENCE = 30.0
TEMPLATES = re.compile("template|personalisation", re.IGNORECASE)


@dataclass(frozen=True)
class Key:
    """An API key of Notify in its two parts: which service writes, and the secret that it signs with."""

    service: str
    secret: str = field(repr=False)

    UUID: ClassVar = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

    @classmethod
    def of(cls, key: str) -> "Key":
        """From the key as Notify shows it: `name-<service>-<secret>`. Raises ValueError."""
        service, secret = key[-73:-37], key[-36:]
        if not cls.UUID.fullmatch(service) or not cls.UUID.fullmatch(secret):
            raise ValueError("no API key")
        return cls(service, secret)

    def token(self, wall: float) -> str:
        """What proves for half a minute who is asking (JWT, HS256). `wall` is in seconds since 1970."""
        parts = ({"typ": "JWT", "alg": "HS256"}, {"iss": self.service, "iat": int(wall)})
        signed = ".".join(_encoded(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
        seal = hmac.new(self.secret.encode(), signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{_encoded(seal)}"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any

    @property
    def error(self) -> tuple[str, str]:
        """The name of the error and its words, as far as the body has them."""
        try:
            first = self.body["errors"][0]
            return str(first["error"])[:80], str(first["message"])
        except (KeyError, IndexError, TypeError):
            return "", ""


class Notify:
    """Any number of messages at once. Before a message is sent again Notify is asked whether it has it already."""

    sender = None

    def __init__(self, key: Key, template: str, base: str) -> None:
        self._key = key
        self._template = template
        self._url = f"{base}/v2/notifications"
        self._client: aiohttp.ClientSession | None = None

    async def send(self, message: EmailMessage, *, again: bool = False) -> None:
        reference = str(message["Message-ID"])
        if again and await self._has(reference):
            return
        plain = message.get_body(("plain",))
        told = {
            "template_id": self._template,
            "email_address": message["To"].addresses[0].addr_spec,
            "personalisation": {
                "subject": str(message["Subject"]),
                "body": plain.get_content() if plain else "",
            },
            "reference": reference,
        }
        answer = await self._asked("POST", f"{self._url}/email", json=told)
        if answer.status != 201:
            raise _refusal(answer)

    async def rest(self) -> None:
        client, self._client = self._client, None
        if client:
            await client.close()

    async def ready(self) -> None:
        """Return if Notify knows the key, or raise NotTaken."""
        try:
            await self._has("ready")
        finally:
            await self.rest()

    async def _has(self, reference: str) -> bool:
        answer = await self._asked("GET", self._url, params={"reference": reference})
        if answer.status != 200:
            raise _refusal(answer)
        return isinstance(answer.body, dict) and bool(answer.body.get("notifications"))

    async def _asked(self, method: str, url: str, **told: Any) -> Answer:
        import aiohttp

        try:
            async with self._request(method, url, **told) as response:
                return Answer(response.status, _parsed(await response.read()))
        except TimeoutError:
            raise NotTaken("no answer (Notify)", trouble=Trouble.SERVER) from None
        except aiohttp.ClientSSLError:
            raise NotTaken("Notify's certificate or TLS is not accepted", trouble=Trouble.SETTINGS) from None
        except (aiohttp.ClientError, OSError):
            raise NotTaken("connection lost (Notify)", trouble=Trouble.SERVER) from None

    @asynccontextmanager
    async def _request(self, method: str, url: str, **told: Any) -> AsyncIterator["aiohttp.ClientResponse"]:
        import aiohttp

        if self._client is None:
            self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE))
        bearer = {"Authorization": f"Bearer {self._key.token(time.time())}"}
        async with self._client.request(method, url, headers=bearer, allow_redirects=False, **told) as response:
            yield response


def _refusal(answer: Answer) -> NotTaken:
    """What Notify answered as what it means for the message; of its words only the error's name is kept."""
    name, said = answer.error
    why = " ".join(filter(None, (f"Notify {answer.status}", name if name.isidentifier() else "")))
    if answer.status == 429 or answer.status >= 500:
        return NotTaken(why, trouble=Trouble.SERVER)
    if answer.status == 400 and not TEMPLATES.search(said):
        return NotTaken(why, for_good=True)
    return NotTaken(why, trouble=Trouble.SETTINGS)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
