"""Whoever is asking."""

from typing import Any

from sqlalchemy import Select

from models.viewer import SignedIn
from resolvers.context import Info


def own(me: Any) -> Select[Any]:
    return SignedIn.visible_to(me)


async def signed_in(info: Info) -> Any:
    """Who has signed in just now; None where nobody has."""
    return await info.context.read(info, own, {}) if info.context.signed_in else None
