"""A provider registers: gets the workbook, fills it in, uploads it, and follows what becomes of it.

Somebody of the demonstration signs in whose registration is still a draft; PORTAL_TOKEN makes it somebody else. With
`--workbook` a file of yours is uploaded instead. Faults are printed, and the copy with the faults in red is saved.
"""

import argparse
import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import openpyxl
from portal_client import ADDRESS, HERE, Authenticator, Person, Refused, SignIn, fetch, new_key, sha256

HEADINGS = 2  # the row that has them; an example follows, to be written over
GOES_ON = ("AWAITING_UPLOAD", "READING")
ROWS: dict[str, list[dict[str, Any]]] = {
    "Organisation": [
        {
            "Legal name": "Rainbow's End Residential Limited",
            "Company or charity number": "09876543",
            "Registered address": "12 Caldmore Green, Walsall",
            "Postcode": "WS1 3RW",
        }
    ],
    "Homes": [
        {
            "Kind": "Children's home",
            "Name": "Rainbow Lodge",
            "Address": "3 Birmingham Road, Walsall",
            "Postcode": "ws12ly",
            "Ofsted URN": "SC 481516",
            "Registered manager": "Megan Danks",
            "Registered places": 4,
        }
    ],
    "Categories and frameworks": [
        {
            "Home or Agency": "rainbow lodge",
            "Category": "Residential",
            "Age from": 8,
            "Age to": 17,
            "Genders": "Female and male",
            "Framework": "RESIDENTIAL",
            "Lot": "Lot 1: Children's homes",
            "Member from": date(2026, 4, 1),
        }
    ],
    "Contacts": [
        {
            "Purpose": "Referrals",
            "Name": "Megan Danks",
            "Job title": "Placements lead",
            "E-mail": "referrals@rainbows-end-residential.example",
        }
    ],
}
"""What is written into the template, by the words above its columns. Case, spaces and ways to write are forgiven."""


def filled(template: bytes) -> bytes:
    """The template with these rows in it."""
    book = openpyxl.load_workbook(BytesIO(template))
    for name, rows in ROWS.items():
        sheet = book[name]
        columns = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[HEADINGS] if cell.value}
        for cell in sheet[HEADINGS + 1]:
            cell.value = None
        for number, row in enumerate(rows, HEADINGS + 1):
            for heading, value in row.items():
                sheet.cell(number, columns[heading]).value = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


async def upload(person: Person, name: str, content: bytes) -> str:
    """Announce a spreadsheet and send its bytes; the id under which to follow it."""
    announced = {"name": name, "byteSize": len(content), "sha256": sha256(content)}
    given = await person.act("RegistrationUpload", input=announced, key=new_key())
    async with aiohttp.request(given["upload"]["method"], given["upload"]["url"], data=content) as answer:
        if not answer.ok:
            raise Refused([await answer.json()])
    return str(given["registrationImport"]["id"])


async def followed(person: Person, id: str) -> dict[str, Any]:
    """A spreadsheet once it is known what becomes of it; how far it is, is shown meanwhile."""
    while True:
        seen = dict((await person.ask("RegistrationImport", id=id))["registrationImport"])
        progress = seen["progress"]
        print(f"{seen['status']}: {progress['done']} of {progress['total'] or '?'} rows read", flush=True)
        if seen["status"] not in GOES_ON:
            return seen
        await asyncio.sleep(0.5)


async def show_faults(person: Person, id: str, seen: dict[str, Any], folder: Path) -> None:
    print(f"{seen['faultCount']} faults; nothing has been changed:")
    for fault in seen["faults"]:
        print(f"  {fault['message']}")
    print(f"How to fill it in: {seen['helpUrl']}, then {seen['supportEmail']}")
    while not (await person.ask("RegistrationImport", id=id))["registrationImport"]["marked"]:
        await asyncio.sleep(0.5)
    given = await person.act("RegistrationImportDownload", id=id)
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / "registration with faults marked.xlsx"
    copy.write_bytes(await fetch(given["download"]["url"]))
    print(f"The faults are marked in {copy}")


async def register(person: Person, options: argparse.Namespace) -> int:
    """0 where the registration says what the workbook says."""
    if options.workbook:
        name, content = options.workbook.name, options.workbook.read_bytes()
    else:
        template = (await person.ask("RegistrationTemplate"))["registrationTemplate"]
        name, content = template["name"], filled(await fetch(template["url"]))
        print(f"{name} is filled in")
    id = await upload(person, name, content)
    seen = await followed(person, id)
    if seen["faultCount"]:
        await show_faults(person, id, seen, options.save_to)
    if seen["status"] != "TAKEN_IN":
        print(seen["failure"] or "")
        return 1
    registration = (await person.ask("OwnRegistration"))["registration"]
    print(f"{seen['changed']} facts changed; {registration['legalName']} is {registration['status']}")
    if options.submit:
        known = {"id": registration["id"], "version": registration["version"]}
        submitted = await person.act("RegistrationSubmit", **known)
        authority = (registration["managingLocalAuthority"] or {"name": "the region"})["name"]
        print(f"Submitted to {authority}: {submitted['registration']['status']}")
    return 0


@asynccontextmanager
async def signed_in(options: argparse.Namespace) -> AsyncIterator[Person]:
    if token := os.environ.get("PORTAL_TOKEN"):
        async with Person(options.address, token).connected() as person:
            yield person
        return
    who = json.loads(options.sign_ins.read_text())["newcomer"]
    async with Person.signed_in(
        options.address, SignIn(who["email"], who["password"], Authenticator(who["secret"]))
    ) as person:
        print(f"{person.name} signs in for {person.organisation}")
        yield person


async def main() -> int:
    options = _options()
    async with signed_in(options) as person:
        return await register(person, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Register a provider by a workbook.")
    parser.add_argument("--address", default=ADDRESS, help="where the portal is (%(default)s)")
    parser.add_argument("--sign-ins", type=Path, default=HERE / "demonstration.json", help="who takes part")
    parser.add_argument("--workbook", type=Path, help="a file of yours, instead of the template filled in here")
    parser.add_argument("--submit", action="store_true", help="ask for approval when it has been taken in")
    parser.add_argument("--save-to", type=Path, default=Path("data/registration"), help="where a marked copy goes")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        raise SystemExit(asyncio.run(main()))
    except Refused as refused:
        raise SystemExit(f"The portal refused: {refused}") from None
