"""Ways of sending as they are set, and as they are refused."""

import asyncio
from email.message import EmailMessage
from typing import Any

import pytest

from portal.mail_post import Sending, UnknownPost
from portal.mail_smtp import Smtp
from resolvers.ports import NotTaken
from tests.portal.test_mail import FROM


@pytest.mark.parametrize(
    "mail",
    [
        "smtp://",
        "http://mail.example.org",
        "mail.example.org",
        "smtp+plain://mail.example.org",
        "smtps://host:port",
        "",
    ],
)
def test_an_address_that_names_no_way_of_sending_is_refused_at_the_start(mail: str) -> None:
    with pytest.raises(UnknownPost):
        Sending(mail, FROM).post()


@pytest.mark.parametrize("sender", [None, "", "The Portal", "portal@example.org\r\nBcc: all@example.org"])
def test_a_sender_that_is_no_address_is_refused_at_the_start(sender: str | None) -> None:
    with pytest.raises(UnknownPost, match="PORTAL_MAIL_FROM"):
        Sending("smtps://mail.example.org", sender).post()


def test_nothing_set_sends_nothing() -> None:
    assert Sending().post() is None


@pytest.mark.parametrize(
    ("mail", "port", "tls", "starts"),
    [("smtp://u:p%40ss@host.example", 587, False, True), ("smtps://u:p%40ss@host.example:4650", 4650, True, False)],
)
def test_elsewhere_mail_goes_over_tls_with_the_login_of_the_address(
    mail: str, port: int, tls: bool, starts: bool
) -> None:
    post = Sending(mail, FROM).post()
    assert isinstance(post, Smtp)
    server = post._server
    assert (server.host, server.port, server.login) == ("host.example", port, ("u", "p@ss"))
    assert (server.scheme == "smtps", server.scheme == "smtp") == (tls, starts)


async def test_a_server_without_tls_gets_neither_message_nor_password() -> None:
    heard = bytearray()

    async def plain(reader: Any, writer: Any) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            heard.extend(line)
            writer.write(b"250 fine\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    post = Sending(f"smtp://name:secret@127.0.0.1:{port}", FROM).post()
    assert post
    message = EmailMessage()
    message["To"], message["From"] = "ada@example.org", FROM
    with pytest.raises(NotTaken) as refused:
        await post.send(message)
    assert not refused.value.for_good
    assert b"AUTH" not in heard
    assert b"DATA" not in heard
    server.close()
