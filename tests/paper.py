"""The real printer, on the thread of the test, and a press that needs no other process."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

R = TypeVar("R")


class Printer:
    """Prints agreements as the portal does; what prints is imported when it is needed, because it is slow to."""

    async def agreement(self, content: Mapping[str, Any], *, mark: Literal["DRAFT", "VOID"] | None) -> bytes:
        from portal.agreement import print_agreement

        return print_agreement(content, mark=mark)

    async def page(self, content: Mapping[str, Any], *, mark: Literal["DRAFT", "VOID"] | None) -> bytes:
        from portal.agreement_page import agreement_page

        return agreement_page(content, mark=mark)

    async def certificate(self, content: Mapping[str, Any]) -> bytes:
        from portal.certificate import print_certificate

        return print_certificate(content)


class ThreadPress:
    """Runs what the portal gives to another process on a thread of this one."""

    async def run(self, function: Callable[..., R], *given: object) -> R:
        return await asyncio.to_thread(function, *given)
