"""How long the database works for one sending (docs: benchmarks/README.md)."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, event

from benchmarks import stories
from benchmarks.ground import Ground, arguments, upon
from benchmarks.world import SECRET, founded
from models.lifecycle import Role, Side
from models.person import Viewer
from portal.app import Installation, shell_of
from portal.clock import system_clock
from portal.database import asyncpg_dsn
from portal.keys import Keys
from resolvers.context import Caller, Context, Shell
from schema import schema

DATABASE = "portal"
MILLISECONDS = 150
STORIES = 8
USERS = 4
SEND = """mutation ($id: UUID!) { referralSend(id: $id, expectedVersion: 1) {
  referral { id status revision version } problems { code message } } }"""
OFFICER = """SELECT p.id, p.organisation_id, p.name, o.name AS organisation, s.id AS session, s.expires_at
FROM session s JOIN person p ON p.id = s.person_id JOIN organisation o ON o.id = p.organisation_id"""
KEPT = (
    """CREATE TEMP TABLE bare_delivery ON COMMIT DROP AS
       SELECT gen_random_uuid() AS id, '{other}'::uuid AS referral_id, la_id, provider_id, reference, status, version,
         revision, delivered_at, matched_care_id, match_reason, first_revision FROM delivery
       WHERE referral_id = '{sent}'""",
    """CREATE TEMP TABLE bare_entry ON COMMIT DROP AS
       SELECT i.person_id, i.no + 1 AS no, i.event_id, i.notice, i.concerns
       FROM inbox_entry i JOIN event e ON e.id = i.event_id
       WHERE e.referral_id = '{sent}'""",
)
BARE = (
    """INSERT INTO delivery (id, referral_id, la_id, provider_id, reference, status, version, revision, delivered_at,
         matched_care_id, match_reason, first_revision) SELECT * FROM bare_delivery""",
    """INSERT INTO thread (id, referral_id, la_id, provider_id, head)
       SELECT gen_random_uuid(), referral_id, la_id, provider_id, 0 FROM bare_delivery""",
    "INSERT INTO inbox_entry (person_id, no, event_id, notice, concerns) SELECT * FROM bare_entry",
    "UPDATE inbox i SET head = e.no FROM bare_entry e WHERE i.person_id = e.person_id",
)


@dataclass(frozen=True)
class Size:
    """How many providers there are, a tenth of which match, how much was sent before and how often it is measured."""

    providers: int = 3_000
    before: int = 200
    drafts: int = 25

    def filled_in(self, statements: str) -> str:
        for name in ("providers", "before", "drafts"):
            statements = statements.replace(f":{name}", str(getattr(self, name)))
        return statements


QUICK = Size(providers=60, before=4, drafts=5)
WARM = 3


@dataclass
class Statements:
    """What the database was asked, and for how many seconds each kept the act waiting."""

    seconds: dict[str, float] = field(default_factory=dict)
    _began: float = 0.0

    @contextmanager
    def heard(self) -> Iterator[None]:
        """As long as this lasts, every statement of an act counts; the time until its answer is the database's."""
        event.listen(Engine, "before_cursor_execute", self._begins)
        event.listen(Engine, "after_cursor_execute", self._ends)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", self._begins)
            event.remove(Engine, "after_cursor_execute", self._ends)

    def _begins(self, *_: Any) -> None:
        self._began = time.perf_counter()

    def _ends(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        taken = time.perf_counter() - self._began
        self.seconds[statement] = self.seconds.get(statement, 0.0) + taken

    @property
    def total(self) -> float:
        return sum(self.seconds.values())


@dataclass(frozen=True)
class Sent:
    """One sending: seconds in its statements, from the request to the answer, of the processor's work in the database
    where the system counts that, and of the same rows written barely.
    """

    database: float
    whole: float
    worked: float
    bare: float
    statements: Statements


async def measure(ground: Ground, size: Size, console: Console) -> bool:
    """Load, send every draft, print; whether each sending reached exactly those who match."""
    began = time.perf_counter()
    url = await ground.database("sending", lambda url: _load(url, size))
    took = time.perf_counter() - began
    connection = await asyncpg.connect(asyncpg_dsn(url))
    homes = await connection.fetchval("SELECT count(*) FROM home")
    await connection.close()
    console.print(f"{size.providers} providers with {homes} homes, loaded in {took:.0f} s.")
    sent, right = await _measured(url, ground.home, size)
    _print(sent, size, console)
    return right


async def _load(url: str, size: Size) -> None:
    await founded(url, Keys(SECRET))
    connection = await asyncpg.connect(asyncpg_dsn(url))
    await connection.execute("CREATE TEMP TABLE story (no int, content jsonb, child jsonb)")
    told = [(no, json.dumps(stories.summary(no)), json.dumps(stories.child(no))) for no in range(STORIES)]
    await connection.executemany("INSERT INTO story VALUES ($1, $2::jsonb, $3::jsonb)", told)
    await connection.execute(size.filled_in((Path(__file__).parent / "sending.sql").read_text()))
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    await connection.close()


async def _measured(url: str, home: Path, size: Size) -> tuple[list[Sent], bool]:
    owner = await asyncpg.connect(asyncpg_dsn(url))
    try:
        viewer = await _officer(owner)
        drafts = [row["id"] for row in await owner.fetch("SELECT id FROM referral WHERE status = 'DRAFT' ORDER BY id")]
        app_url = url.replace("postgres@", "portal_app@", 1)
        where = Installation(app_url, home, Keys(SECRET), system_clock, "http://127.0.0.1", {})
        async with shell_of(where) as shell:
            *sending, spare = drafts
            sent = [await _sent(shell, viewer, owner, draft, spare) for draft in sending]
        return sent[WARM:], await _right(owner, sending, size)
    finally:
        await owner.close()


async def _officer(owner: Any) -> Viewer:
    row = await owner.fetchrow(OFFICER)
    return Viewer(
        row["id"], row["organisation_id"], Side.LOCAL_AUTHORITY, frozenset({Role.PLACEMENT_OFFICER}), row["session"],
        row["name"], "Officer", row["organisation"], row["expires_at"],
    )  # fmt: skip


async def _sent(shell: Shell, viewer: Viewer, owner: Any, draft: Any, spare: Any) -> Sent:
    statements, working = Statements(), await _processes(owner)
    before, began = _worked(working), time.perf_counter()
    with statements.heard():
        done = await schema.execute(SEND, {"id": str(draft)}, Context(shell, viewer, Caller()))
    whole = time.perf_counter() - began
    assert not done.errors, done.errors
    return Sent(statements.total, whole, _more(before, _worked(working)), await _bare(owner, draft, spare), statements)


async def _processes(owner: Any) -> list[Path]:
    """Where the system counts how long the database's processes for the portal have worked."""
    rows = await owner.fetch("SELECT pid FROM pg_stat_activity WHERE usename = 'portal_app'")
    return [path for row in rows if (path := Path(f"/proc/{row['pid']}/schedstat")).exists()]


def _worked(processes: list[Path]) -> dict[Path, float]:
    """Seconds of each that is still there: a connection that was one too many goes away by itself."""
    found = {}
    for path in processes:
        with suppress(FileNotFoundError, ProcessLookupError):
            found[path] = int(path.read_text().split()[0]) / 1e9
    return found


def _more(before: dict[Path, float], after: dict[Path, float]) -> float:
    return sum(seconds - before[path] for path, seconds in after.items())


async def _bare(owner: Any, draft: Any, spare: Any) -> float:
    """Seconds for the same rows, as another referral's, in plain statements of the superuser; then undone."""
    transaction = owner.transaction()
    await transaction.start()
    for statement in KEPT:
        await owner.execute(statement.format(sent=draft, other=spare))
    began = time.perf_counter()
    for statement in BARE:
        await owner.execute(statement)
    took = time.perf_counter() - began
    await transaction.rollback()
    return took


async def _right(owner: Any, drafts: list[Any], size: Size) -> bool:
    """Whether each sending reached every tenth provider once, and every one of its people once."""
    reached = "SELECT count(*) FROM delivery WHERE referral_id = ANY ($1) AND match_reason->>'homesMatching' = '2'"
    told = """SELECT count(DISTINCT (i.person_id, i.event_id)) FROM inbox_entry i JOIN event e ON e.id = i.event_id
      WHERE e.referral_id = ANY ($1) AND i.notice = 'REFERRAL_RECEIVED'"""
    matching = len(drafts) * size.providers // 10
    found = await owner.fetchval(reached, drafts), await owner.fetchval(told, drafts)
    return bool(found == (matching, matching * USERS))


def _print(sent: list[Sent], size: Size, console: Console) -> None:
    table = Table(title=f"A sending to {size.providers // 10} providers with {size.providers // 10 * USERS} people")
    for heading in ("statement", "ms, median"):
        table.add_column(heading, justify="left" if heading == "statement" else "right", no_wrap=True)
    names = sent[0].statements.seconds
    for name in sorted(names, key=lambda name: -names[name])[:8]:
        each = median(one.statements.seconds.get(name, 0.0) for one in sent)
        table.add_row(" ".join(name.split())[:90], f"{1000 * each:.1f}")
    console.print(table)
    of = {name: 1000 * median(getattr(one, name) for one in sent) for name in ("database", "whole", "worked", "bare")}
    word = "passed" if of["database"] < MILLISECONDS else "FAILED"
    console.print(
        f"in the database {of['database']:.1f} ms in {len(names)} statements, {of['worked']:.1f} ms of them work"
    )
    console.print(f"the whole act {of['whole']:.1f} ms; the same rows written barely {of['bare']:.1f} ms")
    console.print(f"ratio to that: {of['database'] / of['bare']:.1f}")
    console.print(f"at most {MILLISECONDS} ms in the database: {word}")


def main() -> int:
    parser = arguments("How long the database works for one sending.")
    parser.add_argument("--quick", action="store_true", help="little data: only shows that it works")
    given = parser.parse_args()
    right = upon(given.server, lambda ground: measure(ground, QUICK if given.quick else Size(), Console(width=130)))
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
