"""The printed sign-ins: everybody of one authority and of two providers, and the region."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

import pyotp

from portal.demonstration.people import plain
from portal.demonstration.places import authority
from portal.demonstration.roster import SHOWN_FIRST
from portal.demonstration.users import REGION_NAME, Person, shown_people
from portal.keys import Keys

LONDON = ZoneInfo("Europe/London")
STEP_SECONDS = 30
RULE = "─" * 100
ROLES = {
    "PLACEMENT_OFFICER": "placement officer", "REGISTRATION_OFFICER": "registration officer",
    "SIGNATORY": "signatory", "ADMINISTRATOR": "administrator", "READ_ONLY": "reads only", "MEMBER": "member of staff",
    "REGION_ADMIN": "regional administrator",
}  # fmt: skip
QUERY = "{ viewer { name organisation { name } } referrals(first: 3) { nodes { reference status category } } }"


def printed_sign_ins(origin: str, now: datetime, wall: datetime, at: str | None = None) -> str:
    """`now` is the portal's time; `wall` is the real one, by which codes are valid. `at` is where the clock began."""
    return "\n".join(_lines(origin, now, wall, f" --at {at}" if at else ""))


def _lines(origin: str, now: datetime, wall: datetime, at: str) -> Iterator[str]:
    left = 2 * STEP_SECONDS - int(wall.timestamp()) % STEP_SECONDS  # the step after a code's own still takes it
    people = shown_people()
    yield f"\n{RULE}\nThe West Midlands Placement Portal runs at {origin}"
    yield f"Its clock shows {now.astimezone(LONDON):%A, %-d %B %Y, %H:%M} in London. Everybody in it is invented.\n"
    yield "Sign in with e-mail, password and the code of an authenticator app: add the otpauth:// address to one."
    yield f"The codes printed here are valid for {left} seconds; each code works once.\n"
    for organisation, team in groupby(people, _organisation):
        yield organisation
        for person in team:
            yield from _person(person, wall)
    yield "A first query, for another terminal:\n"
    yield f"  TOKEN=$(python3 portal token {people[0].email}{at})"
    yield f"  curl -s {origin}/graphql -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\"
    yield f'    -d \'{{"query": "{QUERY}"}}\'\n'
    yield f"Everybody else's token can be had in the same way. Ctrl-C stops the portal; its data stay.\n{RULE}\n"


def _person(person: Person, wall: datetime) -> Iterator[str]:
    roles = " and ".join(ROLES[role] for role in person.roles)
    code = pyotp.TOTP(person.secret).at(wall)
    yield f"  {person.name}, {roles}"
    yield f"    {person.email}   password {person.password}   code {code}"
    yield f"    {Keys.provisioning_uri(person.secret, person.email)}\n"


def _organisation(person: Person) -> str:
    if person.side == "REGION":
        return REGION_NAME
    if person.side == "LOCAL_AUTHORITY":
        return authority(person.organisation).name
    return next(entry.trading_name for entry in SHOWN_FIRST if plain(entry.trading_name) == person.organisation)
