"""Whether a file is genuine, for everybody who holds it."""

from datetime import datetime

import strawberry

from models.ipa_verification import AgreementVerificationState
from schema.enums import described

VERIFIES = (
    "Whether a file is an agreement's of this portal, and whether that stands: ask with the SHA-256 of its bytes. Every"
    " file of an agreement from enabling on is known: each sealed revision, the certificate, the void copy; a draft's"
    " is not. Those who guess are refused for a quarter of an hour, with FORBIDDEN."
)
described(AgreementVerificationState, "What the portal says of a file.")


@strawberry.type(description="What anybody may know of an agreement's file; nothing of the child, and no person.")
class AgreementVerification:
    state: AgreementVerificationState = strawberry.field(description="Whether the file is genuine, and stands.")
    enabled_at: datetime | None = strawberry.field(description="When the agreement's contents were fixed.")
    signed_at: datetime | None = strawberry.field(description="When the second party signed; null until then.")
    voided_at: datetime | None = strawberry.field(description="When it was voided; null while it stands.")
    local_authority: str | None = strawberry.field(description="The placing authority, as the agreement names it.")
    provider: str | None = strawberry.field(description="The provider's legal name, as the agreement has it.")
