"""What was found out about a file, and what follows from it, for a person and for a machine (H6)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.verifying_reading import Taken
from portal.verifying_record import Recorded

LONDON = ZoneInfo("Europe/London")
GENUINE, NOT_GENUINE, UNCHECKED, UNREADABLE = "GENUINE", "NOT_GENUINE", "UNCHECKED", "UNREADABLE"
CODES = {GENUINE: 0, NOT_GENUINE: 1, UNCHECKED: 2, UNREADABLE: 2}
VERDICTS = {
    GENUINE: "GENUINE: this is a file of the portal, and nothing in it was changed.",
    NOT_GENUINE: "NOT GENUINE: do not rely on this file.",
    UNCHECKED: "COULD NOT BE CHECKED: nothing was found wrong, but whose seals these are is not known.",
    UNREADABLE: "CANNOT BE READ, so it is not known to be genuine.",
}
PARTIES = {"LOCAL_AUTHORITY": "The placing authority", "PROVIDER": "The provider"}
MARKS = {True: "  ok   ", False: "  WRONG", None: "  note "}
KINDS = {
    "ENABLED": "the agreement as it was fixed for signing",
    "SEALED": "the agreement, signed",
    "TIMESTAMPED": "the agreement, signed and time-stamped",
    "CERTIFICATE": "the certificate of the signatures",
    "VOID_COPY": "the copy marked as void",
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `ok` is None for what was not to be found out, or is only to be known."""

    about: str
    ok: bool | None
    sentence: str


@dataclass
class Report:
    """Everything found out about one file."""

    file: str
    sha256: str | None
    verdict: str = GENUINE
    state: str | None = None
    content_hash: str | None = None
    findings: list[Finding] = field(default_factory=list)
    seals: list[dict[str, Any]] = field(default_factory=list)

    @property
    def code(self) -> int:
        return CODES[self.verdict]

    def judge(self) -> None:
        """Nothing may speak against a genuine file, and every seal of it must have been held against something."""
        if self.verdict == UNREADABLE:
            return
        if any(finding.ok is False for finding in self.findings):
            self.verdict = NOT_GENUINE
        elif NO_AUTHORITY in self.findings:
            self.verdict = UNCHECKED

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)

    def as_text(self) -> str:
        """For a person: the verdict first, then what it rests on."""
        said = [self.file, f"SHA-256 {self.sha256}"] if self.sha256 else [self.file]
        verdict = VERDICTS[self.verdict]
        if self.verdict == GENUINE and self.state == "VOID":
            verdict += "\nTHE AGREEMENT IS VOID: it binds nobody any more."
        lines = [f"{MARKS[finding.ok]} {finding.sentence}" for finding in self.findings]
        return "\n".join([*said, "", verdict, "", *lines])


NO_AUTHORITY = Finding(
    "authority", None,
    "There is no sealing authority at hand that stands behind every signature: give --authority FILE.pem, which"
    " the portal serves at /sealing-authority.pem.",
)  # fmt: skip


def report(
    name: str, taken: Taken, record: Sequence[Finding], known: Recorded | None = None, *, sure: bool = True
) -> Report:
    """The findings and what follows from them; `record` are those of the portal's record, or of having none.

    `sure` says that every authority of the portal was at hand: without, a seal of an unknown one is not wrong.
    """
    made = Report("".join(letter if letter.isprintable() else "?" for letter in name), taken.sha256)
    seen = taken.seen or {}
    made.content_hash, made.seals = seen.get("content_hash"), seen.get("seals", [])
    made.findings += record
    if taken.seen is None:
        made.verdict = UNREADABLE
        made.findings.append(Finding("file", False, taken.unreadable or "It cannot be read."))
        return made
    made.state = known.state if known else None
    made.findings += _of_seals(seen, sealed=known is None or known.file["level"] is not None, sure=sure)
    made.findings += _of_content(seen, known)
    made.judge()
    return made


# ── the record ───────────────────────────────────────────────────────────────
def of_record(known: Recorded | None) -> Iterator[Finding]:
    """What the record says of a file; None where it has no file with these bytes."""
    if known is None:
        yield Finding("record", False, "The portal never made a file with these bytes.")
        return
    file = known.file
    made = f"{KINDS[file['kind']]}, on {_day(file['made_at'])}"
    yield Finding("record", True, f"The portal made exactly this file: {made}.")
    yield Finding("parties", None, f"It is between {file['local_authority']} and {file['provider']}.")
    days = {"enabled for signing": "enabled_at", "signed by both": "signed_at", "voided": "voided_at"}
    told = [f"{words} on {_day(file[name])}" for words, name in days.items() if file[name]]
    yield Finding("state", None, f"The agreement is {known.state.lower()}: {', '.join(told) or 'never enabled'}.")
    yield from _of_chain(known)


def _of_chain(known: Recorded) -> Iterator[Finding]:
    """The acts stand in the record, each over the same content, and the chain they stand in is whole."""
    for fault in known.broken:
        yield Finding("audit", False, f"The chain of events is broken: {fault}")
    wanted = {"ENABLE": known.file["content_hash"], **known.signed} if known.file["content_hash"] else {}
    missing = [name for name, digest in wanted.items() if known.told.get(name) != digest]
    for name in missing:
        yield Finding("audit", False, f"The record has no event of that content for {_act(name)}.")
    if not known.broken and not missing:
        acts = ", ".join(_act(name) for name in wanted) or "nothing"
        yield Finding("audit", True, f"The events of {acts} stand in an unbroken chain.")


def _act(name: str) -> str:
    acts = {"ENABLE": "enabling", "LOCAL_AUTHORITY": "the authority's signing", "PROVIDER": "the provider's signing"}
    return acts.get(name, name)


# ── the seals ────────────────────────────────────────────────────────────────
def _of_seals(seen: Mapping[str, Any], *, sealed: bool, sure: bool) -> Iterator[Finding]:
    if not sealed and not seen["seals"]:
        earlier = "An earlier release made this file, without seals: its SHA-256 alone speaks for it."
        yield Finding("seals", None, earlier)
        return
    for fault in seen["faults"]:
        yield Finding("file", False, fault)
    for seal in seen["seals"]:
        yield from of_seal(seal, sure=sure)
    if not sure and any(unheld(seal) for seal in seen["seals"]):
        yield NO_AUTHORITY
    names = {seal["name"] for seal in seen["seals"]}
    for party in (party for party in PARTIES if seen["kind"] == "AGREEMENT" and party not in names):
        yield Finding("seals", None, f"{PARTIES[party]} has not signed this file.")


def unheld(seal: Mapping[str, Any]) -> bool:
    """Whether it is a seal under none of the authorities at hand."""
    return seal["kind"] != "TIME_STAMP" and not seal["trusted"]


def of_seal(seal: Mapping[str, Any], *, sure: bool) -> Iterator[Finding]:
    """What there is to say of one seal; `sure` as for the report."""
    about = f"seal {seal['name']}"
    for fault in seal["faults"]:
        yield Finding(about, False, f"{seal['name']}: {fault}")
    if not seal["intact"]:
        yield Finding(about, False, f"{seal['name']}: what it covers is not what was signed.")
    elif seal["kind"] == "TIME_STAMP":
        yield Finding(about, True, f"{seal['name']}: time stamp of {seal['by']}, {_moment(seal['at'])}.")
    elif unheld(seal):
        said = "is not this portal's seal" if sure else "may be this portal's seal or another's"
        yield Finding(about, False if sure else None, f"{seal['name']}: {seal['by']!r} of {seal['issuer']!r} {said}.")
    else:
        by = f"intact, by {seal['by']!r} of {seal['issuer']!r}"
        proof = "proved by a time stamp" if seal["proved"] else "by the portal's clock"
        yield Finding(about, True, f"{seal['name']}: {by}, {_moment(seal['at'])} ({proof}).")


# ── the content ──────────────────────────────────────────────────────────────
def _of_content(seen: Mapping[str, Any], known: Recorded | None) -> Iterator[Finding]:
    """The digest of what the file carries in machine-readable form, beside what was signed."""
    digest = seen["content_hash"]
    if digest is None:
        if seen["kind"] == "AGREEMENT":
            yield Finding("content", None, "It carries no canonical form, so its content hash cannot be taken anew.")
        return
    yield from _of_print(digest, seen["printed"])
    if known is None:
        return
    signed = {"enabling": known.file["content_hash"], **{_act(party): one for party, one in known.signed.items()}}
    wrong = [act for act, one in signed.items() if one != digest]
    for act in wrong:
        yield Finding("content", False, f"It is not the content hash of {act}.")
    if not wrong:
        yield Finding("content", True, f"It is the content hash of {', '.join(signed)}.")
    yield from _of_parties(seen, known)


def _of_print(digest: str, printed: Sequence[str]) -> Iterator[Finding]:
    told = f"The content hash, taken anew, is {digest}"
    if any(digest in run for run in printed):
        yield Finding("content", True, f"{told}, as it is printed.")
    elif printed:
        yield Finding("content", False, f"{told}; another one is printed.")
    else:
        yield Finding("content", None, f"{told}. It must be the one that is printed.")


def _of_parties(seen: Mapping[str, Any], known: Recorded) -> Iterator[Finding]:
    filled = [seal["name"] for seal in seen["seals"] if seal["kind"] == "APPROVAL"]
    for name in (name for name in filled if name not in known.signed):
        yield Finding("content", False, f"The record has no signature for {name}.")


def _day(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%-d %B %Y at %H:%M}"


def _moment(text: str | None) -> str:
    return f"{_day(datetime.fromisoformat(text))} (London)" if text else "at no time that it tells"
