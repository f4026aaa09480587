"""How long the database takes for every count and every list of referrals, at size (docs: benchmarks/README.md)."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, cast
from uuid import UUID

import asyncpg
import orjson
from rich.console import Console
from rich.table import Table

import schema
from benchmarks.ground import Ground, arguments, upon
from benchmarks.limit import Recorder
from benchmarks.world import founded
from models.lifecycle import Role, Side
from models.person import Viewer
from portal.body import call_in
from portal.database import PLANNED, READING, asyncpg_dsn, standing
from portal.keys import Keys
from portal.operations import Operations
from portal.served import ServedSchema
from resolvers.context import Context, Shell
from resolvers.operation import compiled
from resolvers.read import Reader

SECRET = b"a secret for figures and nothing else"
RECIPIENTS, ROUNDS, ASKED = 40, 5, 5.0
BASELINE = "SELECT count(*) FROM generate_series(1, 10000)"
EXPLAIN = "EXPLAIN (ANALYZE, TIMING OFF, BUFFERS, FORMAT JSON) "
PENDING = (
    "newReferrals", "dueToday", "overdue", "unreadMessages", "offersAwaiting", "ipasToReview", "ipasToSign",
    "unreadNotifications", "expiringDocuments", "upliftsToAnswer",
    "ipasToCorrect", "ipasToEnable",
)  # fmt: skip
LIST = """query ($filter: ReferralFilter, $orderBy: ReferralOrder!, $first: Int!, $after: String) {
  referrals(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { id reference status due workingDaysLeft } pageInfo { hasNextPage endCursor } } }"""
UNDECIDED = """query ($filter: OfferFilter, $first: Int!, $after: String) {
  offers(filter: $filter, orderBy: LONGEST_UNDECIDED, first: $first, after: $after) {
    nodes { id undecidedDays anotherAccepted referralStatus weeklyTotal } pageInfo { hasNextPage endCursor } } }"""
ORDERS = ("NEWEST", "NEEDED_SOONEST", "DEADLINE", "CHANGED")


@dataclass(frozen=True)
class Measured:
    """One question of one reader: milliseconds and pages of eight kilobytes, the median of the rounds."""

    name: str
    milliseconds: float
    pages: int


class Desk:
    """One reader's questions as the portal's statements, run as the portal runs them and timed by the database."""

    def __init__(self, connection: Any, viewer: Viewer) -> None:
        self._connection, self._viewer, self._recorder = connection, viewer, Recorder()
        served = schema.built(ServedSchema)
        self._operations = Operations(served, compiled(served), keep=1_000)
        nothing = cast(Any, None)
        database = cast(Any, self._recorder)
        self._shell = Shell(lambda: datetime.now(UTC), database, Reader(), nothing, nothing, nothing, nothing)

    async def statement(self, query: str, **variables: Any) -> tuple[str, list[Any]]:
        call = call_in(orjson.dumps({"query": query, "variables": variables}))
        fast = self._operations.prepare(call, self._viewer).fast
        assert fast is not None, "the portal would leave this to the executor"
        await fast.run(Context(self._shell, self._viewer), call.variables)
        return self._recorder.sql, self._recorder.values

    async def answer(self, query: str, **variables: Any) -> Any:
        sql, values = await self.statement(query, **variables)
        await self._begin()
        json = await self._connection.fetchval(sql, *values)
        await self._connection.execute("COMMIT")
        return orjson.loads(json)

    async def measure(self, name: str, query: str, **variables: Any) -> Measured:
        """The median of several runs, after one that counts for nothing."""
        runs = (await self.plans(query, ROUNDS + 1, **variables))[1:]
        times = [run["Execution Time"] for run in runs]
        pages = [run["Plan"]["Shared Hit Blocks"] + run["Plan"]["Shared Read Blocks"] for run in runs]
        return Measured(name, median(times), int(median(pages)))

    async def plans(self, query: str, rounds: int = 1, **variables: Any) -> list[dict[str, Any]]:
        """What the database says of answering, each time: by the plan that is kept for everybody, behind the wall."""
        sql, values = await self.statement(query, **variables)
        await self._begin()
        await self._connection.execute(f"PREPARE asked AS {sql}")
        arguments = f"({', '.join(map(_literal, values))})" if values else ""
        plans = [await explained(self._connection, f"EXECUTE asked{arguments}") for _ in range(rounds)]
        await self._connection.execute("DEALLOCATE asked; COMMIT")
        return plans

    async def _begin(self) -> None:
        await self._connection.execute(READING + standing(self._viewer, datetime.now(UTC)))


async def explained(connection: Any, statement: str) -> dict[str, Any]:
    ((plan,),) = [orjson.loads(row[0]) for row in await connection.fetch(EXPLAIN + statement)]
    return cast(dict[str, Any], plan)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, list):
        return _literal("{" + ",".join(map(str, value)) + "}")
    text = value.isoformat() if isinstance(value, date) else str(value)
    return "'" + text.replace("'", "''") + "'"


def filters(authority: UUID, side: Side) -> dict[str, Any]:
    more = {"changed since opened": {"changedSinceOpened": True}} if side is Side.PROVIDER else {}
    return {
        "none": None,
        "state": {"status": ["SENT"]},
        "category": {"category": ["FOSTERING"]},
        "authority": {"authorityId": [str(authority)]},
        "urgency": {"urgency": ["EMERGENCY"]},
        "delivery": {"delivery": ["DECLINED"]},
        "due": {"due": ["OVERDUE", "TODAY"]},
        "revision": {"revisionAtLeast": 3},
        "unread": {"unread": True},
        "reference": {"search": "WM-ZZ"},
        "name": {"search": "robin 77"},
        **more,
    }


async def counts(desk: Desk, who: str) -> list[Measured]:
    every = [await desk.measure(f"{who}: {name}", f"{{ viewer {{ pending {{ {name} }} }} }}") for name in PENDING]
    everything = f"{{ viewer {{ pending {{ {' '.join(PENDING)} }} }} }}"
    return [*every, await desk.measure(f"{who}: all of them in one query", everything)]


async def lists(desk: Desk, who: str, wanted: dict[str, Any], first: int = 25) -> list[Measured]:
    made = []
    for order in ORDERS:
        for name, condition in wanted.items():
            asked = {"filter": condition, "orderBy": order}
            title = f"{who}: {name}, {order}"
            made.append(await desk.measure(title, LIST, **asked, first=first, after=None))
            deep = await _deep(desk, asked)
            if deep:
                made.append(await desk.measure(f"{title}, deep", LIST, **asked, first=first, after=deep))
    return made


async def _deep(desk: Desk, asked: dict[str, Any]) -> str | None:
    """A cursor a thousand rows into the list, or where its last full page begins, if it has more than one."""
    deep = None
    for _ in range(10):
        page = (await desk.answer(LIST, **asked, first=100, after=deep))["pageInfo"]
        if not page["hasNextPage"]:
            break
        deep = page["endCursor"]
    return deep


async def readers(connection: Any) -> dict[str, Viewer]:
    """Of the middle provider and the first authority: who keeps up with messages, and who has read none."""
    rows = await connection.fetch(
        "SELECT p.id, p.organisation_id, o.side, p.name, p.roles, s.id AS session, s.expires_at FROM person p"
        " JOIN organisation o ON o.id = p.organisation_id JOIN session s ON s.person_id = p.id"
        " WHERE o.side <> 'REGION' AND p.email IS NOT NULL ORDER BY o.name, p.name"
    )
    found = {}
    for side, who in ((Side.PROVIDER, "provider"), (Side.LOCAL_AUTHORITY, "authority")):
        for row, kind in zip([row for row in rows if row["side"] == side], ("", " behind with messages"), strict=False):
            found[who + kind] = Viewer(
                row["id"], row["organisation_id"], side, frozenset(map(Role, row["roles"])), row["session"],
                row["name"], None, "", row["expires_at"] + timedelta(0),
            )  # fmt: skip
    return found


async def run(ground: Ground, scale: float, console: Console) -> None:
    url = await _loaded(ground, scale, console)
    app = asyncpg_dsn(url).replace("//postgres@", "//portal_app@")
    owner = await asyncpg.connect(asyncpg_dsn(url))
    people = await readers(owner)
    await owner.close()
    connection = await asyncpg.connect(app, server_settings=PLANNED)
    await _measured(connection, people, console)
    await connection.close()


async def _measured(connection: Any, people: dict[str, Viewer], console: Console) -> None:
    baseline = median([(await explained(connection, BASELINE))["Execution Time"] for _ in range(ROUNDS)])
    badges, pages = [], []
    for who, viewer in people.items():
        desk = Desk(connection, viewer)
        badges += await counts(desk, who)
        if " " not in who:
            pages += await lists(desk, who, filters(people["authority"].organisation_id, viewer.side))
            waiting = {"filter": {"undecided": True}, "first": 25, "after": None}
            pages.append(await desk.measure(f"{who}: undecided offers", UNDECIDED, **waiting))
    console.print(f"The baseline, counting ten thousand numbers, takes {baseline:.2f} ms.")
    _print("counts", badges, baseline, console, ASKED)
    _print("lists of 25", pages, baseline, console, None)


def _print(title: str, table: Sequence[Measured], baseline: float, console: Console, most: float | None) -> None:
    shown = Table(title, "ms in the database", "pages", "× baseline", "asked" if most else "")
    for row in table:
        verdict = "" if most is None else f"under {most:g} ms: {'passed' if row.milliseconds < most else 'MISSED'}"
        ratio = f"{row.milliseconds / baseline:.1f}"
        shown.add_row(row.name, f"{row.milliseconds:.2f}", str(row.pages), ratio, verdict)
    console.print(shown)


async def fill(connection: Any, *, providers: int, referrals: int) -> None:
    """Referrals, what became of them and who reads of them, as the superuser; providers come by the forty.

    Committed to disk: what is not yet written there cannot be marked as visible to all, and is read page by page.
    """
    statements = (Path(__file__).parent / "lists.sql").read_text()
    statements = statements.replace(":providers", str(providers)).replace(":referrals", str(referrals))
    await connection.execute("SET synchronous_commit = on")
    await connection.execute(statements)
    await connection.execute("VACUUM ANALYZE")


async def _loaded(ground: Ground, scale: float, console: Console) -> str:
    began = time.perf_counter()
    sizes = {"providers": max(round(800 * scale / RECIPIENTS), 2) * RECIPIENTS, "referrals": round(50_000 * scale)}

    async def filled(url: str) -> None:
        await founded(url, Keys(SECRET))
        connection = await asyncpg.connect(asyncpg_dsn(url))
        await fill(connection, **sizes)
        await connection.close()

    url = await ground.database("lists", filled)
    took = time.perf_counter() - began
    of = f"{sizes['referrals']} referrals, each to {RECIPIENTS} of {sizes['providers']} providers"
    console.print(f"{of}: loaded in {took:.0f} s.")
    return url


def main() -> int:
    parser = arguments("Every count and list of referrals, by the database's own clock.")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 50 000 referrals to 40 of 800 providers each")
    given = parser.parse_args()
    upon(given.server, lambda ground: run(ground, given.scale, Console(width=130)), durable=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
