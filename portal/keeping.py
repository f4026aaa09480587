"""Whether documents can be kept and looked at, found out by trying."""

from datetime import timedelta
from pathlib import Path

from portal.arrival import Missing
from portal.clock import system_clock
from portal.scanner import Clamd, ScanUnavailable
from portal.settings import NotReady
from portal.vault import vault_at

TRIED = b"kept by portal check, and removed"


async def vault_faults(address: str | None, home: Path) -> list[str]:
    """Keep a small file, read it and remove it again."""
    where = address or str(home / "documents")
    try:
        vault = vault_at(address, home)
        stored = await vault.put_bytes(TRIED)
        await vault.read(stored.sha256)
        await vault.remove(stored.sha256, system_clock() + timedelta(minutes=1))
    except NotReady as missing:
        return [str(missing)]
    except (OSError, Missing) as fault:
        return [f"Documents cannot be kept in {where} ({type(fault).__name__})."]
    return []


async def scanner_faults(address: str) -> list[str]:
    try:
        scanner = Clamd.at(address)
        if scanner:
            await scanner.ping()
    except NotReady as fault:
        return [str(fault)]
    except ScanUnavailable:
        return [f"The scanner at {address} does not answer; until it does, uploads are refused."]
    return []
