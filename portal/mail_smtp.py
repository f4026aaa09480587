"""Hands messages to an SMTP server: each step with a time of its own, its connections kept from one to the next."""

import asyncio
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from enum import StrEnum
from typing import TYPE_CHECKING

from resolvers.ports import NotTaken, Trouble

if TYPE_CHECKING:
    import aiosmtplib  # as late as it is needed: most processes send nothing

ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
OUR_FAULT = ("5.3.", "5.5.", "5.7.")
"""Refused for what the portal is or may, not for whom it writes to: the system, the protocol, its policy (RFC 3463).
That is not for good: somebody may mend it."""
CLOSING = 421


class NoAnswer(NotTaken):
    """Nothing came in time, and might not come the next time either."""

    def __init__(self, step: str) -> None:
        super().__init__(f"no answer ({step})", trouble=Trouble.SERVER)


class Step(StrEnum):
    """How far a message came."""

    CONNECTION = "connection"
    TLS = "TLS"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


PATIENCE = {Step.CONNECTION: 15.0, Step.TLS: 15.0, Step.LOGIN: 30.0, Step.SENDER: 30.0, Step.RECIPIENT: 30.0}
PATIENCE_WITH_CONTENT = 60.0
PATIENCE_AT_THE_END = 2.0


@dataclass(frozen=True)
class Server:
    """Where it is. `scheme`: smtp is STARTTLS or nothing, smtps is TLS from the beginning, smtp+plain is neither."""

    host: str
    port: int
    scheme: str
    login: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Letter:
    """A message as a server is told of it."""

    sender: str
    to: str
    content: bytes

    @classmethod
    def of(cls, message: EmailMessage) -> "Letter":
        sender, to = (message[name].addresses[0].addr_spec for name in ("From", "To"))
        form = policy.SMTP if to.isascii() and sender.isascii() else policy.SMTPUTF8
        return cls(sender, to, message.as_bytes(policy=form))

    @property
    def plain(self) -> bool:
        """Whether every server can take it: only some know addresses outside ASCII."""
        return self.to.isascii() and self.sender.isascii()


class Smtp:
    """Any number of messages at once, each on a connection of its own; the server's certificate is always checked."""

    def __init__(self, server: Server, sender: str) -> None:
        self.sender = sender
        self._server = server
        self._idle: list[aiosmtplib.SMTP] = []

    async def send(self, message: EmailMessage, *, again: bool = False) -> None:
        letter = Letter.of(message)
        line = await self._begun(letter)
        try:
            await _told(line, letter)
        except NotTaken as refused:
            if refused.trouble is Trouble.MESSAGE and line.is_connected:
                await self._keep(line)
            else:
                line.close()
            raise
        except BaseException:  # interrupted: nobody knows what it would be answering
            line.close()
            raise
        self._idle.append(line)

    async def rest(self) -> None:
        lines, self._idle = self._idle, []
        await asyncio.gather(*map(_parted, lines))

    async def ready(self) -> None:
        """Return if the server lets the portal in, or raise NotTaken."""
        await _parted(await self._opened())

    async def _begun(self, letter: Letter) -> "aiosmtplib.SMTP":
        """A connection on which the sender was accepted. One that was kept may have ended: then a new one is tried."""
        while self._idle:
            line = self._idle.pop()
            try:
                return await _begun_on(line, letter)
            except NoAnswer:
                raise
            except NotTaken:
                continue
        return await _begun_on(await self._opened(), letter)

    async def _opened(self) -> "aiosmtplib.SMTP":
        import aiosmtplib

        at = self._server
        line = aiosmtplib.SMTP(hostname=at.host, port=at.port, use_tls=at.scheme == "smtps", start_tls=False)
        try:
            with _answered(Step.CONNECTION):
                await line.connect(timeout=PATIENCE[Step.CONNECTION])
            if at.scheme == "smtp":
                with _answered(Step.TLS):
                    await line.starttls(timeout=PATIENCE[Step.TLS])
            if at.login:
                with _answered(Step.LOGIN):
                    await line.login(*at.login, timeout=PATIENCE[Step.LOGIN])
        except BaseException:
            line.close()
            raise
        return line

    async def _keep(self, line: "aiosmtplib.SMTP") -> None:
        """For the next message, if the server is ready to forget this one."""
        try:
            with _answered(Step.SENDER):
                await line.rset(timeout=PATIENCE[Step.SENDER])
        except BaseException as fault:
            line.close()
            if not isinstance(fault, NotTaken):
                raise
        else:
            self._idle.append(line)


async def _parted(line: "aiosmtplib.SMTP") -> None:
    try:
        with _answered(Step.CONNECTION):
            await line.quit(timeout=PATIENCE_AT_THE_END)
    except NotTaken:
        pass  # it was of no use any more, and now it is gone
    finally:
        line.close()


async def _begun_on(line: "aiosmtplib.SMTP", letter: Letter) -> "aiosmtplib.SMTP":
    try:
        with _answered(Step.SENDER):
            await _begin(line, letter)
    except BaseException:
        line.close()
        raise
    return line


async def _begin(line: "aiosmtplib.SMTP", letter: Letter) -> None:
    if line.is_ehlo_or_helo_needed:
        await line.ehlo(timeout=PATIENCE[Step.SENDER])
    if not letter.plain and not line.supports_extension("smtputf8"):
        raise NotTaken("the server takes no address outside ASCII", for_good=True)
    options = [] if letter.plain else ["SMTPUTF8"]
    encoding = "ascii" if letter.plain else "utf-8"
    await line.mail(letter.sender, options=options, encoding=encoding, timeout=PATIENCE[Step.SENDER])


async def _told(line: "aiosmtplib.SMTP", letter: Letter) -> None:
    with _answered(Step.RECIPIENT):
        await line.rcpt(letter.to, encoding="utf-8", timeout=PATIENCE[Step.RECIPIENT])
    with _answered(Step.CONTENT):
        await line.data(letter.content, timeout=PATIENCE_WITH_CONTENT)


@contextmanager
def _answered(step: Step) -> Iterator[None]:
    """What a server answers, or does not, as what it means for the message."""
    import aiosmtplib

    try:
        yield
    except aiosmtplib.SMTPResponseException as refused:
        raise _refusal(step, refused.code, str(refused.message)) from None
    except TimeoutError:
        raise NoAnswer(step) from None
    except (aiosmtplib.SMTPException, OSError) as fault:
        raise _failure(step, fault) from None


def _refusal(step: Step, code: int, said: str) -> NotTaken:
    """Only the number is kept of what a server said: its words may hold an address."""
    known = ENHANCED.match(said)
    number = f"{code} {known[0]}" if known else str(code)
    why = f"{step} refused: SMTP {number}"
    for_good = code >= 500
    if step in (Step.RECIPIENT, Step.CONTENT) and code != CLOSING:
        return NotTaken(why, for_good=for_good and not (known and known[0].startswith(OUR_FAULT)))
    return NotTaken(why, trouble=Trouble.SETTINGS if for_good else Trouble.SERVER)


def _failure(step: Step, fault: Exception) -> NotTaken:
    causes = [fault, fault.__cause__, fault.__context__]
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return NotTaken("the server's certificate or TLS is not accepted", trouble=Trouble.SETTINGS)
    if not isinstance(fault, OSError) and step in (Step.TLS, Step.LOGIN):  # it offers neither
        return NotTaken(f"the server offers no {step}", trouble=Trouble.SETTINGS)
    trouble = Trouble.MESSAGE if step is Step.CONTENT else Trouble.SERVER
    return NotTaken(f"connection lost ({step})", trouble=trouble)
