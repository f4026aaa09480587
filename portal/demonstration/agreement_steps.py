"""The steps on agreements, performed for every child."""

from __future__ import annotations

from typing import Any

from portal.demonstration import steps
from portal.demonstration.acts import Declined
from portal.demonstration.agreement_inputs import agreement, contacts
from portal.demonstration.case import Case
from portal.demonstration.places import authority

SHOWN = "ipa { id version }"


async def draw_up(case: Case, step: steps.DrawUpAgreements) -> None:
    of = case.referral
    offer, drawn = case.offers[step.provider]["id"], []
    for number, details in enumerate(step.agreements):
        child = case.children[details.child]
        made = await case.do(step.by, "ipaCreate", SHOWN, part=number, offerId=offer, childId=child)
        siblings = tuple(each for place, each in enumerate(of.children) if place != details.child)
        given = agreement(details, of.children[details.child], siblings, authority(of.authority), of.category)
        known = {"id": made["ipa"]["id"], "expectedVersion": made["ipa"]["version"]}
        filled = await case.do(step.by, "ipaUpdate", SHOWN, part=number, **known, input=given)
        drawn.append(filled["ipa"])
    case.agreements[step.provider] = drawn


async def share(case: Case, step: steps.ShareAgreements) -> None:
    await _move(case, step, "ipaShare")


async def enter_contacts(case: Case, step: steps.EnterProviderContacts) -> None:
    await _move(case, step, "ipaUpdateContacts", input=contacts(step.contacts))


async def confirm_review(case: Case, step: steps.ConfirmReview) -> None:
    await _move(case, step, "ipaConfirmReview")


async def enable(case: Case, step: steps.EnableSigning) -> None:
    await _move(case, step, "ipaEnable")


async def sign(case: Case, step: steps.SignAgreements) -> None:
    """Each is opened and then signed with a code of its own."""
    for number, drawn in enumerate(case.agreements[step.provider]):
        opened = await case.do(step.by, "ipaOpen", "contentHash", part=number, id=drawn["id"])
        if not case.has_done("ipaSign", part=number):
            await _sign(case, step.by, number, {"id": drawn["id"], "contentHash": opened["contentHash"]})


async def _sign(case: Case, by: str, number: int, known: dict[str, str]) -> None:
    async def with_code(code: str) -> None:
        await case.do(by, "ipaSign", SHOWN, part=number, **known, input={"code": code, "consent": True})

    try:
        await case.crew.with_code(by, with_code)
    except Declined as declined:
        if not declined.done_before:  # before an interruption, with another code
            raise


async def refuse(case: Case, step: steps.RefuseToSign) -> None:
    for number, drawn in enumerate(case.agreements[step.provider]):
        await case.do(step.by, "ipaOpen", "contentHash", part=number, id=drawn["id"])
        await case.do(step.by, "ipaRefuse", SHOWN, part=number, id=drawn["id"], reason=step.reason)


async def _move(case: Case, step: steps.ProviderStep, act: str, **arguments: Any) -> None:
    """An act on every agreement, each in the version that is known."""
    moved = []
    for number, drawn in enumerate(case.agreements[step.provider]):
        known = {"id": drawn["id"], "expectedVersion": drawn["version"]}
        answer = await case.do(step.by, act, SHOWN, part=number, **known, **arguments)
        moved.append(answer["ipa"])
    case.agreements[step.provider] = moved
