"""How much room an organisation's documents may take up."""

from sqlalchemy import func, select

from models.document import Document, DocumentState
from models.refusal import Code, Refused
from resolvers.context import Context

GIB = 1024**3


async def within_quota(context: Context, document: Document) -> None:
    """Refuse what would take an organisation beyond its room; versions that were replaced count, as they are kept."""
    of_it = (Document.organisation_id == document.organisation_id, Document.state == DocumentState.READY)
    kept = select(func.coalesce(func.sum(Document.byte_size), 0)).where(*of_it)
    if int(await context.session.scalar(kept) or 0) + document.byte_size > context.shell.quota:
        room = context.shell.quota / GIB
        sentence = (
            f"The documents of your organisation may take up {room:.3g} GiB in all, and this one does not fit in any"
            " more. Please ask the service desk for more room."
        )
        raise Refused(Code.QUOTA_EXCEEDED, sentence, ["input", "byteSize"])
