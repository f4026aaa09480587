"""The files of agreements: what is printed and sealed is kept with a row that says what it is, and opened by people."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.ipa import Ipa, IpaStatus
from models.ipa_file import REVISIONS, IpaFile, IpaFileChoice, IpaFileKind, SealLevel
from models.ipa_form import read_form
from models.ipa_parts import IpaOpening
from models.refusal import Code, Refused
from resolvers.act import Answer
from resolvers.context import Context, Info, Shell
from resolvers.ipa_content import content, printed
from resolvers.ports import Sealer
from resolvers.ticket import download_ticket

NOTHING_FIXED = "Nothing of this agreement has been fixed yet. There is a draft of it."
NAMED = {
    IpaFileChoice.CERTIFICATE: (" certificate.pdf", "application/pdf"),
    IpaFileChoice.PAGE: (".html", "text/html; charset=utf-8"),
}
NEVER_FIXED = "This agreement was voided before anything of it was fixed. There is only its copy marked as void."
NEVER_SIGNED = "There is no certificate and will be none: this agreement was voided before both parties had signed."
NO_CERTIFICATE = "There is no certificate yet: it is made when both parties have signed."


def sealer(shell: Shell) -> Sealer:
    assert shell.sealer is not None
    return shell.sealer


async def kept(shell: Shell, content: bytes, level: SealLevel | None) -> dict[str, Any]:
    """What the row of a file says of its bytes, which are kept by then."""
    stored = await shell.vault.put_bytes(content)
    return {"level": level, "sha256": stored.sha256, "byte_size": stored.size, "made_at": datetime.now(UTC)}


async def fix(context: Context, agreement: Ipa) -> None:
    """Print what was fixed and seal it against every change but signatures: these bytes are signed (S-106)."""
    shell, form = context.shell, agreement.canonical_form or ""
    pdf = await printed(context, agreement, read_form(form))
    sealed = await sealer(shell).fix(pdf, form.encode())
    made = await kept(shell, sealed.content, sealed.level)
    agreement.pdf_sha256 = made["sha256"]
    await context.session.flush()
    context.session.add(
        IpaFile(
            ipa_id=agreement.id, no=0, la_id=agreement.la_id, provider_id=agreement.provider_id,
            kind=IpaFileKind.ENABLED, **made,
        )
    )  # fmt: skip


async def open_(info: Info, id: UUID, file: IpaFileChoice = IpaFileChoice.AGREEMENT) -> Answer:
    """Records the reading and answers with a one-use address of the file."""
    context = info.context
    agreement = await context.change(Ipa, id)
    agreement.open(file, by=context.by)
    sha256 = await _chosen(context, agreement, file)
    ending, media_type = NAMED.get(file, (".pdf", "application/pdf"))
    leave = await download_ticket(
        context, sha256=sha256, name=f"{agreement.reference}{ending}", media_type=media_type, table="ipa",
        row_id=agreement.id,
    )  # fmt: skip
    return Answer(agreement, {"download": leave, "content_hash": agreement.content_hash, "pdf_sha256": sha256})


async def _chosen(context: Context, agreement: Ipa, file: IpaFileChoice) -> str:
    """The SHA-256 of the bytes that the reader gets. Having opened a revision is noted: one reads before one signs."""
    if file is IpaFileChoice.PAGE:
        return await _printed_now(context, agreement, page=True)
    rows = select(IpaFile).where(IpaFile.ipa_id == agreement.id).order_by(IpaFile.no)
    files: Sequence[IpaFile] = await context.all(rows)
    voided = agreement.status is IpaStatus.VOIDED
    if file is IpaFileChoice.CERTIFICATE:
        never = voided and agreement.signed_at is None
        return _newest(files, IpaFileKind.CERTIFICATE) or _not_there(NEVER_SIGNED if never else NO_CERTIFICATE)
    if file is IpaFileChoice.AGREEMENT and (voided or agreement.pdf_sha256 is None):
        return _newest(files, IpaFileKind.VOID_COPY) or await _printed_now(context, agreement)
    if agreement.pdf_sha256 is None:
        return _not_there(NEVER_FIXED if voided else NOTHING_FIXED)
    await _opened(context, agreement)
    newest = _newest(files, *REVISIONS) or agreement.pdf_sha256
    return agreement.printed_when_signed or newest if newest == agreement.pdf_sha256 else newest


def _newest(files: Sequence[IpaFile], *kinds: IpaFileKind) -> str | None:
    return next((file.sha256 for file in reversed(files) if file.kind in kinds), None)


def _not_there(sentence: str) -> str:
    raise Refused(Code.WRONG_STATE, sentence, ["file"])


async def _printed_now(context: Context, agreement: Ipa, *, page: bool = False) -> str:
    """The SHA-256 of a page, a draft as it stands, or a voided one whose copy is not made yet: printed and kept."""
    said = await content(context, agreement)
    return (await context.shell.vault.put_bytes(await printed(context, agreement, said, page=page))).sha256


async def _opened(context: Context, agreement: Ipa) -> None:
    mine = {"ipa_id": agreement.id, "person_id": context.viewer.person_id, "pdf_sha256": agreement.pdf_sha256}
    if await context.session.get(IpaOpening, mine) is None:
        context.session.add(IpaOpening(**mine, at=context.by.at))
