"""What e-mails say, in both forms: what waits and where, never about whom (S-120)."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from models.mail import Due, Item
from models.notification import NotificationKind as Kind
from portal.mail import Letterhead, NoAddress, letter
from portal.mail_folder import Folder
from portal.mail_smtp import Server, Smtp
from portal.mail_words import ALWAYS_SENT, MOST, SIGNERS
from tests.portal.postbox import Postbox, listening

HEAD = Letterhead("West Midlands Placement Portal <portal@example.org>", "https://portal.example", "help@example.org")
REFERENCE = "WM-7KD4-RES-A1"
AT = datetime(2026, 7, 2, 7, 0, tzinfo=UTC)
ID = UUID("5dcc148f-7b09-46ae-9dda-463586a51ad3")
NAMELESS = (Kind.PASSWORD_FORGOTTEN, Kind.SIGN_IN_BLOCKED)
FIXED = (Kind.IPA_READY_TO_SIGN, Kind.PASSWORD_CHANGED, Kind.SIGN_IN_BLOCKED, Kind.ROLES_CHANGED)


def due(kind: str, **changes: Any) -> Due:
    given: dict[str, Any] = {
        "id": ID, "attempt": 1, "message_id": f"<{ID}@{HEAD.host}>", "kind": kind, "reference": REFERENCE, "at": AT,
        "day": None, "name": "Dev Director", "email": "dev@provider.example",
    }  # fmt: skip
    return Due(**given | changes)


def digest(*items: Item, name: str = "Dev Director") -> Due:
    return due("DAILY_DIGEST", reference=None, day=date(2026, 7, 2), items=items, name=name)


def bodies(message: EmailMessage) -> tuple[str, str]:
    """Plain text and HTML as they are once they have been on the wire."""
    again = message_from_bytes(message.as_bytes(policy=policy.SMTP), policy=policy.default)
    plain, html = (part.get_content().replace("\r\n", "\n") for part in again.iter_parts())
    return plain, html


class Page(HTMLParser):
    """What a page holds: its words, its links, its elements; what is opened and not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.links, self.elements = "", list[str](), list[str]()
        self._open = list[str]()
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]
        if tag not in ("meta", "br", "hr"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("reference", [REFERENCE, None])
def test_every_kind_has_words_with_and_without_a_reference(kind: Kind, reference: str | None) -> None:
    message = letter(due(kind, reference=reference), HEAD)
    plain, html = bodies(message)
    page = Page(html)
    place = f"https://portal.example/open/{REFERENCE}" if reference else "https://portal.example/"
    for words in (plain, page.words):
        assert "Dear Dev Director," in words
        assert place in words
        assert "help@example.org" in words
        assert (REFERENCE in words.replace(place, "")) == bool(reference) or kind in NAMELESS
        assert "None" not in words
        assert "{" not in words
    assert place in page.links
    assert set(page.links) <= {place, "https://portal.example/preferences", "mailto:help@example.org"}
    assert not {"img", "script", "link", "style", "table", "iframe"} & set(page.elements)
    assert max(map(len, plain.splitlines())) <= 80
    assert len(str(message["Subject"])) <= 100


@pytest.mark.parametrize("kind", Kind)
def test_what_can_be_switched_off_says_where_and_what_cannot_says_why(kind: Kind) -> None:
    message = letter(due(kind), HEAD)
    plain, html = bodies(message)
    can = message["List-Unsubscribe"]
    assert can in (None, "<https://portal.example/preferences>")
    for body in (plain, html):
        assert "https://portal.example/preferences" in body
        assert ("Which other e-mails you get" in body) == (can is None)
    reasons = " ".join(plain.split())
    assert bool(can) != (SIGNERS in reasons or ALWAYS_SENT in reasons)
    if kind in FIXED:
        assert not can


# S-120, S-113
def test_its_source_has_what_mail_programs_go_by() -> None:
    message = letter(due(Kind.IPA_READY_TO_SIGN), HEAD)
    source = message.as_bytes(policy=policy.SMTP).decode("ascii")
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    for line in (
        "From: West Midlands Placement Portal <portal@example.org>",
        "To: dev@provider.example",
        f"Subject: Agreement ready to sign: {REFERENCE}",
        "Date: Thu, 02 Jul 2026 07:00:00 +0000",
        f"Message-ID: <{ID}@portal.example>",
        "Auto-Submitted: auto-generated",
        "The agreement WM-7KD4-RES-A1 is ready to be signed. Sign in to the",  # readable as it is
    ):
        assert f"\r\n{line}\r\n" in f"\r\n{source}"
    assert max(map(len, source.splitlines())) <= 998


def _without_boundaries(message: EmailMessage) -> bytes:
    return re.sub(rb"={15}\d+==", b"=", message.as_bytes())


def test_each_try_is_the_same_message() -> None:
    first, second = (letter(due(Kind.OFFER_SUBMITTED, attempt=attempt), HEAD) for attempt in (1, 7))
    assert _without_boundaries(first) == _without_boundaries(second)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('<b>Dev</b> & "Co"', '<b>Dev</b> & "Co"'), ("</p><script>a('1')</script>", "</p><script>a('1')</script>"),
        ("Siân Żółć محمد", "Siân Żółć محمد"), ("Dev\r\nBcc: all@example.org", "Dev Bcc: all@example.org"),
        ("Dev\u2028x\u2029y\x85z", "Dev x y z"), ("Dev\x00\x07\x1b[31m\x7f\x0b\x0c\x1cx", "Dev [31m x"),
        ("Dev\rx\ny\ud800", "Dev x y"), ("Dev \u202excod.exe\u2066", "Dev xcod.exe"), ("می\u200cروم", "می\u200cروم"),
        (".\r\n.\r\nQUIT", ". . QUIT"), ("D" * 1_200, "D" * 1_200), ("=?utf-8?q?Dev?=", "=?utf-8?q?Dev?="),
    ],
)  # fmt: skip
async def test_a_name_is_one_line_of_both_forms_and_no_header(name: str, shown: str, tmp_path: Path) -> None:
    made = letter(due(Kind.MESSAGE_RECEIVED, name=name), HEAD)
    folder, box = Folder(tmp_path, str(HEAD.sender)), Postbox()
    await folder.send(made)
    async with listening(box) as port:
        post = Smtp(Server("127.0.0.1", port, "smtp+plain"), str(HEAD.sender))
        await post.send(made)
        await post.rest()
    (kept,) = tmp_path.glob("*.eml")
    for message in (*box.came, message_from_bytes(kept.read_bytes(), policy=policy.default)):
        assert isinstance(message, EmailMessage)
        plain, html = bodies(message)
        assert plain.splitlines()[:3] == [
            f"Dear {shown},",
            "",
            "There is a new message about WM-7KD4-RES-A1. Sign in to the portal to",
        ]
        assert f"Dear {shown}," in Page(html).words
        assert not {"b", "script"} & set(Page(html).elements)
        assert sorted(message.keys()) == sorted(
            ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "MIME-Version",
             "Content-Type"]
        )  # fmt: skip
    assert max(map(len, kept.read_bytes().splitlines())) <= 998


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x1c", "\x00"])
def test_no_reference_breaks_a_header_or_a_line(end: str) -> None:
    hostile, harmless = (f"{REFERENCE}{between}Bcc: all@example.org" for between in (end, " "))

    def told(reference: str) -> Iterator[EmailMessage]:
        yield from (letter(due(kind, reference=reference), HEAD) for kind in Kind)
        yield letter(digest(Item("OFFER_SUBMITTED", reference, 2)), HEAD)

    for message, same in zip(told(hostile), told(harmless), strict=True):
        assert message["Bcc"] is None
        assert message["Subject"] == same["Subject"]
        assert [unlinked(body) for body in bodies(message)] == [unlinked(body) for body in bodies(same)]


def unlinked(body: str) -> str:
    return re.sub(r"https://portal.example/open/[\w%-]+", "", body)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x00", ",", ";", " ", "<"])
def test_no_address_breaks_a_header(end: str) -> None:
    for email in (f"dev@example.org{end}Bcc: all@example.org", f"dev{end}all@example.org", f"dev@a{end}b.example"):
        try:
            made = letter(due(Kind.OFFER_SUBMITTED, email=email), HEAD)
        except NoAddress:
            continue
        assert len(made["To"].addresses) == 1
        assert b"\nBcc" not in made.as_bytes()


def test_no_header_takes_a_second_line() -> None:
    hostile = f"{REFERENCE}\r\nBcc: all@example.org"
    message = letter(due(Kind.OFFER_SUBMITTED, reference=hostile), HEAD)
    assert message["Bcc"] is None
    head, _, _ = message.as_bytes(policy=policy.SMTP).partition(b"\r\n\r\n")
    assert b"\r\nBcc" not in head
    with pytest.raises(ValueError, match="Header values"):
        letter(due(Kind.OFFER_SUBMITTED, message_id=f"<{ID}@x>\r\nBcc: all@example.org"), HEAD)


# S-051
def test_a_digest_lists_what_waits_each_with_its_place() -> None:
    message = letter(
        digest(
            Item("MESSAGE_RECEIVED", "WM-7KD4-RES", 3), Item("OFFER_SUBMITTED", "WM-9QQ2-FOS-O1", 1),
            Item("DOCUMENT_EXPIRING", None, 1),
        ), HEAD,
    )  # fmt: skip
    assert message["Subject"] == ("5 notifications wait in the West Midlands Placement Portal, Thursday 2 July 2026")
    plain, html = bodies(message)
    assert "- New message WM-7KD4-RES (3 times)\n  https://portal.example/open/WM-7KD4-RES\n" in plain
    assert "- New offer WM-9QQ2-FOS-O1\n  https://portal.example/open/WM-9QQ2-FOS-O1\n" in plain
    assert "- A document of your profile expires within 30 days\n  https://portal.example/\n" in plain
    page = Page(html)
    assert page.elements.count("li") == 3
    assert page.links[:3] == [
        "https://portal.example/open/WM-7KD4-RES", "https://portal.example/open/WM-9QQ2-FOS-O1",
        "https://portal.example/",
    ]  # fmt: skip
    assert message["List-Unsubscribe"] == "<https://portal.example/preferences>"
    one = letter(digest(Item("MESSAGE_RECEIVED", "WM-7KD4-RES", 1)), HEAD)
    assert str(one["Subject"]).startswith("One notification waits in the ")


def test_a_digest_of_very_much_says_how_much_more_there_is() -> None:
    items = (Item("REFERRAL_RECEIVED", f"WM-{number:04}-RES", 1) for number in range(MOST + 7))
    plain, html = bodies(letter(digest(*items), HEAD))
    assert Page(html).elements.count("li") == MOST
    for body in (plain, html):
        assert "And 7 more, which you find in the portal." in body


def test_a_domain_outside_ascii_is_written_as_name_servers_know_it() -> None:
    assert str(letter(due("OFFER_SUBMITTED", email="a@müller.example"), HEAD)["To"]) == "a@xn--mller-kva.example"
