"""What follows acts on agreements: the jobs that make their files, and the rows and bytes that come of it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from models.ipa_file import SealLevel
from portal.app import HANDLERS
from portal.jobs import Worker
from resolvers.ports import SealedFile, Stamp
from tests.agreeing import PROBLEMS, Agreeing
from tests.world import World

CHOOSE = f"""mutation ($id: UUID!, $file: IpaFileChoice!) {{ ipaOpen(id: $id, file: $file) {{
  ipa {{ id }} contentHash pdfSha256 download {{ url }} {PROBLEMS} }} }}"""
FILES = """query ($id: UUID!) { ipa(id: $id) { status pdfSha256 signedPdfSha256
  files { no kind party level sha256 byteSize madeAt } } }"""


async def worked_off(world: World) -> None:
    """Everything that is due has been done, as far as it can be.

    What prints does so on the thread that would renew a lease, which therefore lasts.
    """
    worker = Worker(world.shell, HANDLERS)
    worker.lease = timedelta(hours=1)
    await worker.work_off()


async def enabled(world: World) -> Agreeing:
    return await (await Agreeing.among(world)).to_sign()


async def signed(world: World, *, sealed: bool = True) -> Agreeing:
    """An agreement that both have signed, the authority first."""
    agreeing = await enabled(world)
    for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
        assert (await agreeing.sign(signer))["problems"] == []
    if sealed:
        await worked_off(world)
    return agreeing


async def files_of(agreeing: Agreeing) -> list[dict[str, Any]]:
    return await agreeing.world.sql("SELECT * FROM ipa_file WHERE ipa_id = $1 ORDER BY no", UUID(agreeing.ids["ipa"]))


async def kinds_of(agreeing: Agreeing) -> list[tuple[str, str | None]]:
    return [(row["kind"], row["party"]) for row in await files_of(agreeing)]


async def bytes_of(agreeing: Agreeing) -> list[bytes]:
    return [await agreeing.world.shell.vault.read(row["sha256"]) for row in await files_of(agreeing)]


@dataclass
class PlainSealer:
    """Writes behind a file what it was sealed for: what acts and jobs make of seals is no matter of cryptography."""

    proves: bool = False
    away: bool = False

    async def fix(self, pdf: bytes, canonical_form: bytes) -> SealedFile:
        return _after(pdf, "fixed")

    async def fill(self, pdf: bytes, stamp: Stamp) -> SealedFile:
        mark = f"signed {stamp.party}"
        assert mark.encode() not in pdf
        return _after(pdf, f"{mark}: {' | '.join(stamp.lines)}")

    async def close(self, pdf: bytes) -> SealedFile:
        return _after(pdf, "closed")

    async def authorities(self) -> list[str]:
        return []

    async def prove(self, pdf: bytes) -> SealedFile | None:
        return None if self.away else _after(pdf, "proven", SealLevel.B_LTA)


def _after(pdf: bytes, words: str, level: SealLevel = SealLevel.B_B) -> SealedFile:
    return SealedFile(pdf + f"\n% {words}\n".encode(), level)


def seals_plainly(world: World) -> World:
    world.shell = replace(world.shell, sealer=PlainSealer())
    return world


async def planted(agreeing: Agreeing, no: int, kind: str, digest: str) -> None:
    """A row for a file as the database would not take it from anybody: it may be due at another time, or be forged."""
    ipa = UUID(agreeing.ids["ipa"])
    await agreeing.world.sql(
        "DO $$ BEGIN SET LOCAL session_replication_role = replica;"
        " INSERT INTO ipa_file (ipa_id, no, la_id, provider_id, kind, level, sha256, byte_size, made_at)"
        f" SELECT id, {no:d}, la_id, provider_id, '{kind}', 'B_B', '{digest}', 9, now() FROM ipa WHERE id = '{ipa}';"
        " END $$"
    )
