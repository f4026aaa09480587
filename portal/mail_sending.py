"""Sends what acts have left to be sent: at least once each, under one name, and never to somebody who was suspended."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Update

from models.mail import Due, Mail
from portal.mail import host_of, letter
from portal.outbox import spread
from resolvers.context import Shell
from resolvers.ports import NotTaken, Post

log = logging.getLogger("portal.mail")

AT_ONCE = 50
LEASE = timedelta(minutes=5)
AFTER_A_FAULT, BREATH = 2.0, 1.0


class Mailing:
    """Sends in the background: any number of processes may, each message is sent by one of them at a time."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="portal-mail")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            (fault,) = await asyncio.gather(deliver(self._shell), return_exceptions=True)
            if isinstance(fault, BaseException):  # the database is away, say: that ends no worker
                log.warning("e-mail cannot be looked at (%s)", type(fault).__name__)
                await asyncio.sleep(AFTER_A_FAULT)
            await asyncio.sleep(BREATH)


async def deliver(shell: Shell) -> int:
    """Everything that is due now; how many messages were begun."""
    begun = 0
    await spread(shell)
    while dues := await _claimed(shell):
        begun += len(dues)
        await _send(shell, dues)
    return begun


async def _claimed(shell: Shell) -> Sequence[Due]:
    claim = Mail.claim(shell.clock(), most=AT_ONCE, lease=LEASE, host=host_of(shell.address))
    async with shell.database.working() as session:
        return [Due.of(row) for row in await session.execute(claim)]


async def _send(shell: Shell, dues: Sequence[Due]) -> None:
    if shell.post is None:
        return await _note(shell, Mail.dropped(dues, "no way of sending"))
    for place, due in enumerate(dues):
        try:
            await _note(shell, await _sent(shell, shell.post, due))
        except asyncio.CancelledError:
            await _note(shell, Mail.given_back(dues[place:]))
            raise
    return None


async def _sent(shell: Shell, post: Post, due: Due) -> Update:
    """How it went. A portal killed before that is noted sends it again under the same Message-ID."""
    try:
        await post.send(letter(due, post.sender, shell.address))
    except NotTaken as refused:
        return Mail.failed(due, str(refused), shell.clock(), for_good=refused.for_good)
    except ValueError:  # an address that no message can carry
        return Mail.failed(due, "no address for a message", shell.clock(), for_good=True)
    return Mail.sent([due], shell.clock())


async def _note(shell: Shell, outcome: Update) -> None:
    async with shell.database.working() as session:
        await session.execute(outcome)
