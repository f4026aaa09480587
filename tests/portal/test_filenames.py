"""The name a file is brought under is shown to others; it may be in any script and may not deceive."""

from pathlib import Path

import pytest

from models.announcement import check_file
from models.refusal import Code, Refused
from portal.filetypes import Fault, NotAllowed, recognise
from tests.portal.corpus import pdf


@pytest.mark.parametrize(
    ("brought", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Ann\\plan.pdf", "plan.pdf"),
        ("  cynllun.pdf ", "cynllun.pdf"),
        ("Zoe\u0308 Łąk – ਯੋਜਨਾ خطة.pdf", "Zoë Łąk – ਯੋਜਨਾ خطة.pdf"),
        ("x" * 196 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_keeps_its_script_and_loses_its_path(tmp_path: Path, brought: str, shown: str) -> None:
    (tmp_path / "file").write_bytes(pdf())

    assert recognise(tmp_path / "file", brought).name == shown


UNFIT = ["a/plan.pdf", "a\\plan.pdf", "plan\r\nX.pdf", "plan\t.pdf", "fdp\u202e.pdf", "plan\u200b.pdf", "\u2066a.pdf"]


@pytest.mark.parametrize("name", UNFIT)
def test_such_a_name_is_refused_before_any_bytes_come(name: str) -> None:  # TRUST G
    with pytest.raises(Refused) as refusal:
        check_file(name, 1, "0" * 64)

    assert (refusal.value.code, refusal.value.path) == (Code.INVALID_INPUT, ["input", "name"])


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("plan\0.pdf", Fault.NAME_NOT_ALLOWED),
        ("plan\r\nX-Header: 1.pdf", Fault.NAME_NOT_ALLOWED),
        ("plan\u202efdp.pdf", Fault.NAME_NOT_ALLOWED),
        ("plan\ud800.pdf", Fault.NAME_NOT_ALLOWED),
        ("folder/", Fault.NAME_NOT_ALLOWED),
        ("x" * 197 + ".pdf", Fault.NAME_TOO_LONG),
    ],
)
def test_a_name_that_cannot_be_shown_is_refused(tmp_path: Path, name: str, fault: Fault) -> None:
    (tmp_path / "file").write_bytes(pdf())

    with pytest.raises(NotAllowed) as refusal:
        recognise(tmp_path / "file", name)

    assert refusal.value.code is fault
