"""Words that have a form: names, postcodes, URNs, addresses of e-mail, telephone numbers, files."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta

from models.announcement import LONGEST_NAME
from models.email import personal_email
from models.home import valid_postcode, valid_urn
from models.refusal import Refused
from portal.workbook.cell import Cell, quoted, text_of
from portal.workbook.fault import FaultCode, Wrong

URN_FORM = "a URN is SC and six digits, or six to seven digits."
PHONE_FORM = "Write a telephone number with its area code, such as 0121 496 0000."
FILES = ("pdf", "png", "jpg", "jpeg", "heic", "docx", "xlsx", "odt")
COMPANY = re.compile(r"\b([A-Z]{2}[ -]?\d{6}|\d{6,8})\b", re.IGNORECASE)
EXTENSION = re.compile(r"\s*(ext(ension)?\.?|x)\s*(\d{1,6})$", re.IGNORECASE)


def text(longest: int) -> Callable[[Cell], str]:
    """A reader of text up to a length; lines within a cell become parts with commas between."""

    def read(cell: Cell) -> str:
        _refuse_dates(cell)
        words = re.sub(r",?\n", ", ", text_of(cell))
        if len(words) > longest:
            raise Wrong(FaultCode.TOO_LONG, f"this has {len(words):,} characters; at most {longest:,} are possible.")
        return words

    return read


def several(cell: Cell) -> list[str]:
    """Names in one cell: between semicolons or lines, or else between commas."""
    words = text_of(cell)
    _refuse_dates(cell)
    parts = re.split(r"[;\n]", words) if re.search(r"[;\n]", words) else words.split(",")
    return [part.strip() for part in parts if part.strip()]


def urn(cell: Cell) -> str:
    _refuse_dates(cell)
    given = re.sub(r"^(ofsted )?urn:?", "", text_of(cell), flags=re.IGNORECASE)
    bare = re.sub(r"[\s\-]", "", given).upper()
    try:
        return valid_urn(bare)
    except Refused:
        raise Wrong(FaultCode.URN, f"{quoted(cell)} {_wrong_urn(bare)}; {URN_FORM}") from None


def _wrong_urn(bare: str) -> str:
    digits = bare.removeprefix("SC")
    if not digits.isdigit() or not digits.isascii():
        return "is not a URN"
    return "is too short" if len(digits) < 6 else "is too long"


def company_number(cell: Cell) -> str:
    """A number of Companies House or the Charity Commission, whatever stands beside it."""
    _refuse_dates(cell)
    words = text_of(cell)
    if not COMPANY.search(words) or len(words) > LONGEST_NAME:
        what = f"{quoted(cell)} is not such a number: it has 6 to 8 digits, or two letters and six digits."
        raise Wrong(FaultCode.COMPANY_NUMBER, what)
    return words


def postcode(cell: Cell) -> str:
    try:
        return valid_postcode(text_of(cell).replace(".", ""))
    except Refused:
        raise Wrong(FaultCode.POSTCODE, f"{quoted(cell)} is not a UK postcode. Write it as in B1 1AA.") from None


def email(cell: Cell) -> str:
    """One address, a shared mailbox too."""
    words = re.sub(r"^mailto:", "", text_of(cell), flags=re.IGNORECASE)
    inside = re.fullmatch(r".*<([^<>]+)>", words)
    address = (inside[1] if inside else words).strip()
    if address.count("@") > 1:
        raise Wrong(
            FaultCode.EMAIL, f"{quoted(cell)} holds more than one address. Give one, or a row for each contact."
        )
    try:
        found = personal_email(address, generic=True)
    except Refused:
        found = ""
    if not re.fullmatch(r"[^@\s,;:<>\"()]{1,64}@[^@\s,;:<>\"()_.]+(\.[^@\s,;:<>\"()_.]+)+", found):
        raise Wrong(FaultCode.EMAIL, f"{quoted(cell)} is not an e-mail address. Write it as in duty@provider.example.")
    return found


def phone(cell: Cell) -> str:
    """A number as it was written; the nought that a spreadsheet took away comes back."""
    _refuse_dates(cell)
    words = text_of(cell)
    bare = re.sub(r"[\s().\-–/]", "", EXTENSION.sub("", words))
    if re.fullmatch(r"[123789]\d{9}", bare):
        words, bare = f"0{words}", f"0{bare}"
    if not re.fullmatch(r"0\d{9,10}|(\+|00)\d{9,15}", bare):
        raise Wrong(FaultCode.PHONE, f"{quoted(cell)} is not a telephone number. {PHONE_FORM}")
    return words


def file_name(cell: Cell) -> str:
    words = text_of(cell)
    stem, _, ending = words.rpartition(".")
    if re.search(r'[\\/:*?"<>|\n]', words) or len(words) > LONGEST_NAME:
        what = f"{quoted(cell)} is not a file name. Write it without folders, in {LONGEST_NAME} characters at most."
        raise Wrong(FaultCode.FILE_NAME, what)
    if not stem or ending.casefold() not in FILES:
        kinds = ", ".join(FILES)
        raise Wrong(FaultCode.FILE_NAME, f"{quoted(cell)} does not end as a file that can be uploaded: {kinds}.")
    return words


def _refuse_dates(cell: Cell) -> None:
    if isinstance(cell, date | time | timedelta):
        what = f"the spreadsheet has made {quoted(cell)} of it. Format the cell as text and type it again."
        raise Wrong(FaultCode.EXCEL_MADE_A_DATE, what)
