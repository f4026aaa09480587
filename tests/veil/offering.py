"""Schedules in which a provider works at an offer that others must not know of."""

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from tests.veil.cast import WHO
from tests.veil.schedule import PROVIDERS, TERMS, Author, Schedule, Step

DEARER = {"fees": [{"coreFeeWeekly": "4350.50", "includes": "Less."}], "staffing": {"text": "Two to one."}}
WRONG = {"fees": [{"coreFeeWeekly": "0.00"}]}
TURNED_DOWN = {"input": {"reasons": ["COST"], "note": "Too dear."}}


@dataclass(frozen=True)
class Offering(Schedule):
    """What is left out for comparison is all that one provider does with its offer, and what is done to that."""

    within: frozenset[str] = frozenset()

    @property
    def unobserving(self) -> frozenset[str]:
        return self.within

    @classmethod
    def in_draft(cls, seed: int) -> "Offering":
        """An offer that is never submitted: neither the authority nor anybody else learns of it."""
        author = Offerer(Random(seed))
        return cls(seed, author.reader, author.rival, author.steps(author.drafting()), people(author.home))

    @classmethod
    def submitted(cls, seed: int) -> "Offering":
        """An offer that is submitted and not accepted: no other provider learns of it."""
        author = Offerer(Random(seed))
        within = people(author.home, "Birmingham", "Region")
        return cls(seed, author.reader, author.rival, author.steps(author.submitting()), within)


def people(*organisations: str) -> frozenset[str]:
    return frozenset(f"{name} {person}" for name in organisations for person in WHO[name])


class Offerer(Author):
    """Writes what goes on around an offer, another provider's case among it, and what nobody shall notice."""

    def __init__(self, chance: Random) -> None:
        home = chance.choice(("Alder", "Beech"))
        super().__init__(chance, f"{home} member")
        self.rival = chance.choice([name for name in PROVIDERS if name != home])

    def parties(self) -> tuple[str, str]:
        return "Birmingham", self.rival

    def steps(self, hidden: list[Step]) -> list[Step]:
        """Each revision is read before anything is drafted, since a reading is the authority's to know (S-054)."""
        create, send, *rest = self.case("r0", first=True)
        public = [step for step in rest if not self._depends(step)]
        left_out = [replace(step, reading=True) for step in hidden]
        mixed = self.mixed([public, left_out, self.errands()])
        opened = Step(f"{self.home} member", "referralOpen", "r0")
        read = ([step, opened] if step.act == "referralResend" else [step] for step in mixed)
        return [create, send, opened, *(step for part in read for step in part)]

    def _depends(self, step: Step) -> bool:
        """Whether what comes of a step is another thing while there is an offer."""
        return step.who.startswith(self.home) and step.act == "referralDecline"

    def drafting(self) -> list[Step]:
        drafts = [self._draft("r0 draft") for _ in range(self.chance.choice((1, 1, 2)))]
        steps = [step for draft in drafts for step in (*draft, self._mine("offerWithdraw", reason="Begin anew."))]
        return steps if self.chance.random() < 0.4 else steps[:-1]

    def submitting(self) -> list[Step]:
        changed = [self._mine(act, **given) for act, given in self._some_of(CHANGES | RENEWED)]
        ended = self.chance.choice(([self._mine("offerWithdraw", reason="Taken.")], [self._declined()], []))
        steps = [*self._draft("r0 draft"), self._mine("offerSubmit"), self._compared(), *changed, *ended]
        return [*steps, *(self._draft("r0 draft") if ended else [])]

    def _draft(self, label: str) -> list[Step]:
        changed = [self._mine(act, **given) for act, given in self._some_of(CHANGES)]
        return [self._mine("offerCreate", input=TERMS), *changed]

    def _some_of(self, acts: dict[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
        return [self.chance.choice([*acts.items()]) for _ in range(self.chance.randint(1, 4))]

    def _mine(self, act: str, **given: Any) -> Step:
        return Step(self.writer(self.home), act.split("!")[0], "r0 draft", given)

    def _declined(self) -> Step:
        return Step(self.officer("Birmingham"), "offerDecline", "r0 draft", TURNED_DOWN)

    def _compared(self) -> Step:
        return Step(self.officer("Birmingham"), "ask", "r0 draft")


CHANGES: dict[str, dict[str, Any]] = {
    "offerUpdate": {"input": DEARER}, "offerUpdate!wrong": {"input": WRONG}, "offerAttach": {}, "offerDetach": {},
    "ask": {},
}  # fmt: skip
RENEWED: dict[str, dict[str, Any]] = {"offerRefreshDocuments": {}}
