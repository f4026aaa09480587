"""The real printer, on the thread of the test."""

from collections.abc import Mapping
from typing import Any, Literal


class Printer:
    """Prints agreements as the portal does; what prints is imported when it is needed, because it is slow to."""

    async def agreement(self, content: Mapping[str, Any], *, mark: Literal["DRAFT", "VOID"] | None) -> bytes:
        from portal.agreement import print_agreement

        return print_agreement(content, mark=mark)
