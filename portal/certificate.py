"""The certificate of signing: who signed an agreement, by which authority, what happened when, and every hash.

It is printed from plain values, all of them texts unless said otherwise:

- `reference`, `contentHash`, `form` (the line that names the canonical form), `issued` (an instant), `verifyAt`
  (optional: the address at which anybody may ask whether a file is genuine);
- `authority` {`name`}, `provider` {`legalName`, `tradingName`, `companyNumber`};
- `signatures`: [{`party`, `name`, `jobTitle`, `organisation`, `onBehalfOf`, `authority`, `method`, `consent`, `at`,
  `contentHash`, `pdfSha256`}];
- `events`: [{`at`, `kind`, `by`, `organisation`}], in the order in which they happened;
- `files`: [{`no` (a number), `kind`, `party`, `level`, `sha256`, `byteSize` (a number), `madeAt`}];
- `record` {`stream`, `seq`, `hash`}: the newest entry of the record of events, or nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC

from portal.agreement_words import LONG_AGO, Told
from portal.certificate_words import CONSENT, HOW, INTRODUCTION, PARTIES, file_said, step_said, two_lines
from portal.passages import Column, Fields, Passage, Words, heading, subheading, table
from portal.print_style import BODY, CODE, OVERLINE, ROW_TITLE, TITLE
from portal.printing import Frame, print_pages
from portal.tagged_pdf import Particulars

NAME = "Certificate of signing"
EVENTS = (Column("When", 0.3, ROW_TITLE), Column("What happened", 0.32), Column("By", 0.38))
FILES = (Column("File", 0.3, ROW_TITLE), Column("Made", 0.33), Column("SHA-256", 0.37, CODE))


def print_certificate(content: Mapping[str, object]) -> bytes:
    """The certificate as a tagged PDF; the same content always gives the same bytes."""
    told = Told(content)
    title = f"{NAME} {told.text('reference')}"
    made = (told.moment("issued") or LONG_AGO).astimezone(UTC)
    particulars = Particulars(title, told.part("authority").text("name"), made)
    frame = Frame(f"{NAME}  ·  {told.text('reference')}", f"{told.text('reference')}  ·  certificate of signing")
    return print_pages(certificate_passages(told), particulars, frame)


def certificate_passages(told: Told) -> Iterator[Passage]:
    """What the certificate says, in reading order."""
    yield Words("WEST MIDLANDS PLACEMENT PORTAL", OVERLINE)
    yield Words(NAME, TITLE)
    yield Words(INTRODUCTION, BODY)
    yield from _agreement(told)
    yield heading("2 Signatures")
    if not told.rows("signatures"):
        yield Words("Nobody has signed.", BODY)
    for given in told.rows("signatures"):
        yield from _signature(given)
    yield from _events(told)
    yield from _files(told)
    yield from _how(told)


def _agreement(told: Told) -> Iterator[Passage]:
    provider = told.part("provider")
    yield heading("1 Agreement and parties")
    yield Fields(
        [
            ("Agreement", told.text("reference")),
            ("Completed", told.precise("issued")),
            ("Placing authority", told.part("authority").text("name")),
            ("Provider", provider.text("legalName")),
            ("Trading name", provider.text("tradingName")),
            ("Company number", provider.text("companyNumber")),
            ("Canonical form", told.text("form")),
            ("Content hash (SHA-256)", told.text("contentHash")),
        ]
    )


def _signature(given: Told) -> Iterator[Passage]:
    """For whom and by which authority somebody signed is told only where it was for another (S-033)."""
    behalf = [("On behalf of", given.text("onBehalfOf")), ("By authority of", given.text("authority"))]
    yield subheading(PARTIES.get(given.text("party"), given.text("party")))
    yield Fields(
        [
            ("Signed by", given.text("name")),
            ("Job title", given.text("jobTitle")),
            ("Organisation", given.text("organisation")),
            *[(label, text) for label, text in behalf if text],
            ("Time", given.precise("at")),
            ("Method", given.choice("method", AUTHENTICATOR_CODE="One-time code from the signatory’s authenticator")),
            (CONSENT, given.text("consent")),
            ("Content hash signed", given.text("contentHash")),
            ("File opened before (SHA-256)", given.text("pdfSha256")),
        ]
    )


def _events(told: Told) -> Iterator[Passage]:
    yield heading("3 What happened")
    rows = [[two_lines(step.precise("at")), step_said(step), _who(step)] for step in told.rows("events")]
    if rows:
        yield table("Events in their order", EVENTS, rows)
    record = told.part("record")
    if record.text("hash"):
        newest = [("Newest entry", record.text("seq")), ("Its hash", record.text("hash"))]
        yield Fields([("Record of events", record.text("stream")), *newest], before=8)


def _who(step: Told) -> str:
    return "\n".join(filter(None, (step.text("by"), step.text("organisation")))) or "The portal"


def _files(told: Told) -> Iterator[Passage]:
    yield heading("4 Files")
    rows = [[file_said(file), two_lines(file.precise("madeAt")), file.halves("sha256")] for file in told.rows("files")]
    if rows:
        yield table("Every file of the agreement, in its order", FILES, rows)


def _how(told: Told) -> Iterator[Passage]:
    yield heading("5 How to verify")
    where = told.text("verifyAt")
    asked = f"Ask the portal at {where}" if where else "Ask the portal (verifyAgreement)"
    for number, sentence in enumerate(HOW, 1):
        yield Words(f"{number}.  {sentence.format(asked=asked)}", BODY)
