"""Rows of the printed agreement that stand only where something is said, and what the accepted offer promised."""

from collections.abc import Iterator

from models.ipa_codes import LegalStatusCode
from portal.agreement_words import Told
from portal.passages import Column, Fields, Passage, subheading, table
from portal.print_style import ROW_TITLE

Row = tuple[str, str]
DECISIONS = (Column("Decision", 0.42, ROW_TITLE), Column("Taken by", 0.2), Column("Note", 0.38))
NEEDS = (Column("Need", 0.4, ROW_TITLE), Column("How it is met", 0.6))
FOSTERED = {
    "RELATIVE_LONG_TERM": "By a relative or friend, long term",
    "RELATIVE_FOR_ADOPTION": "By a relative or friend, for adoption",
    "RELATIVE_OTHER": "By a relative or friend, not long term",
    "LONG_TERM": "Long term",
    "FOR_ADOPTION": "For adoption",
    "OTHER": "Not long term",
}


def stated(*rows: Row) -> list[Row]:
    """Those of the rows that say something."""
    return [row for row in rows if row[1]]


def legal_status(who: Told) -> str:
    """A code of SSDA903 with its meaning; what an earlier release kept in words literally."""
    said = who.text("legalStatus")
    if said not in LegalStatusCode.__members__:
        return said
    code = LegalStatusCode(said)
    return code.words if code is LegalStatusCode.NOT_LOOKED_AFTER else f"{code} – {code.words}"


def accepted(told: Told) -> list[Row]:
    """Which version of the offer it rests on, and the digest over all that was offered."""
    offer = told.part("offer")
    return stated(
        ("Accepted offer", f"Version {offer.text('version')}" if offer.text("version") else ""),
        ("Hash of the offer (SHA-256)", offer.text("contentHash")),
    )


def whereabouts(plan: Told) -> list[Row]:
    """What else the offer says of the home or family."""
    return stated(
        ("Postcode", plan.text("postcode")),
        ("Registered with", plan.choice("regulator", OFSTED="Ofsted", CIW="Care Inspectorate Wales")),
        ("Carers", plan.text("carers")),
        ("Supervising social worker", plan.text("supervisingSocialWorker")),
        ("Fostering", plan.choice("fosteringType", **FOSTERED)),
        ("Kind of provider", plan.choice("providerSector")),
    )


def decisions(plan: Told) -> Iterator[Passage]:
    """Who takes which decision, where it was said one by one."""
    rows = [[row.text("decision"), row.choice("by"), row.text("note")] for row in plan.rows("decisions")]
    if rows:
        yield table("Who decides what", DECISIONS, rows)


def share(money: Told, payer: str) -> str:
    """A part of the funding in per cent, and what that is a week."""
    percent, pounds = money.part("fundingSplit").percent(payer), money.part("weeklyShares").pounds(payer)
    return f"{percent}, {pounds} a week" if percent and pounds else percent


def promised(told: Told) -> Iterator[Passage]:
    """What the accepted offer promised for this child."""
    offer = told.part("offer")
    rows = stated(
        ("Available from", offer.day("availableFrom")),
        ("Manager or carer for the child", offer.text("namedCarer")),
        ("Matching", offer.text("matching")),
        ("Staffing", offer.text("staffing")),
        ("Notice by the authority", offer.text("noticeByAuthority")),
        ("Notice by the provider", offer.text("noticeByProvider")),
        ("Trial period", offer.text("trialPeriod")),
        ("Education", offer.text("education")),
        ("Anything else", offer.text("further")),
    )
    needs = [[row.text("need"), row.text("how")] for row in offer.rows("needsMet")]
    if rows or needs:
        yield subheading("Promised in the accepted offer")
    if rows:
        yield Fields(rows)
    if needs:
        yield table("How each need is met", NEEDS, needs)
