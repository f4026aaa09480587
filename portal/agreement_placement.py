"""Sections of the printed agreement: the placement, its outcomes, the terms and the documents."""

from collections.abc import Iterator

from portal.agreement_promised import decisions, promised, whereabouts
from portal.agreement_words import Told
from portal.passages import Column, Fields, Passage, Words, heading, subheading, table
from portal.print_style import BODY, CODE, ROW_TITLE

OUTCOMES = (Column("Outcome", 0.46, ROW_TITLE), Column("How it is measured", 0.36), Column("Review on", 0.18))
DOCUMENTS = (Column("Document", 0.42, ROW_TITLE), Column("Kind", 0.23), Column("SHA-256", 0.35, CODE))


def placement(told: Told) -> Iterator[Passage]:
    """Where the child lives and what was arranged."""
    plan = told.part("placement")
    start = ", ".join(filter(None, (plan.day("startsOn"), plan.text("startsAt"))))
    yield heading("5 Placement")
    yield Fields(
        [
            ("Placed with", plan.choice("kind", HOME="A home", FAMILY="A family")),
            ("Category", plan.choice("category")),
            ("Name", plan.text("name")),
            ("Ofsted URN", plan.text("urn")),
            ("Address", plan.text("address")),
            ("Registered manager", plan.text("manager")),
            *whereabouts(plan),
            ("Starts", start),
            ("Planned duration", plan.text("plannedDuration")),
            ("Arranged as", {"Yes": "Emergency", "No": "Planned"}.get(plan.text("emergency"), plan.text("emergency"))),
            ("Purpose", plan.text("purpose")),
            ("Education", plan.text("education")),
            ("Family time", plan.text("familyTime")),
            ("Health", plan.text("health")),
            ("GP", plan.text("gp")),
            ("Dentist", plan.text("dentist")),
            ("Delegated authority", plan.text("delegatedAuthority")),
            ("Equipment", plan.text("equipment")),
        ]
    )
    yield from decisions(plan)


def outcomes(told: Told) -> Iterator[Passage]:
    """What the placement is to achieve, and when that is looked at."""
    yield heading("6 Outcomes")
    found = told.rows("outcomes")
    yield Fields([("First statutory review", told.day("firstReviewOn"))])
    if found:
        yield table(
            "What the placement is to achieve",
            OUTCOMES,
            [[row.text("outcome"), row.text("measure"), row.day("reviewOn")] for row in found],
        )
    else:
        yield Words("Outcomes: Not given", BODY)


def terms(told: Told) -> Iterator[Passage]:
    """Notice, trial, absence, staffing, and the conditions agreed beside them."""
    agreed = told.part("terms")
    yield heading("8 Terms")
    yield Fields(
        [
            ("Notice by the authority", agreed.text("noticeByAuthority")),
            ("Notice by the provider", agreed.text("noticeByProvider")),
            ("Trial period", agreed.text("trialPeriod")),
            ("Staffing ratio", agreed.text("staffingRatio")),
            ("Retainer", agreed.text("retainer")),
            ("Absence", agreed.text("absence")),
        ]
    )
    conditions = agreed.items("conditions")
    if conditions:
        yield subheading("Conditions")
    yield from (Words(f"{number}.  {condition}", BODY) for number, condition in enumerate(conditions, 1))
    yield from promised(told)


def documents(told: Told) -> Iterator[Passage]:
    """The documents that belong to the agreement, each fixed by its digest."""
    yield heading("9 Documents")
    found = told.rows("documents")
    if found:
        yield table(
            "Documents attached to this agreement",
            DOCUMENTS,
            [[row.text("name"), row.choice("kind"), row.halves("sha256")] for row in found],
        )
    else:
        yield Words("No documents are attached.", BODY)
