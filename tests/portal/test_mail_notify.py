"""GOV.UK Notify as its API is documented, served here: what it answers and what becomes of the message."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from portal import mail_notify
from portal.mail_notify import Notify
from portal.mail_post import Sending
from resolvers.ports import NotTaken, Trouble
from tests.portal.test_mail_smtp import message

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"


@dataclass
class FakeNotify:
    """`answers` come first; without one a message is taken if the signature, the template and the words are right."""

    answers: list[tuple[int, dict[str, Any] | str]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    hang_up: bool = False

    async def send(self, request: web.Request) -> web.Response:
        self._identify(request)
        told = await request.json()
        if self.hang_up:
            self.hang_up = False
            self.taken.append(told)
            assert request.transport
            request.transport.close()
            return web.Response()
        if self.answers:
            status, body = self.answers.pop(0)
            return web.Response(status=status, text=body if isinstance(body, str) else json.dumps(body))
        assert told["template_id"] == TEMPLATE
        self.taken.append(told)
        return web.json_response({"id": "740e5834-3a29-46b4-9a6f-16142fde533a"}, status=201)

    async def find(self, request: web.Request) -> web.Response:
        self._identify(request)
        reference = request.query["reference"]
        self.asked.append(reference)
        return web.json_response({"notifications": [t for t in self.taken if t["reference"] == reference]})

    def _identify(self, request: web.Request) -> None:
        head, claims, seal = request.headers["Authorization"].removeprefix("Bearer ").split(".")
        known = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
        assert base64.urlsafe_b64encode(known).rstrip(b"=").decode() == seal
        assert _decoded(head) == {"typ": "JWT", "alg": "HS256"}
        assert _decoded(claims)["iss"] == SERVICE
        assert isinstance(_decoded(claims)["iat"], int)


def _decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def error(status: int, name: str, words: str) -> tuple[int, dict[str, Any]]:
    return status, {"status_code": status, "errors": [{"error": name, "message": words}]}


@pytest.fixture
def fake() -> FakeNotify:
    return FakeNotify()


@pytest_asyncio.fixture(loop_scope="session")
async def post(fake: FakeNotify) -> AsyncIterator[Notify]:
    application = web.Application()
    application.router.add_post("/v2/notifications/email", fake.send)
    application.router.add_get("/v2/notifications", fake.find)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    made = Sending(f"notify:portal-{SERVICE}-{SECRET}", None, TEMPLATE, f"http://127.0.0.1:{port}").post()
    assert isinstance(made, Notify)
    yield made
    await made.rest()
    await runner.cleanup()


async def refused(post: Notify) -> NotTaken:
    with pytest.raises(NotTaken) as caught:
        await post.send(message())
    return caught.value


async def test_a_message_goes_with_its_words_and_under_its_message_id(post: Notify, fake: FakeNotify) -> None:
    await post.send(message(7))
    (told,) = fake.taken
    assert told == {
        "template_id": TEMPLATE,
        "email_address": "ada@example.org",
        "reference": "<7@portal.example>",
        "personalisation": {"subject": "Number 7", "body": "Line one.\n.\nLine three of 7.\n"},
    }
    assert fake.asked == []


@pytest.mark.parametrize(
    ("answer", "why", "trouble", "for_good"),
    [
        (error(400, "ValidationError", "email_address Not a valid email address"), "Notify 400 ValidationError",
         Trouble.MESSAGE, True),
        (error(400, "BadRequestError", "Can't send to this recipient"), "Notify 400 BadRequestError",
         Trouble.MESSAGE, True),
        (error(400, "BadRequestError", "Template not found"), "Notify 400 BadRequestError", Trouble.SETTINGS, False),
        (error(403, "AuthError", "Error: Your system clock must be accurate"), "Notify 403 AuthError",
         Trouble.SETTINGS, False),
        (error(404, "NoResultFound", "No result found"), "Notify 404 NoResultFound", Trouble.SETTINGS, False),
        (error(429, "TooManyRequestsError", "Exceeded send limits (50) for today"), "Notify 429 TooManyRequestsError",
         Trouble.SERVER, False),
        (error(500, "Exception", "Internal server error"), "Notify 500 Exception", Trouble.SERVER, False),
        ((503, "<html>ada@example.org</html>"), "Notify 503", Trouble.SERVER, False),
        ((400, '{"errors": [{"error": "ada@example.org", "message": ""}]}'), "Notify 400", Trouble.MESSAGE, True),
        ((302, "elsewhere"), "Notify 302", Trouble.SETTINGS, False),
    ],
)  # fmt: skip
async def test_what_it_answers_says_whether_it_is_tried_again(
    post: Notify, fake: FakeNotify, answer: tuple[int, Any], why: str, trouble: Trouble, for_good: bool
) -> None:
    fake.answers.append(answer)
    fault = await refused(post)
    assert (str(fault), fault.trouble, fault.for_good) == (why, trouble, for_good)
    assert fake.taken == []
    await post.send(message())
    assert len(fake.taken) == 1


async def test_what_it_took_without_saying_so_is_not_sent_a_second_time(post: Notify, fake: FakeNotify) -> None:
    fake.hang_up = True
    fault = await refused(post)
    assert (str(fault), fault.trouble) == ("connection lost (Notify)", Trouble.SERVER)
    await post.send(message(), again=True)
    assert len(fake.taken) == 1
    await post.send(message(2), again=True)
    assert [told["reference"] for told in fake.taken] == ["<1@portal.example>", "<2@portal.example>"]
    assert fake.asked == ["<1@portal.example>", "<2@portal.example>"]


async def test_one_that_hangs_or_is_away_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        hanging = (server.sockets[0].getsockname()[1], 0.2, "no answer")
        for port, patience, why in (hanging, (9, mail_notify.PATIENCE, "connection lost")):
            monkeypatch.setattr(mail_notify, "PATIENCE", patience)
            post = Sending(f"notify:portal-{SERVICE}-{SECRET}", None, TEMPLATE, f"http://127.0.0.1:{port}").post()
            assert isinstance(post, Notify)
            fault = await refused(post)
            assert (str(fault), fault.trouble) == (f"{why} (Notify)", Trouble.SERVER)
            await post.rest()
        gone.set()


async def test_whether_the_key_is_known_can_be_asked_without_sending(post: Notify, fake: FakeNotify) -> None:
    await post.ready()
    assert fake.taken == []


def test_neither_key_nor_secret_stands_in_what_is_printed() -> None:
    made = Sending(f"notify:portal-{SERVICE}-{SECRET}", None, TEMPLATE)
    post = made.post()
    assert isinstance(post, Notify)
    assert SECRET not in repr(made) + repr(post._key) + repr(post)
