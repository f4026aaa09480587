"""Workbooks for tests of what becomes of them: what such a file says is written in it in plain words."""

import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.registration_content import OrganisationFacts, RegistrationContent
from tests.portal.corpus import XLSX_PARTS, archive

SAYS = "says.json"


@dataclass(frozen=True)
class Fault:
    sheet: str
    row: int | None
    column: str | None
    code: str
    message: str


@dataclass(frozen=True)
class Reading:
    content: RegistrationContent | None
    faults: Sequence[Fault] = ()


@dataclass
class Workbooks:
    """Reads what `saying` wrote. `meanwhile` is called between the reading and its end."""

    sheets: tuple[str, ...] = ("Organisation", "Homes")
    template_name: str = "registration.xlsx"
    times_read: int = 0
    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    async def template(self) -> bytes:
        return saying("The template")

    async def read(self, path: Path, sheet: str | None, progress: Callable[[int, int], None]) -> Reading:
        self.times_read += 1
        progress(7, 9)
        said: dict[str, Any] = {"name": path.read_text()} if sheet else json.loads(zipfile.ZipFile(path).read(SAYS))
        for happens in self.meanwhile:
            await happens()  # type: ignore[misc]
        if said.get("faults"):
            return Reading(None, [broken(number) for number in range(said["faults"])])
        organisation = OrganisationFacts(legal_name=said["name"], address="1 High Street", postcode="B1 1AA")
        return Reading(RegistrationContent(organisation=organisation))

    async def marked(self, path: Path, sheet: str | None, faults: Sequence[object]) -> bytes:
        return saying(f"marked {len(faults)} times")


def broken(number: int) -> Fault:
    return Fault("Homes", number + 2, "Ofsted URN", "URN", f"Homes, row {number + 2}: this is no URN.")


def saying(name: str, faults: int = 0) -> bytes:
    """A workbook that is one, and says this."""
    return archive(XLSX_PARTS | {SAYS: json.dumps({"name": name, "faults": faults}).encode()})
