"""Recovery codes: found by their public handle, checked against a hash, used up once (TRUST E5)."""

from uuid import UUID

from sqlalchemy import select, update

from models.credential import RecoveryCode
from resolvers.context import Context

HANDLE, LENGTH, LONGEST = 4, 20, 64


def reads_like_one(text: str) -> bool:
    """Whether it can be a recovery code rather than six digits of an authenticator."""
    return len(text) <= LONGEST and len(_plain(text)) == LENGTH


async def matching(context: Context, person_id: UUID, text: str) -> UUID | None:
    """The code of this person that is left and says so; as much work where there is none. No transaction waits."""
    plain = _plain(text[:LONGEST])
    left = (RecoveryCode.person_id == person_id) & RecoveryCode.spent_at.is_(None)
    found = select(RecoveryCode.id, RecoveryCode.secret_hash).where(left, RecoveryCode.handle == plain[:HANDLE])
    row = None
    if plain.isalnum() and plain.isascii():
        async with context.shell.database.acting(None, context.now) as session:
            row = (await session.execute(found)).one_or_none()
    right = await context.shell.keys.verify_password(row and row.secret_hash, plain[HANDLE:])
    return row.id if row and right else None


async def spend(context: Context, id: UUID) -> bool:
    """Use it up in this act's transaction; false when another was first."""
    unused = (RecoveryCode.id == id) & RecoveryCode.spent_at.is_(None)
    spent = update(RecoveryCode).where(unused).values(spent_at=context.now, spent_because="USED")
    done = spent.returning(RecoveryCode.id).execution_options(synchronize_session=False)
    return await context.session.scalar(done) is not None


def _plain(text: str) -> str:
    return "".join(c for c in text.upper() if not c.isspace() and c != "-")
