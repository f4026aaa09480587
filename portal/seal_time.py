"""Time stamps of somebody else's, by RFC 3161: what does not come in time or does not fit counts as not to be had."""

import asyncio
from base64 import b64encode
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import unquote, urlsplit

from asn1crypto.tsp import TimeStampReq, TimeStampResp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, set_tsp_headers

from portal.watched import watched

__all__ = ["Stamper", "TimestampRequestError", "stamper"]

PATIENCE = 4.0  # seconds, to be reached in and to answer in
LARGEST = 256 * 1024


class Stamper(TimeStamper):
    """Asks one address. Raises TimestampRequestError for every way in which no fitting time stamp comes."""

    def __init__(self, url: str) -> None:
        TimeStamper.__init__(self)
        self._url = urlsplit(url)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        """A time stamp for this digest and no other."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            told = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
            fits = told["hashed_message"].native == message_digest
        except (OSError, HTTPException, ValueError, TypeError, KeyError, AttributeError) as fault:
            raise TimestampRequestError(f"No time stamp from {self._url.hostname}: {fault}") from fault
        if not fits:
            raise TimestampRequestError(f"The time stamp from {self._url.hostname} is not of what was asked.")
        return token

    async def async_request_tsa_response(self, req: TimeStampReq) -> TimeStampResp:
        """What the address says to the request."""
        return TimeStampResp.load(await asyncio.to_thread(self._asked, req.dump()))

    def _register_dummy(self, md_algorithm: str, dummy: Any) -> None:
        """Only how large an answer is matters; pyHanko's own way stumbles over signers named by their key."""
        self._dummy_response_cache[md_algorithm] = dummy

    def _asked(self, body: bytes) -> bytes:
        kind = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        there = kind(self._url.hostname or "", self._url.port, timeout=PATIENCE)
        with watched(there, PATIENCE) as connection:
            connection.request("POST", self._target(), body, set_tsp_headers(self._entitled()))
            with connection.getresponse() as answer:
                if answer.status != 200:
                    raise TimestampRequestError(f"it answered {answer.status}")
                return answer.read(LARGEST)

    def _target(self) -> str:
        return (self._url.path or "/") + (f"?{self._url.query}" if self._url.query else "")

    def _entitled(self) -> dict[str, str]:
        if self._url.username is None:
            return {}
        pair = f"{unquote(self._url.username)}:{unquote(self._url.password or '')}"
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


@lru_cache(maxsize=4)
def stamper(url: str) -> Stamper:
    """The one for this address, which remembers how large its answers are."""
    return Stamper(url)
