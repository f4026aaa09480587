"""The compulsory documents of providers, with what their pages say and the day they expire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

INSURERS = (
    "Severn and Trent Mutual", "Malvern Hills Insurance", "Black Country Underwriting", "Arden Care Insurance",
    "Wrekin Assurance", "Potteries Provident",
)  # fmt: skip
COVERS: dict[str, tuple[str, str]] = {
    "PUBLIC_LIABILITY_INSURANCE": ("Public liability insurance", "10,000,000"),
    "EMPLOYERS_LIABILITY_INSURANCE": ("Employer's liability insurance", "10,000,000"),
    "PROFESSIONAL_INDEMNITY_INSURANCE": ("Professional indemnity insurance", "5,000,000"),
}
APPENDICES: tuple[tuple[str, str], ...] = (
    (
        "Appendix A: Support model and staffing",
        "Each young person has a named support worker and a weekly plan, with staff on site day and night.",
    ),
    (
        "Appendix B: Premises and location assessment",
        "The assessment covers transport, colleges, health care, safe routes after dark and known risks nearby.",
    ),
    (
        "Appendix C: Safeguarding and missing protocol",
        "Staff follow the regional missing protocol; a return conversation is offered within three days.",
    ),
    (
        "Appendix D: Preparation for independence",
        "Budgeting, cooking, tenancy, health appointments and travel, at the young person's own pace.",
    ),
)
SHARE_SOON = 0.09


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`expires_on` is None for what stays valid until it is replaced; `lines` are the paragraphs of its page."""

    kind: str
    title: str
    issuer: str
    reference: str
    issued_on: date
    expires_on: date | None
    lines: tuple[str, ...]


def insurance(rng: Random, holder: str, today: date, soon: str | None = None) -> tuple[Document, ...]:
    """The three certificates of one insurer, each with its own policy year; the kind named `soon` ends this month."""
    insurer = rng.choice(INSURERS)
    days = {kind: 16 if kind == soon else _days_left(rng) for kind in COVERS}
    return tuple(_certificate(rng, kind, holder, insurer, today + timedelta(days=days[kind])) for kind in COVERS)


def _certificate(rng: Random, kind: str, holder: str, insurer: str, expires: date) -> Document:
    title, sum_insured = COVERS[kind]
    number = f"{''.join(word[0] for word in insurer.split())}{rng.randint(100000, 999999)}"
    return Document(
        kind=kind,
        title=title,
        issuer=insurer,
        reference=number,
        issued_on=expires - timedelta(days=364),
        expires_on=expires,
        lines=(
            f"Policyholder: {holder}",
            f"Policy number: {number}",
            f"Limit of indemnity: £{sum_insured} for any one occurrence",
            "Business: care, accommodation and support of children and young people.",
        ),
    )


def _days_left(rng: Random) -> int:
    return rng.randint(4, 29) if rng.random() < SHARE_SOON else rng.randint(62, 330)


def registration_certificate(name: str, urn: str, issued_on: date) -> Document:
    """A certificate of registration does not expire; it is replaced when its conditions change."""
    return Document(
        kind="OFSTED_CERTIFICATE",
        title=f"Ofsted certificate of registration, {urn}",
        issuer="Ofsted",
        reference=urn,
        issued_on=issued_on,
        expires_on=None,
        lines=(
            f"Registered: {name}",
            f"Unique reference number: {urn}",
            "Registered under Part II of the Care Standards Act 2000. This page is made for a demonstration.",
        ),
    )


def statement_of_purpose(rng: Random, name: str, purpose: str, today: date) -> Document:
    expires = today + timedelta(days=_days_left(rng))
    version = f"{rng.randint(2, 14)}.{rng.randint(0, 4)}"
    return Document(
        kind="STATEMENT_OF_PURPOSE",
        title=f"Statement of Purpose, {name}",
        issuer=name,
        reference=f"Version {version}",
        issued_on=expires - timedelta(days=365),
        expires_on=expires,
        lines=(
            f"Statement of Purpose of {name}, version {version}",
            purpose,
            "The core weekly fee covers the staffing, accommodation, food, activities and support described here.",
            "The statement is reviewed every year and whenever what is offered changes.",
        ),
    )


def appendix(rng: Random, holder: str, number: int, today: date) -> Document:
    """What supported accommodation keeps beside its other documents, or attaches to an offer."""
    title, text = APPENDICES[number]
    expires = today + timedelta(days=_days_left(rng))
    return Document(
        kind="APPENDIX",
        title=title,
        issuer=holder,
        reference=f"Issue {rng.randint(1, 9)}",
        issued_on=expires - timedelta(days=365),
        expires_on=expires,
        lines=(f"{title} of {holder}", text),
    )


def expiring(documents: Iterable[Document], today: date, within: int) -> tuple[Document, ...]:
    """Those whose last day comes in fewer than `within` days from today, expired ones included."""
    last = today + timedelta(days=within)
    return tuple(each for each in documents if each.expires_on is not None and each.expires_on < last)
