"""Providers of the four categories, with their homes, families, frameworks and compulsory documents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from portal.demonstration import documents, families, frameworks, homes, people, places
from portal.demonstration.chance import chance, deck
from portal.demonstration.documents import Document
from portal.demonstration.families import FosteringFamily
from portal.demonstration.frameworks import FrameworkMembership
from portal.demonstration.homes import Home, OfstedRegistration
from portal.demonstration.people import Contact, Register
from portal.demonstration.places import Address
from portal.demonstration.roster import ROSTER, Entry

AGENCY_PURPOSE = "A fostering agency that recruits, trains and supports families across the region, day and night."
HOMES_EACH: dict[str, tuple[int, ...]] = {
    "RESIDENTIAL": (4, 5, 3, 4, 2, 5),
    "SUPPORTED_ACCOMMODATION": (3, 2, 4, 3),
    "RESIDENTIAL_FAMILY_ASSESSMENT": (2, 1, 1),
}
FAMILIES_EACH = (4, 3, 5, 3)
SHARE_ON_FRAMEWORK, SHARE_OF_ITS_HOMES, SHARE_LAPSED = 0.62, 0.85, 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """`state` is the one its registration shall reach; `state_reason` is given where that state asks for a reason.

    `documents` belong to the organisation; each home has its own beside them. A fostering agency holds its
    registration itself, other providers hold it by home or service.
    """

    key: str
    legal_name: str
    trading_name: str
    company_number: str
    charity_number: str | None
    domain: str
    address: Address
    managing_authority: str
    categories: tuple[str, ...]
    framework_provider: bool
    frameworks: tuple[FrameworkMembership, ...]
    homes: tuple[Home, ...]
    families: tuple[FosteringFamily, ...]
    agency: OfstedRegistration | None
    responsible_individual: Contact
    referrals_contact: Contact
    out_of_hours: str
    documents: tuple[Document, ...]
    state: str
    state_reason: str | None

    @property
    def approved(self) -> bool:
        return self.state == "APPROVED"

    @property
    def all_documents(self) -> tuple[Document, ...]:
        return (*self.documents, *(paper for home in self.homes for paper in home.documents))


class Builder:
    def __init__(self, today: date, register: Register) -> None:
        self.today = today
        self._register = register
        self._homes = homes.Builder(today)
        self._families = families.Builder()
        self._homes_each = {category: deck(counts, "homes each", category) for category, counts in HOMES_EACH.items()}
        self._families_each = deck(FAMILIES_EACH, "families each")
        self._seats = deck([each.key for each in places.authorities()], "seats")

    def provider(self, number: int, entry: Entry) -> Provider:
        rng = chance("provider", entry.trading_name)
        seat = entry.seat or next(self._seats)
        on_framework = number < 2 or rng.random() < SHARE_ON_FRAMEWORK
        memberships = self._memberships(rng, entry) if on_framework else ()
        agency = self._agency(rng, entry)
        key = people.plain(entry.trading_name)
        return Provider(
            key=key,
            legal_name=f"{entry.trading_name} {entry.legal_form}",
            trading_name=entry.trading_name,
            company_number=f"99{1000 + number * 37 % 9000:04}{number:02}",
            charity_number=f"99{10000 + number * 613 % 90000:05}" if entry.legal_form == "CIO" else None,
            domain=f"{key}.example",
            address=places.address(rng, seat),
            managing_authority=seat,
            categories=entry.categories,
            framework_provider=on_framework,
            frameworks=memberships,
            homes=self._all_homes(rng, entry, seat, memberships),
            families=self._all_families(rng, entry, seat, f"{key}.example"),
            agency=agency,
            responsible_individual=self._register.contact(rng, "Responsible individual", f"{key}.example"),
            referrals_contact=self._register.contact(rng, "Placements lead", f"{key}.example"),
            out_of_hours=f"01632 960{number:03}",
            documents=self._documents(rng, entry, agency),
            state=entry.state,
            state_reason=entry.state_reason,
        )

    def _memberships(self, rng: Random, entry: Entry) -> tuple[FrameworkMembership, ...]:
        return tuple(frameworks.current(rng, category, self.today) for category in entry.categories)

    def _agency(self, rng: Random, entry: Entry) -> OfstedRegistration | None:
        if "FOSTERING" not in entry.categories:
            return None
        return self._homes.registration(rng, "FOSTERING", "AGENCY", entry.trading_name)

    def _all_homes(
        self, rng: Random, entry: Entry, seat: str, memberships: tuple[FrameworkMembership, ...]
    ) -> tuple[Home, ...]:
        built: list[Home] = []
        for category in (each for each in entry.categories if each != "FOSTERING"):
            shared = self._service(rng, entry) if category == "SUPPORTED_ACCOMMODATION" else None
            for _ in range(next(self._homes_each[category])):
                where = seat if rng.random() < 0.65 else rng.choice(places.authorities()).key
                home = self._homes.home(rng, category, where, shared)
                built.append(replace(home, framework=self._home_framework(rng, category, memberships)))
        return tuple(built)

    def _service(self, rng: Random, entry: Entry) -> OfstedRegistration:
        return self._homes.registration(rng, "SUPPORTED_ACCOMMODATION", "SERVICE", f"{entry.trading_name} 16 plus")

    def _home_framework(
        self, rng: Random, category: str, memberships: tuple[FrameworkMembership, ...]
    ) -> FrameworkMembership | None:
        """A framework provider may keep a home off the framework; such homes must stand out in its offers."""
        if not memberships:
            return None
        if rng.random() < SHARE_OF_ITS_HOMES:
            return frameworks.current(rng, category, self.today)
        return frameworks.lapsed(rng, category, self.today) if rng.random() < SHARE_LAPSED else None

    def _all_families(self, rng: Random, entry: Entry, seat: str, domain: str) -> tuple[FosteringFamily, ...]:
        if "FOSTERING" not in entry.categories:
            return ()
        worker = self._register.contact(rng, "Supervising social worker", domain).name
        count = next(self._families_each)
        where = [seat if rng.random() < 0.5 else rng.choice(places.authorities()).key for _ in range(count)]
        return tuple(self._families.family(rng, authority, worker) for authority in where)

    def _documents(self, rng: Random, entry: Entry, agency: OfstedRegistration | None) -> tuple[Document, ...]:
        holder = f"{entry.trading_name} {entry.legal_form}"
        papers = list(documents.insurance(rng, holder, self.today, entry.expiring))
        if agency:
            papers.append(documents.registration_certificate(agency.name, agency.urn, agency.registered_on))
            papers.append(documents.statement_of_purpose(rng, entry.trading_name, AGENCY_PURPOSE, self.today))
        if "SUPPORTED_ACCOMMODATION" in entry.categories:
            papers.append(documents.appendix(rng, holder, 0, self.today))
        return tuple(papers)


def providers(today: date, register: Register) -> tuple[Provider, ...]:
    builder = Builder(today, register)
    return tuple(_with_service_papers(builder.provider(number, entry), today) for number, entry in enumerate(ROSTER))


def _with_service_papers(provider: Provider, today: date) -> Provider:
    """The certificate and Statement of Purpose of a supported accommodation service stand with the organisation."""
    rng = chance("service papers", provider.key)
    service = next((home for home in provider.homes if home.registration.held_by == "SERVICE"), None)
    if service is None:
        return provider
    held = service.registration
    papers = (
        documents.registration_certificate(held.name, held.urn, held.registered_on),
        documents.statement_of_purpose(rng, held.name, service.description, today),
    )
    return replace(provider, documents=(*provider.documents, *papers))
