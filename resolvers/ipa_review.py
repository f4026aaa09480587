"""Agreements while they are written: the authority fills in and shares; the provider reviews and asks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from models.ipa import Ipa
from models.ipa_change import changes_since
from models.ipa_correction import CorrectionOutcome, IpaCorrection
from models.ipa_review import EnablingWarning, ReviewItem, ReviewWarning
from models.ipa_sense import tidied
from models.offer import Offer
from models.refusal import Code, Refused, not_found
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.ipa_changes import differences, keep
from resolvers.ipa_content import checked, merged
from resolvers.ipa_input import IpaContactsInput, IpaInput
from resolvers.plain import plain

OF_CONTENT = (ReviewWarning.PRINT_LETTERS, ReviewWarning.DIFFERS_FROM_OFFER)
"""What whoever fills an agreement in is told of at once."""


def changes(me: Any, id: UUID, since: int) -> Select[Any]:
    """From the version that was read to the present one; the provider from when it was shown the draft."""
    return Ipa.visible_to(me).where(Ipa.id == id).with_only_columns(changes_since(Ipa.id, since))


# ── acts of the authority ────────────────────────────────────────────────────
async def update(
    info: Info, id: UUID, expected_version: int, input: IpaInput, corrections: list[UUID] | None = None
) -> Answer:
    """What says nothing new makes no version and rings no bell. `corrections` are those that this edit makes."""
    context = info.context
    agreement = await context.take(Ipa, "edit", id, expected_version)
    offer = await context.find(Offer, agreement.offer_id)
    details = checked(merged(agreement.details, plain(input)), offer.category)
    changed = list(differences(IpaInput, tidied(agreement.details), details))
    asked = [
        await _asked(context, agreement, correction, "corrections") for correction in dict.fromkeys(corrections or ())
    ]
    if changed:
        agreement.edit(details, by=context.by)
        await keep(context, agreement, changed)
    elif asked:
        sentence = "This changes nothing. Answer the correction in words if nothing is to be changed."
        raise Refused(Code.NOTHING_NEW, sentence, ["corrections"])
    for correction in asked:
        correction.settle(CorrectionOutcome.CORRECTED, by=context.by)
    await context.session.flush()
    said = [told for told in await warned(context, agreement) if told.code in OF_CONTENT]
    return Answer(agreement, {"warnings": said})


async def share(info: Info, id: UUID, expected_version: int) -> Ipa:
    agreement = await info.context.take(Ipa, "share", id, expected_version)
    agreement.share(by=info.context.by)
    return agreement


async def answer_correction(info: Info, id: UUID, expected_version: int, correction_id: UUID, note: str) -> Ipa:
    """Settles it in words: why it stays as it is, or what was done about it."""
    context = info.context
    agreement = await context.take(Ipa, "answer_correction", id, expected_version)
    correction = await _asked(context, agreement, correction_id, "correctionId")
    correction.settle(CorrectionOutcome.ANSWERED, note, by=context.by)
    agreement.answer_correction(by=context.by, correction=correction.id)
    return agreement


# ── acts of the provider ─────────────────────────────────────────────────────
async def update_contacts(info: Info, id: UUID, expected_version: int, input: IpaContactsInput) -> Ipa:
    context = info.context
    agreement = await context.take(Ipa, "edit_contacts", id, expected_version)
    contacts = tidied(merged(agreement.contacts, plain(input)))
    changed = list(differences(IpaContactsInput, agreement.contacts, contacts, ["contacts"], "Provider"))
    if changed:
        agreement.edit_contacts(contacts, by=context.by)
        await keep(context, agreement, changed)
    return agreement


async def confirm_review(
    info: Info, id: UUID, expected_version: int, items: list[ReviewItem] | None = None
) -> Ipa:  # fmt: skip
    """Of the version that was read; what the provider had asked for and still waits is taken back with it."""
    context = info.context
    agreement = await context.take(Ipa, "confirm_review", id, expected_version)
    agreement.confirm_review(items or (), by=context.by)
    await _take_back(context, agreement)
    return agreement


async def request_correction(info: Info, id: UUID, expected_version: int, reason: str) -> Ipa:
    context = info.context
    agreement = await context.take(Ipa, "request_correction", id, expected_version)
    context.session.add(agreement.request_correction(reason, by=context.by))
    return agreement


async def warned(context: Context, agreement: Ipa) -> list[EnablingWarning]:
    """What speaks against enabling it now; nothing is refused for it (S-117)."""
    said = select(Ipa.review_warnings(Ipa, context.viewer)).where(Ipa.id == agreement.id)
    found = await context.session.scalar(said)
    return [agreement.warning(code) for code in map(ReviewWarning, found or ())]


async def _asked(context: Context, agreement: Ipa, id: UUID, path: str) -> IpaCorrection:
    found: Sequence[IpaCorrection] = await context.all(_of(agreement).where(IpaCorrection.id == id))
    if not found:
        raise not_found("correction", path)
    return found[0]


async def _take_back(context: Context, agreement: Ipa) -> None:
    for correction in await context.all(_of(agreement).where(IpaCorrection.outcome.is_(None))):
        correction.settle(CorrectionOutcome.TAKEN_BACK, by=context.by)


def _of(agreement: Ipa) -> Select[Any]:
    return select(IpaCorrection).where(IpaCorrection.ipa_id == agreement.id).order_by(IpaCorrection.version)
