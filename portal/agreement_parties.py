"""Sections of the printed agreement: what it is, who the parties are, and the child."""

from collections.abc import Iterator

from models.print_letters import unshown
from portal.agreement_promised import accepted, legal_status, stated
from portal.agreement_words import Told
from portal.passages import Column, Fields, Passage, Words, heading, table
from portal.print_style import BODY, NOTICE, OVERLINE, ROW_TITLE, SLIM, TITLE

OUTSIDE = "Yes: this home is not on the framework"
CONTACTS = (
    Column("Contact", 0.175, ROW_TITLE),
    Column("Name", 0.185),
    Column("Job title", 0.175),
    Column("Telephone", 0.15),
    Column("E-mail", 0.315, SLIM),
)


def opening(told: Told) -> Iterator[Passage]:
    """The title, one sentence that says who agrees on what, and the particulars of the agreement."""
    yield Words("WEST MIDLANDS PLACEMENT PORTAL", OVERLINE)
    yield Words("Individual Placement Agreement", TITLE)
    yield Words(_sentence(told), BODY)
    yield from _notice(told)
    yield heading("1 Agreement")
    framework = told.part("framework")
    yield Fields(
        [
            ("Reference", told.text("reference")),
            *_standing(told),
            ("Supersedes", told.text("supersedes")),
            ("Basis", framework.choice("kind", FRAMEWORK="Framework", SPOT="Spot purchase")),
            ("Framework", framework.choice("name")),
            ("Lot", framework.text("lot")),
            ("Home outside the framework", framework.choice("nonFrameworkHome", Yes=OUTSIDE)),
            *accepted(told),
            *([("Content hash (SHA-256)", told.text("contentHash"))] if told.text("contentHash") else []),
        ]
    )


def _notice(told: Told) -> Iterator[Passage]:
    """What the mark across the pages means, in words."""
    if told.text("mark") == "DRAFT":
        yield Words("This is a draft. It may still change, and it cannot be signed.", NOTICE)
    if told.text("mark") == "VOID":
        when = f" since {told.instant('voidedAt')}" if told.text("voidedAt") else ""
        yield Words(f"This agreement is void{when}. It has no effect.", NOTICE)
        yield Words(f"Reason: {told.text('voidReason') or 'not given'}", BODY)


def _standing(told: Told) -> list[tuple[str, str]]:
    """How far it has come; the bytes that are signed say nothing of it that signing would make untrue."""
    if told.text("mark") == "DRAFT":
        return [("Version of the draft", told.text("version"))]
    voided = [("Void since", told.instant("voidedAt"))] if told.text("mark") == "VOID" else []
    return [("Ready for signing since", told.instant("issued")), *voided]


def _sentence(told: Told) -> str:
    child, placement = told.part("child"), told.part("placement")
    name = " ".join(filter(None, (child.text("givenNames"), child.text("familyName"))))
    name = child.text("namesInPrintLetters") or name if unshown([name]) else name
    authority, provider = told.part("authority").text("name"), told.part("provider").text("legalName")
    where = f" at {placement.text('name')}" if placement.text("name") else ""
    since = f" from {placement.day('startsOn')}" if placement.text("startsOn") else ""
    parties = f"between {authority or 'the placing authority'} and {provider or 'the provider'}"
    return f"An agreement {parties} on the placement of {name or 'the child named below'}{where}{since}."


def authority(told: Told) -> Iterator[Passage]:
    """The placing authority and its contacts."""
    who = told.part("authority")
    yield heading("2 Placing authority")
    yield Fields(
        [
            ("Name", who.text("name")),
            *stated(("Code", who.text("code"))),
            ("Delivered by", who.text("deliveredBy")),
            ("Address", who.text("address")),
            ("Out of hours", who.text("outOfHours")),
            ("Purchase order", who.text("purchaseOrder")),
        ]
    )
    yield _contacts(
        "Contacts of the placing authority",
        [
            ("Commissioning officer", who.part("commissioningOfficer")),
            ("Social worker", who.part("socialWorker")),
            ("Team manager", who.part("teamManager")),
            ("Independent reviewing officer", who.part("reviewingOfficer")),
            ("Finance", who.part("financeContact")),
        ],
    )


def provider(told: Told) -> Iterator[Passage]:
    """The provider and its contacts."""
    who = told.part("provider")
    yield heading("3 Provider")
    yield Fields(
        [
            ("Legal name", who.text("legalName")),
            ("Trading name", who.text("tradingName")),
            ("Company number", who.text("companyNumber")),
            ("Ofsted URN", who.text("urn")),
            ("Address", who.text("address")),
            *stated(("Postcode", who.text("postcode"))),
        ]
    )
    yield _contacts(
        "Contacts of the provider",
        [
            ("Key contact", who.part("keyContact")),
            ("Key worker", who.part("keyWorker")),
            ("Emergency", who.part("emergencyContact")),
            ("Finance", who.part("financeContact")),
        ],
    )


def child(told: Told) -> Iterator[Passage]:
    """The child, with the form of the name in print letters where one was given."""
    who = told.part("child")
    letters = who.text("namesInPrintLetters")
    yield heading("4 Child")
    yield Fields(
        [
            ("Given names", who.text("givenNames")),
            ("Family name", who.text("familyName")),
            *([("Names in print letters", letters)] if letters else []),
            ("Known as", who.text("knownAs")),
            ("Date of birth", who.day("dateOfBirth")),
            *stated(("Birth expected on", who.day("expectedOn"))),
            ("Gender", who.choice("gender")),
            ("Authority’s case number", who.text("caseNumber")),
            ("NHS number", who.text("nhsNumber")),
            ("Unique pupil number", who.text("upn")),
            ("Ethnicity", who.text("ethnicity")),
            ("Religion", who.text("religion")),
            ("First language", who.text("firstLanguage")),
            ("Nationality and immigration", who.text("nationality")),
            ("Legal status", legal_status(who)),
            ("Disability", who.text("disability")),
            ("Education, health and care plan", who.text("ehcp")),
            ("Parental responsibility", who.text("parentalResponsibility")),
            ("Siblings", who.text("siblings")),
        ]
    )


def _contacts(caption: str, people: list[tuple[str, Told]]) -> Passage:
    told = ("name", "role", "phone", "email")
    return table(caption, CONTACTS, [[label, *(person.text(name) for name in told)] for label, person in people])
