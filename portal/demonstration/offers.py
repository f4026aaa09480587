"""What an offer says: the place, how each need is met, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from portal.demonstration import documents
from portal.demonstration import offer_words as words
from portal.demonstration.chance import Unrepeated, a_few
from portal.demonstration.documents import Document
from portal.demonstration.fit import Place
from portal.demonstration.voice import capitalised

CENT = Decimal("0.01")
SIBLING_SHARE = Decimal("0.90")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionalCost:
    """`amount` in pounds for each `unit`: HOUR, NIGHT, WEEK or ONCE; `quantity` units a week."""

    description: str
    amount: Decimal
    unit: str
    quantity: int
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFee:
    """For the child at that position in the referral."""

    child: int
    core_weekly_fee: Decimal
    additional_costs: tuple[AdditionalCost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Either a text, or the title of the attached appendix where the answer stands."""

    question: str
    text: str | None
    see_appendix: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`home` and `family` are keys, exactly one given; `attachments` go with it beside the compulsory documents."""

    home: str | None
    family: str | None
    available_from: date
    matching: str
    impact: str
    answers: tuple[Answer, ...]
    staffing: str
    education: str
    conditions: tuple[str, ...]
    fees: tuple[ChildFee, ...]
    fee_includes: str
    uplift_rule: str
    notice_days: int
    trial_weeks: int
    named_carer: str
    attachments: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the offer answers."""

    category: str
    children: int
    date_required: date
    staffing_ratio: str
    facts: dict[str, str]
    today: date


def offer(rng: Random, wanted: Wanted, place: Place, unrepeated: Unrepeated) -> Offer:
    facts = wanted.facts | {
        "home": place.spoken,
        "town": place.town,
        "lead": place.lead,
        "ratio": wanted.staffing_ratio,
    }
    welcomes = words.WELCOMES_OF_FAMILIES if place.family else words.WELCOMES
    extra = _attachments(rng, wanted, place)

    def say(parts: tuple[str, ...]) -> str:
        return capitalised(rng.choice(parts).format_map(facts))

    return Offer(
        home=place.home.key if place.home else None,
        family=place.family.key if place.family else None,
        available_from=max(wanted.today, wanted.date_required - timedelta(days=rng.randint(0, 2))),
        matching=unrepeated.text(lambda: f"{say(welcomes)}: {rng.choice(words.MATCHES).format_map(facts)}."),
        impact=say(words.IMPACTS),
        answers=_answers(rng, wanted, facts, extra),
        staffing=say(words.STAFFING),
        education=say(words.EDUCATION),
        conditions=a_few(rng, [each.format_map(facts) for each in words.CONDITIONS], 0, 2),
        fees=_fees(rng, wanted, place),
        fee_includes=f"The core fee includes {rng.choice(words.INCLUDES)}.",
        uplift_rule=rng.choice(words.UPLIFTS),
        notice_days=rng.choice((14, 28, 28)),
        trial_weeks=rng.choice((0, 4, 6, 12)),
        named_carer=place.lead,
        attachments=extra,
    )


def revised(rng: Random, old: Offer, unrepeated: Unrepeated) -> Offer:
    """The same place after second thoughts: fewer extra costs and another trial."""
    return replace(
        old,
        fees=tuple(replace(fee, additional_costs=fee.additional_costs[:1]) for fee in old.fees),
        trial_weeks=rng.choice((2, 3, 8)),
        matching=unrepeated.text(lambda: f"{old.matching} {rng.choice(words.CHANGES)}"),
    )


def _fees(rng: Random, wanted: Wanted, place: Place) -> tuple[ChildFee, ...]:
    """The full fee for the eldest, a tenth less for brothers and sisters; a family assessed together shares one fee."""
    source = place.home or place.family
    full = source.core_weekly_fee if source else Decimal(0)
    fees = [full, *[full * SIBLING_SHARE] * (wanted.children - 1)]
    if wanted.category == "RESIDENTIAL_FAMILY_ASSESSMENT":
        fees = [full / wanted.children] * wanted.children
    return tuple(
        ChildFee(
            child=number,
            core_weekly_fee=fee.quantize(CENT),
            additional_costs=_costs(rng, wanted) if number == 0 else (),
        )
        for number, fee in enumerate(fees)
    )


def _costs(rng: Random, wanted: Wanted) -> tuple[AdditionalCost, ...]:
    chosen = a_few(rng, words.COSTS[wanted.category], 0, 3)
    starts = wanted.date_required
    return tuple(
        AdditionalCost(
            description=description,
            amount=Decimal(rng.randint(low * 4, high * 4)).quantize(CENT) / 4,
            unit=unit,
            quantity=quantity,
            starts_on=starts,
            ends_on=starts + timedelta(weeks=rng.choice((4, 6, 12))) if unit == "HOUR" else None,
        )
        for description, low, high, unit, quantity in chosen
    )


def _attachments(rng: Random, wanted: Wanted, place: Place) -> tuple[Document, ...]:
    """Supported accommodation sends the appendices that its answers point to."""
    if wanted.category != "SUPPORTED_ACCOMMODATION":
        return ()
    number = rng.choice((1, 2, 3))
    return tuple(documents.appendix(rng, place.provider.legal_name, each, wanted.today) for each in sorted({3, number}))


def _answers(rng: Random, wanted: Wanted, facts: dict[str, str], extra: tuple[Document, ...]) -> tuple[Answer, ...]:
    told = [
        Answer(question=question, text=rng.choice(texts).format_map(facts), see_appendix=None)
        for question, texts in words.QUESTIONS.items()
    ]
    pointing = [Answer(question=words.INDEPENDENCE_QUESTION, text=None, see_appendix=each.title) for each in extra[-1:]]
    return (*told, *pointing)
