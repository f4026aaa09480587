"""The section of the printed agreement that says what the placement costs."""

from collections.abc import Iterator

from portal.agreement_promised import share, stated
from portal.agreement_words import Told
from portal.passages import Column, Fields, Passage, heading, table
from portal.print_style import MONEY, MONEY_TOTAL, ROW_TITLE, ROW_TOTAL
from portal.table_block import Cell, Entry

COSTS = (
    Column("Cost", 0.28, ROW_TITLE),
    Column("Amount", 0.13, MONEY),
    Column("Per", 0.08),
    Column("Quantity", 0.1, MONEY),
    Column("From", 0.135),
    Column("Until", 0.135),
    Column("A week", 0.14, MONEY),
)
NONE = "–"


def price(told: Told) -> Iterator[Passage]:
    """The fees with their totals, how they are shared, and how they rise."""
    money = told.part("price")
    yield heading("7 Price")
    yield table("Costs", COSTS, [_core(money), *map(_cost, money.rows("additionalCosts")), *_totals(money)])
    purpose = money.part("statementOfPurpose")
    yield Fields(
        [
            ("The core fee includes", money.text("coreFeeIncludes")),
            *stated(
                ("Statement of Purpose", purpose.text("name")),
                ("Its SHA-256", purpose.text("sha256")),
            ),
            ("Paid by social care", share(money, "socialCare")),
            ("Paid by education", share(money, "education")),
            ("Paid by health", share(money, "health")),
            ("Uplift", money.text("upliftRule")),
        ],
        before=8,
    )


def _core(money: Told) -> list[str]:
    fee = money.pounds("coreFeeWeekly")
    return ["Core weekly fee", fee, "Week", "1", NONE, NONE, fee]


def _cost(cost: Told) -> list[str]:
    once = cost.text("unit") == "ONCE"
    weekly = cost.pounds("weekly") or (NONE if once else "")
    return [
        cost.text("description"),
        cost.pounds("amount"),
        cost.choice("unit"),
        cost.text("quantity"),
        cost.short_day("from"),
        cost.short_day("until"),
        weekly,
    ]


def _totals(money: Told) -> list[Entry]:
    lines = [("Weekly total", money.pounds("weeklyTotal")), ("First-year total", money.pounds("firstYearTotal"))]
    total = [[Cell(label, ROW_TOTAL, span=6), Cell(amount, MONEY_TOTAL)] for label, amount in lines if amount]
    return [Entry(cells, total=True) for cells in total]
