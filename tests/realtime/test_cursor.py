"""Cursors are opaque texts: what we made is read back, anything else is refused without a fuss."""

import base64
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.cursor import MOST, Cursor, Unreadable, numbering
from realtime.entry import Reason
from realtime.inbox import Standing


@given(st.text(max_size=30), st.integers(0, MOST))
def test_what_was_written_is_read_back_and_fits_into_an_address(epoch: str, no: int) -> None:
    cursor = Cursor(epoch, no)
    assert Cursor.parse(str(cursor)) == cursor
    assert str(cursor).replace("-", "").replace("_", "").isalnum()
    assert str(cursor).isascii()


@given(st.text())
def test_a_text_is_either_unreadable_or_exactly_what_we_would_write(text: str) -> None:
    cursor = Cursor.parse(text)
    assert isinstance(cursor, Unreadable) or str(cursor) == text


def encoded(plain: str) -> str:
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    ["", "=", "%", "ä", "\ud800", "A", "AAAA" * 1000]
    + [encoded(plain) for plain in ("", "x", "-1.e", "+1.e", "01.e", "1_0.e", " 1.e", "\u0663.e", f"{MOST + 1}.e")]
    + [encoded("1.e") + "=", base64.b64encode(b"1.\xff").decode()],
)
def test_near_misses_are_unreadable(text: str) -> None:
    assert Cursor.parse(text) == Unreadable()


# S-070, S-119
def test_a_cursor_tells_whose_it_is_and_of_which_life_and_nothing_of_either() -> None:
    me, other = uuid4(), uuid4()
    log = Standing(numbering("this life", me), 9, 1)
    given = {
        Reason.NOT_YOURS: Cursor(numbering("this life", other), 3),
        Reason.EPOCH_CHANGED: Cursor(numbering("another life", me), 3),
        None: Cursor(numbering("this life", me), 3),
    }
    assert [log.take_up(str(cursor))[1] for cursor in given.values()] == list(given)
    assert log.take_up(str(Cursor(numbering("another life", other), 3)))[1] is Reason.EPOCH_CHANGED
    shown = base64.urlsafe_b64decode(str(log.now) + "==").decode()
    assert not any(secret in shown for secret in ("life", me.hex, str(me)))
    assert {len(part) for part in shown.split(".")[1:]} == {12}
