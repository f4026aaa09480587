"""One referral of the demonstration as it stands while its steps are performed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.demonstration.acts import Acts
from portal.demonstration.crew import Crew
from portal.demonstration.papers import Papers
from portal.demonstration.referrals import Referral
from portal.demonstration.registering import family_step, home_step

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Talk:
    """A conversation, and the number of its newest message."""

    thread: str
    newest: int


@dataclass(slots=True, kw_only=True)
class Case:
    """What the steps before have brought about: ids and versions, by provider where there are several."""

    acts: Acts
    crew: Crew
    papers: Papers
    referral: Referral
    today: date
    at: int = 0
    id: str = ""
    version: int = 0
    revision: int = 0
    children: list[str] = field(default_factory=list)
    offers: dict[str, Json] = field(default_factory=dict)
    appendices: dict[str, dict[str, str]] = field(default_factory=dict)
    agreements: dict[str, list[Json]] = field(default_factory=dict)
    uplifts: dict[str, list[Json]] = field(default_factory=dict)
    talks: dict[str, Talk] = field(default_factory=dict)

    async def do(self, by: str, act: str, selection: str, *, part: object = "", **arguments: Any) -> Json:
        """An act of the step that is being performed; `part` tells apart several of one kind."""
        return await self.acts.do(by, self._name(act, part), act, selection, **arguments)

    def has_done(self, act: str, *, part: object = "") -> bool:
        return self._name(act, part) in self.acts.journal

    def _name(self, act: str, part: object) -> str:
        return f"{self.referral.key}/{self.at}/{act}{part}"

    async def move(self, by: str, act: str, **arguments: Any) -> None:
        """An act on the referral itself, in the version that is known."""
        shown = "referral { version revision }"
        answer = await self.do(by, act, shown, id=self.id, expectedVersion=self.version, **arguments)
        self.version, self.revision = answer["referral"]["version"], answer["referral"]["revision"]

    @property
    def places(self) -> dict[str, str]:
        """Ids of the homes and families that have been registered, by key."""
        keys = {offer_key(step) for step in self.referral.steps}
        known = self.acts.journal
        homes = {key: known[home_step(key)]["home"]["id"] for key in keys if home_step(key) in known}
        return homes | {key: known[family_step(key)]["family"]["id"] for key in keys if family_step(key) in known}


def offer_key(step: Any) -> str:
    """The home or family of a step that makes or changes an offer."""
    made = getattr(step, "offer", None)
    return (made.home or made.family or "") if made else ""
