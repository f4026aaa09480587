"""A message in its two forms. The HTML has the colours and sizes of whoever reads it, and nothing from elsewhere."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

WIDTH = 72
BODY = "font:1rem/1.5 sans-serif;max-width:36em;margin:0 auto;padding:1em"
SMALL = "font-size:.875em"


@dataclass(frozen=True)
class Entry:
    """A line, and where it leads."""

    words: str
    link: str

    @property
    def shown(self) -> str:
        return self.link.removeprefix("mailto:")


@dataclass(frozen=True)
class Written:
    """What a message says. `entries` are one way on, or a digest's `listed` lines; `foot` stands in small print."""

    subject: str
    greeting: str
    said: str
    entries: tuple[Entry, ...]
    listed: bool
    more: str
    foot: tuple[str | Entry, ...]


def plain(written: Written) -> str:
    return "\n\n".join(_paragraphs(written)) + "\n"


def page(written: Written) -> str:
    return "\n".join(_lines(written)) + "\n"


def _paragraphs(written: Written) -> Iterator[str]:
    yield written.greeting
    yield _wrapped(written.said)
    for entry in written.entries:
        yield f"- {entry.words}\n  {entry.shown}" if written.listed else f"{entry.words}:\n{entry.shown}"
    if written.more:
        yield written.more
    yield "-- "
    for each in written.foot:
        yield f"{each.words}:\n{each.shown}" if isinstance(each, Entry) else _wrapped(each)


def _wrapped(text: str) -> str:
    """Short lines; what is longer than one, like an address, stays whole."""
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _lines(written: Written) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f'<title>{escape(written.subject)}</title>\n</head>\n<body style="{BODY}">'
    yield f"<p>{escape(written.greeting)}</p>\n<p>{escape(written.said)}</p>"
    yield from _listed(written.entries) if written.listed else map(_way, written.entries)
    if written.more:
        yield f"<p>{escape(written.more)}</p>"
    yield "<hr>"
    for each in written.foot:
        yield f'<p style="{SMALL}">{_small(each)}</p>'
    yield "</body>\n</html>"


def _listed(entries: tuple[Entry, ...]) -> Iterator[str]:
    yield "<ul>"
    for entry in entries:
        yield f"<li>{_link(entry.link, entry.words)}</li>"
    yield "</ul>"


def _way(entry: Entry) -> str:
    return f"<p><strong>{_link(entry.link, entry.words)}</strong><br>\n{escape(entry.shown)}</p>"


def _small(each: str | Entry) -> str:
    return f"{escape(each.words)}: {_link(each.link, each.shown)}" if isinstance(each, Entry) else escape(each)


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'
