"""What can be said of a file before its bytes come, and refused already then."""

import re
import unicodedata
from datetime import date

from models.refusal import Code, Refused

LARGEST = 25 * 1024 * 1024
LONGEST_NAME = 200
SHA256 = re.compile(r"[0-9a-f]{64}")
ENDINGS = ("pdf", "png", "jpg", "jpeg", "heic", "docx", "xlsx", "odt")
EARLIEST = date(1990, 1, 1)
MOST_YEARS = 50
BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of characters, line breaks."""


TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates turn part of a text round, so that "exe" reads as "pdf"."""
UNSEEN = TURNING | frozenset("\u200b\u200e\u200f\u2060\ufeff")
"""What makes two texts look alike that are not. The joiners that Persian, Punjabi and emoji need are not among it."""


def check_name(name: str) -> None:
    """Refuse the name of a file that is none, too long, a path, or that people would not see as it is."""
    if not name or len(name) > LONGEST_NAME:
        sentence = f"Give the file's name, in at most {LONGEST_NAME} characters."
        raise Refused(Code.INVALID_INPUT, sentence, ["input", "name"])
    if any(each in UNSEEN or each in "/\\" or unicodedata.category(each) in BREAKING for each in name):
        sentence = "Give the file's name alone: no folders, line breaks or characters that cannot be seen."
        raise Refused(Code.INVALID_INPUT, sentence, ["input", "name"])


def check_file(name: str, byte_size: int, sha256: str) -> None:
    """Refuse an announcement that cannot be met: name, kind, size or hash."""
    check_name(name)
    stem, _, ending = name.lower().rpartition(".")
    if ending not in ENDINGS or not stem.strip(". "):
        sentence = "Files of this kind cannot be added. Please use PDF, PNG, JPEG, HEIC, DOCX, XLSX or ODT."
        raise Refused(Code.FILE_NOT_ALLOWED, sentence, ["input", "name"])
    if byte_size > LARGEST:
        raise Refused(Code.FILE_TOO_LARGE, "A file may have 25 MiB at most.", ["input", "byteSize"])
    if byte_size <= 0:
        raise Refused(Code.INVALID_INPUT, "A file has at least one byte.", ["input", "byteSize"])
    if not SHA256.fullmatch(sha256):
        raise Refused(Code.INVALID_INPUT, "SHA-256 is written in 64 hexadecimal digits.", ["input", "sha256"])


def check_last_day(last_day: date | None, today: date, *path: str, must_be_valid: bool, required: bool = False) -> None:
    """Refuse a last day of validity that nobody can have meant, or that is over where the document has to be valid.

    A document without a last day is valid until it is replaced; where one is required, that is refused.
    """
    if last_day is None:
        if required:
            raise Refused(Code.INCOMPLETE, "Give the last day of the insurance, as its certificate says it.", path)
        return
    if last_day < EARLIEST or last_day.year > today.year + MOST_YEARS:
        sentence = f"Give a last day from {EARLIEST.year} on and at most {MOST_YEARS} years ahead."
        raise Refused(Code.INVALID_INPUT, sentence, path)
    if must_be_valid and last_day < today:
        sentence = f"This document was valid until {last_day:%d.%m.%Y} only. Add the one that is valid now."
        raise Refused(Code.DOCUMENT_EXPIRED, sentence, path)
