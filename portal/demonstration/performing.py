"""How each step of a referral's journey is performed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from portal.demonstration import agreement_steps, offer_steps, steps, uplift_steps
from portal.demonstration.case import Case, Talk
from portal.demonstration.papers import Paper
from portal.demonstration.places import authority
from portal.demonstration.referral_inputs import referral, requirements

MEANT = {"acknowledgeIdentity": True}
"""A social worker may have a child's first name; no text of the demonstration means a child by it."""


async def draft(case: Case, by: str) -> None:
    """The referral with its attachments, not sent yet."""
    of = case.referral
    made = await case.do(by, "referralCreate", "referral { id version children { id } }", input=referral(of))
    case.id, case.version = made["referral"]["id"], made["referral"]["version"]
    case.children = [child["id"] for child in made["referral"]["children"]]
    for number, attachment in enumerate(of.attachments):
        paper = Paper(
            kind=attachment.kind,
            title=attachment.title,
            lines=attachment.lines,
            organisation=authority(of.authority).acting_name,
            issued_on=case.today,
        )
        document = await case.papers.file(by, f"{of.key}/attachment {number}", paper)
        known = {"documentId": document, "identifiesChild": attachment.identifies_child}
        await case.move(by, "referralAttach", part=number, **known)


async def _send(case: Case, step: steps.SendReferral) -> None:
    await case.move(step.by, "referralSend", **MEANT)


async def _resend(case: Case, step: steps.ResendReferral) -> None:
    await case.move(step.by, "referralResend", **MEANT)


async def _amend(case: Case, step: steps.AmendReferral) -> None:
    changed = {"requirements": {**requirements(case.referral.requirements), "familyTime": step.family_time}}
    await case.move(step.by, "referralUpdate", input=changed)


async def _close(case: Case, step: steps.CloseReferral) -> None:
    await case.move(step.by, "referralClose", reason=step.reason, note=step.note, **MEANT)


async def _open(case: Case, step: steps.OpenReferral) -> None:
    await case.do(step.by, "referralOpen", "referral { id }", id=case.id)


async def _decline(case: Case, step: steps.DeclineReferral) -> None:
    said = {"revision": case.revision, "reason": step.reason, "note": step.note}
    await case.do(step.by, "referralDecline", "referral { id }", id=case.id, **said)


async def _write(case: Case, step: steps.WriteMessage) -> None:
    if step.provider not in case.talks:
        question = "query($id: UUID!) { thread(referralId: $id) { id } }"
        found = await case.acts.ask(step.by, question, id=case.id)
        case.talks[step.provider] = Talk(thread=found["thread"]["id"], newest=0)
    talk = case.talks[step.provider]
    message = {"body": step.body, "tag": step.tag, **MEANT}
    sent = await case.do(step.by, "messageSend", "message { no }", threadId=talk.thread, input=message)
    talk.newest = sent["message"]["no"]


async def _read(case: Case, step: steps.ReadMessages) -> None:
    talk = case.talks[step.provider]
    await case.do(step.by, "threadRead", "thread { id }", id=talk.thread, upTo=talk.newest)


PERFORMED: dict[type[steps.Step], Callable[[Case, Any], Awaitable[None]]] = {
    steps.SendReferral: _send,
    steps.ResendReferral: _resend,
    steps.AmendReferral: _amend,
    steps.CloseReferral: _close,
    steps.OpenReferral: _open,
    steps.DeclineReferral: _decline,
    steps.WriteMessage: _write,
    steps.ReadMessages: _read,
    steps.DraftOffer: offer_steps.draft,
    steps.EditOffer: offer_steps.edit,
    steps.SubmitOffer: offer_steps.submit,
    steps.WithdrawOffer: offer_steps.withdraw,
    steps.AcceptOffer: offer_steps.accept,
    steps.DeclineOffer: offer_steps.decline,
    steps.VoidOffer: offer_steps.void,
    steps.DrawUpAgreements: agreement_steps.draw_up,
    steps.ShareAgreements: agreement_steps.share,
    steps.EnterProviderContacts: agreement_steps.enter_contacts,
    steps.ConfirmReview: agreement_steps.confirm_review,
    steps.EnableSigning: agreement_steps.enable,
    steps.SignAgreements: agreement_steps.sign,
    steps.RefuseToSign: agreement_steps.refuse,
    steps.ProposeUplift: uplift_steps.propose,
    steps.AnswerUplift: uplift_steps.answer,
}


async def perform(case: Case, author: str, done: Callable[[], None]) -> None:
    """The whole journey, drafted by `author`; `done` is called after each step. Raises Declined."""
    await draft(case, author)
    done()
    for number, step in enumerate(case.referral.steps, 1):
        case.at = number
        await PERFORMED[type(step)](case, step)
        done()
