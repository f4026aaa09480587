"""Who acts and who listens: officers of an authority, members of two providers, and a referral between them."""

from dataclasses import dataclass
from secrets import token_urlsafe
from uuid import UUID

from models.lifecycle import Role
from models.person import Viewer
from portal.keys import Keys
from tests.cases import Cases
from tests.world import World


@dataclass(frozen=True)
class Person:
    """Somebody with a session; `threads` are the conversations that are theirs to write in."""

    id: UUID
    token: str
    threads: tuple[str, ...] = ()


async def gathered(world: World, officers: int = 2, members: int = 3) -> list[Person]:
    """Two providers have one referral; everybody of both sides may write about it."""
    cases = Cases(world)
    firms = [await world.provider() for _ in range(2)]
    staff = [await cases.officer() for _ in range(officers)]
    referral = await cases.sent(staff[0])
    threads = {firm.id: await cases.thread(referral, firm) for firm in firms}
    people = [await signed_in(world, officer, *threads.values()) for officer in staff]
    for firm in firms:
        for _ in range(members):
            member = await world.person(firm.id, Role.MEMBER)
            people.append(await signed_in(world, member, threads[firm.id]))
    return people


async def signed_in(world: World, viewer: Viewer, *threads: str) -> Person:
    token = token_urlsafe(32)
    await world.sql("UPDATE session SET token_hash = $1 WHERE id = $2", Keys.token_hash(token), viewer.session_id)
    return Person(viewer.person_id, token, threads)
