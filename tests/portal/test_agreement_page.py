"""The agreement in a browser says what its print says, element by element, and nothing in it can do anything."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import pytest

from portal.agreement import print_agreement
from portal.agreement_page import PAGE_POLICY, agreement_page
from portal.typography import spelled
from tests.portal.agreements import FULL, SCANT, agreement, squeezed, unsigned
from tests.portal.structure import TEXTS, structure

ROLES = {"h1": "H1", "h2": "H2", "h3": "H3", "p": "P", "th": "TH", "td": "TD", "dt": "TH", "dd": "TD",
         "caption": "Caption"}  # fmt: skip
VOIDED = agreement(voidedAt="2026-07-01T09:00:00.000Z", voidReason="The child goes to an aunt.")
HOSTILE = '</title></style><script>alert(1)</script><img src=x onerror=alert(1)>"\' onfocus="x" &lt;b&gt; \u202e{0}'


class Reading(HTMLParser):
    """The elements that hold text, in their order, and every tag with its attributes."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._within: str | None = None
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ROLES:
            self.texts.append((ROLES[tag], ""))
            self._within = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._within:
            self._within = None

    def handle_data(self, data: str) -> None:
        if self._within:
            role, text = self.texts[-1]
            self.texts[-1] = (role, text + data)


CASES: list[tuple[dict[str, Any], Any]] = [
    (FULL, None),
    (unsigned(), None),
    (unsigned(contentHash=None, issued=None), "DRAFT"),
    (VOIDED, "VOID"),
    (SCANT, "DRAFT"),
    (agreement(child={"givenNames": HOSTILE}, provider={"legalName": HOSTILE}, voidReason=HOSTILE), "VOID"),
    (agreement(terms={"conditions": ["A long one. " * 300, "محمد said “yes” (12) to ਕੌਰ"]}), None),
    (agreement(child={"givenNames": "小 Ann 🙂", "knownAs": "ሰላም محمد"}), None),
]


@pytest.mark.parametrize(("content", "mark"), CASES)
def test_the_page_has_the_elements_and_texts_of_the_print_in_its_order(content: dict[str, Any], mark: Any) -> None:
    printed = structure(print_agreement(content, mark=mark))
    said = [(element.role, squeezed(spelled(element.text))) for element in printed if element.role in TEXTS]
    assert [(role, squeezed(spelled(text))) for role, text in Reading(agreement_page(content, mark=mark)).texts] == said


def test_the_page_is_titled_in_a_language_and_its_tables_are_headed() -> None:
    page = agreement_page(FULL, mark=None).decode()
    assert '<html lang="en-GB">' in page
    assert "<title>Individual Placement Agreement WM-7KD4-RES-A1</title>" in page
    tags = Reading(page.encode()).tags
    assert [tag for tag, _ in tags].count("h1") == 1
    assert [tag for tag, _ in tags].count("table") == [tag for tag, _ in tags].count("caption") == 5
    assert all(given.get("scope") in ("row", "col") for tag, given in tags if tag == "th")


@pytest.mark.parametrize("mark", ["DRAFT", "VOID"])
def test_a_mark_is_said_in_the_title_and_in_words(mark: Any) -> None:  # S-111
    page = agreement_page(FULL, mark=mark).decode()
    assert f"({mark.lower()})</title>" in page
    assert f"a {mark.lower()}." in page or f"is {mark.lower()}." in page
    assert 'class="notice"' in page


def test_whatever_a_value_holds_it_stays_text() -> None:
    calm = Reading(agreement_page(agreement(child={"givenNames": "Sam"}), mark=None))
    hostile = Reading(agreement_page(agreement(child={"givenNames": HOSTILE}), mark=None))
    assert hostile.tags == calm.tags
    assert "\u202e" not in str(hostile.texts)
    reference = agreement_page(agreement(reference=HOSTILE), mark=None)
    assert [tag for tag, _ in Reading(reference).tags] == [tag for tag, _ in calm.tags]
    assert b"\xed" not in agreement_page(agreement(child={"givenNames": "\ud800"}), mark=None)


def test_the_policy_allows_its_own_style_and_nothing_else() -> None:
    page = agreement_page(FULL, mark=None).decode()
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in PAGE_POLICY
    assert PAGE_POLICY.startswith("default-src 'none'; style-src 'sha256-")
    for tag, given in Reading(page.encode()).tags:
        assert tag not in ("script", "img", "link", "iframe", "form")
        assert not {"style", "src", "href"} & given.keys()
        assert not any(name.startswith("on") for name in given)
