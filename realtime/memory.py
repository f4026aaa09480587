"""Hints within one process: nothing to connect to, and nothing that can fail."""

from typing import Any

from realtime.carrier import Carrier


class MemoryHints(Carrier):
    """Whoever else works on the database is heard of by looking at the log alone."""

    lines = 1

    @property
    def echo_alive(self) -> bool:
        return True

    async def connect(self) -> None:
        self._arrived.set()

    async def disconnect(self) -> None:
        pass

    async def publish(self, channel: str, message: Any) -> None:
        self._arrived.set()
