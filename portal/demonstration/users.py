"""Who works where: the people with accounts, their roles and how they sign in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from portal.demonstration import people
from portal.demonstration.chance import chance
from portal.demonstration.people import Name, Register
from portal.demonstration.places import Authority, authority
from portal.demonstration.roster import SHOWN_FIRST

if TYPE_CHECKING:
    from portal.demonstration.providers import Provider

AUTHORITY_TEAM: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Placement officer", ("PLACEMENT_OFFICER",)),
    ("Registration officer", ("REGISTRATION_OFFICER", "PLACEMENT_OFFICER")),
    ("Head of commissioning", ("SIGNATORY", "ADMINISTRATOR")),
    ("Commissioning analyst", ("READ_ONLY",)),
    ("Senior placement officer", ("PLACEMENT_OFFICER",)),
)
PROVIDER_TEAM: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Operations director", ("ADMINISTRATOR", "MEMBER")),
    ("Director", ("SIGNATORY",)),
    ("Referrals and placements lead", ("MEMBER",)),
)
BIRMINGHAM_TEAM: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("english", "Amelia", "Hartley", ("PLACEMENT_OFFICER",)),
    ("punjabi", "Gurpreet", "Sandhu", ("REGISTRATION_OFFICER",)),
    ("caribbean", "Winston", "Campbell", ("SIGNATORY",)),
    ("welsh", "Siân", "Prydderch", ("ADMINISTRATOR",)),
    ("polish", "Paweł", "Wiśniewski/Wiśniewska", ("READ_ONLY",)),
)
SHOWN_PROVIDER_TEAMS: tuple[tuple[tuple[str, str, str, tuple[str, ...]], ...], ...] = (
    (
        ("pakistani", "Nadia", "Mahmood", ("ADMINISTRATOR", "MEMBER")),
        ("english", "George", "Bayliss", ("SIGNATORY",)),
        ("irish", "Aoife", "Gallagher", ("MEMBER",)),
    ),
    (
        ("nigerian", "Emeka", "Okafor", ("ADMINISTRATOR", "MEMBER")),
        ("arab", "Rania", "Haddad", ("SIGNATORY",)),
        ("vietnamese", "Minh", "Nguyễn", ("MEMBER",)),
    ),
)
REGION_NAME, REGION_DOMAIN = "West Midlands Regional Team", "west-midlands-region.example"
REGION_ADMINISTRATOR = ("english", "Eleanor", "Whitehouse", ("REGION_ADMIN",))
TITLES: dict[str, str] = {
    "PLACEMENT_OFFICER": "Placement officer", "REGISTRATION_OFFICER": "Registration officer",
    "SIGNATORY": "Director", "ADMINISTRATOR": "Operations director", "READ_ONLY": "Finance officer",
    "MEMBER": "Referrals and placements lead", "REGION_ADMIN": "Regional portal administrator",
}  # fmt: skip
NOT_YET_ACTIVE = ("REQUESTED", "APPROVED", "INVITED", "SUSPENDED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`organisation` is the key of an authority or provider, or REGION; `state` is the one the account shall reach.

    `secret` is the authenticator's, 160 bits in base32.
    """

    name: str
    script: str | None
    email: str
    phone: str
    job_title: str
    organisation: str
    side: str
    roles: tuple[str, ...]
    state: str
    password: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A place in an organisation that somebody fills."""

    organisation: str
    domain: str
    side: str
    job_title: str
    roles: tuple[str, ...]
    state: str = "ACTIVE"


class Directory:
    """Everybody with an account, and who of an organisation can do what."""

    def __init__(self, everybody: Sequence[Person]) -> None:
        self._everybody = everybody

    def holding(self, organisation: str, role: str) -> tuple[Person, ...]:
        """Those who can sign in now and hold the role, in a fixed order."""
        return tuple(
            each
            for each in self._everybody
            if each.organisation == organisation and role in each.roles and each.state == "ACTIVE"
        )


def users(authorities: Iterable[Authority], providers: Sequence[Provider], register: Register) -> tuple[Person, ...]:
    """The ones whose sign-ins are printed come first."""
    _, *others = authorities
    staff = [each for other in others for each in _authority_staff(other, register)]
    for provider in providers[len(SHOWN_PROVIDER_TEAMS) :]:
        staff += _provider_staff(provider, register)
    return (*shown_people(), *staff)


def shown_people() -> tuple[Person, ...]:
    """Those whose sign-ins are printed: a whole authority, two providers and the region."""
    birmingham = authority("birmingham")
    shown = [*_named_team(birmingham.key, birmingham.domain, "LOCAL_AUTHORITY", BIRMINGHAM_TEAM)]
    for entry, team in zip(SHOWN_FIRST, SHOWN_PROVIDER_TEAMS, strict=True):
        key = people.plain(entry.trading_name)
        shown += _named_team(key, f"{key}.example", "PROVIDER", team)
    return (*shown, region_administrator())


def region_administrator() -> Person:
    """With whom every demonstration begins."""
    (person,) = _named_team("REGION", REGION_DOMAIN, "REGION", (REGION_ADMINISTRATOR,))
    return person


def known_names() -> tuple[Name, ...]:
    """Those that are the same in every edition of the demonstration; nobody else may be given them."""
    teams = (*BIRMINGHAM_TEAM, *(each for team in SHOWN_PROVIDER_TEAMS for each in team), REGION_ADMINISTRATOR)
    return tuple(_known(heritage, given, family) for heritage, given, family, _ in teams)


def _known(heritage: str, given: str, family: str) -> Name:
    of = people.heritage(heritage)
    return people.named(of, given, family, woman=given in of.women)


def _named_team(
    organisation: str,
    domain: str,
    side: str,
    team: Iterable[tuple[str, str, str, tuple[str, ...]]],
) -> Iterable[Person]:
    for heritage, given, family, roles in team:
        title = "Head of commissioning" if side == "LOCAL_AUTHORITY" and "SIGNATORY" in roles else TITLES[roles[0]]
        post = Post(organisation=organisation, domain=domain, side=side, job_title=title, roles=roles)
        yield _person(chance("person", organisation, given), _known(heritage, given, family), post)


def _authority_staff(authority: Authority, register: Register) -> Iterable[Person]:
    rng = chance("authority staff", authority.key)
    for job_title, roles in AUTHORITY_TEAM[: rng.choice((3, 4, 4, 5))]:
        post = Post(
            organisation=authority.key,
            domain=authority.domain,
            side="LOCAL_AUTHORITY",
            job_title=job_title,
            roles=roles,
        )
        yield _person(rng, register.newcomer(rng), post)


def _provider_staff(provider: Provider, register: Register) -> Iterable[Person]:
    """Whoever begins a registration is its administrator and never its signatory; a third may not be active yet."""
    rng = chance("provider staff", provider.key)
    size = rng.choice((2, 2, 2, 3, 3)) if provider.approved else 1
    for number, (job_title, roles) in enumerate(PROVIDER_TEAM[:size]):
        post = Post(
            organisation=provider.key,
            domain=provider.domain,
            side="PROVIDER",
            job_title=job_title,
            roles=roles,
            state=rng.choice(NOT_YET_ACTIVE) if number == 2 and rng.random() < 0.6 else "ACTIVE",
        )
        yield _person(rng, register.newcomer(rng), post)


def _person(rng: Random, name: Name, post: Post) -> Person:
    email = people.email(name, post.domain)
    return Person(
        name=name.full,
        script=name.script,
        email=email,
        phone=people.phone(rng),
        job_title=post.job_title,
        organisation=post.organisation,
        side=post.side,
        roles=post.roles,
        state=post.state,
        password=people.passphrase(email),
        secret=people.authenticator_secret(email),
    )
