"""The acts on referrals and in conversations, as steps of a journey."""

from __future__ import annotations

from portal.demonstration import message_words as words
from portal.demonstration import steps
from portal.demonstration.scene import Scene
from portal.demonstration.steps import Step
from portal.demonstration.voice import DAYS, capitalised

SEARCH_ENDED = ("PLACED_WITH_FAMILY", "PLACED_IN_HOUSE", "NO_LONGER_NEEDED", "PLACED_ELSEWHERE")


def send(scene: Scene) -> Step:
    return steps.SendReferral(by=scene.officer)


def resend(scene: Scene) -> Step:
    return steps.ResendReferral(by=scene.officer)


def amend(scene: Scene) -> Step:
    return steps.AmendReferral(by=scene.officer, family_time=scene.say(words.AMENDMENTS))


def close(scene: Scene) -> Step:
    reason = scene.rng.choice(SEARCH_ENDED)
    return steps.CloseReferral(by=scene.officer, reason=reason, note=scene.say(words.CLOSINGS[reason]))


def call_off(scene: Scene) -> Step:
    return steps.CloseReferral(by=scene.officer, reason="WITHDRAWN", note=scene.say(words.CLOSINGS["WITHDRAWN"]))


def open_referral(scene: Scene) -> Step:
    return steps.OpenReferral(by=scene.member, provider=scene.provider)


def decline(scene: Scene) -> Step:
    reason = scene.rng.choice(list(words.DECLINES))
    note = scene.say(words.DECLINES[reason])
    return steps.DeclineReferral(by=scene.member, provider=scene.provider, reason=reason, note=note)


def ask(scene: Scene) -> Step:
    """A question that nobody has asked; its answer is kept, and speaks of the same day and place."""
    topics = words.CONVERSATIONS[scene.youngest]

    def make() -> str:
        question, reply = scene.rng.choice(topics)
        facts = scene.facts | {"day": scene.rng.choice(DAYS)}
        scene.replies[scene.provider] = capitalised(reply.format_map(facts))
        return capitalised(question.format_map(facts))

    return _message(scene, scene.member, scene.cast.unrepeated.text(make), "FURTHER_INFORMATION")


def answer(scene: Scene) -> Step:
    return _message(scene, scene.officer, scene.replies[scene.provider], None)


def interest(scene: Scene) -> Step:
    return _message(scene, scene.member, scene.say(words.INTERESTS), "EXPRESSION_OF_INTEREST")


def condition(scene: Scene) -> Step:
    return _message(scene, scene.member, scene.say(words.CONDITIONS), "CONDITION")


def read(scene: Scene) -> Step:
    return steps.ReadMessages(by=scene.officer, provider=scene.provider)


def _message(scene: Scene, by: str, body: str, tag: str | None) -> Step:
    urgent = "URGENT" if scene.referral.urgency == "EMERGENCY" and tag == "FURTHER_INFORMATION" else tag
    return steps.WriteMessage(by=by, provider=scene.provider, body=body, tag=urgent)
