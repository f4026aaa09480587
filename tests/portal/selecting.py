"""Selections by chance: aliases, fragments, directives and all, valid for what they are made on."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import GraphQLSchema, get_named_type, is_abstract_type, is_leaf_type, is_non_null_type

ASKS_MORE = ("offerChanges", "ipaChanges")
DIRECTIVES = ("", "", "", "", "@include(if: $yes)", "@skip(if: $yes)", "@include(if: false)", "@skip(if: $no)")


@dataclass
class Selecting:
    """Writes one document after another, each with the variables `yes`, `no`, `id` and `after`."""

    schema: GraphQLSchema
    chance: Random
    plain: bool = True
    fragments: list[str] = field(default_factory=list)

    def document(self, stream: str) -> str:
        """A subscription to that stream."""
        self.fragments = []
        subscription: Any = self.schema.subscription_type
        root = subscription.fields[stream]
        given = {"after": "$after", **({"id": "$id"} if "id" in root.args else {})}
        given |= {"threadId": "$id"} if "threadId" in root.args and self.chance.random() < 0.3 else {}
        arguments = ", ".join(f"{name}: {value}" for name, value in given.items())
        alias = self.chance.choice(("", "", "heard: "))
        inner = self._inside(get_named_type(root.type), depth=0)
        declared = "$yes: Boolean! = true, $no: Boolean! = false, $after: String, $id: UUID"
        if "id" in root.args and is_non_null_type(root.args["id"].type):
            declared += "!"
        head = f"subscription ({declared}) {{ {alias}{stream}({arguments}) {inner} }}"
        uses = f" fragment Uses on {get_named_type(root.type)} {{ __typename @include(if: $yes) @skip(if: $no) }}"
        return self._used(head, root) + uses + "".join(self.fragments)

    def _used(self, head: str, root: Any) -> str:
        """Every variable is used somewhere, as validation wants it."""
        spread = "{ ...Uses "
        if "$id)" not in head and "$id," not in head and "id: $id" not in head.partition("{")[2]:
            head = head.replace(", $id: UUID!", "").replace(", $id: UUID", "")
        place = head.index("{", head.index(")", head.index("after: $after")))
        return head[:place] + spread + head[place + 1 :]

    def _inside(self, kind: Any, depth: int) -> str:
        parts = [self._part(kind, depth) for _ in range(self.chance.randint(1, 4))]
        return "{ __typename " + " ".join(parts) + " }"

    def _part(self, kind: Any, depth: int) -> str:
        way = self.chance.random()
        if is_abstract_type(kind):
            member = self.chance.choice(self.schema.get_possible_types(kind))
            return self._spread(member.name if way < 0.9 else kind.name, member if way < 0.9 else kind, depth)
        if way < 0.2 and depth < 4:
            return self._spread(kind.name, kind, depth)
        return self._field(kind, depth)

    def _spread(self, name: str, kind: Any, depth: int) -> str:
        inner, directive = self._inside(kind, depth + 1), self.chance.choice(DIRECTIVES)
        if self.chance.random() < 0.5:
            return f"... on {name} {directive} {inner}"
        own = f"F{len(self.fragments)}"
        self.fragments.append(f" fragment {own} on {name} {inner}")
        return f"...{own} {directive}"

    def _field(self, kind: Any, depth: int) -> str:
        names = [name for name in kind.fields if not (self.plain and name in ASKS_MORE)]
        asks = [name for name in names if name in ASKS_MORE and self.chance.random() < 0.5]
        name = self.chance.choice(asks or [*names, "__typename"])
        directive = self.chance.choice(DIRECTIVES)
        if name == "__typename":
            return self.chance.choice(("__typename", f"kind{kind.name}: __typename"))
        of = get_named_type(kind.fields[name].type)
        alias = self.chance.choice(("", f"{kind.name}_{name}: "))
        return f"{alias}{name} {directive} {'' if is_leaf_type(of) else self._inside(of, depth + 1)}"
