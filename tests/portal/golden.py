"""Printed papers as they are to be: what they say element by element, and how their pages look.

`python -m tests.portal.golden` writes them anew; look at every changed picture before you commit it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageChops

from portal.agreement import print_agreement
from portal.certificate import print_certificate
from tests.portal.agreements import HASH, SCANT, agreement, unsigned
from tests.portal.certificates import CERTIFICATE
from tests.portal.structure import structure

FOLDER = Path(__file__).parents[1] / "golden" / "agreement"
SCALE = 0.5
SHADES = 16
CELL = 6
TOLERANCE = 14
WORDS = "The carers keep to what was agreed with the school, the health visitor and the child’s family. "

SCRIPTS: dict[str, Any] = {
    "authority": {"socialWorker": {"name": "Siân Llŷr-Prŷs", "email": "sian@trust.example"}},
    "provider": {"legalName": "Opieka Żółć sp. z o.o.", "keyContact": {"name": "Wojciech Łącki"}},
    "child": {
        "givenNames": "ਹਰਪ੍ਰੀਤ",
        "familyName": "محمد الأحمدي",
        "knownAs": "小明",
        "namesInPrintLetters": "HARPREET",
    },
    "placement": {
        "name": "Tŷ Ŵyn, Llanfairpwllgwyngyll",
        "manager": "ਗੁਰਪ੍ਰੀਤ ਕੌਰ",
        "purpose": "بيت هادئ (قريب) من 12 مدرسة",
    },
    "outcomes": [{"outcome": "ਸਕੂਲ ਜਾਂਦਾ ਹੈ", "measure": "الحضور فوق ٩٥٪", "reviewOn": "2026-07-17"}],
}
LONG: dict[str, Any] = {
    "placement": {"purpose": WORDS * 12, "address": "Llanfairpwllgwyngyllgogerychwyrndrobwll" * 3},
    "authority": {"socialWorker": {"name": "Ann", "email": "first.last@" + "very-long-department." * 5 + "example"}},
    "outcomes": [{"outcome": WORDS, "measure": WORDS * 2, "reviewOn": "2026-07-17"}] * 9,
    "price": {
        "additionalCosts": [
            {"description": f"Support worker, weekend {n}", "amount": "87.25", "unit": "HOUR", "quantity": "2",
             "from": "2026-05-12", "until": "2026-09-09", "weekly": "174.50"}
            for n in range(1, 41)
        ]
    },
    "terms": {"conditions": [WORDS * 3] * 6},
    "documents": [{"name": f"Risk assessment {n}.pdf", "kind": "RISK_ASSESSMENT", "sha256": HASH} for n in range(12)],
}  # fmt: skip
VOIDED = {"voidedAt": "2026-07-01T09:00:00.000Z", "voidReason": "The child goes to live with an aunt."}
CASES: dict[str, Callable[[], bytes]] = {
    "short": lambda: print_agreement(unsigned(), mark=None),
    "long": lambda: print_agreement(unsigned(**LONG), mark=None),
    "scripts": lambda: print_agreement(unsigned(**SCRIPTS), mark=None),
    "draft": lambda: print_agreement({**SCANT, "version": 2}, mark="DRAFT"),
    "void": lambda: print_agreement(agreement(**VOIDED), mark="VOID"),
    "certificate": lambda: print_certificate(CERTIFICATE),
}


def outline(pdf: bytes) -> str:
    """Every element in reading order, indented by its depth, with its text."""
    lines = (f"{'  ' * each.depth}{each.role} {each.text}".rstrip() for each in structure(pdf))
    return "\n".join(lines) + "\n"


def picture(pdf: bytes) -> Image.Image:
    """All pages side by side in shades of grey."""
    file = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=SCALE, grayscale=True).to_pil() for page in file]
    wide = sum(page.width for page in pages)
    whole = Image.new("L", (wide, max(page.height for page in pages)), 255)
    for number, page in enumerate(pages):
        whole.paste(page, (number * page.width, 0))
    return whole.point([min(255, round(shade * (SHADES - 1) / 255) * 255 // (SHADES - 1)) for shade in range(256)])


def differs(one: Image.Image, other: Image.Image) -> bool:
    """Whether a line is missing, moved or another one; how a renderer smooths its edges does not count."""
    if one.size != other.size:
        return True
    cells = ImageChops.difference(one, other).reduce(CELL)
    return any(cells.histogram()[TOLERANCE + 1 :])


def write() -> None:
    """Writes every case anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, printed in CASES.items():
        pdf = printed()
        (FOLDER / f"{name}.txt").write_text(outline(pdf))
        small = picture(pdf).quantize(SHADES)
        small.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    write()
