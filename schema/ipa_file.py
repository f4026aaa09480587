"""The files of an agreement as a client sees them: each made once, and known by the hash of its bytes."""

from datetime import datetime

from models import ipa_file
from models.ipa_file import IpaFileKind, SealLevel
from models.lifecycle import Side
from schema.fields import shows, told


@shows(ipa_file.IpaFile, "A file of an agreement. It is made once and its bytes never change.")
class IpaFile:
    no: int = told("Its number; 0 is what was fixed for signing.")
    kind: IpaFileKind = told("What it is.")
    party: Side | None = told("Of a SEALED one: whose signature it adds.")
    level: SealLevel | None = told("How much its newest seal proves by itself; null where an earlier release made it.")
    sha256: str = told("SHA-256 of its bytes, in hex.")
    byte_size: int = told("How many bytes it has; 0 where an earlier release made it and nobody counted.")
    made_at: datetime = told("When it was made, by wall time.")
