"""What of an agreement is to be sealed next, and the jobs that see to it: sealing follows acts and is part of none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from models.age import london_day
from models.ipa import Ipa, IpaStatus
from models.ipa_file import REVISIONS, IpaFile, IpaFileKind, SealLevel
from models.ipa_parts import Signature
from models.job import Job
from models.lifecycle import Side

SEAL, SWEEP = "ipa.seal", "ipa.sweep"
"""The kinds of job: one that makes every file that an agreement lacks, and the daily one that finds such agreements."""
PARTIES = 2


class Known(Protocol):
    """An agreement as far as its sealing goes: a record, or a row of its columns."""

    @property
    def status(self) -> IpaStatus: ...

    @property
    def content_hash(self) -> str | None: ...


@dataclass(frozen=True)
class Next:
    """A file that is to be made: number, kind, and for a SEALED one whose signature it adds."""

    no: int
    kind: IpaFileKind
    party: Side | None = None


def seal_after_signing(agreement: Ipa, party: Side, at: datetime) -> Job:
    """To be added to the act by which that party signs: the file with its signature follows (H4)."""
    return _job(agreement, party, at)


def seal_after_voiding(agreement: Ipa, at: datetime) -> list[Job]:
    """To be added to the act that voids it: a copy marked void follows, where anything was fixed."""
    return [_job(agreement, IpaStatus.VOIDED, at)] if agreement.content_hash else []


def seal_again(ipa_id: UUID, at: datetime) -> Any:
    """The sweep's own job for an agreement, once each London day, whatever became of those before it."""
    return Job.once(SEAL, f"{SEAL} {ipa_id} {london_day(at)}", {"ipa": str(ipa_id)}, at)


def seal_later(ipa_id: UUID, due_at: datetime) -> Any:
    """Once more at that hour: the time-stamping service was away."""
    return Job.once(SEAL, f"{SEAL} {ipa_id} {due_at:%Y-%m-%dT%H}", {"ipa": str(ipa_id)}, due_at)


def _job(agreement: Ipa, why: str, at: datetime) -> Job:
    return Job.of(SEAL, f"{SEAL} {agreement.id} {why}", {"ipa": str(agreement.id)}, at)


def next_file(known: Known, files: Sequence[IpaFile], signed: Sequence[Side], *, proving: bool) -> Next | None:
    """What is to be made now; None where nothing is lacking.

    Signatures are sealed in the order in which they were given. With `proving`, a time stamp is added to what both
    have signed, and before the certificate, so that it can name every revision.
    """
    no = files[-1].no + 1 if files else 0
    made = {file.kind for file in files}
    if IpaFileKind.ENABLED not in made:
        return Next(no, IpaFileKind.ENABLED)
    sealed = {file.party for file in files if file.kind is IpaFileKind.SEALED}
    waiting = [party for party in signed if party not in sealed]
    if waiting:
        return Next(no, IpaFileKind.SEALED, waiting[0])
    for kind in _closing(known, files, proving=proving):
        if kind not in made:
            return Next(no, kind)
    return None


def _closing(known: Known, files: Sequence[IpaFile], *, proving: bool) -> list[IpaFileKind]:
    """What an agreement has in the end, one after the other, besides its signatures."""
    wanted = []
    if sum(file.kind is IpaFileKind.SEALED for file in files) == PARTIES:
        proven = revision(files).level is SealLevel.B_LTA
        wanted += [IpaFileKind.TIMESTAMPED] if proving and not proven else []
        wanted.append(IpaFileKind.CERTIFICATE)
    if known.status is IpaStatus.VOIDED:
        wanted.append(IpaFileKind.VOID_COPY)
    return wanted


def revision(files: Sequence[IpaFile]) -> IpaFile:
    """The newest revision of the agreement itself."""
    return [file for file in files if file.kind in REVISIONS][-1]


def unfinished(*, proving: bool, most: int) -> Select[Any]:
    """Agreements that lack a file which they should have by now, and wait for no job that makes it (S-106, H4).

    In no order: where there are more than `most` that cannot be helped, they do not keep the others from their turn.
    """

    def has(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return select(IpaFile.no).where(IpaFile.ipa_id == Ipa.id, *conditions).exists()

    unsealed = select(Signature.party).where(Signature.ipa_id == Ipa.id, ~has(IpaFile.party == Signature.party))
    both = select(func.count()).where(Signature.ipa_id == Ipa.id).scalar_subquery() == PARTIES
    lacking = [
        ~has(IpaFile.kind == IpaFileKind.ENABLED),
        unsealed.exists(),
        and_(both, ~has(IpaFile.kind == IpaFileKind.CERTIFICATE)),
        and_(Ipa.status == IpaStatus.VOIDED, ~has(IpaFile.kind == IpaFileKind.VOID_COPY)),
    ]
    if proving:
        proven = or_(IpaFile.kind == IpaFileKind.TIMESTAMPED, IpaFile.level == SealLevel.B_LTA)
        lacking.append(and_(both, ~has(proven)))
    alone = (Ipa.content_hash.is_not(None), ~Job.awaited(SEAL, "ipa", Ipa.id))
    return select(Ipa.id).where(*alone, or_(*lacking)).order_by(func.random()).limit(most)
