"""A new authenticator: a secret shown once, then a code of it; and the recovery codes that go with it (S-025)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from models.credential import RECOVERY_CODES, Credential, RecoveryCode
from models.person import Person
from models.refusal import Code, Refused
from models.session import ENROLMENT_LASTS
from resolvers.code import WRONG, Tried
from resolvers.context import Context

NOT_BEGUN = "No new authenticator is waiting for its first code, or not any more. Begin again."


async def propose(context: Context, person: Person) -> dict[str, Any]:
    """What an authenticator app needs, as text, address and picture. The one before goes on working until confirmed."""
    keys = context.shell.keys
    secret = keys.new_authenticator_secret()
    sealed = keys.seal(secret.encode(), person.id)
    own = update(Credential).where(Credential.person_id == person.id)
    await context.session.execute(own.values(pending_authenticator=sealed, pending_at=datetime.now(UTC)))
    uri = keys.provisioning_uri(secret, person.email or person.name)
    return {"secret": secret, "otpauth": uri, "qr_code": keys.qr_code(uri)}


async def take_into_use(context: Context, person_id: UUID, code: str) -> None:
    """The pending authenticator takes the place of the one before, with the code that is used up by it.

    Raises Refused with CODE_REFUSED, and with WRONG_STATE where none is pending.
    """
    tried = context.proof
    assert isinstance(tried, Tried), "an act that takes a code counts the wrong ones"
    own = Credential.person_id == person_id
    sealed = await context.session.scalar(select(Credential.pending_authenticator).where(own, _fresh()))
    if sealed is None:
        raise Refused(Code.WRONG_STATE, NOT_BEGUN, ["input", "code"])
    keys = context.shell.keys
    step = keys.code_step(keys.unseal(sealed, person_id).decode(), code, wall=datetime.now(UTC), after_step=0)
    if step is None or not tried.admitted:
        raise Refused(Code.CODE_REFUSED, WRONG, ["input", "code"])
    taken = update(Credential).where(own, Credential.pending_authenticator == sealed)
    values = {"authenticator": sealed, "last_step": step, "enrolled_at": context.now}
    taken = taken.values(**values, pending_authenticator=None, pending_at=None).returning(Credential.person_id)
    if await context.session.scalar(taken.execution_options(synchronize_session=False)) is None:
        raise Refused(Code.WRONG_STATE, NOT_BEGUN, ["input", "code"])
    tried.right = True


async def issue_recovery_codes(context: Context, person_id: UUID) -> list[str]:
    """Ten new ones, shown this once; whatever is left of those before works no more."""
    keys = context.shell.keys
    drawn = keys.new_recovery_codes(RECOVERY_CODES)
    hashes = await keys.hash_secrets([secret for _, secret in drawn])
    left = (RecoveryCode.person_id == person_id) & RecoveryCode.spent_at.is_(None)
    replaced = update(RecoveryCode).where(left).values(spent_at=context.now, spent_because="REPLACED")
    await context.session.execute(replaced.execution_options(synchronize_session=False))
    rows = [
        {"id": uuid4(), "person_id": person_id, "handle": handle, "secret_hash": hashed, "issued_at": context.now}
        for (handle, _), hashed in zip(drawn, hashes, strict=True)
    ]
    await context.session.execute(insert(RecoveryCode).inline(), rows)
    return ["-".join((handle, *_in_fours(secret))) for handle, secret in drawn]


def _fresh() -> Any:
    return Credential.pending_at > datetime.now(UTC) - ENROLMENT_LASTS


def _in_fours(text: str) -> list[str]:
    return [text[at : at + 4] for at in range(0, len(text), 4)]
