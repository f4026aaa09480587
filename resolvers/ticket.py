"""Tickets: leave to send or fetch the bytes of one row once, within fifteen minutes of wall time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Select, insert, or_, select, update

from models.base import Base
from models.document import Document
from models.ipa_parts import IpaDocument
from models.offer_parts import OfferDocument
from models.organisation import Organisation
from models.person import AccountStatus, Person, Viewer
from models.refusal import not_found
from models.registration_import import RegistrationImport
from models.session import Session, Ticket
from resolvers.context import Context, Shell

LASTS = timedelta(minutes=15)
UPLOAD, DOWNLOAD = "upload", "download"


@dataclass(frozen=True, slots=True)
class Upload:
    """Where and how to send a file's bytes, once."""

    url: str
    method: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Download:
    """Where a file's bytes can be fetched, once."""

    url: str
    expires_at: datetime


class Kept(TypedDict):
    """Bytes in the vault, and the row by which their reader may have them: it is read again when they are fetched."""

    sha256: str
    name: str
    media_type: str
    table: str
    row_id: UUID


async def upload_ticket(context: Context, row: Document | RegistrationImport) -> Upload:
    """Leave to send the bytes that this row announces."""
    announced = {"sha256": row.sha256, "name": row.name, "byte_size": row.byte_size}
    which = {"table_name": row.__tablename__, "row_id": row.id}
    if isinstance(row, Document):
        which["document_id"] = row.id
    url, expires_at = await _issue(context, UPLOAD, {**announced, **which})
    return Upload(url, "PUT", expires_at)


async def download_ticket(context: Context, **kept: Unpack[Kept]) -> Download:
    """A one-use address for bytes that the viewer may read now; whoever uses it must still be allowed to then."""
    bytes_ = {name: kept[name] for name in ("sha256", "name", "media_type")}
    url, expires_at = await _issue(context, DOWNLOAD, {**bytes_, "table_name": kept["table"], "row_id": kept["row_id"]})
    return Download(url, expires_at)


async def _issue(context: Context, purpose: str, what: dict[str, Any]) -> tuple[str, datetime]:
    token, digest = context.shell.keys.new_token()
    viewer, expires_at = context.viewer, datetime.now(UTC) + LASTS
    whose = {"person_id": viewer.person_id, "session_id": viewer.session_id, "expires_at": expires_at}
    await context.session.execute(insert(Ticket).values(token_hash=digest, purpose=purpose, **whose, **what))
    return f"{context.shell.address}/files/{token}", expires_at


async def holder(shell: Shell, token: str, purpose: str) -> tuple[Ticket, Viewer]:
    """The ticket and whose it is; NOT_FOUND where it is unknown, used, expired or for something else.

    It ends with its session, which follows the injected clock; the ticket itself follows wall time.
    """
    now, at = datetime.now(UTC), shell.clock()
    found = (
        select(Ticket, Person, Organisation, Session.expires_at)
        .join(Person, Person.id == Ticket.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(Session, Session.id == Ticket.session_id)
        .where(Ticket.token_hash == shell.keys.token_hash(token), Ticket.purpose == purpose)
        .where(Ticket.used_at.is_(None), Ticket.expires_at > now)
        .where(Session.revoked_at.is_(None), Session.expires_at > at, Person.status == AccountStatus.ACTIVE)
    )
    async with shell.database.acting(None, at) as session:
        row = (await session.execute(found)).one_or_none()
    if row is None:
        raise not_found("file")
    ticket, person, organisation, until = row
    return ticket, person.in_session(organisation, ticket.session_id, until)


async def use(context: Context, ticket: Ticket) -> None:
    """Use it up; of two who try at once only one does."""
    now = datetime.now(UTC)
    live = (Ticket.token_hash == ticket.token_hash) & Ticket.used_at.is_(None) & (Ticket.expires_at > now)
    used = await context.session.execute(update(Ticket).where(live).values(used_at=now).returning(Ticket.token_hash))
    if used.first() is None:
        raise not_found("file")


async def still_allowed(context: Context, ticket: Ticket) -> None:
    """Refuse bytes whose row the viewer can no longer see."""
    kinds = (mapper.class_ for mapper in Base.registry.mappers)
    kind = next(kind for kind in kinds if getattr(kind, "__tablename__", None) == ticket.table_name)
    if await context.session.scalar(readable(kind, context.viewer).where(kind.id == ticket.row_id)) is None:
        raise not_found("file")


def readable(kind: Any, viewer: Viewer) -> Select[Any]:
    """The rows by which the viewer may read bytes now.

    Of an offer also what it had to carry in an earlier version (S-083); what its provider took off is not handed out,
    nor what an authority took off an agreement.
    """
    rows = select(kind).where(kind.scope(kind, viewer))
    if kind is IpaDocument:
        return rows.where(kind.removed_at.is_(None))
    return rows.where(or_(kind.removed_at.is_(None), kind.compulsory)) if kind is OfferDocument else rows
