"""Places on frameworks, of homes and of agencies (S-012)."""

from datetime import date
from uuid import UUID

from models.home import FrameworkMembership
from models.provider import Provider
from models.refusal import Code, Refused, refuse_all
from resolvers.care_input import FrameworkMembershipInput, memberships_of
from resolvers.context import Info
from resolvers.working_copy import profile


async def add(info: Info, input: FrameworkMembershipInput, home_id: UUID | None = None) -> Provider:
    """A place of a home, or without one of the agency; once the registration is approved it waits (S-049)."""
    copy = await profile(info.context)
    home = await copy.home(home_id) if home_id else None
    (held,) = memberships_of([input], copy.registration.id, home_id)
    refuse_all(held.faults("input"))
    copy.add(held, home)
    await copy.done(membership=held.id)
    return copy.registration


async def end(info: Info, id: UUID, expected_version: int, last_day: date) -> Provider:
    """The last day on which it is in force; a place that was never approved is taken out."""
    copy = await profile(info.context, expected_version)
    held = await copy.own(FrameworkMembership, id)
    home = await copy.home_of(held)
    if held.approved_at is None:
        copy.end(held, home)
    else:
        _ends_within(held, last_day)
        facts = {"lot": held.lot, "valid_from": held.valid_from, "valid_until": last_day}
        copy.change(held, facts, home)
    await copy.done(membership=id)
    return copy.registration


def _ends_within(held: FrameworkMembership, last_day: date) -> None:
    if last_day < held.valid_from or (held.valid_until is not None and last_day > held.valid_until):
        until = f" and {held.valid_until}" if held.valid_until else ""
        sentence = f"Give a day from {held.valid_from} on{until and ', at most'}{until.replace(' and', '')}."
        raise Refused(Code.INVALID_INPUT, sentence, ["lastDay"])
