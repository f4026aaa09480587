"""The acts on agreements, as steps of a journey."""

from __future__ import annotations

from portal.demonstration import message_words, steps, voice
from portal.demonstration.agreements import AgreementDetails, Terms, agreement
from portal.demonstration.places import authority
from portal.demonstration.scene import Scene
from portal.demonstration.steps import Step
from portal.demonstration.voice import Spoken

SIDES = ("PROVIDER", "LOCAL_AUTHORITY")
EDUCATION_OPEN = "To be settled at the education planning meeting within ten working days."


def draw_up(scene: Scene) -> Step:
    agreements = tuple(_details(scene, number) for number in range(len(scene.referral.children)))
    return steps.DrawUpAgreements(by=scene.officer, provider=scene.provider, agreements=agreements)


def share(scene: Scene) -> Step:
    return steps.ShareAgreements(by=scene.officer, provider=scene.provider)


def contacts(scene: Scene) -> Step:
    people = scene.cast.book.of_provider(scene.rng, scene.place.provider.domain)
    return steps.EnterProviderContacts(by=scene.member, provider=scene.provider, contacts=people)


def confirm(scene: Scene) -> Step:
    return steps.ConfirmReview(by=scene.member, provider=scene.provider)


def enable(scene: Scene) -> Step:
    return steps.EnableSigning(by=scene.officer, provider=scene.provider)


def sign(scene: Scene) -> Step:
    """Either side may be first."""
    return _signed(scene, scene.rng.choice(SIDES))


def countersign(scene: Scene) -> Step:
    return _signed(scene, next(side for side in SIDES if side not in scene.signed))


def refuse(scene: Scene) -> Step:
    side = scene.rng.choice(SIDES)
    organisation = scene.provider if side == "PROVIDER" else scene.referral.authority
    who = scene.cast.directory.holding(organisation, "SIGNATORY")[0].email
    reason = scene.say(message_words.REFUSALS)
    return steps.RefuseToSign(by=who, provider=scene.provider, side=side, reason=reason)


def _signed(scene: Scene, side: str) -> Step:
    scene.signed.append(side)
    return steps.SignAgreements(by=scene.signatory(side), provider=scene.provider, side=side)


def _details(scene: Scene, number: int) -> AgreementDetails:
    referral, rng = scene.referral, scene.rng
    child, offer = referral.children[number], scene.offers[scene.provider]
    years = child.identity.age_on(scene.cast.today)[0]
    who = Spoken(initials=(child.identity.known_as,), gender=child.gender, years=years, authority=referral.authority)
    people = scene.cast.book.of_authority(
        rng, authority(referral.authority), referral.social_worker, referral.team_manager
    )
    terms = Terms(
        child=number,
        category=referral.category,
        emergency=referral.urgency == "EMERGENCY",
        duration=referral.duration,
        starts_on=max(referral.date_required, offer.available_from),
        size="LITTLE" if years < 11 else "BIG",
        town=scene.place.town,
        family_time=referral.requirements.family_time,
        education=child.education or EDUCATION_OPEN,
        staffing_ratio=referral.requirements.staffing_ratio,
        notice_days=offer.notice_days,
        trial_weeks=offer.trial_weeks,
        facts=voice.facts(rng, who) | {"weeks": rng.choice(("six", "eight", "ten"))},
    )
    return agreement(rng, terms, people)
