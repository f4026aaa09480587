"""The acts on offers, as steps of a journey."""

from __future__ import annotations

from dataclasses import replace

from portal.demonstration import message_words, offer_words, offers, steps
from portal.demonstration.offers import Wanted
from portal.demonstration.scene import Scene
from portal.demonstration.steps import Step


def draft(scene: Scene) -> Step:
    made = offers.offer(scene.rng, _wanted(scene), scene.place, scene.cast.unrepeated)
    scene.offers[scene.provider] = made
    return steps.DraftOffer(by=scene.member, provider=scene.provider, offer=made)


def edit(scene: Scene) -> Step:
    """With another home where the provider has one that suits too; the appendices stay, and what refers to them."""
    other, unrepeated, old = scene.other_home, scene.cast.unrepeated, scene.offers[scene.provider]
    if other:
        made = offers.offer(scene.rng, _wanted(scene), other, unrepeated)
        moved = f"{made.matching} {offer_words.MOVED}"
        made = replace(made, matching=moved, answers=old.answers, attachments=old.attachments)
    else:
        made = offers.revised(scene.rng, old, unrepeated)
    scene.offers[scene.provider] = made
    return steps.EditOffer(by=scene.member, provider=scene.provider, offer=made)


def submit(scene: Scene) -> Step:
    return steps.SubmitOffer(by=scene.member, provider=scene.provider)


def withdraw(scene: Scene) -> Step:
    reason = scene.say(offer_words.WITHDRAWALS)
    return steps.WithdrawOffer(by=scene.member, provider=scene.provider, reason=reason)


def accept(scene: Scene) -> Step:
    return steps.AcceptOffer(by=scene.officer, provider=scene.provider)


def turn_down(scene: Scene) -> Step:
    """When another was accepted, that is the reason."""
    accepted = scene.referral.stage == "OFFER_ACCEPTED"
    reasons = [each for each in message_words.OFFER_DECLINES if (each == "ANOTHER_OFFER_ACCEPTED") == accepted]
    chosen = scene.rng.choice(reasons)
    return steps.DeclineOffer(
        by=scene.officer,
        provider=scene.provider,
        reasons=(chosen,),
        note=scene.say(message_words.OFFER_DECLINES[chosen]),
    )


def void(scene: Scene) -> Step:
    return steps.VoidOffer(by=scene.officer, provider=scene.provider, reason=scene.say(message_words.VOIDINGS))


def _wanted(scene: Scene) -> Wanted:
    referral = scene.referral
    return Wanted(
        category=referral.category,
        children=len(referral.children),
        date_required=referral.date_required,
        staffing_ratio=referral.requirements.staffing_ratio,
        facts=scene.words | {"weeks": scene.rng.choice(("two", "three", "four", "six"))},
        today=scene.cast.today,
    )
