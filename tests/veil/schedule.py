"""Schedules: what some people of the region do one after the other, with one reader among them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from models.message import MessageTag
from tests.agreeing import CONTACTS, DETAILS
from tests.cases import REFERRAL
from tests.veil.cast import READERS, WHO

PROVIDERS = ("Alder", "Beech", "Cedar")
TEAM = ("officer", "colleague", "administrator", "signatory")
ENDINGS = ("open", "declined", "withdrawn", "closed", "resent", "accepted", "agreed", "agreed", "signed", "signed")
WORDS = (
    "Which school?",
    "She could move on Friday.",
    "Is there a garden?",
    "Two homes would do — ask about both.",
    "ok",
)
TERMS = {"availableFrom": "2026-07-01", "fees": [{"coreFeeWeekly": "4100.00", "includes": "Everything"}]}
WHOLE = {**REFERRAL, "socialWorker": {"name": "Sam Worker", "phone": "0121 000 0000"}}


@dataclass(frozen=True)
class Step:
    """One act of one person, on what goes by that label; `reading` where it is left out for comparison."""

    who: str
    act: str
    of: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    reading: bool = False

    def __str__(self) -> str:
        told = "".join(f" {name}={value}" for name, value in self.given.items() if name != "input")
        return f"{self.who}: {self.act} {self.of}{told}"


@dataclass(frozen=True)
class Schedule:
    """The same seed gives the same schedule."""

    seed: int
    reader: str
    opposite: str
    steps: list[Step]

    @property
    def unobserving(self) -> frozenset[str]:
        """Who may well see a difference."""
        return frozenset({self.reader})

    @classmethod
    def of(cls, seed: int) -> "Schedule":
        chance = Random(seed)
        reader = chance.choice(READERS)
        author = Author(chance, reader)
        steps = author.written()
        return cls(seed, reader, author.opposite, steps)


class Author:
    """Writes several stories and mixes them, each in its own order."""

    def __init__(self, chance: Random, reader: str) -> None:
        self.chance = chance
        self.reader = reader
        self.home = reader.split(" ")[0]
        self.authority = self.opposite = ""

    def written(self) -> list[Step]:
        stories = [self.case(f"r{number}", first=number == 0) for number in range(self.chance.choice((1, 1, 1, 2)))]
        steps = self.mixed([*stories, self.errands()])
        said = [step for step in steps if step.act == "messageSend"]
        return [*self.with_readings(steps), *self.last_words(said)]

    # ── stories ──────────────────────────────────────────────────────────────
    def case(self, label: str, *, first: bool) -> list[Step]:
        """A referral, what is said about it, and how it ends; the first one concerns the reader's organisation."""
        authority, provider = self.parties() if first else (self.chance.choice(("Birmingham", "Coventry")), "Beech")
        if first:
            self.authority, self.opposite = authority, provider if self.home == authority else authority
        sent = [
            Step(self.officer(authority), "referralCreate", label, {"input": WHOLE}),
            Step(self.officer(authority), "referralSend", label),
        ]
        others = [each for each in PROVIDERS if each != provider and self.chance.random() < 0.4]
        threads = [self.talk(label, authority, each) for each in (provider, *others)]
        return [*sent, *self.mixed([*threads, self.placing(label, authority, provider)])]

    def parties(self) -> tuple[str, str]:
        if self.home == "Birmingham":
            return self.home, self.chance.choice(("Alder", "Alder", "Beech"))
        return "Birmingham" if self.home == "Alder" else self.chance.choice(("Birmingham", "Coventry")), self.home

    def talk(self, label: str, authority: str, provider: str) -> list[Step]:
        sides = [self.chance.choice((authority, provider)) for _ in range(self.chance.randint(1, 3))]
        return [self.say(label, provider, side) for side in (*sides, authority, provider)]

    def say(self, label: str, provider: str, side: str) -> Step:
        tag = self.chance.choice((None, None, *(tag.value for tag in MessageTag)))
        given = {"body": self.chance.choice(WORDS), "tag": tag, "paper": self.chance.random() < 0.25}
        return Step(self.writer(side), "messageSend", f"{label} {provider}", given)

    def placing(self, label: str, authority: str, provider: str) -> list[Step]:
        ending = self.chance.choice(ENDINGS)
        if ending == "signed" and (authority, provider) != ("Birmingham", "Alder"):
            ending = "agreed"
        opened = [Step(self.writer(each), "referralOpen", label) for each in PROVIDERS if self.chance.random() < 0.5]
        rival = self.chance.choice([each for each in PROVIDERS if each != provider])
        declined = [Step(self.writer(rival), "referralDecline", label, {"revision": 1})]
        return [
            *opened,
            *self.chance.choice((declined, [])),
            *self.offer(label, provider),
            *self.end(ending, label, authority, provider),
        ]

    def offer(self, label: str, provider: str) -> list[Step]:
        offer = f"{label} offer"
        made = [
            Step(self.writer(provider), "offerCreate", offer, {"input": TERMS}),
            Step(self.writer(provider), "offerSubmit", offer),
        ]
        changed = Step(self.writer(provider), "offerUpdate", offer, {"input": {"fees": [{"coreFeeWeekly": "4000.00"}]}})
        return made if self.chance.random() < 0.6 else [*made, changed]

    def end(self, ending: str, label: str, authority: str, provider: str) -> list[Step]:
        officer, offer, ipa = self.officer(authority), f"{label} offer", f"{label} agreement"
        if ending == "declined":
            return [Step(officer, "offerDecline", offer, {"input": {"reasons": ["LOCATION"], "note": "Too far away."}})]
        if ending == "withdrawn":
            return [Step(self.writer(provider), "offerWithdraw", offer, {"reason": "The room is taken."})]
        if ending == "closed":
            return [Step(officer, "referralClose", label, {"reason": "NO_LONGER_NEEDED"})]
        if ending == "resent":
            changed = Step(officer, "referralUpdate", label, {"input": {"needs": "A garden, and calm adults."}})
            return [*self.chance.choice(([changed], [])), Step(officer, "referralResend", label)]
        accepted = [Step(officer, "offerAccept", offer)]
        filled = Step(officer, "ipaUpdate", ipa, {"input": DETAILS})
        drawn = [Step(officer, "ipaCreate", ipa), filled, Step(officer, "ipaShare", ipa)]
        drawn.append(Step(f"{provider} member", "ipaUpdateContacts", ipa, {"input": CONTACTS}))
        drawn.append(Step(f"{provider} member", self.chance.choice(("ipaConfirmReview", "ipaOpen")), ipa))
        signers = ["Birmingham signatory", "Alder signer"]
        signed = [Step(officer, "ipaEnable", ipa)]
        signed += [Step(who, act, ipa) for who in self.chance.sample(signers, 2) for act in ("ipaOpen", "ipaSign")]
        tail = {"accepted": [], "agreed": drawn, "signed": [*drawn, *signed, Step("Alder fellow", "ipaOpen", ipa)]}
        return [*accepted, *tail.get(ending, [])] if ending != "open" else []

    def errands(self) -> list[Step]:
        """What goes on beside it: bells marked, sessions ended and begun, time that passes."""
        others = [f"{where} {who}" for where, people in WHO.items() for who in people]
        others.remove(self.reader)
        out = [Step("", "clock", given={"minutes": self.chance.choice((1, 90, 60 * 26))}) for _ in range(3)]
        out += [Step(self.chance.choice(others), "bell") for _ in range(2)]
        self.chance.shuffle(out)
        leaver = self.chance.choice([each for each in (*others, *[self.reader] * 5) if "machine" not in each])
        again = [Step(leaver, "signOut"), Step(leaver, "signIn")]
        return [*out, *again] if self.chance.random() < 0.3 else out

    # ── the reader's readings ────────────────────────────────────────────────
    def with_readings(self, steps: list[Step]) -> list[Step]:
        out, said = [], []
        for step in steps:
            out.append(step)
            if step.act == "messageSend":
                said.append(step.of)
            if said and self.chance.random() < 0.35:
                out.append(self.reading(self.chance.choice(said)))
        return out

    def last_words(self, said: list[Step]) -> list[Step]:
        """At the end the reader has read what the other side said, and the conversation goes on."""
        party = self.home if self.home in PROVIDERS else ""
        thread = next(step.of for step in said if step.of.startswith("r0") and step.of.endswith(party))
        both = [self.writer(self.authority), self.writer(thread.split(" ")[1])]
        read = Step(self.reader, "threadRead", thread, {"upTo": "head"}, reading=True)
        again = Step(self.reader, "threadRead", thread, {"upTo": self.chance.choice(("head", "first"))}, reading=True)
        words = {"body": "And one thing more.", "tag": None}
        return [read, *(Step(who, "messageSend", thread, words) for who in both), again]

    def reading(self, thread: str) -> Step:
        act, given = self.chance.choice((
            ("threadRead", {"upTo": "head"}), ("threadRead", {"upTo": "head"}), ("threadRead", {"upTo": "middle"}),
            ("threadRead", {"upTo": "first"}), ("threadRead", {"upTo": "beyond"}), ("threadRead", {"upTo": "below"}),
            ("threadRead", {"upTo": "nowhere"}), ("look", {}), ("look", {}), ("bell", {}),
            ("bell", {"which": "unknown"}), ("bells", {}),
        ))  # fmt: skip
        return Step(self.reader, act, thread, given, reading=True)

    # ── people ───────────────────────────────────────────────────────────────
    def officer(self, authority: str) -> str:
        return f"{authority} {self.chance.choice([each for each in WHO[authority] if each in TEAM])}"

    def writer(self, organisation: str) -> str:
        if organisation in PROVIDERS:
            people = [each for each in WHO[organisation] if each != "signer"]
            return f"{organisation} {self.chance.choice(people)}"
        return self.officer(organisation)

    def mixed(self, stories: Iterable[list[Step]]) -> list[Step]:
        """All of them, each in its own order."""
        left = [list(story) for story in stories if story]
        out = []
        while left:
            story = self.chance.choice(left)
            out.append(story.pop(0))
            left = [each for each in left if each]
        return out
