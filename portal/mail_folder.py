"""A folder instead of a server: the demonstration's way of sending e-mail."""

import asyncio
import os
from email.message import EmailMessage
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile

from resolvers.ports import NotTaken, Trouble


class Folder:
    """Keeps each message as a file of its own, whole or not at all, in the order of their dates.

    What is there already stays as it is: sent again, a message is still one file.
    """

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self.sender = sender

    async def send(self, message: EmailMessage, *, again: bool = False) -> None:
        try:
            await asyncio.to_thread(self._keep, message)
        except OSError as fault:
            raise NotTaken(f"the folder takes nothing ({type(fault).__name__})", trouble=Trouble.SETTINGS) from None

    async def rest(self) -> None:
        pass

    async def ready(self) -> None:
        """Return if the folder can be written, or raise NotTaken."""
        try:
            await asyncio.to_thread(self._try)
        except OSError as fault:
            raise NotTaken(f"the folder takes nothing ({type(fault).__name__})", trouble=Trouble.SETTINGS) from None

    def _try(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryFile(dir=self._folder):
            pass

    def _keep(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = self._folder / named(message)
        if kept.exists():
            return
        with NamedTemporaryFile(dir=self._folder, prefix=".", suffix=".new", delete=False) as fresh:
            try:
                fresh.write(message.as_bytes())
                fresh.close()
                os.replace(fresh.name, kept)
            except BaseException:
                os.unlink(fresh.name)
                raise


def named(message: EmailMessage) -> str:
    """The name of its file: when it was written, and the part of its Message-ID that is its own."""
    id = str(message["Message-ID"]).strip("<>").partition("@")[0].replace("/", "_")
    return f"{message['Date'].datetime:%Y-%m-%dT%H%M%S}-{id}.eml"
