"""Documents that soon run out, and where documents are put right."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from models.document import DocumentKind
from models.document_fault import DocumentWarningCode


@strawberry.type(description="Where a document is put right: the act to use, and what to give it.")
class Mending:
    act: str = strawberry.field(description="The act, `documentUpload`.")
    kind: DocumentKind = strawberry.field(description="Give this as the `kind` of its input.")
    home_id: UUID | None = strawberry.field(
        description="Give this as the `homeId` of its input; null for your organisation as a whole."
    )
    open: bool = strawberry.field(description="Whether it is taken now; where not, `sentence` says whom to ask.")
    opens_at: datetime | None = strawberry.field(
        description="From when it is taken, where that is only a matter of time."
    )
    sentence: str = strawberry.field(description="What to do, in words.")


@strawberry.type(
    description="A document of your profile that goes with the offer and soon runs out. It was not refused."
)
class DocumentWarning:
    code: DocumentWarningCode = strawberry.field(description="What there is to know.")
    message: str = strawberry.field(description="A sentence for the person who asked.")
    document_kind: DocumentKind = strawberry.field(description="What it is.")
    home_id: UUID | None = strawberry.field(
        description="The home it speaks for; null for your organisation as a whole."
    )
    document_id: UUID = strawberry.field(description="The document of your profile.")
    expires_on: date = strawberry.field(description="The last day on which it is valid.")
    mend: Mending = strawberry.field(description="Where to mend it.")
