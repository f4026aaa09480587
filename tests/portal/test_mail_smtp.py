"""Messages handed to a real SMTP server, and everything it may do with them."""

import asyncio
from email.message import EmailMessage
from pathlib import Path

import pytest

from portal import mail_smtp
from portal.mail_post import Sending
from portal.mail_smtp import Smtp, Step
from resolvers.ports import NotTaken, Trouble
from tests.portal.postbox import LOGIN, Postbox, certified, listening
from tests.waiting import until

FROM = "West Midlands Placement Portal <portal@example.org>"


def message(number: int = 1, to: str = "ada@example.org") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = FROM, to, f"Number {number}"
    made["Message-ID"] = f"<{number}@portal.example>"
    made.set_content(f"Line one.\n.\nLine three of {number}.\n")
    return made


def smtp(port: int, scheme: str = "smtp+plain", login: str = "", host: str = "127.0.0.1") -> Smtp:
    post = Sending(f"{scheme}://{login}{host}:{port}", FROM).post()
    assert isinstance(post, Smtp)
    return post


async def refused(post: Smtp, which: EmailMessage | None = None) -> NotTaken:
    with pytest.raises(NotTaken) as caught:
        await post.send(which or message())
    return caught.value


@pytest.fixture
def box() -> Postbox:
    return Postbox()


async def test_many_messages_share_a_connection_and_it_is_given_up_at_the_end(box: Postbox) -> None:
    async with listening(box) as port:
        post = smtp(port)
        for number in range(20):
            await post.send(message(number))
        assert (len(box.came), box.connections) == (20, 1)
        await post.rest()
        assert post._idle == []
        await post.send(message(21))
        assert box.connections == 2
        await post.rest()
    assert box.came[0].get_content().replace("\r\n", "\n") == "Line one.\n.\nLine three of 0.\n"


@pytest.mark.parametrize(
    ("step", "answer", "why", "trouble", "for_good"),
    [
        ("recipients", "550 5.1.1 <ada@example.org> who?", "recipient refused: SMTP 550 5.1.1", Trouble.MESSAGE, True),
        ("recipients", "553 no such mailbox", "recipient refused: SMTP 553", Trouble.MESSAGE, True),
        ("recipients", "450 4.2.0 greylisted", "recipient refused: SMTP 450 4.2.0", Trouble.MESSAGE, False),
        ("recipients", "550 5.7.1 relaying denied", "recipient refused: SMTP 550 5.7.1", Trouble.MESSAGE, False),
        ("contents", "554 5.6.0 no", "content refused: SMTP 554 5.6.0", Trouble.MESSAGE, True),
        ("contents", "554 5.7.9 unsigned", "content refused: SMTP 554 5.7.9", Trouble.MESSAGE, False),
        ("contents", "451 later", "content refused: SMTP 451", Trouble.MESSAGE, False),
        ("contents", "DROP", "connection lost (content)", Trouble.MESSAGE, False),
        ("recipients", "DROP", "connection lost (recipient)", Trouble.SERVER, False),
        ("recipients", "421 4.3.2 closing", "recipient refused: SMTP 421 4.3.2", Trouble.SERVER, False),
        ("senders", "452 4.3.1 full", "sender refused: SMTP 452 4.3.1", Trouble.SERVER, False),
        ("senders", "550 5.1.8 not yours", "sender refused: SMTP 550 5.1.8", Trouble.SETTINGS, False),
    ],
)
async def test_what_is_not_taken_says_why_and_the_next_one_is(
    box: Postbox, step: str, answer: str, why: str, trouble: Trouble, for_good: bool
) -> None:
    getattr(box, step).append(answer)
    async with listening(box) as port:
        post = smtp(port)
        fault = await refused(post)
        assert (str(fault), fault.trouble, fault.for_good) == (why, trouble, for_good)
        assert box.came == []
        await post.send(message(2))
        assert [str(each["Subject"]) for each in box.came] == ["Number 2"]
        await post.rest()


async def test_greylisting_works_by_coming_again(box: Postbox) -> None:
    box.recipients += ["451 4.7.1 greylisted, come again"]
    async with listening(box) as port:
        post = smtp(port)
        assert not (await refused(post)).for_good
        await post.send(message(), again=True)
        assert box.ids == ["<1@portal.example>"]
        assert box.connections == 1
        await post.rest()


async def test_a_kept_connection_that_was_ended_is_replaced_and_nobody_notices(box: Postbox) -> None:
    async with listening(box) as port:
        post = smtp(port)
        for answer in ("421 4.7.0 enough for one connection", "DROP"):
            await post.send(message(1))
            box.senders.append(answer)
            await post.send(message(2))
        assert len(box.came) == 4
        assert box.connections == 3
        await post.rest()


@pytest.mark.parametrize(
    ("where", "step"), [("senders", "sender"), ("recipients", "recipient"), ("contents", "content")]
)
async def test_a_server_that_hangs_is_left_and_holds_no_other_message_up(
    box: Postbox, monkeypatch: pytest.MonkeyPatch, where: str, step: str
) -> None:
    async with listening(box) as port:
        post = smtp(port)
        await post.send(message(0))  # so that nothing but what hangs has little time
        getattr(box, where).append("HANG")
        with monkeypatch.context() as patience:
            patience.setattr(mail_smtp, "PATIENCE", {**mail_smtp.PATIENCE, Step(step): 0.5})
            patience.setattr(mail_smtp, "PATIENCE_WITH_CONTENT", 0.5)
            hanging = asyncio.create_task(refused(post))
            await until(lambda: not getattr(box, where))
        await post.send(message(2))
        assert (str(await hanging), (await hanging).trouble) == (f"no answer ({step})", Trouble.SERVER)
        assert box.ids == ["<0@portal.example>", "<2@portal.example>"]
        await post.rest()


async def test_a_server_that_says_nothing_at_all_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        with monkeypatch.context() as patience:
            patience.setattr(mail_smtp, "PATIENCE", dict.fromkeys(Step, 0.2))
            fault = await refused(smtp(server.sockets[0].getsockname()[1]))
        gone.set()
    assert (str(fault), fault.trouble) == ("no answer (connection)", Trouble.SERVER)
    nobody = await refused(smtp(9))
    assert (str(nobody), nobody.trouble) == ("connection lost (connection)", Trouble.SERVER)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_over_tls_with_a_certificate_that_is_known_login_and_message_are_taken(
    box: Postbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str
) -> None:
    context = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    straight, later = {"tls": context, "auth_require_tls": False}, {"tls_context": context, "auth_required": True}
    async with listening(box, authenticator=box.let_in, **(straight if scheme == "smtps" else later)) as port:
        post = smtp(port, scheme, "portal:p%40ss%2Fword%3A1@", "localhost")
        await post.send(message())
        assert (box.ids, box.logins) == (["<1@portal.example>"], 1)
        await post.ready()
        await post.rest()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("fault", ["of nobody known", "of another name", "too old"])
async def test_under_a_wrong_certificate_nothing_is_said(
    box: Postbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str, fault: str
) -> None:
    name = "elsewhere.example" if fault == "of another name" else "localhost"
    context = certified(tmp_path, name, days=-1 if fault == "too old" else 1)
    if fault != "of nobody known":
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    tls = {"tls": context, "auth_require_tls": False} if scheme == "smtps" else {"tls_context": context}
    async with listening(box, authenticator=box.let_in, **tls) as port:
        post = smtp(port, scheme, "portal:secret@", "localhost")
        refusal = await refused(post)
    assert str(refusal) == "the server's certificate or TLS is not accepted"
    assert (refusal.trouble, refusal.for_good) == (Trouble.SETTINGS, False)
    assert (box.logins, box.came) == (0, [])


async def test_a_login_that_is_refused_is_tried_again_and_kept_out_of_every_word(
    box: Postbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    async with listening(box, authenticator=box.let_in, auth_required=True, tls_context=context) as port:
        post = smtp(port, "smtp", "portal:wrong-secret@", "localhost")
        for asked in (refused(post), _unready(post)):
            refusal = await asked
            assert (str(refusal), refusal.trouble) == ("login refused: SMTP 535 5.7.8", Trouble.SETTINGS)
            assert not refusal.for_good
    assert box.came == []
    assert "wrong-secret" not in repr(post._server)
    assert LOGIN[1] not in repr(Sending(f"smtp://a:{LOGIN[1]}@localhost", FROM))


async def _unready(post: Smtp) -> NotTaken:
    with pytest.raises(NotTaken) as caught:
        await post.ready()
    return caught.value


async def test_who_offers_no_login_or_no_tls_gets_nothing(box: Postbox) -> None:
    async with listening(box) as port:
        for post, lacks in ((smtp(port), ""), (smtp(port, "smtp"), "TLS"), (smtp(port, login="a:b@"), "login")):
            if lacks:
                refusal = await refused(post)
                assert (str(refusal), refusal.trouble) == (f"the server offers no {lacks}", Trouble.SETTINGS)
    assert box.came == []


async def test_addresses_outside_ascii_go_where_they_are_known_and_nowhere_else(box: Postbox) -> None:
    async with listening(box) as port:
        refusal = await refused(smtp(port), message(1, "siân@example.org"))
        assert (str(refusal), refusal.for_good) == ("the server takes no address outside ASCII", True)
    async with listening(box, utf8=True) as port:
        post = smtp(port)
        await post.send(message(2, "siân@example.org"))
        await post.rest()
    assert box.ids == ["<2@portal.example>"]
    assert str(box.came[0]["To"]) == "siân@example.org"
