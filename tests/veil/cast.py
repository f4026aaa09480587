"""The people of a small region: two authorities, three providers, and the region's administrator."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pyotp

from models.document import DocumentKind
from models.lifecycle import Role
from models.person import Viewer
from tests.cases import Cases
from tests.world import Firm, World

PASSWORD = "correct horse battery staple"
AUTHORITIES = ("Birmingham", "Coventry")
OF_AUTHORITY = {
    "officer": (Role.PLACEMENT_OFFICER,), "colleague": (Role.PLACEMENT_OFFICER,), "read only": (Role.READ_ONLY,),
    "administrator": (Role.ADMINISTRATOR, Role.PLACEMENT_OFFICER), "machine": (Role.MACHINE,),
    "signatory": (Role.SIGNATORY, Role.PLACEMENT_OFFICER),
}  # fmt: skip
OF_PROVIDER = {"member": (Role.MEMBER,), "fellow": (Role.MEMBER, Role.ADMINISTRATOR), "signer": (Role.SIGNATORY,)}
WHO = {
    "Birmingham": tuple(OF_AUTHORITY), "Coventry": ("officer", "administrator"), "Region": ("regional",),
    "Alder": tuple(OF_PROVIDER), "Beech": ("member", "fellow"), "Cedar": ("member",),
}  # fmt: skip
READERS = (
    "Birmingham officer", "Birmingham colleague", "Birmingham read only", "Birmingham administrator",
    "Birmingham machine", "Alder member", "Alder fellow", "Beech member",
)  # fmt: skip
PAPERS = (
    DocumentKind.PUBLIC_LIABILITY_INSURANCE, DocumentKind.EMPLOYERS_LIABILITY_INSURANCE,
    DocumentKind.PROFESSIONAL_INDEMNITY_INSURANCE, DocumentKind.OFSTED_CERTIFICATE, DocumentKind.STATEMENT_OF_PURPOSE,
)  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """Everybody by name, with the token of a session each; the same in every copy of the database."""

    people: dict[str, Viewer]
    tokens: dict[str, str]
    organisations: dict[str, UUID]
    homes: dict[str, UUID]
    secrets: dict[str, str]

    def of(self, organisation: str) -> list[str]:
        return [
            name for name, viewer in self.people.items() if viewer.organisation_id == self.organisations[organisation]
        ]


async def assembled(world: World) -> Cast:
    cast = Cast({}, {}, {}, {}, {})
    for name in AUTHORITIES:
        cast.organisations[name] = await world.authority(name)
    cast.organisations["Region"] = await world.region()
    for name in ("Alder", "Beech", "Cedar"):
        firm = await world.provider(name=name)
        cast.organisations[name], cast.homes[name] = firm.id, firm.homes[0]
    for organisation, people in WHO.items():
        for person in people:
            await _person(world, cast, organisation, person)
    for name in cast.homes:
        await Cases(world).papers(Firm(cast.organisations[name], name, []), *PAPERS)
    for name in AUTHORITIES:
        await Cases(world).papers(Firm(cast.organisations[name], name, []), DocumentKind.CARE_PLAN)
    return cast


async def _person(world: World, cast: Cast, organisation: str, person: str) -> None:
    roles = {**OF_AUTHORITY, **OF_PROVIDER, "regional": (Role.REGION_ADMIN,)}[person]
    name = f"{organisation} {person}"
    address = f"{name.replace(' ', '.').lower()}@example.org"
    made = (Role.READ_ONLY,) if Role.MACHINE in roles else roles
    viewer = await world.person(cast.organisations[organisation], *made, name=name.title(), email=address)
    if made != roles:
        viewer = replace(viewer, roles=frozenset(roles))
        await world.sql(
            "UPDATE person SET roles = '{MACHINE}', email = NULL, email_key = NULL WHERE id = $1", viewer.person_id
        )
    cast.people[name], cast.tokens[name] = viewer, f"the token of {name}"
    cast.secrets[name] = pyotp.random_base32()
    digest = world.shell.keys.token_hash(cast.tokens[name])
    await world.sql("UPDATE session SET token_hash = $2 WHERE id = $1", viewer.session_id, digest)
    sealed = world.shell.keys.seal(cast.secrets[name].encode(), viewer.person_id)
    await world.sql(
        "INSERT INTO credential (person_id, password_hash, authenticator, last_step) VALUES ($1, $2, $3, 0)",
        viewer.person_id, await _password(world), sealed,
    )  # fmt: skip


async def _password(world: World) -> str:
    kept: Any = world.__dict__.get("password hash")
    if kept is None:
        kept = world.__dict__["password hash"] = await world.shell.keys.hash_password(PASSWORD)
    return str(kept)
