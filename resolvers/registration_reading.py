"""What becomes of a workbook that has come: the portal reads it, the registration changes in its uploader's name."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.organisation import Organisation
from models.person import Person, Viewer
from models.refusal import Refused, RefusedAll
from models.registration_content import RegistrationContent
from models.registration_fault import Found, RegistrationFault
from models.registration_import import ImportStatus, RegistrationImport
from models.session import Session
from resolvers.act import Answer, Deed, by_itself, perform
from resolvers.context import Context, Shell
from resolvers.ports import SignedOut
from resolvers.record import found
from resolvers.registration import own_registration
from resolvers.registration_content import take_in

SIGNED_OUT = (
    "Whoever uploaded this file was signed out before it could be taken in. Nothing has changed; please sign in and"
    " upload it again."
)
MOST_SENTENCES = 5


async def as_it_is(shell: Shell, id: UUID) -> RegistrationImport:
    async with shell.database.working() as session:
        return await session.get_one(RegistrationImport, id)


async def read_so_far(shell: Shell, id: UUID, done: int, total: int) -> None:
    """Let the provider's people see how far the reading has come."""
    async with shell.database.working() as session:
        await session.execute(RegistrationImport.read_so_far(id, done, total))


async def found_faults(shell: Shell, id: UUID, faults: Sequence[Found]) -> None:
    """All of them are told at once, and nothing of the registration changes (S-002)."""
    async with by_itself(shell) as unit:
        made = await _held(unit.session, id)
        if made.status is ImportStatus.READING:
            made.find_faults(len(faults), by=unit.by)
            await unit.session.execute(
                insert(RegistrationFault), RegistrationFault.values(id, made.provider_id, faults)
            )


async def told_faults(shell: Shell, id: UUID) -> Sequence[RegistrationFault]:
    async with shell.database.working() as session:
        rows = select(RegistrationFault).where(RegistrationFault.import_id == id).order_by(RegistrationFault.no)
        return (await session.scalars(rows)).all()


async def keep_marked(shell: Shell, id: UUID, sha256: str) -> None:
    async with shell.database.working() as session:
        await session.execute(
            update(RegistrationImport).where(RegistrationImport.id == id).values(marked_sha256=sha256)
        )


async def fail(shell: Shell, id: UUID, sentence: str) -> None:
    async with by_itself(shell) as unit:
        made = await _held(unit.session, id)
        if made.status is ImportStatus.READING:
            made.fail(sentence, by=unit.by)


async def take_in_for_uploader(shell: Shell, made: RegistrationImport, content: RegistrationContent) -> None:
    """One act of the person who uploaded it: all of it or nothing, and once, however often it is tried.

    What the rules say against it now (the registration was submitted meanwhile, the person suspended) fails it.
    """
    try:
        await _take_in(Context(shell, await _uploader(shell, made)), made.id, content)
    except SignedOut:
        await fail(shell, made.id, SIGNED_OUT)
    except RefusedAll as refused:
        await fail(shell, made.id, " ".join(fault.message for fault in refused.faults[:MOST_SENTENCES]))
    except Refused as refused:
        await fail(shell, made.id, refused.message)


async def _take_in(context: Context, id: UUID, content: RegistrationContent) -> None:
    async def run() -> RegistrationImport:
        registration = await own_registration(context)
        registration.ready("edit", by=context.by)
        made = await context.change(RegistrationImport, id)
        if made.status is ImportStatus.READING:
            made.take_in(await take_in(context, registration, content), by=context.by)
        return made

    async def shown(answer: Answer) -> None:
        return None

    await perform(context, Deed("registration_take_in", None, {}, run, shown, found))


async def _held(session: AsyncSession, id: UUID) -> RegistrationImport:
    row = select(RegistrationImport).where(RegistrationImport.id == id).with_for_update()
    return (await session.scalars(row)).one()


async def _uploader(shell: Shell, made: RegistrationImport) -> Viewer:
    """Whoever uploaded it, in the session in which they did."""
    seated = (
        select(Person, Organisation, Session.expires_at)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(Session, Session.person_id == Person.id)
        .where(Person.id == made.uploader_id, Session.id == made.session_id)
    )
    async with shell.database.acting(None, shell.clock()) as session:
        person, organisation, until = (await session.execute(seated)).one()
    return person.in_session(organisation, made.session_id, until)
