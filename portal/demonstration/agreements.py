"""What both sides fill in on a draft agreement; everything that comes from the offer is not repeated here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from portal.demonstration import agreement_words as words
from portal.demonstration.chance import a_few
from portal.demonstration.days import on_a_weekday
from portal.demonstration.people import Contact, Register
from portal.demonstration.places import Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityContacts:
    commissioning_officer: Contact
    social_worker: Contact
    team_manager: Contact
    independent_reviewing_officer: Contact
    finance: Contact
    out_of_hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderContacts:
    key_contact: Contact
    key_worker: Contact
    emergency: Contact
    finance: Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    outcome: str
    measure: str
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingSplit:
    """Hundredths of the weekly total; together 100."""

    social_care: int
    education: int
    health: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementDetails:
    """The editable part of one child's agreement; `child` is the position in the referral."""

    child: int
    contacts: AuthorityContacts
    purchase_order: str
    starts_on: date
    starts_at: time
    planned_duration: str
    emergency: bool
    purpose: str
    education: str
    family_time: str
    doctor: str
    dentist: str
    delegated_authority: tuple[str, ...]
    equipment: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    first_review_on: date
    funding: FundingSplit
    notice_days_by_authority: int
    notice_days_by_provider: int
    trial_weeks: int
    retainer_and_absence: str
    staffing_ratio: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What of the referral and the offer an agreement takes up; `facts` fill the sentences."""

    child: int
    category: str
    emergency: bool
    duration: str
    starts_on: date
    size: str
    town: str
    family_time: str
    education: str
    staffing_ratio: str
    notice_days: int
    trial_weeks: int
    facts: dict[str, str]


SPLITS = (FundingSplit(social_care=100, education=0, health=0), FundingSplit(social_care=80, education=20, health=0),
          FundingSplit(social_care=65, education=20, health=15))  # fmt: skip


def agreement(rng: Random, terms: Terms, contacts: AuthorityContacts) -> AgreementDetails:
    facts = terms.facts
    review = on_a_weekday(terms.starts_on + timedelta(days=20))  # the law gives 20 working days
    return AgreementDetails(
        child=terms.child,
        contacts=contacts,
        purchase_order=f"PO{rng.randint(4000000, 4999999)}",
        starts_on=terms.starts_on,
        starts_at=time.fromisoformat(rng.choice(words.TIMES)),
        planned_duration=terms.duration,
        emergency=terms.emergency,
        purpose=f"{rng.choice(words.PURPOSES).format_map(facts)}.",
        education=terms.education,
        family_time=terms.family_time,
        doctor=f"{rng.choice(words.SURGERIES)}, {terms.town}",
        dentist=rng.choice(words.DENTISTS),
        delegated_authority=a_few(rng, words.DELEGATED, 3, 5),
        equipment=a_few(rng, words.EQUIPMENT, 0, 3),
        outcomes=_outcomes(rng, terms, review),
        first_review_on=review,
        funding=SPLITS[0] if terms.category != "RESIDENTIAL" else rng.choice(SPLITS),
        notice_days_by_authority=28,
        notice_days_by_provider=terms.notice_days,
        trial_weeks=terms.trial_weeks,
        retainer_and_absence=rng.choice(words.RETAINERS),
        staffing_ratio=terms.staffing_ratio,
    )


def _outcomes(rng: Random, terms: Terms, review: date) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(
            outcome=f"{outcome.format_map(terms.facts)}.",
            measure=f"{measure.format_map(terms.facts)}.",
            review_on=on_a_weekday(review + timedelta(weeks=rng.choice((0, 4, 13)))),
        )
        for outcome, measure in a_few(rng, words.OUTCOMES[terms.size], 2, 4)
    )


class AddressBook:
    """The people whom an authority or a provider names on its records: a small team each, met again and again."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._known: dict[tuple[str, str], list[Contact]] = {}

    def someone(self, rng: Random, domain: str, job_title: str, team: int = 2) -> Contact:
        known = self._known.setdefault((domain, job_title), [])
        if len(known) < team:
            known.append(self._register.contact(rng, job_title, domain))
            return known[-1]
        return rng.choice(known)

    def of_provider(self, rng: Random, domain: str) -> ProviderContacts:
        return ProviderContacts(
            key_contact=self.someone(rng, domain, "Placement coordinator", team=1),
            key_worker=self.someone(rng, domain, "Key worker"),
            emergency=self.someone(rng, domain, "On-call lead", team=1),
            finance=self.someone(rng, domain, "Finance officer", team=1),
        )

    def of_authority(
        self, rng: Random, authority: Authority, social_worker: Contact, team_manager: Contact
    ) -> AuthorityContacts:
        return AuthorityContacts(
            commissioning_officer=self.someone(rng, authority.domain, "Commissioning officer"),
            social_worker=social_worker,
            team_manager=team_manager,
            independent_reviewing_officer=self.someone(rng, authority.domain, "Independent reviewing officer"),
            finance=self.someone(rng, authority.domain, "Finance officer", team=1),
            out_of_hours=authority.out_of_hours,
        )
