"""Prints agreements off the event loop."""

from collections.abc import Mapping
from typing import Any, Literal

from portal.press import Press


class AgreementPrinter:
    """The printer that acts use. The typography is loaded where it prints."""

    def __init__(self, press: Press) -> None:
        self._press = press

    async def agreement(self, content: Mapping[str, Any], *, mark: Literal["DRAFT", "VOID"] | None) -> bytes:
        return await self._press.run(_print, content, mark)

    async def page(self, content: Mapping[str, Any], *, mark: Literal["DRAFT", "VOID"] | None) -> bytes:
        return await self._press.run(_write_page, content, mark)

    async def certificate(self, content: Mapping[str, Any]) -> bytes:
        return await self._press.run(_print_certificate, content)


def _print(content: Mapping[str, Any], mark: Literal["DRAFT", "VOID"] | None) -> bytes:
    from portal.agreement import print_agreement

    return print_agreement(content, mark=mark)


def _write_page(content: Mapping[str, Any], mark: Literal["DRAFT", "VOID"] | None) -> bytes:
    from portal.agreement_page import agreement_page

    return agreement_page(content, mark=mark)


def _print_certificate(content: Mapping[str, Any]) -> bytes:
    from portal.certificate import print_certificate

    return print_certificate(content)
