"""How the values of an agreement are written: dates, London times, pounds, choices; empty when not given."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Told:
    """A group of plain values, each asked for by name in the form in which it is printed."""

    def __init__(self, values: object) -> None:
        self._values: Mapping[str, object] = values if isinstance(values, Mapping) else {}

    def part(self, name: str) -> "Told":
        """A group within the group, empty when there is none."""
        return Told(self._values.get(name))

    def rows(self, name: str) -> list["Told"]:
        """A list of groups, empty when there is none."""
        value = self._values.get(name)
        return [Told(row) for row in value] if isinstance(value, list | tuple) else []

    def items(self, name: str) -> list[str]:
        """The texts of a list; a single text is a list of one."""
        value = self._values.get(name)
        return [text for text in map(_words, value if isinstance(value, list | tuple) else [value]) if text]

    def text(self, name: str) -> str:
        """A value as it is; yes and no for truths, items of a list after each other."""
        return _words(self._values.get(name))

    def choice(self, name: str, **meanings: str) -> str:
        """A name in capitals by its meaning, READY_TO_SIGN as "Ready to sign"; anything else literally."""
        text = self.text(name)
        plain = text.replace("_", " ").capitalize() if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", text) else text
        return meanings.get(text, plain)

    def day(self, name: str) -> str:
        """A date such as 2026-09-04 as "4 September 2026"; anything else literally."""
        found = self._date(name)
        return long_date(found) if found else self.text(name)

    def short_day(self, name: str) -> str:
        """A date such as 2026-09-04 as "4 Sep 2026"; anything else literally."""
        found = self._date(name)
        return f"{found.day} {found:%b %Y}" if found else self.text(name)

    def _date(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            return None

    def instant(self, name: str) -> str:
        """An instant in RFC 3339 as the London time "4 May 2026 at 11:30 BST"; anything else literally."""
        moment = self.moment(name)
        return self.text(name) if moment is None else f"{long_date(moment)} at {moment:%H:%M %Z}"

    def precise(self, name: str) -> str:
        """An instant to the second, in London and in UTC: "4 May 2026 at 11:30:07 BST (10:30:07 UTC)"."""
        moment = self.moment(name)
        if moment is None:
            return self.text(name)
        return f"{long_date(moment)} at {moment:%H:%M:%S %Z} ({moment.astimezone(UTC):%H:%M:%S} UTC)"

    def moment(self, name: str) -> datetime | None:
        """The London time of an instant with an offset, if it is one."""
        try:
            moment = datetime.fromisoformat(self.text(name))
            return moment.astimezone(LONDON) if moment.tzinfo else None
        except (ValueError, OverflowError):
            return None

    def pounds(self, name: str) -> str:
        """A decimal string such as 4100.00 as "£4,100.00"; anything else literally."""
        text = self.text(name)
        return f"£{Decimal(text):,.2f}" if re.fullmatch(r"-?\d{1,15}(\.\d{1,2})?", text) else text

    def percent(self, name: str) -> str:
        """A decimal string such as 80.00 as "80 %"; anything else literally."""
        text = self.text(name)
        return f"{Decimal(text).normalize():f} %" if re.fullmatch(r"\d{1,3}(\.\d{1,2})?", text) else text

    def halves(self, name: str) -> str:
        """A digest of 64 characters on two lines; anything else literally."""
        text = self.text(name)
        return f"{text[:32]}\n{text[32:]}" if len(text) == 64 else text


def long_date(value: date) -> str:
    """A date as "4 May 2026"."""
    return f"{value.day} {value:%B %Y}"


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        return ", ".join(filter(None, map(_words, value.values())))
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, map(_words, value)))
    return str(value).strip()
