"""The registration workbook as the rest of the portal uses it, and the address of its template."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.registration_fault import Found
from portal.workbook import TEMPLATE_NAME, Fault, marked, read, template
from portal.workbook.table import SHEETS
from resolvers.context import Shell
from resolvers.ports import Reading
from resolvers.registration_import import TEMPLATE, WORKBOOK

AN_HOUR: Final = "public, max-age=3600"


class Spreadsheets:
    """Reads and marks in a child process; the template is made once, when somebody first asks for it."""

    def __init__(self) -> None:
        self._template: asyncio.Task[bytes] | None = None

    @property
    def sheets(self) -> tuple[str, ...]:
        return tuple(sheet.words for sheet in SHEETS)

    @property
    def template_name(self) -> str:
        return TEMPLATE_NAME

    async def template(self) -> bytes:
        if self._template is None:
            self._template = asyncio.create_task(asyncio.to_thread(template))
        return await asyncio.shield(self._template)

    async def read(self, path: Path, sheet: str | None, progress: Callable[[int, int], None]) -> Reading:
        return await read(path, sheet=sheet, progress=progress)

    async def marked(self, path: Path, sheet: str | None, faults: Sequence[Found]) -> bytes:
        told = [Fault(fault.sheet, fault.row, fault.column, fault.code, fault.message) for fault in faults]
        return await marked(path, told, sheet=sheet)


def template_route(shell: Callable[[], Shell]) -> Route:
    """The template for everybody, as an attachment; `shell` is asked for at each request."""

    async def give_out(_: Request) -> Response:
        workbooks = shell().workbooks
        assert workbooks is not None
        headers = {"content-disposition": f'attachment; filename="{workbooks.template_name}"', "cache-control": AN_HOUR}
        return Response(await workbooks.template(), headers=headers, media_type=WORKBOOK)

    return Route(f"/{TEMPLATE}", give_out)
