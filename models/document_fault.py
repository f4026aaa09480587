"""What is amiss with documents that an offer must carry, in words and as data; and where to mend it (S-084, S-086)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from models.document import INSURANCE, PROFILE, Document, DocumentKind
from models.refusal import Code, Refused

UPLOAD = "documentUpload"
AGAIN = ", then try again"
APPENDICES = "them for the home or your organisation, or attach those that you have to this offer"


class DocumentWarningCode(StrEnum):
    DOCUMENT_EXPIRING = "DOCUMENT_EXPIRING"


@dataclass(frozen=True, slots=True)
class Mending:
    """The act that puts a document right and what to give it; whether it is open now, else from when or by whom."""

    act: str
    kind: DocumentKind
    home_id: UUID | None
    open: bool
    opens_at: datetime | None
    sentence: str


@dataclass(frozen=True, slots=True)
class DocumentWarning:
    """A document that an act took, and that soon runs out. Nothing was refused."""

    code: DocumentWarningCode
    message: str
    document_kind: DocumentKind
    home_id: UUID | None
    document_id: UUID
    expires_on: date
    mend: Mending


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where documents of one offer are put right: at its home or in the organisation as a whole.

    `closed` says whom to ask while the profile takes none, and `opens_at` from when it does (S-087).
    """

    home_id: UUID | None
    home_name: str
    closed: str | None = None
    opens_at: datetime | None = None

    def missing(self, kind: DocumentKind) -> Refused:
        """There is none: what is registered of a home belongs to the home, insurances to the organisation."""
        home_id = None if kind in INSURANCE else self.home_id
        if kind is DocumentKind.APPENDIX:
            sentence = "Supported accommodation needs its appendix documents, and none goes with this offer."
            return _refused(Code.APPENDIX_REQUIRED, sentence, self._mend(kind, home_id, APPENDICES, AGAIN))
        sentence = f"Your profile has no {kind.spoken}{self._of(home_id)}."
        return _refused(Code.COMPULSORY_DOCUMENT_MISSING, sentence, self._mend(kind, home_id, "it", AGAIN))

    def expired(self, document: Document) -> Refused:
        """The newest there is has run out; what follows it takes its place, at the home or in the organisation."""
        mend = self._mend(document.kind, document.home_id, "the one that is valid now", AGAIN)
        facts = {"document_id": document.id, "expires_on": document.expires_on}
        return _refused(Code.COMPULSORY_DOCUMENT_EXPIRED, self._last_day(document, "was"), mend, **facts)

    def expiring(self, document: Document) -> DocumentWarning:
        """It was taken, and has fewer than thirty days left (S-084)."""
        mend = self._mend(document.kind, document.home_id, "the one that follows it", " in time")
        message, last_day = f"{self._last_day(document, 'is')} {mend.sentence}", document.expires_on
        assert last_day is not None
        code, kind, home_id = DocumentWarningCode.DOCUMENT_EXPIRING, document.kind, document.home_id
        return DocumentWarning(code, message, kind, home_id, document.id, last_day, mend)

    def _mend(self, kind: DocumentKind, home_id: UUID | None, what: str, then: str) -> Mending:
        if kind not in PROFILE:  # of which there may be several: they are taken at any time
            return Mending(UPLOAD, kind, home_id, True, None, f"Upload {what}{then}.")
        if self.closed:
            return Mending(UPLOAD, kind, home_id, False, self.opens_at, f"{self.closed}, and then upload {what}.")
        return Mending(UPLOAD, kind, home_id, True, None, f"Upload {what} to your profile{then}.")

    def _last_day(self, document: Document, is_or_was: str) -> str:
        spoken = f"{document.kind.spoken}{self._of(document.home_id)}"
        return f"The {spoken} {is_or_was} valid until {document.expires_on:%-d %B %Y} only."

    def _of(self, home_id: UUID | None) -> str:
        return f" for {self.home_name}" if home_id else ""


def _refused(code: Code, sentence: str, mend: Mending, **facts: Any) -> Refused:
    known = {"document_id": None, "expires_on": None, **facts}
    return Refused(code, f"{sentence} {mend.sentence}", [mend.kind], mend=mend, **known)
