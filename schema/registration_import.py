"""A registration as a spreadsheet, as a client sees it."""

from datetime import datetime
from uuid import UUID

import strawberry

from models import registration_fault, registration_import
from models.registration_import import ImportStatus
from schema.document import Upload
from schema.download import Download
from schema.enums import RegistrationImportAction
from schema.fields import connection, shows, told, value
from schema.pages import PageInfo
from schema.problems import Problem


@strawberry.type(description="The workbook to fill in.")
class RegistrationTemplate:
    url: str = strawberry.field(description="Where it is: a plain GET, without signing in.")
    name: str = strawberry.field(description="Its file name.")
    sheets: list[str] = strawberry.field(description="The names of the sheets that can be sent alone, as .csv.")


@value("How far the reading has come, in rows.")
class ImportProgress:
    done: int = told("Rows read.")
    total: int | None = told("Rows there are; null until they have been counted.")


@shows(registration_fault.RegistrationFault, "What is wrong in one place of a spreadsheet.")
class RegistrationFault:
    sheet: str = told("The sheet's name.")
    at_row: int | None = told("The row's number as it is shown beside it; null for the whole sheet.", name="row")
    heading: str | None = told("The heading of its column; null for the whole row.", name="column")
    code: str = told("A stable name for what is wrong. New ones may be added.")
    message: str = told("What is wrong and what to do, to be shown to whoever filled it in.")


@shows(registration_import.RegistrationImport, "A spreadsheet on its way into your registration.")
class RegistrationImport:
    id: UUID = told("Its id.")
    status: ImportStatus = told("What has become of it.")
    name: str = told("Its file name.")
    sheet: str | None = told("Of a .csv: which sheet it is.")
    byte_size: int = told("How many bytes it has.")
    sha256: str = told("SHA-256 of its bytes, in hex.")
    uploaded_by: str = told("Who uploaded it.")
    announced_at: datetime = told("When it was announced.")
    uploaded_at: datetime | None = told("When its bytes came.")
    finished_at: datetime | None = told("When it was known what becomes of it.")
    progress: ImportProgress = told("How far the reading has come.")
    fault_count: int = told("How many faults it has in all.")
    faults: list[RegistrationFault] = told("The first hundred of its faults; `registrationFaults` has all of them.")
    marked: bool = told("Whether a copy with the faults in red and commented can be fetched.")
    changed: int | None = told("How many facts of the registration it has changed; null unless it was taken in.")
    failure: str | None = told("Why it could not be taken in although it has no faults.")
    help_url: str = told("Where to read how to fill it in: look there first.")
    support_email: str = told("Whom to ask next.")
    can: list[RegistrationImportAction] = told("What you may do with it now.")  # type: ignore[valid-type]


@strawberry.type(description="A spreadsheet at its place in a list.")
class RegistrationImportEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: RegistrationImport = strawberry.field(description="The spreadsheet.")


@connection("RegistrationImport", "A page of spreadsheets.")
class RegistrationImportConnection:
    edges: list[RegistrationImportEdge] = strawberry.field(description="The spreadsheets with their cursors.")
    nodes: list[RegistrationImport] = strawberry.field(description="The spreadsheets.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="A fault at its place in a list.")
class RegistrationFaultEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: RegistrationFault = strawberry.field(description="The fault.")


@connection("RegistrationFault", "A page of faults.")
class RegistrationFaultConnection:
    edges: list[RegistrationFaultEdge] = strawberry.field(description="The faults with their cursors.")
    nodes: list[RegistrationFault] = strawberry.field(description="The faults.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="The answer of announcing a spreadsheet.")
class RegistrationUploadPayload:
    registration_import: RegistrationImport | None = strawberry.field(
        default=None, description="The spreadsheet, waiting for its bytes."
    )
    upload: Upload | None = strawberry.field(
        default=None, description="Where to send them; null when the act was repeated: ask `registrationUploadAgain`."
    )
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer of asking for a spreadsheet.")
class RegistrationImportDownloadPayload:
    download: Download | None = strawberry.field(default=None, description="Where to fetch it.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why there is no address.")
