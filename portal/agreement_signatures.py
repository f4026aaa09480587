"""The section of the printed agreement in which both parties sign.

The file is fixed before anybody signs: until then it has a room for each party, which signing fills. What is printed
for somebody to read, when there are signatures or none can come any more, lists them instead.
"""

from collections.abc import Iterator

from portal.agreement_words import Told
from portal.passages import Fields, Passage, Room, Rooms, Words, heading, subheading
from portal.print_style import BODY, LEAD

LOCAL_AUTHORITY, PROVIDER = "LOCAL_AUTHORITY", "PROVIDER"
HEADINGS = {LOCAL_AUTHORITY: "For the placing authority", PROVIDER: "For the provider"}
NOTE = (
    "This agreement is signed only within the West Midlands Placement Portal, by one person for each party who is "
    "entitled to sign. Since it was made ready for signing, nothing in it can be changed. A signature shows the "
    "signatory’s name, job title and organisation, on whose behalf and by which authority they signed, the time in "
    "London, and the beginning of the content hash of this agreement."
)
NOTE_IN_DRAFT = (
    "This is a draft and cannot be signed. Once it is ready for signing, nothing in it can be changed, and one person "
    "for each party who is entitled to sign does so within the West Midlands Placement Portal."
)
SEEN = "Room for the electronic signature of this party."


def signatures(told: Told) -> Iterator[Passage]:
    """The rooms for the parties' signatures, or what each party's signatory signed with."""
    given = told.rows("signatures")
    yield heading("10 Signatures")
    if told.text("mark") == "VOID" or given:
        for party in HEADINGS:
            yield from _given(party, next((row for row in given if row.text("party") == party), None))
        return
    yield Words(NOTE_IN_DRAFT if told.text("mark") == "DRAFT" else NOTE, LEAD)
    authority, provider = told.part("authority").text("name"), told.part("provider").text("legalName")
    yield Rooms([_room(LOCAL_AUTHORITY, authority), _room(PROVIDER, provider)])


def _room(party: str, name: str) -> Room:
    return Room(party, HEADINGS[party], name or "Not given", SEEN)


def _given(party: str, given: Told | None) -> Iterator[Passage]:
    yield subheading(HEADINGS[party])
    if given is None:
        yield Words("Not signed.", BODY)
        return
    yield Fields([("Signed", _signed(given)), *signature_fields(given)])


def signature_fields(given: Told) -> list[tuple[str, str]]:
    """What is known of a signature, label by label; for whom and by which authority only where it was for another."""
    behalf = [("On behalf of", given.text("onBehalfOf")), ("By authority of", given.text("authority"))]
    return [
        ("Name", given.text("name")),
        ("Job title", given.text("jobTitle")),
        ("Organisation", given.text("organisation")),
        *[(label, text) for label, text in behalf if text],
        ("Method", given.choice("method")),
        ("Date and time", given.instant("at")),
        ("Content hash", given.halves("contentHash")),
    ]


def _signed(given: Told) -> str:
    """Whose hand it was, and for whom, if for somebody else (S-033)."""
    said = "Signed electronically in the portal"
    behalf = given.text("onBehalfOf")
    return f"{said}: {given.text('name')} on behalf of {behalf}" if behalf else said
