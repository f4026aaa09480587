"""Who may be looking at something: when it changes their screens are told, without a bell (S-028).

Being told is the grant, so nobody is named here who may not read the thing itself.
"""

from uuid import UUID

from models.event import Told
from models.lifecycle import AUTHORITY_READERS, PROVIDER_STAFF, Role

AUTHORITY = tuple(sorted({*AUTHORITY_READERS.roles, Role.MACHINE}))
PROVIDER = tuple(sorted(PROVIDER_STAFF.roles))


def at_authority(*organisations: UUID | None) -> tuple[Told, ...]:
    """Everybody of an authority, its case systems included."""
    return _looking(organisations, AUTHORITY)


def at_provider(*organisations: UUID | None) -> tuple[Told, ...]:
    """The staff of providers: sign-only people see agreements alone (S-031)."""
    return _looking(organisations, PROVIDER)


def at_holders() -> tuple[Told, ...]:
    """The staff of every provider that has the referral."""
    return (Told(roles=PROVIDER, holders=True),)


def _looking(organisations: tuple[UUID | None, ...], roles: tuple[str, ...]) -> tuple[Told, ...]:
    there = tuple(organisation for organisation in organisations if organisation)
    return (Told(there, roles),) if there else ()
