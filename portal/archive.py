"""Documents as one zip file, made while it is sent: no more of it is held than the piece that is on its way."""

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from io import RawIOBase
from pathlib import PurePath
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from models.offer_parts import OfferDocument
from models.rollout import LONDON
from portal.archive_index import page
from portal.arrival import Damaged
from resolvers.document_archive import Archive
from resolvers.ports import Vault

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

INDEX = "index.html"
LONGEST = 240
"""Bytes of a name: file systems take 255, and whoever unpacks may add to it."""
NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
READABLE = 0o644 << 16


@dataclass(frozen=True)
class Entry:
    """A document and the name under which the archive holds it."""

    name: str
    document: OfferDocument


def entries(archive: Archive) -> list[Entry]:
    """Each document under a name that says what it is, that every system can hold, and that no other has."""
    digits = max(2, len(str(len(archive.documents))))
    return [
        Entry(name_in_archive(f"{number:0{digits}} {_kind(document)} - ", document.name), document)
        for number, document in enumerate(archive.documents, 1)
    ]


def name_in_archive(before: str, name: str) -> str:
    """A file name after its number and kind: no folders, nothing that a system forbids, short, with its ending."""
    clean = NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", name)).strip(". ")
    ending = PurePath(clean).suffix
    room = LONGEST - len(f"{before}{ending}".encode())
    stem = clean.removesuffix(ending).encode()[: max(room, 0)].decode(errors="ignore")
    return f"{before}{stem.rstrip('. ')}{ending}"


async def whole(archive: Archive, vault: Vault) -> None:
    """Look at every document before any is sent: what is missing or damaged fails the whole. Raises what vaults do."""
    for document in archive.documents:
        size = 0
        async for piece in vault.stream(document.sha256):
            size += len(piece)
        if size != document.byte_size:
            raise Damaged(f"{document.sha256} has another size.")


async def zipped(archive: Archive, vault: Vault) -> AsyncIterator[bytes]:
    """The bytes of the archive, its index first.

    A fault on the way breaks the sending off, and what came of it is no zip file: its directory comes last.
    """
    held, sent = entries(archive), Sent()
    with ZipFile(sent, "w", ZIP_DEFLATED) as made:
        made.writestr(_member(INDEX, archive), page(archive, [(entry.name, entry.document) for entry in held]))
        for entry in held:
            with made.open(_member(entry.name, archive), "w") as member:
                async for piece in vault.stream(entry.document.sha256):
                    await asyncio.to_thread(member.write, piece)
                    for part in sent.taken():
                        yield part
    for part in sent.taken():
        yield part


class Sent(RawIOBase):
    """What has been written to it and not been taken yet; it cannot go back, like the line that it stands for."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: "Buffer") -> int:
        self._parts.append(bytes(part))
        return len(self._parts[-1])

    def taken(self) -> Iterator[bytes]:
        """What was written since, as one."""
        whole, self._parts = b"".join(self._parts), []
        if whole:
            yield whole


def _member(name: str, archive: Archive) -> ZipInfo:
    at = archive.at.astimezone(LONDON)
    member = ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    member.compress_type, member.external_attr = ZIP_DEFLATED, READABLE
    return member


def _kind(document: OfferDocument) -> str:
    spoken = document.kind.spoken
    return spoken[0].upper() + spoken[1:]
