"""Whether the certificate of signing that came with a file is one, and of the same agreement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.verifying_reading import Taken
from portal.verifying_record import Recorded
from portal.verifying_report import KINDS, NO_AUTHORITY, Finding, of_seal, unheld

NAME = "Certificate of signing "  # what its title begins with, and that of no other file (portal/certificate.py)
NOTHING: Mapping[str, Any] = {"kind": "OTHER", "title": "", "faults": [], "seals": [], "printed": []}


@dataclass(frozen=True)
class Beside:
    """A certificate that was handed over; `known` is what the record says of it, and `asked` whether it was asked."""

    taken: Taken
    known: Recorded | None = None
    asked: bool = False
    sure: bool = True

    def findings(self, digest: str | None, agreement: Recorded | None = None) -> Iterator[Finding]:
        """Held against the content hash of the agreement beside it, and what the record says of that."""
        told = list(self._wrong(digest, agreement))
        for sentence in told:
            yield Finding("certificate", False, sentence)
        if told:
            return
        if not self.sure and any(unheld(seal) for seal in self._seen["seals"]):
            yield Finding("certificate", None, "The certificate beside it is of this agreement.")
            yield NO_AUTHORITY
        else:
            yield Finding("certificate", True, "The certificate beside it is genuine and of this agreement.")

    @property
    def _seen(self) -> Mapping[str, Any]:
        return self.taken.seen or NOTHING

    def _wrong(self, digest: str | None, agreement: Recorded | None) -> Iterator[str]:
        for fault in [self.taken.unreadable] if self.taken.unreadable else self._seen["faults"]:
            yield f"The certificate beside it: {fault}"
        for one in (one for seal in self._seen["seals"] for one in of_seal(seal, sure=self.sure) if one.ok is False):
            yield f"The certificate beside it: {one.sentence}"
        if self._seen["kind"] != "CLOSED" or not self._seen["title"].startswith(NAME):
            yield "What is beside it is no certificate of the portal's."
        elif digest is None or not any(digest in run for run in self._seen["printed"]):
            yield "The certificate beside it is not of this agreement."
        elif self.asked:
            yield from self._unrecorded(agreement)

    def _unrecorded(self, agreement: Recorded | None) -> Iterator[str]:
        if self.known is None:
            yield "The portal never made the certificate beside it."
        elif self.known.file["kind"] != "CERTIFICATE":
            yield f"What is beside it is {KINDS[self.known.file['kind']]}, not the certificate."
        elif agreement is not None and self.known.file["ipa_id"] != agreement.file["ipa_id"]:
            yield "The certificate beside it is not of this agreement."
