"""From the sheets to what the registration says, with everything that only several sheets together can show."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.document import INSURANCE, PROFILE
from models.provider import Category
from models.registration_content import (
    ContactFacts,
    DocumentFacts,
    FamilyFacts,
    HomeKind,
    OrganisationFacts,
    RegistrationContent,
)
from portal.workbook.care import Care, in_order
from portal.workbook.cell import quoted
from portal.workbook.choice import DOCUMENT
from portal.workbook.fault import Fault, FaultCode, Reading
from portal.workbook.homes import homes_of
from portal.workbook.record import Record, Table, key_of
from portal.workbook.table import AGENCY, CARE, CONTACTS, DOCUMENTS, FAMILIES, HOMES, ORGANISATION

FAMILY_FACTS = ("name", "postcode", "supervising_social_worker")


def said_by(tables: Mapping[str, Table], *, homes_known: bool = True) -> Reading:
    """What the sheets say, by their keys; or all their faults, sheet by sheet and row by row.

    Without `homes_known` names of homes are not looked up: the sheet with them is missing or not in the file.
    """
    parts: dict[str, Any] = {}
    organisation = _organisation(tables, parts)
    homes: Mapping[str, Record] | None = _named(tables[HOMES.key]) if HOMES.key in tables else {}
    homes = homes if homes_known else None
    care = None
    if CARE.key in tables:
        agency = [organisation[key] for key in ("legal_name", "trading_name") if organisation and organisation[key]]
        care = Care(tables[CARE.key], homes, agency)
        if tables[CARE.key] is not tables.get(HOMES.key):
            given, memberships = care.of(AGENCY)
            parts |= {"care": tuple(given), "memberships": tuple(memberships)}
    if care is not None and HOMES.key in tables:
        urn = organisation["agency_urn"] if organisation else None
        parts["homes"] = tuple(homes_of(tables[HOMES.key], care, urn))
    _families(tables, parts)
    _contacts(tables, parts)
    _documents(tables, parts, homes)
    _agency(tables, organisation, care)
    faults = tuple(_sorted(tables.values()))
    return Reading(None if faults else RegistrationContent(**parts), faults)


def _sorted(tables: Iterable[Table]) -> list[Fault]:
    """Each table in the order of its rows and columns; a table that stands for two sheets is told once."""
    found = []
    for table in {id(table): table for table in tables}.values():
        places = {column.words: at for at, column in enumerate(table.sheet.columns)}
        found += sorted(table.faults, key=lambda fault: (fault.row or 0, places.get(fault.column or "", -1)))
    return found


def _named(table: Table) -> dict[str, Record]:
    """Records by name; a second one of the same name is a fault."""
    found: dict[str, Record] = {}
    for record in table.records:
        if record["name"] is None:
            continue
        first = found.setdefault(key_of(record["name"]), record)
        if first is not record:
            what = f"{quoted(record['name'])} is in row {first.row} already. Each row needs a name of its own."
            table.wrong(record.row, "name", FaultCode.DUPLICATE, what)
    return found


def _organisation(tables: Mapping[str, Table], parts: dict[str, Any]) -> Record | None:
    table = tables.get(ORGANISATION.key)
    if table is None or not table.records:
        return None
    for record in table.records[1:]:
        what = f"only one organisation is registered by a workbook; it is in row {table.records[0].row}."
        table.wrong(record.row, None, FaultCode.TOO_MANY_ROWS, what)
    if not table.faults:
        parts["organisation"] = OrganisationFacts(**table.records[0].values)
    return table.records[0]


def _agency(tables: Mapping[str, Table], organisation: Record | None, care: Care | None) -> None:
    """Fostering is the agency's: whoever lists it, its branches or its families needs the agency's URN and category."""
    if organisation is None or care is None:
        return
    fosters = any(facts.category is Category.FOSTERING for facts in care.of(AGENCY)[0])
    branches = [each for each in _records(tables, HOMES.key) if each["kind"] is HomeKind.FOSTERING_BRANCH]
    families = _records(tables, FAMILIES.key)
    if (fosters or branches or families) and organisation.lacks("agency_urn"):
        what = "this is empty, but the workbook lists fostering. The fostering agency holds the URN; write it here."
        tables[ORGANISATION.key].wrong(organisation.row, "agency_urn", FaultCode.REQUIRED, what)
    if (branches or families) and AGENCY not in care.categorised:
        what = (
            "fostering families or branches are listed, but no row registers the agency. Add a row with "
            f"{AGENCY} and the category Fostering, with ages and genders."
        )
        tables[CARE.key].wrong(None, "home", FaultCode.AGENCY_MISSING, what)


def _records(tables: Mapping[str, Table], key: str) -> list[Record]:
    return tables[key].records if key in tables else []


def _families(tables: Mapping[str, Table], parts: dict[str, Any]) -> None:
    table = tables.get(FAMILIES.key)
    if table is None:
        return
    _named(table)
    for record in table.records:
        in_order(table, record, "ageFrom", "ageTo")
    if not table.faults:
        parts["families"] = tuple(_family(record.values) for record in table.records)


def _family(values: Mapping[str, Any]) -> FamilyFacts:
    details = {key: value for key, value in values.items() if key not in FAMILY_FACTS}
    if "genders" in details:
        details["genders"] = [gender.value for gender in details["genders"]]
    facts: dict[str, Any] = {key: values.get(key) for key in FAMILY_FACTS}
    return FamilyFacts(**facts, details=details)


def _contacts(tables: Mapping[str, Table], parts: dict[str, Any]) -> None:
    table = tables.get(CONTACTS.key)
    if table is None:
        return
    seen: dict[Any, int] = {}
    for record in table.records:
        if not record.gave("email", "phone"):
            what = "both e-mail and telephone are empty. Give at least one of them."
            table.wrong(record.row, "email", FaultCode.CONTACT_UNREACHABLE, what)
        key = (record["purpose"], key_of(record["name"]), key_of(record["email"]), record["phone"])
        first = seen.setdefault(key, record.row)
        if first != record.row and not record.wrong:
            table.wrong(record.row, "name", FaultCode.DUPLICATE, f"this contact is in row {first} already.")
    if not table.faults:
        parts["contacts"] = tuple(ContactFacts(**record.values) for record in table.records)


def _documents(tables: Mapping[str, Table], parts: dict[str, Any], homes: Mapping[str, Record] | None) -> None:
    table = tables.get(DOCUMENTS.key)
    if table is None:
        return
    seen: dict[Any, int] = {}
    for record in table.records:
        kind, home = record["kind"], record["home"]
        if home is not None and homes is not None and key_of(home) not in homes:
            what = (
                f"{quoted(home)} is not on the sheet {HOMES.words}. Write its name as it is there, or leave it empty."
            )
            table.wrong(record.row, "home", FaultCode.UNKNOWN_HOME, what)
        if kind in INSURANCE:
            table.require(record, "expires_on", "this is empty. Write the last day of the insurance.")
        if kind is not None and record["file_name"] is not None:
            _once(table, record, seen)
    if not table.faults:
        parts["documents"] = tuple(_document(record, homes) for record in table.records)


def _document(record: Record, homes: Mapping[str, Record] | None) -> DocumentFacts:
    """The home by its name as the sheet Homes writes it."""
    known = (homes or {}).get(key_of(record["home"]))
    return DocumentFacts(**{**record.values, "home": known["name"] if known else record["home"]})


def _once(table: Table, record: Record, seen: dict[Any, int]) -> None:
    """Of what is registered there is one of each kind at a time; of anything else one of each name."""
    kind, about = record["kind"], key_of(record["home"] or "")
    key = (kind, about) if kind in PROFILE else (kind, about, key_of(record["file_name"]))
    first = seen.setdefault(key, record.row)
    if first != record.row:
        words = DOCUMENT.words[kind]
        what = f"{words} for the same home or organisation is in row {first} already. Keep the one that is in force."
        table.wrong(record.row, "kind", FaultCode.DUPLICATE, what)
