"""Sections of the printed agreement: what it is, who the parties are, and the child."""

from collections.abc import Iterator

from portal.agreement_words import Told
from portal.page_flow import Block
from portal.print_style import BODY, OVERLINE, ROW_TITLE, SLIM, TITLE, Column, block, fields, heading, table

OUTSIDE = "Yes: this home is not on the framework"
CONTACTS = (
    Column("Contact", 0.175, ROW_TITLE),
    Column("Name", 0.185),
    Column("Job title", 0.175),
    Column("Telephone", 0.15),
    Column("E-mail", 0.315, SLIM),
)


def opening(told: Told) -> Iterator[Block]:
    """The title, one sentence that says who agrees on what, and the particulars of the agreement."""
    yield block("WEST MIDLANDS PLACEMENT PORTAL", OVERLINE)
    yield block("Individual Placement Agreement", TITLE)
    yield block(_sentence(told), BODY)
    yield heading("1 Agreement")
    framework = told.part("framework")
    yield fields(
        [
            ("Reference", told.text("reference")),
            ("State", told.choice("state", VOID="Void", VOIDED="Void")),
            ("Version", told.text("version")),
            ("Issued", told.instant("issued")),
            ("Supersedes", told.text("supersedes")),
            ("Basis", framework.choice("kind", FRAMEWORK="Framework", SPOT="Spot purchase")),
            ("Framework", framework.text("name")),
            ("Lot", framework.text("lot")),
            ("Home outside the framework", framework.choice("nonFrameworkHome", Yes=OUTSIDE)),
            ("Content hash (SHA-256)", told.text("contentHash")),
        ]
    )


def _sentence(told: Told) -> str:
    child, placement = told.part("child"), told.part("placement")
    name = " ".join(filter(None, (child.text("givenNames"), child.text("familyName"))))
    authority, provider = told.part("authority").text("name"), told.part("provider").text("legalName")
    where = f" at {placement.text('name')}" if placement.text("name") else ""
    since = f" from {placement.day('startsOn')}" if placement.text("startsOn") else ""
    parties = f"between {authority or 'the placing authority'} and {provider or 'the provider'}"
    return f"An agreement {parties} on the placement of {name or 'the child named below'}{where}{since}."


def authority(told: Told) -> Iterator[Block]:
    """The placing authority and its contacts."""
    who = told.part("authority")
    yield heading("2 Placing authority")
    yield fields(
        [
            ("Name", who.text("name")),
            ("Delivered by", who.text("deliveredBy")),
            ("Address", who.text("address")),
            ("Out of hours", who.text("outOfHours")),
            ("Purchase order", who.text("purchaseOrder")),
        ]
    )
    yield _contacts(
        [
            ("Commissioning officer", who.part("commissioningOfficer")),
            ("Social worker", who.part("socialWorker")),
            ("Team manager", who.part("teamManager")),
            ("Independent reviewing officer", who.part("reviewingOfficer")),
            ("Finance", who.part("financeContact")),
        ]
    )


def provider(told: Told) -> Iterator[Block]:
    """The provider and its contacts."""
    who = told.part("provider")
    yield heading("3 Provider")
    yield fields(
        [
            ("Legal name", who.text("legalName")),
            ("Trading name", who.text("tradingName")),
            ("Company number", who.text("companyNumber")),
            ("Ofsted URN", who.text("urn")),
            ("Address", who.text("address")),
        ]
    )
    yield _contacts(
        [
            ("Key contact", who.part("keyContact")),
            ("Key worker", who.part("keyWorker")),
            ("Emergency", who.part("emergencyContact")),
            ("Finance", who.part("financeContact")),
        ]
    )


def child(told: Told) -> Iterator[Block]:
    """The child, with the form of the name in print letters where one was given."""
    who = told.part("child")
    letters = who.text("namesInPrintLetters")
    yield heading("4 Child")
    yield fields(
        [
            ("Given names", who.text("givenNames")),
            ("Family name", who.text("familyName")),
            *([("Names in print letters", letters)] if letters else []),
            ("Known as", who.text("knownAs")),
            ("Date of birth", who.day("dateOfBirth")),
            ("Gender", who.choice("gender")),
            ("Authority’s case number", who.text("caseNumber")),
            ("NHS number", who.text("nhsNumber")),
            ("Unique pupil number", who.text("upn")),
            ("Ethnicity", who.text("ethnicity")),
            ("Religion", who.text("religion")),
            ("First language", who.text("firstLanguage")),
            ("Nationality and immigration", who.text("nationality")),
            ("Legal status", who.text("legalStatus")),
            ("Disability", who.text("disability")),
            ("Education, health and care plan", who.text("ehcp")),
            ("Parental responsibility", who.text("parentalResponsibility")),
            ("Siblings", who.text("siblings")),
        ]
    )


def _contacts(people: list[tuple[str, Told]]) -> Block:
    told = ("name", "role", "phone", "email")
    return table(CONTACTS, [[label, *(person.text(name) for name in told)] for label, person in people])
