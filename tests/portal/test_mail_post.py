"""Ways of sending as they are set, and as they are refused."""

import asyncio
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from portal.mail_folder import Folder
from portal.mail_post import Sending, UnknownPost
from portal.mail_smtp import Smtp
from resolvers.ports import NotTaken
from tests.portal.test_mail_notify import SECRET, SERVICE, TEMPLATE
from tests.portal.test_mail_smtp import FROM, message

KEY = f"notify:portal-{SERVICE}-{SECRET}"


@pytest.mark.parametrize(
    "mail",
    [
        "smtp://",
        "http://mail.example.org",
        "mail.example.org",
        "smtp+plain://mail.example.org",
        "smtps://host:port",
        "smtps://host:0",
        "smtp://name:12/34@host.example",
        "smtp://name:pass#word@host.example",
        "smtps://name@host.example",
        "smtps://:secret@host.example",
        "smtps://host.example/path",
        "folder:",
        "folder:mail",
        "notify:",
        "",
    ],
)
def test_an_address_that_names_no_way_of_sending_is_refused_at_the_start(mail: str) -> None:
    with pytest.raises(UnknownPost) as refused:
        Sending(mail, FROM).post()
    assert not any(secret in str(refused.value) for secret in ("secret", "pass#", "12/34"))


@pytest.mark.parametrize("sender", [None, "", "The Portal", "portal@example.org\r\nBcc: all@example.org"])
def test_a_sender_that_is_no_address_is_refused_at_the_start(sender: str | None) -> None:
    with pytest.raises(UnknownPost, match="PORTAL_MAIL_FROM"):
        Sending("smtps://mail.example.org", sender).post()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"mail_from": FROM}, "PORTAL_MAIL_FROM without PORTAL_MAIL"),
        ({"template": TEMPLATE, "notify_url": "https://x"}, "PORTAL_MAIL_TEMPLATE, PORTAL_NOTIFY_URL without"),
        ({"mail": "smtps://h", "mail_from": FROM, "template": TEMPLATE}, "are for a PORTAL_MAIL that begins notify:"),
        ({"mail": KEY, "template": TEMPLATE, "mail_from": FROM}, "is not for GOV.UK Notify"),
        ({"mail": KEY}, "PORTAL_MAIL_TEMPLATE is missing"),
        ({"mail": KEY, "template": "welcome"}, "or no id"),
        ({"mail": "notify:my-key", "template": TEMPLATE}, "followed by an API key"),
        ({"mail": KEY, "template": TEMPLATE, "notify_url": "http://elsewhere.example"}, "begins with https://"),
        ({"mail": KEY, "template": TEMPLATE, "notify_url": "https://"}, "cannot be understood"),
        ({"mail": KEY, "template": TEMPLATE, "notify_url": "https://h:port"}, "cannot be understood"),
    ],
)
def test_settings_that_make_no_sense_together_are_refused_with_a_sentence(settings: dict[str, str], says: str) -> None:
    with pytest.raises(UnknownPost, match=says) as refused:
        Sending(**settings).post()
    assert SECRET not in str(refused.value)


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


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Sending(f"folder:{tmp_path}/mail", FROM).post()
    assert isinstance(made, Folder)
    return made


def dated(number: int) -> EmailMessage:
    made = message(number)
    made["Date"] = "Thu, 02 Jul 2026 07:00:00 +0000"
    return made


async def test_a_folder_keeps_each_message_once_and_whole_and_no_other(folder: Folder, tmp_path: Path) -> None:
    await folder.ready()
    await folder.send(dated(1))
    (kept,) = (tmp_path / "mail").iterdir()
    assert kept.name == "2026-07-02T070000-1.eml"
    before = kept.read_bytes()
    other = dated(1)
    other.set_content("Something else.")
    await folder.send(other, again=True)
    await folder.send(dated(2))
    assert kept.read_bytes() == before
    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == [kept.name, "2026-07-02T070000-2.eml"]


async def test_a_folder_that_cannot_be_written_says_so(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("no folder")
    for asked in (folder.ready(), folder.send(dated(1))):
        with pytest.raises(NotTaken, match="the folder takes nothing"):
            await asked
    assert (tmp_path / "mail").read_text() == "no folder"
