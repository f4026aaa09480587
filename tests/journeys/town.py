"""A small world that people made through the API alone: an authority, two providers, and everybody's accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.journeys.asking import PROBLEMS, Asking, Somebody, new_key
from tests.people import ACCEPT, APPROVE, CONFIRM, ENROL, INVITE, REQUEST, SIGN_IN

PASSWORD = "correct horse battery staple"
BEGIN = f"mutation ($input: RegistrationBeginInput!) {{ registrationBegin(input: $input) {{ received {PROBLEMS} }} }}"
WAITING = "{ accounts(filter: {status: [REQUESTED]}) { nodes { id version email } } }"
OWN = "{ registration { id version } }"
ADD_HOME = f"""mutation ($key: UUID!, $input: HomeInput!) {{ homeAdd(idempotencyKey: $key, input: $input) {{
  home {{ id }} {PROBLEMS} }} }}"""
ADDRESS = f"""mutation ($id: UUID!, $version: Int!) {{ registrationUpdate(
  id: $id, expectedVersion: $version, input: {{address: "2 High Street, Birmingham"}}) {{
  registration {{ id version }} {PROBLEMS} }} }}"""
SUBMIT = f"""mutation ($id: UUID!, $version: Int!) {{ registrationSubmit(id: $id, expectedVersion: $version) {{
  registration {{ id version }} {PROBLEMS} }} }}"""
ALLOW = f"""mutation ($id: UUID!, $version: Int!) {{ registrationApprove(id: $id, expectedVersion: $version) {{
  registration {{ id version }} {PROBLEMS} }} }}"""
OF_HOME = ("OFSTED_CERTIFICATE", "STATEMENT_OF_PURPOSE")
OF_PROVIDER = ("PUBLIC_LIABILITY_INSURANCE", "EMPLOYERS_LIABILITY_INSURANCE", "PROFESSIONAL_INDEMNITY_INSURANCE")


@dataclass
class Town:
    """Who lives here, by a short name; `homes` by the provider's."""

    people: dict[str, Somebody] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Somebody:
        return self.people[name]


@dataclass
class Founding:
    """Makes a town out of a portal that has just been initialised."""

    asking: Asking
    paper: bytes
    town: Town = field(default_factory=Town)

    async def from_nothing(self, invitation: str, authority: str) -> Town:
        """`invitation` is the first regional administrator's, `authority` the id of Birmingham."""
        await self.enrol("region", invitation)
        await self.sign_in("region")
        await self.colleague("region", "administrator", ["ADMINISTRATOR", "REGISTRATION_OFFICER"], authority)
        await self.sign_in("administrator")
        for name, roles in (
            ("officer", ["PLACEMENT_OFFICER"]),
            ("second officer", ["PLACEMENT_OFFICER"]),
            ("authority signatory", ["SIGNATORY"]),
        ):
            await self.colleague("administrator", name, roles)
        await self.colleague("administrator", "leaver", ["PLACEMENT_OFFICER"])
        await self.colleague("administrator", "other leaver", ["PLACEMENT_OFFICER"])
        for name in ("second officer", "leaver", "other leaver"):
            await self.sign_in(name)
        for firm in ("Alder", "Beech"):
            await self.provider(firm)
        await self.colleague("Alder", "member", ["MEMBER"])
        await self.colleague("Alder", "provider signatory", ["SIGNATORY"])
        await self.colleague("Alder", "fellow", ["MEMBER"])
        await self.sign_in("fellow")
        return self.town

    async def provider(self, firm: str) -> None:
        """Registers, fills in its profile with one home, and is approved."""
        asked = {"organisation": firm, "postcode": "B1 1AA", "name": f"Ada {firm}", "email": address_of(firm)}
        await self.asking.do(None, BEGIN, input=asked)
        waiting = (await self.asking.gql(self.town["administrator"], WAITING))["accounts"]["nodes"]
        (account,) = (each for each in waiting if each["email"] == address_of(firm))
        await self.let_in("administrator", firm, account)
        await self.sign_in(firm)
        await self.profile(firm)
        own = (await self.asking.gql(self.town[firm], OWN))["registration"]
        for who, act in ((firm, ADDRESS), (firm, SUBMIT), ("administrator", ALLOW)):
            own = (await self.asking.do(self.town[who], act, **own))["registration"]

    async def profile(self, firm: str) -> None:
        number = f"SC{123_456 + len(self.town.homes)}"
        care = {"category": "RESIDENTIAL", "ageFrom": 8, "ageTo": 17, "genders": ["FEMALE", "MALE"]}
        home = {
            "name": f"{firm} House", "address": "1 High Street", "postcode": "B1 1AA", "urn": number, "places": 4,
            "registeredManager": "Morgan Reed", "defaultCoreFee": "4250.00", "care": [care],
        }  # fmt: skip
        given = await self.asking.do(self.town[firm], ADD_HOME, key=new_key(), input=home)
        self.town.homes[firm] = given["home"]["id"]
        await self.papers(firm, OF_PROVIDER)
        await self.papers(firm, OF_HOME, homeId=given["home"]["id"])

    async def papers(self, firm: str, kinds: Sequence[str], **more: Any) -> None:
        for kind in kinds:
            told = {"name": f"{kind.lower()}.pdf", "kind": kind, "expiresOn": "2027-03-01", **more}
            await self.asking.upload(self.town[firm], self.paper, **told)

    async def colleague(self, by: str, name: str, roles: list[str], organisation: str | None = None) -> None:
        wanted = {
            "name": f"{name} of the town".title(), "email": address_of(name), "roles": roles,
            "jobTitle": name.capitalize(), "organisationId": organisation,
        }  # fmt: skip
        account = (await self.asking.do(self.town[by], REQUEST, key=new_key(), input=wanted))["account"]
        await self.let_in(by, name, account)

    async def let_in(self, by: str, name: str, account: dict[str, Any]) -> None:
        seen = {"id": account["id"], "version": account["version"]}
        approved = (await self.asking.do(self.town[by], APPROVE, **seen))["account"]
        seen["version"] = approved["version"]
        await self.enrol(name, (await self.asking.do(self.town[by], INVITE, **seen))["invitation"])

    async def enrol(self, name: str, invitation: str) -> None:
        """Takes the code of half a minute ago, so that the present one is left for signing in.

        Another half minute may begin while it is on its way, and then that code is too old.
        """
        given = await self.asking.do(None, ACCEPT, input={"invitation": invitation, "password": PASSWORD})
        self.town.people[name] = somebody = Somebody(given["email"], PASSWORD, given["secret"])
        for _ in range(5):
            given = await self.asking.payload(None, ENROL, input={"invitation": invitation, "code": somebody.code(-1)})
            if [problem["code"] for problem in given["problems"]] != ["CODE_REFUSED"]:
                break
        assert given["problems"] == []

    async def sign_in(self, name: str) -> None:
        somebody = self.town[name]
        secrets = {"email": somebody.email, "password": somebody.password}
        challenge = (await self.asking.do(None, SIGN_IN, input=secrets))["challenge"]
        confirmed = {"challenge": challenge, "code": somebody.code()}
        somebody.token = (await self.asking.do(None, CONFIRM, input=confirmed))["token"]


def address_of(name: str) -> str:
    return f"{name.replace(' ', '.').lower()}.jones@example.org"
