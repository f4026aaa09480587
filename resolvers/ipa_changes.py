"""What an edit of an agreement changes, as people read it; and how it is kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from itertools import zip_longest
from typing import Any, get_args, get_origin, get_type_hints

from strawberry.utils.str_converters import to_camel_case

from models.ipa import Ipa
from models.ipa_change import IpaChange
from models.ipa_parts import IpaDocument
from models.referral_revision import Change
from models.referral_sent import said
from resolvers.change_words import label, only, words
from resolvers.context import Context
from resolvers.plain import spoken

Json = Mapping[str, Any]


def differences(
    kind: Any, before: Json, after: Json, path: Sequence[str] = (), of: str = ""
) -> Iterator[Change]:  # fmt: skip
    """Place by place, as far as the input of that kind can say something different."""
    for name, hint in get_type_hints(kind).items():
        public = to_camel_case(name.rstrip("_"))
        old, new = before.get(public), after.get(public)
        yield from _differs(only(hint), (old, new), [*path, public], label(name, of))


def _differs(kind: Any, values: tuple[Any, Any], path: list[str], of: str) -> Iterator[Change]:
    old, new = values
    if is_dataclass(kind):
        yield from differences(kind, old or {}, new or {}, path, of)
    elif get_origin(kind) is list and is_dataclass(only(get_args(kind)[0])):
        entries = zip_longest(old or (), new or ())
        for number, pair in enumerate(entries):
            yield from _differs(get_args(kind)[0], pair, [*path, str(number)], f"{of} {number + 1}")
    elif said([old]) != said([new]):
        yield Change(path, of, words(kind, old), words(kind, new))


def attached(document: IpaDocument) -> Change:
    return Change(*_paper(document), None, document.name)


def detached(document: IpaDocument) -> Change:
    return Change(*_paper(document), document.name, None)


def _paper(document: IpaDocument) -> tuple[list[str], str]:
    return ["documents", str(document.document_id)], f"Document: {(spoken(document.kind) or '').lower()}"


async def keep(context: Context, agreement: Ipa, changes: Sequence[Change]) -> None:
    """Under the version that the edit made, which is written first."""
    await context.session.flush()
    context.session.add(IpaChange.of(agreement, changes, by=context.by))
