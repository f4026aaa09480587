"""Sends what acts have left to be sent: at least once each, under one name, and never to somebody who was suspended."""

import logging
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ipa import Ipa, IpaStatus
from models.job import Job
from models.mail import SEND, Mail, MailState
from models.person import AccountStatus, Person
from portal.mail import Addressee, letter, message_id
from resolvers.context import Shell
from resolvers.ports import NotTaken

log = logging.getLogger("portal.mail")

AT_ONCE = 500
TO_SIGN = (IpaStatus.READY_TO_SIGN, IpaStatus.PARTLY_SIGNED)


async def send(shell: Shell, job: Job) -> None:
    """One message. A killed portal sends it again under the same Message-ID; what fails is tried later, or is dead."""
    id = UUID(job.payload["mail"])
    begun = await _begun(shell, id)
    if begun is None or shell.post is None:
        return
    mail, addressee = begun
    try:
        await shell.post.send(letter(mail, addressee, shell.post.sender, shell.address))
    except (NotTaken, ValueError) as fault:
        await _failed(shell, id, fault)
    else:
        async with shell.database.working() as session:
            (await _held(session, id)).sent(shell.clock())


async def sweep(shell: Shell, job: Job) -> None:
    """Queue again whatever waits and has no job any more: it died, or its last try ended with its worker."""
    async with shell.database.working() as session:
        for id in (await session.scalars(Mail.forgotten(AT_ONCE))).all():
            await session.execute(Mail.send_again(id, shell.clock()))


async def _begun(shell: Shell, id: UUID) -> tuple[Mail, Addressee] | None:
    """The message with another try noted, and whom it is for; None where nothing is to be sent any more."""
    async with shell.database.working() as session:
        mail = await _held(session, id)
        if mail.state is not MailState.WAITING:
            return None
        columns = select(Person.name, Person.email, Person.status).where(Person.id == mail.person_id)
        name, email, status = (await session.execute(columns)).one()
        if shell.post is None or status is not AccountStatus.ACTIVE or not email:
            mail.drop("no way of sending" if shell.post is None else "no active account")
            return None
        if await _too_late(session, mail):
            mail.drop("nothing to sign any more")
            return None
        if mail.spent:
            mail.fail("no try came to an end", for_good=True)
            return None
        mail.begin(message_id(mail, shell.address))
        return mail, Addressee(name, email)


async def _too_late(session: AsyncSession, mail: Mail) -> bool:
    """Whether the agreement of which it tells cannot be signed any more: signed, refused, or voided."""
    return await session.scalar(select(Ipa.status).where(Ipa.reference == mail.reference)) not in TO_SIGN


async def _failed(shell: Shell, id: UUID, fault: NotTaken | ValueError) -> None:
    """Tried again by a job of its own, later each time; an address that no message can carry never is."""
    refused = fault if isinstance(fault, NotTaken) else NotTaken("no address for a message", for_good=True)
    async with shell.database.working() as session:
        mail = await _held(session, id)
        pause = mail.fail(str(refused), for_good=refused.for_good)
        if pause is None:
            log.warning("mail %s is dead (%s)", id, refused)
            return
        again = Job.once(SEND, f"{SEND} {id} {mail.attempts}", {"mail": str(id)}, shell.clock() + pause)
        await session.execute(again)


async def _held(session: AsyncSession, id: UUID) -> Mail:
    return await session.get_one(Mail, id, with_for_update=True)
