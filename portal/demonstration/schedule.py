"""Which authority refers what, and how far along its journey each referral shall be brought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.demonstration.chance import deck


class Stage(StrEnum):
    DRAFT = "DRAFT"
    SENT = "SENT"
    OPENED = "OPENED"
    DECLINED_BY_PROVIDERS = "DECLINED_BY_PROVIDERS"
    RESENT_UNCHANGED = "RESENT_UNCHANGED"
    RESENT_EDITED = "RESENT_EDITED"
    QUESTION_ASKED = "QUESTION_ASKED"
    QUESTION_ANSWERED = "QUESTION_ANSWERED"
    OFFER_DRAFTED = "OFFER_DRAFTED"
    OFFER_SUBMITTED = "OFFER_SUBMITTED"
    OFFER_EDITED = "OFFER_EDITED"
    OFFERS_COMPARED = "OFFERS_COMPARED"
    OFFER_DECLINED = "OFFER_DECLINED"
    OFFER_WITHDRAWN = "OFFER_WITHDRAWN"
    OFFER_ACCEPTED = "OFFER_ACCEPTED"
    AGREEMENT_DRAFTED = "AGREEMENT_DRAFTED"
    AGREEMENT_IN_REVIEW = "AGREEMENT_IN_REVIEW"
    AGREEMENT_READY = "AGREEMENT_READY"
    AGREEMENT_PARTLY_SIGNED = "AGREEMENT_PARTLY_SIGNED"
    AGREEMENT_SIGNED = "AGREEMENT_SIGNED"
    SIGNING_REFUSED = "SIGNING_REFUSED"
    OFFER_VOIDED = "OFFER_VOIDED"
    VOIDED_AND_REOFFERED = "VOIDED_AND_REOFFERED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"


COMPARED = "send open ask read answer offer submit open2 offer2 submit2"
ACCEPTED = "send open interest read offer submit accept"
READY = f"{ACCEPTED} draw_up share contacts confirm enable"
UPLIFTS = "raise refuse_raise raise take_back_raise raise agree_raise raise"
PATHS: dict[Stage, str] = {
    Stage.DRAFT: "",
    Stage.SENT: "send",
    Stage.OPENED: "send open open2",
    Stage.DECLINED_BY_PROVIDERS: "send open decline open2 open3 decline3",
    Stage.RESENT_UNCHANGED: "send open decline open2 resend",
    Stage.RESENT_EDITED: "send open decline open2 amend resend",
    Stage.QUESTION_ASKED: "send open ask open2",
    Stage.QUESTION_ANSWERED: "send open ask read answer open2 ask2",
    Stage.OFFER_DRAFTED: "send open interest offer open2 decline2",
    Stage.OFFER_SUBMITTED: "send open offer submit condition open2",
    Stage.OFFER_EDITED: "send open ask read answer offer submit edit",
    Stage.OFFERS_COMPARED: f"{COMPARED} open3 offer3 submit3",
    Stage.OFFER_DECLINED: f"{COMPARED} turn_down2",
    Stage.OFFER_WITHDRAWN: f"{COMPARED} withdraw",
    Stage.OFFER_ACCEPTED: f"{COMPARED} accept turn_down2",
    Stage.AGREEMENT_DRAFTED: f"{ACCEPTED} draw_up",
    Stage.AGREEMENT_IN_REVIEW: f"{ACCEPTED} draw_up share contacts",
    Stage.AGREEMENT_READY: READY,
    Stage.AGREEMENT_PARTLY_SIGNED: f"{READY} sign",
    Stage.AGREEMENT_SIGNED: f"{READY} sign countersign {UPLIFTS}",
    Stage.SIGNING_REFUSED: f"{READY} refuse",
    Stage.OFFER_VOIDED: f"{ACCEPTED} draw_up share void",
    Stage.VOIDED_AND_REOFFERED: f"{READY} void offer submit accept draw_up share",
    Stage.CLOSED: "send open offer submit open2 close",
    Stage.WITHDRAWN: "send open open2 ask2 call_off",
}
OFTEN = (
    Stage.DRAFT, Stage.SENT, Stage.SENT, Stage.OPENED, Stage.QUESTION_ASKED, Stage.QUESTION_ANSWERED,
    Stage.OFFER_DRAFTED, Stage.OFFER_SUBMITTED, Stage.OFFER_SUBMITTED, Stage.OFFERS_COMPARED, Stage.OFFER_ACCEPTED,
    Stage.AGREEMENT_IN_REVIEW, Stage.AGREEMENT_READY, Stage.AGREEMENT_SIGNED,
)  # fmt: skip
RESIDENTIAL, FOSTERING, SUPPORTED, ASSESSMENT = (
    "RESIDENTIAL", "FOSTERING", "SUPPORTED_ACCOMMODATION", "RESIDENTIAL_FAMILY_ASSESSMENT",
)  # fmt: skip
BIRMINGHAM = (RESIDENTIAL, SUPPORTED, RESIDENTIAL, SUPPORTED, ASSESSMENT)
ELSEWHERE = (RESIDENTIAL, RESIDENTIAL, FOSTERING, FOSTERING, FOSTERING, SUPPORTED, ASSESSMENT)
CATEGORIES: dict[str, tuple[str, ...]] = {
    "coventry": (FOSTERING, FOSTERING, FOSTERING, RESIDENTIAL),
    "stoke": (RESIDENTIAL, SUPPORTED, FOSTERING, RESIDENTIAL, FOSTERING, ASSESSMENT),
    "birmingham": (FOSTERING, RESIDENTIAL, SUPPORTED),
}
AUTHORITIES = (
    "coventry", "stoke", "dudley", "sandwell", "coventry", "solihull", "stoke", "walsall", "wolverhampton",
    "birmingham", "herefordshire", "shropshire", "coventry", "telford", "stoke", "staffordshire",
    "warwickshire", "worcestershire",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    stage: Stage
    authority: str
    category: str


def schedule() -> tuple[Entry, ...]:
    """Birmingham's first, one at every stage and all of a kind that the pilot lets it refer; then the region's."""
    own = deck(BIRMINGHAM, "birmingham")
    first = [Entry(stage=stage, authority="birmingham", category=next(own)) for stage in Stage]
    return (*first, *_elsewhere())


def _elsewhere() -> Iterator[Entry]:
    turns = deck(AUTHORITIES, "turns")
    kinds = {key: deck(CATEGORIES.get(key, ELSEWHERE), "kinds", key) for key in AUTHORITIES}
    for stage in (*Stage, *Stage, *OFTEN):
        authority = next(turns)
        yield Entry(stage=stage, authority=authority, category=next(kinds[authority]))
