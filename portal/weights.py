"""What an operation weighs, worked out once in time linear in its document: every fragment is weighed once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PAGE = 20  # items on a page whose size neither the client nor the schema states


@dataclass(frozen=True, slots=True)
class Wish:
    """A page size that a variable gives at run time."""

    variable: str
    otherwise: int

    def under(self, variables: Mapping[str, Any]) -> int:
        value = variables.get(self.variable)
        if value is None:
            return self.otherwise
        return int(value) if isinstance(value, int | float) else 1


Page = int | Wish


@dataclass(slots=True, eq=False)
class Cost:
    """A sum of fields and of pages of fields; only what depends on variables is kept to be added up per request."""

    fixed: int = 0
    terms: list[tuple[Page, "Cost"]] = field(default_factory=list)
    choices: list[list["Cost"]] = field(default_factory=list)

    @property
    def varies(self) -> bool:
        return bool(self.terms or self.choices)

    def add_dearest(self, costs: list["Cost"]) -> None:
        """One of them, whichever it will be."""
        if any(cost.varies for cost in costs):
            self.choices.append(costs)
        else:
            self.fixed += max((cost.fixed for cost in costs), default=0)

    def add(self, times: Page, cost: "Cost") -> None:
        if isinstance(times, Wish) or cost.varies:
            self.terms.append((times, cost))
        else:
            self.fixed += max(times, 1) * cost.fixed

    def under(self, variables: Mapping[str, Any], known: dict[int, int] | None = None) -> int:
        """The cost with these variables; a part that several fragments share is added up once."""
        known = {} if known is None else known
        if id(self) not in known:
            total = self.fixed
            for times, cost in self.terms:
                size = times.under(variables) if isinstance(times, Wish) else times
                total += max(size, 1) * cost.under(variables, known)
            total += sum(max(cost.under(variables, known) for cost in costs) for costs in self.choices)
            known[id(self)] = total
        return known[id(self)]


@dataclass(slots=True, eq=False)
class Weight:
    """Of one selection set with all it spreads: levels, fields at its top, cost, page sizes, and its worst names."""

    depth: int = 0
    roots: int = 0
    cost: Cost = field(default_factory=Cost)
    page: int = 0
    wishes: set[Wish] = field(default_factory=set)
    top: set[str] = field(default_factory=set)
    longest_name: str = ""
    repeats: int = 0

    def choose(self, among: list["Weight"]) -> None:
        """Take in what is selected of several types, one of which there will be: of cost, the dearest."""
        costs = [weight.cost for weight in among]
        for weight in among:
            weight.cost = Cost()
            self.spread(weight)
        self.cost.add_dearest(costs)

    def spread(self, fragment: "Weight") -> None:
        """Take in a fragment that is spread at this level."""
        self.depth = max(self.depth, fragment.depth)
        self.roots += fragment.roots
        self.top |= fragment.top
        self._take_in(fragment, 1)

    def nest(self, name: str, pages: tuple[Page, ...], inner: "Weight") -> None:
        """Take in one field, given what is selected below it and how many of that a page may bring."""
        self.depth = max(self.depth, inner.depth + 1)
        self.roots += 1
        self.top.add(name)
        self.cost.fixed += 1
        for page in pages:
            self._take_in(inner, page)
            if isinstance(page, Wish):
                self.wishes.add(page)
            else:
                self.page = max(self.page, page)

    def name(self, names: Mapping[str, int]) -> None:
        """Note how often each response name occurs side by side, which validation compares pair by pair."""
        self.repeats = max(self.repeats, *names.values())
        self.longest_name = max(self.longest_name, *names, key=len)

    def _take_in(self, inner: "Weight", times: Page) -> None:
        self.cost.add(times, inner.cost)
        self.page = max(self.page, inner.page)
        self.wishes |= inner.wishes
        self.repeats = max(self.repeats, inner.repeats)
        self.longest_name = max(self.longest_name, inner.longest_name, key=len)
