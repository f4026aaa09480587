"""What is printed from the code: the contracts, the lifecycles, the problems. Tests hold the copies against this."""

from collections.abc import Iterable
from pathlib import Path

from models.lifecycle import Lifecycle, Rule
from models.refusal import Code
from portal.permissions import TABLES, permissions

HEAD = """# Lifecycles

Printed from the tables at the top of each model by `portal lifecycles --write`. One row is permission, transition,
audit word and audience together; everything that is not a row is refused. An act without a person follows from another.
"""


def contract() -> str:
    """The contract of signed-in clients, as SDL."""
    from schema import schema

    return str(schema) + "\n"


def public_contract() -> str:
    """The contract of anonymous callers, as SDL."""
    from schema.public import public_schema

    return str(public_schema) + "\n"


def lifecycles() -> str:
    """docs/lifecycles.md: a table and a diagram for each kind of record."""
    return "\n".join([HEAD, *(_chapter(name, table) for name, table in TABLES.items())])


def problems() -> str:
    """docs/problems.md: every code with its meaning."""
    rows = "\n".join(f"| `{code.value}` | {code.meaning} |" for code in Code)
    return f"""# Problems

Acts answer refusals as data in `problems`: a code, a sentence for the person who asked, and the path of the argument at
fault. Nothing has changed then. New codes may be added; treat an unknown one as a refusal. Printed by
`portal lifecycles --write`.

| code | meaning |
|---|---|
{rows}

What cannot be answered at all comes as a top-level error with `extensions.code`: `UNAUTHENTICATED`, `SESSION_EXPIRED`,
`BAD_REQUEST`, `GRAPHQL_PARSE_FAILED`, `GRAPHQL_VALIDATION_FAILED`, `OPERATION_TOO_LARGE`, `PAYLOAD_TOO_LARGE`,
`UNSUPPORTED_MEDIA_TYPE`, `NOT_ACCEPTABLE`, `METHOD_NOT_ALLOWED`, `FORBIDDEN` (a foreign origin), `TIMEOUT`, and
`INTERNAL` with a number to quote.
"""


def write_contracts(root: Path) -> None:
    (root / "schema" / "schema.graphql").write_text(contract())
    (root / "schema" / "public.graphql").write_text(public_contract())


def write_docs(root: Path) -> None:
    (root / "docs" / "lifecycles.md").write_text(lifecycles())
    (root / "docs" / "problems.md").write_text(problems())
    (root / "docs" / "permissions.md").write_text(permissions())


def _chapter(name: str, table: Lifecycle) -> str:  # type: ignore[type-arg]
    rows = "\n".join(_row(rule) for rule in table)
    arrows = "\n".join(f"    {state} --> {then}: {action}" for state, then, action in _moves(table))
    frozen = ", ".join(sorted(table.frozen))
    locked = f"\nLocked in {frozen}: `{table.locked}`.\n" if frozen else ""
    return f"""## {name}

| act | who | in | then | tells | notice |
|---|---|---|---|---|---|
{rows}
{locked}
```mermaid
stateDiagram-v2
    [*] --> {table.start}
{arrows}
```
"""


def _row(rule: Rule) -> str:  # type: ignore[type-arg]
    who = "; ".join(who.spoken for who in rule.by) or "follows from another act"
    unless = f" (unless {rule.unless})" if rule.unless else ""
    cells = (
        rule.action.replace("_", " "),
        who,
        _spoken(rule.when) + unless,
        rule.then or "",
        _spoken(rule.tells),
        rule.notice or "",
    )
    return "| " + " | ".join(cells) + " |"


def _spoken(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes))


def _moves(table: Lifecycle) -> list[tuple[str, str, str]]:  # type: ignore[type-arg]
    moves = {
        (state, rule.then, rule.action.replace("_", " "))
        for rule in table
        if rule.then
        for state in rule.when
        if state != rule.then
    }
    return sorted(moves)
