"""Which documents go with an offer: one of each kind that it must carry, and every appendix (S-079, S-083, S-097)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from models.document import EXPIRES_SOON, SNAPSHOT, Document, DocumentKind
from models.document_fault import DocumentWarning, Workshop
from models.offer_parts import OfferDocument
from models.refusal import Refused


@dataclass
class Choice:
    """What an offer takes of one kind on a day, and what of that it carries already.

    `there` are the documents in force, the most fitting first; `leaving` is what their choice takes the place of. Of an
    appendix there may be several: all that are valid are taken, and what was attached by hand or for an answer meets
    the rule too and stays the provider's own.
    """

    kind: DocumentKind
    today: date
    there: Sequence[Document]
    held: Sequence[OfferDocument]
    leaving: Sequence[OfferDocument]
    new: list[Document] = field(default_factory=list)
    gone: list[OfferDocument] = field(default_factory=list)
    bound: list[OfferDocument] = field(default_factory=list)

    @property
    def taken(self) -> list[Document]:
        if self.kind is not DocumentKind.APPENDIX:
            return list(self.there[:1])
        valid = [document for document in self.there if document.valid_on(self.today)]
        return list({document.sha256: document for document in reversed(valid)}.values())[::-1]

    def fault(self, workshop: Workshop) -> Refused | None:
        """Why the offer cannot go without something being mended first (S-086)."""
        staying = [old for old in self.held if old not in self.leaving and old.kind is DocumentKind.APPENDIX]
        carried: list[Document | OfferDocument] = [*self.taken, *staying]
        if any(document.valid_on(self.today) for document in carried):
            return None
        return workshop.expired(self.there[0]) if self.there else workshop.missing(self.kind)

    def warnings(self, workshop: Workshop) -> list[DocumentWarning]:
        """What is taken and has fewer than thirty days left (S-084)."""
        return [workshop.expiring(document) for document in self.expiring]

    @property
    def changed(self) -> bool:
        """Whether the offer carries other documents than before, or has to keep one that it did not."""
        return bool(self.new or self.gone or self.bound)

    @property
    def expiring(self) -> list[Document]:
        return [document for document in self.taken if not document.valid_on(self.today + EXPIRES_SOON)]

    def must_stay(self, document: Document, referred_to: Callable[[UUID], bool]) -> bool:
        """Whether it attaches itself for good; an appendix by hand or for an answer is one further document."""
        own = any(old.sha256 == document.sha256 and not old.compulsory for old in self.held)
        return self.kind is not DocumentKind.APPENDIX or not (own or referred_to(document.id))

    def settle(self, referred_to: Callable[[UUID], bool], at: datetime) -> None:
        """What is carried as it is stays; the rest makes room, but for what an answer refers to."""
        going = list(self.leaving)
        for document in self.taken:
            same = [old for old in self.held if old.sha256 == document.sha256]
            equal = next((old for old in same if _as_it_is(old, document)), None)
            going = [old for old in (*going, *same) if old is not equal]
            if equal is None:
                self.new.append(document)
            elif not equal.compulsory and self.kind is not DocumentKind.APPENDIX:
                equal.compulsory = True
                self.bound.append(equal)
        kept = {document.id for document in self.new}
        self.gone = [old for old in going if old.document_id in kept or not referred_to(old.document_id)]
        for old in self.gone:
            old.removed_at = at


def _as_it_is(old: OfferDocument, document: Document) -> bool:
    return all(getattr(old, name) == getattr(document, name) for name in SNAPSHOT)
