"""Prints agreements off the event loop, two at a time at most."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

AT_ONCE = 2


class AgreementPrinter:
    """The printer that acts use. The typography is loaded when it is first needed."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "portal-printer")

    async def agreement(self, content: Mapping[str, Any], *, mark: Literal["DRAFT", "VOID"] | None) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _print, content, mark)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _print(content: Mapping[str, Any], mark: Literal["DRAFT", "VOID"] | None) -> bytes:
    from portal.agreement import print_agreement

    return print_agreement(content, mark=mark)
