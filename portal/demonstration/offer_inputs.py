"""Offers of the demonstration as the contract takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.demonstration.offers import AdditionalCost, Answer, ChildFee, Offer

Json = dict[str, Any]
NOTICE_BY_AUTHORITY = "28 days"


def offer(of: Offer, places: Mapping[str, str], children: Sequence[str], appendices: Mapping[str, str]) -> Json:
    """`places` are ids of homes and families by key, `children` those of the referral's children in its order.

    `appendices` are ids of the documents that answers refer to, by title.
    """
    where = {"homeId": places[of.home]} if of.home else {"familyId": places[str(of.family)]}
    return {
        "placement": where,
        "fees": [_fee(fee, of.fee_includes, children[fee.child]) for fee in of.fees],
        "availableFrom": of.available_from.isoformat(),
        "matching": {"text": f"{of.matching} {of.impact}"},
        "needsMet": [{"need": each.question, "how": _answer(each, appendices)} for each in of.answers],
        "staffing": {"text": of.staffing},
        "education": {"text": of.education},
        "conditions": list(of.conditions),
        "noticeByProvider": f"{of.notice_days} days",
        "noticeByAuthority": NOTICE_BY_AUTHORITY,
        "trialPeriod": f"{of.trial_weeks} weeks" if of.trial_weeks else "None",
        "namedCarer": of.named_carer,
        "further": {"text": of.uplift_rule},
    }


def _answer(of: Answer, appendices: Mapping[str, str]) -> Json:
    return {"seeAppendix": appendices[of.see_appendix]} if of.see_appendix else {"text": of.text}


def _fee(of: ChildFee, includes: str, child: str) -> Json:
    return {
        "childId": child,
        "coreFeeWeekly": str(of.core_weekly_fee),
        "includes": includes,
        "additionalCosts": [_cost(each) for each in of.additional_costs],
    }


def _cost(of: AdditionalCost) -> Json:
    return {
        "description": of.description,
        "amount": str(of.amount),
        "unit": of.unit,
        "quantity": str(of.quantity),
        "from": of.starts_on.isoformat() if of.starts_on else None,
        "until": of.ends_on.isoformat() if of.ends_on else None,
    }
