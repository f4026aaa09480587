"""Workbooks that register a provider: announced, sent as raw bytes by a one-use ticket, followed, fetched again."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import strawberry
from sqlalchemy import Select

from models.job import Job
from models.provider import Provider
from models.registration_fault import RegistrationFault
from models.registration_import import ImportStatus, RegistrationImport
from models.session import Ticket
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.pages import Page
from resolvers.ports import Workbooks
from resolvers.registration import own_registration
from resolvers.service_info import Topic, help_from
from resolvers.ticket import download_ticket, upload_ticket, use

READ: Final = "registration.read"
TEMPLATE: Final = "registration-template.xlsx"
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@strawberry.input(description="A registration as a spreadsheet, about to be uploaded.")
class RegistrationUploadInput:
    name: str = strawberry.field(description="Its file name: .xlsx for a workbook, .csv for one sheet of it.")
    byte_size: int = strawberry.field(description="How many bytes it has; at most 10 MiB.")
    sha256: str = strawberry.field(description="SHA-256 of its bytes, in hex.")
    sheet: str | None = strawberry.field(
        default=None, description="Of a .csv: which sheet of the template it is, by its name. Of a workbook: nothing."
    )


@dataclass(frozen=True)
class Template:
    """Where the template is, and what it is called."""

    url: str
    name: str
    sheets: list[str]


# ── reads ────────────────────────────────────────────────────────────────────
async def template(info: Info) -> Any:
    """The same for everybody, so it is a plain address."""
    workbooks = _workbooks(info.context)
    return Template(f"{info.context.shell.address}/{TEMPLATE}", workbooks.template_name, list(workbooks.sheets))


def one(me: Any, id: UUID) -> Select[Any]:
    return RegistrationImport.visible_to(me).where(RegistrationImport.id == id)


def page(me: Any, first: int = 20, after: str | None = None) -> Page:
    rows = RegistrationImport.visible_to(me)
    return Page(rows, RegistrationImport.announced_at, RegistrationImport.id, first, after)


def faults(me: Any, id: UUID, first: int = 50, after: str | None = None) -> Page:
    """What is wrong with one of them, in the order of its sheets and rows."""
    rows = RegistrationFault.visible_to(me).where(RegistrationFault.import_id == id)
    return Page(rows, RegistrationFault.no, RegistrationFault.id, first, after, descending=False)


# ── acts ─────────────────────────────────────────────────────────────────────
async def upload(info: Info, input: RegistrationUploadInput) -> Answer:
    """Announce a spreadsheet while the registration may be edited (S-007); its bytes follow by the ticket."""
    context, viewer = info.context, info.context.viewer
    registration = await _editable(context)
    where = help_from(context.shell.information)
    made = RegistrationImport(
        id=uuid4(), provider_id=registration.id, status=RegistrationImport.lifecycle.start, version=0,
        name=input.name.strip(), sheet=input.sheet, sha256=input.sha256.lower(), byte_size=input.byte_size,
        uploader_id=viewer.person_id, session_id=viewer.session_id, uploaded_by=viewer.name,
        announced_at=context.by.at, rows_done=0, fault_count=0,
        help_url=where.page(Topic.REGISTRATION), support_email=where.support_email,
    )  # fmt: skip
    made.check(_workbooks(context).sheets)
    made.announce(by=context.by)
    context.session.add(made)
    await context.session.flush()
    return Answer(made, {"upload": await upload_ticket(context, made)})


async def upload_again(info: Info, id: UUID) -> Answer:
    """Another ticket for a spreadsheet whose bytes have not come; its announcement stays as it was."""
    context = info.context
    await _editable(context)
    made = await context.change(RegistrationImport, id)
    made.ready("upload", by=context.by)
    made.session_id, made.uploader_id = context.viewer.session_id, context.viewer.person_id
    made.uploaded_by = context.viewer.name
    return Answer(made, {"upload": await upload_ticket(context, made)})


async def download(info: Info, id: UUID, marked: bool = False) -> Answer:
    """A one-use address of the file as it was sent, or of its copy with every fault in red."""
    context = info.context
    RegistrationImport.entitle("download", by=context.by)
    made = await context.change(RegistrationImport, id)
    leave = await download_ticket(
        context,
        sha256=made.download(by=context.by, marked=marked),
        name=f"{made.name.rpartition('.')[0]} (marked).xlsx" if marked else made.name,
        media_type=WORKBOOK if marked else made.media_type or WORKBOOK,
        table=made.__tablename__,
        row_id=made.id,
    )
    return Answer(None, {"download": leave})


# ── what happens when bytes come ─────────────────────────────────────────────
async def receive(context: Context, ticket: Ticket, media_type: str, name: str) -> RegistrationImport:
    """The bytes are in the vault as announced: they are read next, instead of any that are being read now."""
    await use(context, ticket)
    await _editable(context)
    made = await context.change(RegistrationImport, ticket.row_id)
    older = RegistrationImport.visible_to(context.viewer).where(RegistrationImport.status == ImportStatus.READING)
    for one_ in await context.all(older.order_by(RegistrationImport.id).with_for_update()):
        one_.supersede(by=context.by)
    made.upload(media_type, name, by=context.by)
    context.session.add(Job.of(READ, f"{READ} {made.id}", {"import": str(made.id)}, context.by.at))
    return made


async def _editable(context: Context) -> Provider:
    """The viewer's registration, held against every other act on it; refused to others and while it is locked."""
    registration = await own_registration(context)
    registration.ready("edit", by=context.by)
    return registration


def _workbooks(context: Context) -> Workbooks:
    assert context.shell.workbooks is not None
    return context.shell.workbooks
