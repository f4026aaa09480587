"""What would change, or has, between what was sent before and what is sent next, as people read it (S-060)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Any, get_type_hints

from strawberry.utils.str_converters import to_camel_case

from models.child import Child
from models.document import DocumentKind
from models.referral import Referral
from models.referral_form import RiskKind, RiskLevel
from models.referral_revision import Change
from models.referral_sent import ReferralDocument, Sending, said
from resolvers.change_words import LABELS, label, only, words
from resolvers.plain import spoken
from resolvers.referral_input import IDENTITY, ChildInput, ReferralInput

Json = Mapping[str, Any]
APART = ("children", "risks")


def compared(
    referral: Referral, children: Sequence[Child], documents: Sequence[ReferralDocument], at: datetime
) -> Sending:
    """What would go out at that moment, with what it changes of what went out last; of a draft, nothing."""
    sending = Sending(referral.content, children, documents, at)
    if referral.summary is not None and referral.sent_at is not None:
        then = Sending(referral.content, children, documents, referral.sent_at)
        sending.unchanged = then.content_hash == referral.sent_hash
        after = {**sending.summary, "children": _aged(referral.summary, then.summary, sending.summary)}
        sending.changes = [] if sending.unchanged else _changes(referral.summary, after, documents)
    return sending


def _aged(sent: Json, then: Json, now: Json) -> list[Json]:
    """The children as they go out now; who has only grown older since the last sending is of the age sent then."""
    before = _by(sent["children"], "id")
    pairs = zip(then["children"], now["children"], strict=True)
    return [old if _age(old) == _age(before.get(old["id"], {})) else new for old, new in pairs]


def _changes(before: Json, after: Json, documents: Sequence[ReferralDocument]) -> list[Change]:
    fields = _fields(ReferralInput, before, after, [], "")
    return [*fields, *_risks(before, after), *_children(before, after), *_documents(documents)]


def _fields(kind: Any, before: Json, after: Json, path: list[str], of: str) -> Iterator[Change]:
    for name, hint in get_type_hints(kind).items():
        public = to_camel_case(name.rstrip("_"))
        if public in APART or (kind is ChildInput and (name in IDENTITY or name == "id")):
            continue
        old, new = before.get(public), after.get(public)
        inner, spoken_as = only(hint), label(name, of)
        if is_dataclass(inner):
            yield from _fields(inner, old or {}, new or {}, [*path, public], spoken_as)
        elif said([old]) != said([new]):
            yield Change([*path, public], spoken_as, words(inner, old), words(inner, new))


def _risks(before: Json, after: Json) -> Iterator[Change]:
    old, new = _by(before.get("risks"), "kind"), _by(after.get("risks"), "kind")
    for kind in RiskKind:
        was, becomes = old.get(kind.value), new.get(kind.value)
        if said([was]) != said([becomes]):
            path = ["risks", kind.value]
            yield Change(path, f"Risk: {words(RiskKind, kind.value)}", _risk(was), _risk(becomes))


def _risk(risk: Json | None) -> str | None:
    if risk is None:
        return None
    level, note = words(RiskLevel, risk.get("level")), words(str, risk.get("note"))
    return f"{level}: {note}" if note else level


def _by(entries: Sequence[Json] | None, key: str) -> dict[str, Json]:
    return {entry[key]: entry for entry in entries or ()}


def _children(before: Json, after: Json) -> Iterator[Change]:
    old, new = _by(before.get("children"), "id"), _by(after.get("children"), "id")
    for id, child in new.items():
        path, name = ["children", id], child.get("initials") or "Child"
        if id not in old:
            yield Change(path, "Child", None, _described(child))
            continue
        yield from _told(old[id], child, path, name)
        yield from _fields(ChildInput, old[id], child, path, name)
    for id in [id for id in old if id not in new]:
        yield Change(["children", id], "Child", _described(old[id]), None)


def _told(old: Json, new: Json, path: list[str], name: str) -> Iterator[Change]:
    """What providers see of who the child is."""
    was, becomes = _seen(old), _seen(new)
    for part in was:
        if was[part] != becomes[part]:
            yield Change([*path, part], label(LABELS.get(part, part), name), was[part], becomes[part])


def _seen(child: Json) -> dict[str, str | None]:
    return {
        "initials": words(str, child.get("initials")),
        "age": _age(child),
        "expectedOn": words(date, child.get("expectedOn")),
        "gender": spoken(child.get("gender")),
    }


def _age(child: Json) -> str | None:
    if child.get("ageYears") is None:
        return None
    years, months = int(child["ageYears"]), int(child["ageMonths"] or 0)
    return f"{years} year{'s' * (years != 1)} and {months} month{'s' * (months != 1)}"


def _described(child: Json) -> str:
    return ", ".join(filter(None, _seen(child).values())) or "Child"


def _documents(documents: Sequence[ReferralDocument]) -> Iterator[Change]:
    """By kind and name. Of what names the child providers learn nothing, not even that there is such a document."""
    open_ = [paper for paper in documents if not paper.identifies_child]
    had = Counter(_file(paper) for paper in open_ if paper.sent_in is not None and paper.dropped_in is None)
    has = Counter(_file(paper) for paper in open_ if paper.removed_at is None)
    for gone, files in ((True, had - has), (False, has - had)):
        for _, name, kind in sorted(files.elements()):
            yield Change(["documents"], f"Document: {spoken(kind)}", name if gone else None, None if gone else name)


def _file(paper: ReferralDocument) -> tuple[str, str, DocumentKind]:
    return paper.sha256, paper.name, paper.kind
