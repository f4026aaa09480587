"""The certificate of signing: who signed an agreement, by which authority, what happened when, and every hash."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from models.rollout import LONDON
from portal.page_flow import Block
from portal.print_style import TITLE, block, fields, heading
from portal.printing import Frame, print_pages
from portal.tagged_pdf import Particulars

NAME = "Certificate of signing"
PARTIES = {"LOCAL_AUTHORITY": "the authority", "PROVIDER": "the provider"}


def print_certificate(content: Mapping[str, Any]) -> bytes:
    """The certificate as a tagged PDF; the same content always gives the same bytes."""
    reference = content["reference"]
    blocks: list[Block] = [
        block(f"{NAME} {reference}", TITLE),
        fields([
            ("Authority", content["authority"]["name"]), ("Provider", content["provider"]["legalName"]),
            ("SHA-256 of the content", content["contentHash"]),
        ]),
    ]  # fmt: skip
    blocks += _part("Signatures", [_signature(given) for given in content["signatures"]])
    blocks += _part("What happened", [[(_moment(e["at"]), _event(e))] for e in content["events"]])
    blocks += _part("Files", [[(f"{file['no']} {file['kind']}", file["sha256"])] for file in content["files"]])
    particulars = Particulars(f"{NAME} {reference}", content["authority"]["name"], _at(content["issued"]))
    return print_pages(blocks, particulars, Frame(f"{NAME}  ·  {reference}", reference))


def _part(title: str, entries: Sequence[Sequence[tuple[str, str]]]) -> list[Block]:
    return [heading(title), *(fields(list(entry)) for entry in entries or [[("None", "")]])]


def _signature(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    known = {
        "Signed for": PARTIES[given["party"]], "By": given["name"], "Job": given["jobTitle"],
        "Organisation": given["organisation"], "On behalf of": given["onBehalfOf"], "Authority": given["authority"],
        "Known by": given["method"], "Agreed to": given["consent"], "At": _moment(given["at"]),
        "SHA-256 of what was opened": given["pdfSha256"],
    }  # fmt: skip
    return [(name, value) for name, value in known.items() if value]


def _event(told: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, (told["kind"], told["by"], told["organisation"])))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _moment(text: str) -> str:
    return f"{_at(text).astimezone(LONDON):%-d %B %Y, %H:%M:%S %Z}"
