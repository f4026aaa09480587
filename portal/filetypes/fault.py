"""What can be wrong with a file that somebody wants to add, and how they are told."""

from enum import StrEnum


class Fault(StrEnum):
    """One name for each reason to refuse a file."""

    ACTIVE_CONTENT = "ACTIVE_CONTENT"
    DAMAGED = "DAMAGED"
    EMPTY = "EMPTY"
    ENCRYPTED = "ENCRYPTED"
    KIND_NOT_ALLOWED = "KIND_NOT_ALLOWED"
    MACROS = "MACROS"
    NAME_NOT_ALLOWED = "NAME_NOT_ALLOWED"
    NAME_TOO_LONG = "NAME_TOO_LONG"
    NESTED = "NESTED"
    NOT_WHAT_IT_SAYS = "NOT_WHAT_IT_SAYS"
    OLD_OFFICE = "OLD_OFFICE"
    POLYGLOT = "POLYGLOT"
    TOO_MANY_ENTRIES = "TOO_MANY_ENTRIES"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    UNCHECKABLE = "UNCHECKABLE"
    UNPACKS_TOO_LARGE = "UNPACKS_TOO_LARGE"
    UNSAFE_ENTRY = "UNSAFE_ENTRY"


SENTENCES = {
    Fault.ACTIVE_CONTENT: "This PDF contains scripts or starts programs. Please print it to a new PDF and add that.",
    Fault.DAMAGED: "This file is damaged or incomplete. Please check that it opens, save it again and add that copy.",
    Fault.EMPTY: "This file is empty.",
    Fault.ENCRYPTED: "This file is protected by a password. Please save it without one.",
    Fault.KIND_NOT_ALLOWED: "Files of this kind cannot be added. Please use PDF, PNG, JPEG, HEIC, DOCX, XLSX or ODT.",
    Fault.MACROS: "This document contains macros. Please save it without them.",
    Fault.NAME_NOT_ALLOWED: "This file name has characters that cannot be shown, or is blank.",
    Fault.NAME_TOO_LONG: "This file name is longer than 200 characters.",
    Fault.NESTED: "This document has another document, archive or program embedded in it. Please add that separately.",
    Fault.NOT_WHAT_IT_SAYS: "What is in this file does not match the ending of its name.",
    Fault.OLD_OFFICE: "Old Word and Excel files (.doc, .xls) cannot be checked. Please save it as .docx, .xlsx or PDF.",
    Fault.POLYGLOT: "This file is of two kinds at once. Please save or print it anew.",
    Fault.TOO_MANY_ENTRIES: "This document is made of more than 2,000 parts. Please save it as PDF.",
    Fault.TOO_MANY_PIXELS: "This picture has more than 40 million pixels. Please make it smaller.",
    Fault.UNCHECKABLE: "This PDF is packed in a way that cannot be checked. Please print it to a new PDF and add that.",
    Fault.UNPACKS_TOO_LARGE: "This document unpacks to far more than its size. Please save it as PDF.",
    Fault.UNSAFE_ENTRY: "This document has parts that no word processor writes. Please save it anew.",
}


class NotAllowed(Exception):
    """A file that is not taken. Both code and sentence are safe to show to whoever brought it."""

    def __init__(self, code: Fault) -> None:
        super().__init__(SENTENCES[code])
        self.code = code
        self.sentence = SENTENCES[code]
