"""The steps on offers, performed."""

from __future__ import annotations

from typing import Any

from portal.demonstration import steps
from portal.demonstration.case import Case
from portal.demonstration.offer_inputs import offer
from portal.demonstration.papers import Paper

SHOWN = "offer { id version }"


async def draft(case: Case, step: steps.DraftOffer) -> None:
    """The offer with the documents that go with it beside the compulsory ones."""
    filed = case.appendices[step.provider] = {}
    for number, document in enumerate(step.offer.attachments):
        name = f"{case.referral.key}/{case.at}/paper {number}"
        filed[document.title] = await case.papers.file(step.by, name, Paper.of(document))
    made = await case.do(step.by, "offerCreate", SHOWN, referralId=case.id, input=_said(case, step))
    case.offers[step.provider] = made["offer"]
    for number, id in enumerate(filed.values()):
        await _move(case, step, "offerAttach", part=number, documentId=id)


async def edit(case: Case, step: steps.EditOffer) -> None:
    await _move(case, step, "offerUpdate", input=_said(case, step))


def _said(case: Case, step: steps.DraftOffer | steps.EditOffer) -> dict[str, Any]:
    return offer(step.offer, case.places, case.children, case.appendices[step.provider])


async def submit(case: Case, step: steps.SubmitOffer) -> None:
    await _move(case, step, "offerSubmit")


async def withdraw(case: Case, step: steps.WithdrawOffer) -> None:
    await _move(case, step, "offerWithdraw", reason=step.reason)


async def accept(case: Case, step: steps.AcceptOffer) -> None:
    """With everything on the authority's list, and every condition that was told by message, as they were read."""
    question = "query($id: UUID!) { offer(id: $id) { conditions { id } } acceptanceChecks { checks { id } } }"
    seen = await case.acts.ask(step.by, question, id=case.offers[step.provider]["id"])
    read = [condition["id"] for condition in seen["offer"]["conditions"]]
    done = [check["id"] for check in seen["acceptanceChecks"]["checks"]]
    said = {"checksConfirmed": True, "checks": done, "acknowledgedConditions": read}
    await _move(case, step, "offerAccept", input=said)


async def decline(case: Case, step: steps.DeclineOffer) -> None:
    said = {"reasons": list(step.reasons), "note": step.note, "acknowledgeIdentity": True}
    await _move(case, step, "offerDecline", input=said)


async def void(case: Case, step: steps.VoidOffer) -> None:
    await _move(case, step, "offerVoid", reason=step.reason, acknowledgeIdentity=True)
    case.agreements.pop(step.provider, None)


async def _move(case: Case, step: steps.ProviderStep, act: str, **arguments: Any) -> None:
    """An act on the provider's live offer, in the version that is known."""
    known = case.offers[step.provider]
    answer = await case.do(step.by, act, SHOWN, id=known["id"], expectedVersion=known["version"], **arguments)
    case.offers[step.provider] = answer["offer"]
