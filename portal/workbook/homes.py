"""The sheet Homes: who holds which URN, and what each home is, together with the care it gives."""

from typing import Any

from models.home import OfstedGrade, Regulator
from models.registration_content import HomeFacts, HomeKind
from portal.workbook.care import Care
from portal.workbook.cell import quoted
from portal.workbook.fault import FaultCode
from portal.workbook.record import Record, Table, key_of
from portal.workbook.table import CARE, ORGANISATION

BRANCH_PLACES = 1  # no child is placed in a branch, but every address has a number of places


def homes_of(table: Table, care: Care, agency_urn: str | None) -> list[HomeFacts]:
    """The homes, as far as they can be said; every reason why one cannot is a fault of the table."""
    urns = Urns(table, agency_urn)
    found = []
    for record in table.records:
        _complete(table, record, care)
        urn = urns.of(record)
        if urn is not None and not table.faults:
            found.append(_facts(record, urn, care))
    return found


def _facts(record: Record, urn: str, care: Care) -> HomeFacts:
    values: dict[str, Any] = {
        "places": BRANCH_PLACES, "regulator": Regulator.OFSTED, "ofsted_grade": OfstedGrade.NOT_YET_INSPECTED,
    }  # fmt: skip
    names = HomeFacts.__dataclass_fields__
    values |= {key: value for key, value in record.values.items() if key in names} | {"urn": urn}
    given, memberships = care.of(key_of(record["name"]))
    return HomeFacts(**values, care=tuple(given), memberships=tuple(memberships))


def _complete(table: Table, record: Record, care: Care) -> None:
    kind, name = record["kind"], record["name"]
    if kind is not HomeKind.FOSTERING_BRANCH:
        table.require(record, "places", "this is empty. Write how many children the home is registered for.")
    if kind not in (None, HomeKind.SUPPORTED_ACCOMMODATION) and record.gave("service"):
        what = "only supported accommodation belongs to a service. Clear this cell, or correct the kind."
        table.wrong(record.row, "service", FaultCode.SERVICE, what)
    if record["ofsted_grade"] is OfstedGrade.NOT_YET_INSPECTED and record["ofsted_inspected_on"]:
        what = "there is a day of inspection, but the grade says not yet inspected. Correct one of the two."
        table.wrong(record.row, "ofsted_grade", FaultCode.CHOICE, what)
    if kind is not HomeKind.FOSTERING_BRANCH and name is not None and key_of(name) not in care.categorised:
        place = "the columns Category, Age from, Age to and Genders" if care.table.sheet is table.sheet else (
            f"a row for it on the sheet {CARE.words}"
        )  # fmt: skip
        what = f"{quoted(name)} has no category of care. Fill in {place}, with its ages and genders."
        table.wrong(record.row, "name", FaultCode.CARE_MISSING, what)


class Urns:
    """Who holds which number: each home and centre its own, the premises of a service one together, branches none."""

    def __init__(self, table: Table, agency_urn: str | None) -> None:
        self.table = table
        self.agency = agency_urn
        self.of_service: dict[str, tuple[str, int]] = {}
        self.holders: dict[str, tuple[str, int]] = {}
        self.asked: set[str] = set()
        for record in table.records:
            if record["kind"] is HomeKind.SUPPORTED_ACCOMMODATION and record["urn"]:
                self.of_service.setdefault(_service(record), (record["urn"], record.row))

    def of(self, record: Record) -> str | None:
        """The number that counts for this row, or None where there is none; what is wrong with it becomes a fault."""
        kind, urn = record["kind"], record["urn"]
        if kind is HomeKind.FOSTERING_BRANCH:
            return self._of_branch(record)
        if kind is HomeKind.SUPPORTED_ACCOMMODATION:
            return self._of_premises(record)
        self.table.require(
            record, "urn", "this is empty. Every home and centre has a URN of its own on its certificate."
        )
        self._hold(record, urn, f"row {record.row}")
        return str(urn) if urn else None

    def _of_branch(self, record: Record) -> str | None:
        if record["urn"] and self.agency and record["urn"] != self.agency:
            what = (
                f"{quoted(record['urn'])} is not the agency's URN, {self.agency}. A branch has none of its own: "
                "clear this cell."
            )
            self.table.wrong(record.row, "urn", FaultCode.URN_DIFFERS, what)
        return self.agency or record["urn"]

    def _of_premises(self, record: Record) -> str | None:
        service = _service(record)
        urn, row = self.of_service.get(service, (None, 0))
        if urn is None:
            if service not in self.asked:
                what = "this is empty. Write the service's URN on at least one of its premises."
                self.table.require(record, "urn", what)
            self.asked.add(service)
        elif record["urn"] not in (None, urn):
            what = (
                f"{quoted(record['urn'])} differs from {urn} in row {row}. All premises of one service share its URN."
            )
            self.table.wrong(record.row, "urn", FaultCode.URN_DIFFERS, what)
        self._hold(record, urn, service)
        return urn

    def _hold(self, record: Record, urn: str | None, holder: str) -> None:
        if urn is None:
            return
        if urn == self.agency:
            what = f"{urn} is the agency's URN on the sheet {ORGANISATION.words}. This home has one of its own."
            self.table.wrong(record.row, "urn", FaultCode.DUPLICATE, what)
        first, row = self.holders.setdefault(urn, (holder, record.row))
        if first != holder:
            hint = "Each home has its own."
            if record["kind"] is HomeKind.SUPPORTED_ACCOMMODATION:
                hint = "If both belong to one service, write the same name under Service."
            self.table.wrong(record.row, "urn", FaultCode.DUPLICATE, f"{urn} is the URN in row {row} already. {hint}")


def _service(record: Record) -> str:
    return key_of(record["service"] or record["name"] or record.row)
