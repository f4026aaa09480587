"""Sends what is due, from the claim to the wire: at least once each and under one name, by any number of processes."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from random import SystemRandom

from sqlalchemy import Update

from models.mail import Due, Mail
from portal.incidents import report
from portal.lease import held
from portal.mail import Letterhead, NoAddress, letter
from portal.outbox import spread
from resolvers.context import Shell
from resolvers.ports import NotTaken, Post, Trouble

log = logging.getLogger("portal.mail")

AT_ONCE = 100
LINES = 4
LEASE = timedelta(seconds=60)
BREATH, AFTER_A_FAULT, LONGEST_PAUSE = 1.0, 2.0, 300.0
GRACE = 3.0
CHANCE = SystemRandom()


class Mailing:
    """Sends in the background: any number of processes may, each message is sent by one of them at a time."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._delivery = Delivery(shell)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="portal-mail")

    async def stop(self) -> None:
        """Return soon: what is being sent has a moment to come to its end, all else is given back at once."""
        self._delivery.stopping = True
        if self._task is not None:
            await asyncio.wait([self._task], timeout=GRACE if self._delivery.sending else 0)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        """Where nothing is taken by the server, or the database is away, it waits longer each time, never exactly."""
        in_vain = 0
        while not self._delivery.stopping:
            (fault,) = await asyncio.gather(self._delivery.run(), return_exceptions=True)
            if isinstance(fault, BaseException):
                log.warning("e-mail cannot be looked at (%s)", type(fault).__name__)
            in_vain = in_vain + 1 if isinstance(fault, BaseException) or self._delivery.trouble else 0
            pause = min(AFTER_A_FAULT * 2 ** min(in_vain - 1, 10), LONGEST_PAUSE) if in_vain else BREATH
            await asyncio.sleep(pause * CHANCE.uniform(0.75, 1.25))


async def deliver(shell: Shell) -> int:
    """Everything that is due now; how many messages were begun. Ends early where nothing would be taken."""
    return await Delivery(shell).run()


class Delivery:
    """Claims messages in batches and sends some of them at the same time, the outcome of each noted at once.

    With `trouble` the server takes no message at all: what has not been begun is given back, and counts as no try.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._head = Letterhead(
            shell.post.sender if shell.post else None, shell.address, str(shell.information.get("support_email", ""))
        )
        self._waiting: deque[Due] = deque()
        self.sending: set[Due] = set()
        self.trouble: Trouble | None = None
        self.stopping = False
        self._lost = False

    async def run(self) -> int:
        begun, self.trouble, self._lost = 0, None, False
        await spread(self._shell)
        try:
            while self._goes_on and (dues := await self._claimed()):
                begun += len(dues)
                await self._send(dues)
        finally:
            if self._shell.post is not None and begun:
                await self._shell.post.rest()
        return begun

    @property
    def _goes_on(self) -> bool:
        return self.trouble is None and not self.stopping and not self._lost

    async def _claimed(self) -> Sequence[Due]:
        claim = Mail.claim(self._shell.clock(), most=AT_ONCE, lease=LEASE, host=self._head.host)
        async with self._shell.database.working() as session:
            return [Due.of(row) for row in await session.execute(claim)]

    async def _send(self, dues: Sequence[Due]) -> None:
        if self._shell.post is None:
            await self._note(Mail.dropped(dues, "no way of sending"))
            return
        self._waiting.extend(dues)
        lanes = [self._lane(self._shell.post) for _ in range(min(LINES, len(dues)))]
        try:
            async with held(LEASE, self._renew, self._lose):
                ends = await asyncio.gather(*lanes, return_exceptions=True)  # no fault of one interrupts another
        finally:
            await self._give_back()
        for fault in filter(None, ends):
            raise fault

    async def _lane(self, post: Post) -> None:
        while self._waiting and self._goes_on:
            due = self._waiting.popleft()
            self.sending.add(due)
            await self._surely(await self._sent(post, due))
            self.sending.discard(due)

    async def _renew(self) -> None:
        await self._note(Mail.held([*self.sending, *self._waiting], LEASE))

    def _lose(self) -> None:
        """Others may send what is still waiting: no more of it is begun here."""
        self._lost = True

    async def _give_back(self) -> None:
        """What was interrupted may have been taken, and stays a try; what was not begun is as if never claimed."""
        interrupted, untouched = list(self.sending), list(self._waiting)
        self.sending.clear()
        self._waiting.clear()
        if interrupted:
            await self._note(Mail.held(interrupted, timedelta(0)))
        if untouched:
            await self._note(Mail.given_back(untouched))

    async def _sent(self, post: Post, due: Due) -> Update:
        """How it went. A portal killed before that is noted sends it again under the same Message-ID."""
        (fault,) = await asyncio.gather(self._handed(post, due), return_exceptions=True)
        if fault is None:
            return Mail.sent([due], self._shell.clock())
        if isinstance(fault, NotTaken):
            self._tell(due, fault)
            return Mail.failed(due, str(fault), self._shell.clock(), for_good=fault.for_good)
        if isinstance(fault, NoAddress):
            return Mail.failed(due, "no address for a message", self._shell.clock(), for_good=True)
        # a fault of ours, say with a kind of a newer release: it keeps no other message back
        error = f"{type(fault).__name__} (incident {report(fault)})"
        return Mail.failed(due, error, self._shell.clock(), for_good=False)

    async def _handed(self, post: Post, due: Due) -> None:
        await post.send(letter(due, self._head), again=due.again)

    def _tell(self, due: Due, refused: NotTaken) -> None:
        """Once a run, and loudly, what keeps every message back."""
        if refused.trouble is Trouble.MESSAGE:
            log.warning("mail %s was not taken%s: %s", due.id, " and never will be" * refused.for_good, refused)
        elif self.trouble is None:
            self.trouble = refused.trouble
            if refused.trouble is Trouble.SETTINGS:
                log.error("No e-mail is taken: %s. Somebody has to look at PORTAL_MAIL and its server.", refused)
            else:
                log.warning("no e-mail is taken for now: %s", refused)

    async def _surely(self, outcome: Update) -> None:
        """Noted as long as it is this worker's to note: what the server took would be sent again otherwise."""
        while fault := (await asyncio.gather(self._note(outcome), return_exceptions=True))[0]:
            if self._lost:
                raise fault
            log.warning("what became of an e-mail cannot be noted yet (%s)", type(fault).__name__)
            await asyncio.sleep(BREATH)

    async def _note(self, outcome: Update) -> None:
        async with self._shell.database.working() as session:
            await session.execute(outcome)
