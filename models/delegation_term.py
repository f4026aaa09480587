"""For whom, by whom and for how long an authority to sign is given: what is checked before there is one."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from models.age import london_day
from models.event import Actor
from models.lifecycle import Side
from models.refusal import Code, Refused

if TYPE_CHECKING:
    from models.ipa import Ipa


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the same organisation, as far as this must be known of them."""

    id: UUID
    name: str
    job_title: str | None
    active: bool
    machine: bool

    def check(self, by: Actor) -> None:
        """Refuse whoever cannot sign for another: oneself, somebody who cannot sign in, a case system."""
        if self.id == by.viewer.person_id:
            sentence = "Choose a colleague: nobody is given an authority by themselves."
            raise Refused(Code.SAME_PERSON, sentence, ["input", "delegateId"])
        if self.machine:
            raise Refused(Code.INVALID_INPUT, "A case system cannot sign. Choose a person.", ["input", "delegateId"])
        if not self.active:
            sentence = f"{self.name} cannot sign in at present. Choose somebody with an active account."
            raise Refused(Code.ACCOUNT_NOT_ACTIVE, sentence, ["input", "delegateId"])


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody without access, as the document names them."""

    name: str
    job_title: str

    @classmethod
    def named(cls, name: str, job_title: str, delegate: Colleague) -> "Principal":
        said = cls(" ".join(name.split()), " ".join(job_title.split()))
        for value, field in ((said.name, "principalName"), (said.job_title, "principalJobTitle")):
            if not value:
                raise Refused(Code.INVALID_INPUT, "Give the person's name and job title.", ["input", field])
        if said.name.casefold() == delegate.name.casefold():
            sentence = "One person cannot be both: name whose authority it is, and choose a colleague to sign."
            raise Refused(Code.SAME_PERSON, sentence, ["input", "principalName"])
        return said


@dataclass(frozen=True, slots=True)
class Term:
    """One agreement, or the days of London from the first to the last, both included."""

    valid_from: date
    valid_until: date
    ipa_id: UUID | None = None

    @classmethod
    def for_agreement(cls, agreement: "Ipa", by: Actor) -> "Term":
        """Until that agreement is signed, for a year at most."""
        signed = agreement.authority_signed if by.viewer.side is Side.LOCAL_AUTHORITY else agreement.provider_signed
        if signed:
            raise Refused(Code.ALREADY_SIGNED, "Your party has signed this agreement already.", ["input", "ipaId"])
        if agreement.voided_at is not None:
            raise Refused(Code.IPA_LOCKED, "This agreement is voided; nobody signs it.", ["input", "ipaId"])
        today = london_day(by.at)
        return cls(today, a_year_after(today), agreement.id)

    @classmethod
    def of_days(cls, first: date | None, last: date | None, by: Actor) -> "Term":
        """From today or later, for a year at most."""
        today = london_day(by.at)
        first = first or today
        if last is None:
            sentence = "Say for which agreement, or until which day: an authority lasts a year at most."
            raise Refused(Code.INVALID_INPUT, sentence, ["input", "validUntil"])
        if first < today:
            raise Refused(Code.INVALID_INPUT, "An authority begins today or later.", ["input", "validFrom"])
        if last < first:
            raise Refused(Code.INVALID_INPUT, "The last day is not before the first.", ["input", "validUntil"])
        if last > a_year_after(first):
            sentence = f"An authority lasts a year at most: until {a_year_after(first):%-d %B %Y}."
            raise Refused(Code.INVALID_INPUT, sentence, ["input", "validUntil"])
        return cls(first, last)


def a_year_after(day: date) -> date:
    """The same day of the next year; after 29 February, the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
