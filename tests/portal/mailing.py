"""People to whom something is mailed, and a portal that keeps what it sends."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

from models.lifecycle import Role
from models.person import Viewer
from portal.jobs import Worker
from portal.mail_sending import deliver
from portal.outbox import AT_EIGHT, DIGESTS, FORGET, digests, forget, spread
from tests.cases import Cases
from tests.resolvers.test_mail_preference import CHOOSE
from tests.world import Firm, World

FROM = "Portal <portal@example.org>"
SEEN = "{ notifications { nodes { id kind reference } } }"
READ = "mutation ($id: UUID!) { notificationRead(id: $id) { problems { code message } } }"


EVE, GATE = date(2026, 6, 30), date(2026, 7, 1)


class Kept:
    """A way of sending that keeps what is sent."""

    sender = FROM

    def __init__(self) -> None:
        self.came: list[EmailMessage] = []

    async def send(self, message: EmailMessage, *, again: bool = False) -> None:
        self.came.append(message)

    async def rest(self) -> None:
        """There is no connection."""

    async def ready(self) -> None:
        """It always is."""


@dataclass
class Sending:
    """Two people of one provider, an officer, and a portal that keeps what it sends."""

    cases: Cases
    post: Kept
    officer: Viewer
    firm: Firm
    member: Viewer
    colleague: Viewer

    @classmethod
    async def begun(cls, world: World) -> "Sending":
        cases = Cases(world)
        firm = await world.provider()
        people = [await world.person(firm.id, Role.MEMBER, name=each) for each in ("Mia Member", "Cat Colley")]
        return cls(cases, Kept(), await cases.officer(), firm, *people)

    @property
    def world(self) -> World:
        return self.cases.world

    async def until(self, day: date, hour: float = 9.0) -> None:
        """The clock is at that hour in UTC of that day, with everybody still signed in."""
        self.world.clock.now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)
        await self.world.sql("UPDATE session SET expires_at = $1", self.world.clock.now + timedelta(days=14))

    async def work(self) -> list[EmailMessage]:
        """What is sent by a portal that does all that is due now."""
        shell, before = replace(self.world.shell, post=self.post), len(self.post.came)
        await Worker(shell, {DIGESTS: digests, FORGET: forget}, daily={DIGESTS: AT_EIGHT, FORGET: None}).work_off()
        await deliver(shell)
        return self.post.came[before:]

    async def referred(self) -> str:
        return await self.cases.sent(self.officer, dateRequired="2027-01-01")

    async def said(self, referral: str) -> None:
        thread = await self.cases.thread(referral, self.firm)
        await self.cases.act(self.officer, "messageSend", threadId=thread, input={"body": "They like calm."})

    async def choose(self, who: Viewer, **kinds: str) -> None:
        input = [{"kind": kind, "choice": choice} for kind, choice in kinds.items()]
        await self.world.do(who, CHOOSE.replace("preferences { kind choice }", "preferences { kind }"), input=input)

    async def read(self, who: Viewer, kind: str) -> None:
        nodes = (await self.world.gql(who, SEEN))["notifications"]["nodes"]
        for node in nodes:
            if node["kind"] == kind:
                await self.world.do(who, READ, id=node["id"])

    async def states(self) -> list[tuple[str, str | None]]:
        await spread(self.world.shell)
        rows = await self.world.sql("SELECT state, error FROM mail ORDER BY state, error")
        return [(row["state"], row["error"]) for row in rows]


async def mailbox(sending: Sending, who: Viewer) -> str:
    (row,) = await sending.world.sql("SELECT email FROM person WHERE id = $1", who.person_id)
    return str(row["email"])


def body(message: EmailMessage) -> str:
    return str(next(message.iter_parts()).get_content())


def to(messages: list[EmailMessage]) -> list[str]:
    return sorted(str(message["To"]) for message in messages)
