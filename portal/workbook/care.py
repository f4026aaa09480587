"""The sheet Categories and frameworks: what care each home gives, and the agency, and their frameworks."""

from collections.abc import Iterable, Mapping

from models.provider import Category
from models.provision import GIVES
from models.registration_content import CareFacts, MembershipFacts
from portal.workbook.cell import quoted, simple
from portal.workbook.choice import CATEGORY, KIND
from portal.workbook.fault import FaultCode
from portal.workbook.record import Record, Table, key_of
from portal.workbook.table import AGENCY, HOMES

Facts = tuple[list[CareFacts], list[MembershipFacts]]
AGENCY_WORDS = frozenset(map(simple, (AGENCY, "the agency", "fostering agency", "our agency", "organisation")))
CARE_PARTS = {"category": "category", "age_from": "youngest age", "age_to": "oldest age", "genders": "genders"}
FRAMEWORK_PARTS = ("framework", "lot", "valid_from", "valid_until")


class Care:
    """The rows sorted by the home they name, the agency's own under its word; their faults are in the table.

    `homes` are the homes by name; None where they are not known, because their sheet is missing or not in the file.
    """

    def __init__(self, table: Table, homes: Mapping[str, Record] | None, agency: Iterable[str]) -> None:
        self.table = table
        self.homes = homes
        self.agency = AGENCY_WORDS | {simple(name) for name in agency}
        self.facts: dict[str, Facts] = {}
        self.categorised: set[str] = set()
        for record in table.records:
            name = record["home"] or record["name"]
            if name is not None:
                self._sort(record, name)

    def of(self, key: str) -> Facts:
        return self.facts.get(key, ([], []))

    def _sort(self, record: Record, name: str) -> None:
        home = (self.homes or {}).get(key_of(name))
        whole_agency = home is None and simple(name) in self.agency
        key = AGENCY if whole_agency else key_of(name)
        if home is None and not whole_agency and self.homes is not None:
            where = (
                f"on the sheet {HOMES.words}" if self.homes else f"here, because no sheet {HOMES.words} came with it"
            )
            what = f"{quoted(name)} is not {where}. Write the name that stands there, or {AGENCY}."
            self.table.wrong(record.row, "home", FaultCode.UNKNOWN_HOME, what)
        care, memberships = self.facts.setdefault(key, ([], []))
        gives, belongs = record.gave(*CARE_PARTS), record.gave(*FRAMEWORK_PARTS)
        if gives:
            self.categorised.add(key)
            self._fits(record, home, whole_agency)
            self._care(record, care)
        if belongs:
            self._membership(record, memberships)
        if not gives and not belongs and record.gave("home"):
            what = "the row has neither a category nor a framework. Fill in one of them, or delete the row."
            self.table.wrong(record.row, "category", FaultCode.REQUIRED, what)

    def _fits(self, record: Record, home: Record | None, whole_agency: bool) -> None:
        """Whether this home may give that category, at that age."""
        category = record["category"]
        if category is Category.SUPPORTED_ACCOMMODATION and (record["age_from"] or 16) < 16:
            what = f"supported accommodation is for 16 and 17 only; {record['age_from']} is too young."
            self.table.wrong(record.row, "age_from", FaultCode.SUPPORTED_IS_16_AND_17, what)
        if category is None or (home is None and not whole_agency):
            return
        words, kind = CATEGORY.words[category], home["kind"] if home else None
        if category is Category.FOSTERING and home:
            what = f"fostering is registered for the agency as a whole. Write {AGENCY} instead of the home's name."
            self.table.wrong(record.row, "home", FaultCode.KIND_AND_CATEGORY, what)
        elif category is not Category.FOSTERING and whole_agency:
            what = f"{words} is registered for a home, not for the agency. Write the home's name."
            self.table.wrong(record.row, "home", FaultCode.KIND_AND_CATEGORY, what)
        elif kind is not None and category not in GIVES[kind]:
            what = f"{words} does not go with {KIND.words[kind]} on the sheet {HOMES.words}. Correct one of the two."
            self.table.wrong(record.row, "category", FaultCode.KIND_AND_CATEGORY, what)

    def _care(self, record: Record, into: list[CareFacts]) -> None:
        for key, noun in CARE_PARTS.items():
            self.table.require(record, key, f"this is empty. Give the {noun}: a category needs ages and genders.")
        in_order(self.table, record, "age_from", "age_to")
        values = {key: record[key] for key in CARE_PARTS}
        if None in values.values():
            return
        facts = CareFacts(**values)
        if facts not in into:
            into.append(facts)
        elif not record.gave(*FRAMEWORK_PARTS):
            self._repeated(record, "category")

    def _membership(self, record: Record, into: list[MembershipFacts]) -> None:
        self.table.require(record, "framework", "this is empty. Name the framework, or clear its other columns.")
        self.table.require(record, "valid_from", "this is empty. Give the first day of the membership.")
        begins, ends = record["valid_from"], record["valid_until"]
        if begins and ends and ends < begins:
            what = f"the last day {ends:%d/%m/%Y} lies before the first, {begins:%d/%m/%Y}."
            self.table.wrong(record.row, "valid_until", FaultCode.DATES_REVERSED, what)
        if record["framework"] is None or begins is None:
            return
        facts = MembershipFacts(**{key: record[key] for key in FRAMEWORK_PARTS})
        if facts not in into:
            into.append(facts)
        else:
            self._repeated(record, "framework")

    def _repeated(self, record: Record, key: str) -> None:
        what = f"another row of {quoted(record['home'])} says the same already. Delete one of them."
        self.table.wrong(record.row, key, FaultCode.DUPLICATE, what)


def in_order(table: Table, record: Record, lower: str, upper: str) -> None:
    """Add a fault where the oldest age is below the youngest."""
    low, high = record[lower], record[upper]
    if low is not None and high is not None and high < low:
        what = f"the oldest age {high} is below the youngest, {low}. Write the younger age under Age from."
        table.wrong(record.row, upper, FaultCode.AGES_REVERSED, what)
