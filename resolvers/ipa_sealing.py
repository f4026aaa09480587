"""The job that makes an agreement's files: after signatures, when both have signed, and after voiding (H4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from models.event import Event, Happened, Told
from models.ipa import Ipa
from models.ipa_file import IpaFile, IpaFileKind
from models.ipa_form import read_form
from models.ipa_lifecycle import EVERYBODY
from models.ipa_parts import Signature
from models.ipa_sealing import Next, next_file, revision, seal_again, seal_later, unfinished
from models.job import Job
from models.lifecycle import Side
from models.record import AUTHORITY_AUDIENCES, SIGNERS
from models.rollout import LONDON
from resolvers.act import by_itself
from resolvers.context import Shell
from resolvers.ipa_content import in_print
from resolvers.ipa_file import kept, sealer
from resolvers.plain import instant_text
from resolvers.ports import SealedFile, Stamp

AGAIN: Final = timedelta(hours=1)
AT_ONCE: Final = 500
COLUMNS = (
    Ipa.id, Ipa.la_id, Ipa.provider_id, Ipa.referral_id, Ipa.reference, Ipa.status, Ipa.version, Ipa.content_hash,
    Ipa.canonical_form, Ipa.pdf_sha256, Ipa.enabled_at, Ipa.void_reason, Ipa.voided_at,
)  # fmt: skip
SIGNED = (
    Signature.party, Signature.person_id, Signature.name, Signature.job_title, Signature.organisation,
    Signature.on_behalf_of, Signature.authority, Signature.method, Signature.consent, Signature.content_hash,
    Signature.pdf_sha256, Signature.at,
)  # fmt: skip
HAPPENED = (
    Event.at, Event.kind, Event.actor_id, Event.actor_name, Event.actor_organisation, Event.stream, Event.seq,
    Event.hash,
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """An agreement as it stands in its rows, read at one moment."""

    agreement: Any
    files: Sequence[IpaFile]
    signatures: Sequence[Any]
    events: Sequence[Any]


async def seal(shell: Shell, job: Job) -> None:
    """Make every file that the agreement lacks, in their order.

    Bears being called again, and by two at once: bytes are kept before their row, the row is written by whoever is
    first, and whoever comes second reads anew what is lacking.
    """
    id, proving = UUID(job.payload["ipa"]), sealer(shell).proves
    while due := await _due(shell, id, proving=proving):
        standing, wanted = due
        made = await _made(shell, standing, wanted)
        if made is None:
            proving = False
            await _once_more(shell, id)
        else:
            await _write_down(shell, standing, wanted, made)


async def sweep(shell: Shell, job: Job) -> None:
    """Queue again whatever lacks a file that it should have: no signature is left unsealed by a job that died."""
    at = shell.clock()
    async with shell.database.working() as session:
        lacking = await session.scalars(unfinished(proving=sealer(shell).proves, most=AT_ONCE))
        for id in lacking.all():
            await session.execute(seal_again(id, at))


async def _due(shell: Shell, id: UUID, *, proving: bool) -> tuple[Standing, Next] | None:
    standing = await _standing(shell, id)
    parties = [given.party for given in standing.signatures]
    wanted = next_file(standing.agreement, standing.files, parties, proving=proving)
    return (standing, wanted) if wanted else None


async def _standing(shell: Shell, id: UUID) -> Standing:
    given = select(*SIGNED).where(Signature.ipa_id == id).order_by(Signature.at, Signature.party)
    files = select(IpaFile).where(IpaFile.ipa_id == id).order_by(IpaFile.no)
    to_both = (Event.la_id.is_not(None), Event.provider_id.is_not(None))
    shared = select(Ipa.shared_at).where(Ipa.id == id).scalar_subquery()  # before that, it was the authority's alone
    about = (Event.subject_kind == Ipa.subject, Event.subject_id == id, Event.at >= shared)
    told = select(*HAPPENED).where(*about, *to_both)
    async with shell.database.working() as session:
        agreement = (await session.execute(select(*COLUMNS).where(Ipa.id == id))).one()
        signatures = (await session.execute(given)).all()
        made = (await session.scalars(files)).all()
        return Standing(agreement, made, signatures, (await session.execute(told.order_by(Event.seq))).all())


async def _made(shell: Shell, standing: Standing, wanted: Next) -> dict[str, Any] | None:
    """What the row of the file says, its bytes kept; None where no time stamp is to be had.

    No transaction is open meanwhile. What an earlier release fixed is taken as it is.
    """
    if wanted.kind is IpaFileKind.ENABLED:
        return await kept(shell, await shell.vault.read(standing.agreement.pdf_sha256), None)
    file = await _sealed(shell, standing, wanted)
    return None if file is None else await kept(shell, file.content, file.level)


async def _sealed(shell: Shell, standing: Standing, wanted: Next) -> SealedFile | None:
    of, tool = standing.agreement, sealer(shell)
    if wanted.kind is IpaFileKind.CERTIFICATE:
        return await tool.close(await shell.printer.certificate({**certified(standing), "verifyAt": shell.address}))
    if wanted.kind is IpaFileKind.VOID_COPY:
        said = in_print(read_form(of.canonical_form), of, standing.signatures)
        return await tool.close(await shell.printer.agreement(said, mark="VOID"))
    newest = await shell.vault.read(revision(standing.files).sha256)
    if wanted.kind is IpaFileKind.TIMESTAMPED:
        return await tool.prove(newest)
    (given,) = [each for each in standing.signatures if each.party is wanted.party]
    return await tool.fill(newest, stamp(given))


async def _write_down(shell: Shell, standing: Standing, wanted: Next, made: dict[str, Any]) -> None:
    """Of several who have made the same file, one has it written down; the bytes of the others are swept."""
    of = standing.agreement
    row = {
        "ipa_id": of.id, "no": wanted.no, "la_id": of.la_id, "provider_id": of.provider_id, "kind": wanted.kind,
        "party": wanted.party, **made,
    }  # fmt: skip
    written = insert(IpaFile).values(row).on_conflict_do_nothing().returning(IpaFile.no)
    async with by_itself(shell) as unit:
        if (await unit.session.execute(written)).first() is not None:
            unit.by.says(_told(of, wanted, made["sha256"]))


async def _once_more(shell: Shell, id: UUID) -> None:
    async with shell.database.working() as session:
        await session.execute(seal_later(id, shell.clock() + AGAIN))


def _told(of: Any, wanted: Next, sha256: str) -> Happened:
    """What everybody's screens learn; it rings no bell, since the signature did."""
    return Happened(
        kind=f"agreement.{wanted.kind.lower()}", stream=of.referral_id, subject_kind=Ipa.subject, subject_id=of.id,
        version=of.version, referral_id=of.referral_id, reference=of.reference, la_id=of.la_id,
        provider_id=of.provider_id,
        facts={"no": wanted.no, "party": wanted.party, "sha256": sha256},
        tells=tuple(
            Told(
                (of.la_id if audience in AUTHORITY_AUDIENCES else of.provider_id,),
                tuple(sorted(audience.who.roles)), delegates=audience in SIGNERS,
            )
            for audience in EVERYBODY
        ),
    )  # fmt: skip


def stamp(given: Any) -> Stamp:
    """What is seen where a party has signed: who, for whom and by which authority, when in London, what."""
    behalf = [f"on behalf of {given.on_behalf_of}", given.authority] if given.on_behalf_of else []
    at = f"{given.at.astimezone(LONDON):%-d %B %Y, %H:%M:%S %Z}"
    lines = (given.name, given.job_title, given.organisation, *behalf, at, f"Content {given.content_hash[:16]}")
    spoken = "authority" if given.party is Side.LOCAL_AUTHORITY else "provider"
    return Stamp(given.party, tuple(line for line in lines if line), f"Signed for the {spoken} by {given.name}")


def certified(standing: Standing) -> dict[str, Any]:
    """What the certificate says: parties, signatures and their authority, what happened when, every hash."""
    of, said = standing.agreement, read_form(standing.agreement.canonical_form)
    newest = standing.events[-1] if standing.events else None
    return {
        "reference": of.reference,
        "contentHash": of.content_hash,
        "form": of.canonical_form.partition("\n")[0],
        "issued": instant_text(standing.signatures[-1].at),
        "authority": {"name": said["authority"]["name"]},
        "provider": {name: said["provider"].get(name) for name in ("legalName", "tradingName", "companyNumber")},
        "signatures": [_signature(given) for given in standing.signatures],
        "events": [_event(told) for told in standing.events if _tells(told, standing.signatures)],
        "files": [_file(file) for file in standing.files],
        "record": newest and {"stream": str(newest.stream), "seq": newest.seq, "hash": newest.hash.hex()},
    }


def _signature(given: Any) -> dict[str, Any]:
    return {
        "party": given.party, "name": given.name, "jobTitle": given.job_title, "organisation": given.organisation,
        "onBehalfOf": given.on_behalf_of, "authority": given.authority, "method": given.method,
        "consent": given.consent, "at": instant_text(given.at), "contentHash": given.content_hash,
        "pdfSha256": given.pdf_sha256,
    }  # fmt: skip


def _tells(told: Any, signatures: Sequence[Any]) -> bool:
    """Whether it belongs to how the agreement was made; of who read it, only those who signed are named."""
    return told.kind != "agreement.open" or told.actor_id in [given.person_id for given in signatures]


def _event(told: Any) -> dict[str, Any]:
    return {
        "at": instant_text(told.at), "kind": told.kind, "by": told.actor_name, "organisation": told.actor_organisation,
    }  # fmt: skip


def _file(file: IpaFile) -> dict[str, Any]:
    return {
        "no": file.no, "kind": file.kind, "party": file.party, "level": file.level, "sha256": file.sha256,
        "byteSize": file.byte_size, "madeAt": instant_text(file.made_at),
    }  # fmt: skip
