"""Cursors are opaque texts: what we made is read back, anything else is refused without a fuss."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.cursor import MOST, Cursor, Unreadable


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
