"""Authorities to sign: how tests give, record and revoke them."""

from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

from models.lifecycle import Role
from models.person import Viewer
from tests.agreeing import Agreeing
from tests.world import World

SHOWN = """delegation { id version status inForce reference principalId principalName principalJobTitle delegateName
  ipaId validFrom validUntil authority documentName documentSha256 givenByName revokeReason can }
  problems { code message path }"""
GIVE = f"""mutation ($key: UUID!, $input: DelegationInput!) {{
  delegationGive(idempotencyKey: $key, input: $input) {{ {SHOWN} }} }}"""
RECORD = f"""mutation ($key: UUID!, $input: DelegationRecordInput!) {{
  delegationRecord(idempotencyKey: $key, input: $input) {{ {SHOWN} }} }}"""
REVOKE = f"""mutation ($id: UUID!, $version: Int!, $reason: String) {{
  delegationRevoke(id: $id, expectedVersion: $version, reason: $reason) {{ {SHOWN} }} }}"""
LIST = """query ($filter: DelegationFilter) { delegations(filter: $filter) {
  nodes { id status inForce principalName delegateName can } } }"""


def codes(payload: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in payload["problems"]]


@dataclass
class Authorising:
    """An agreement that is ready, a signatory of one party, and a colleague of theirs who is none."""

    agreeing: Agreeing
    signatory: Viewer
    colleague: Viewer
    administrator: Viewer

    @classmethod
    async def for_party(cls, world: World, party: str = "PROVIDER") -> Self:
        agreeing = await (await Agreeing.among(world)).to_sign()
        authority = party == "LOCAL_AUTHORITY"
        organisation = agreeing.officer.organisation_id if authority else agreeing.firm.id
        role = Role.READ_ONLY if authority else Role.MEMBER
        colleague = await world.person(organisation, role, name="Bea Birch")
        administrator = await world.person(organisation, Role.ADMINISTRATOR, name="Ada Admin")
        signatory = agreeing.authority_signatory if authority else agreeing.provider_signatory
        for who in (colleague, administrator):
            await agreeing.enrol(who)
        await agreeing.opened(colleague)
        return cls(agreeing, signatory, colleague, administrator)

    @property
    def world(self) -> World:
        return self.agreeing.world

    async def fresh(self, who: Viewer) -> str:
        """A code of theirs, as if the last had been half a minute ago."""
        await self.world.sql("UPDATE credential SET last_step = 0 WHERE person_id = $1", who.person_id)
        return self.agreeing.code(who)

    async def code(self, who: Viewer, given: dict[str, Any]) -> str:
        """A fresh code, unless one is given; of somebody without an authenticator, one that cannot be right."""
        enrolled = f"secret of {who.person_id}" in self.agreeing.ids
        return await self.fresh(who) if enrolled and "code" not in given else "0"

    async def give(self, by: Viewer | None = None, **more: Any) -> dict[str, Any]:
        """The payload of a signatory's authorising the colleague until the end of the year, unless told otherwise."""
        who = by or self.signatory
        given = {"delegateId": str(self.colleague.person_id), "validUntil": "2026-12-31", **more}
        given = {name: value for name, value in given.items() if value is not None}
        given = {"code": await self.code(who, given), **given}
        answer = await self.world.gql(who, GIVE, key=str(uuid4()), input=given)
        return dict(answer["delegationGive"])

    async def given(self, by: Viewer | None = None, **more: Any) -> dict[str, Any]:
        payload = await self.give(by, **more)
        assert payload["problems"] == []
        return dict(payload["delegation"])

    async def record(self, by: Viewer | None = None, **more: Any) -> dict[str, Any]:
        """The payload of an administrator's recording that the director lets the colleague sign."""
        who = by or self.administrator
        if "documentId" not in more:
            more["documentId"] = str(await self.agreeing.paper(who.organisation_id, who, "OTHER"))
        given = {
            "delegateId": str(self.colleague.person_id), "principalName": "Cai Chair", "principalJobTitle": "Director",
            "validUntil": "2026-12-31", **more,
        }  # fmt: skip
        given = {"code": await self.code(who, given), **given}
        answer = await self.world.gql(who, RECORD, key=str(uuid4()), input=given)
        return dict(answer["delegationRecord"])

    async def revoke(self, delegation: dict[str, Any], by: Viewer | None = None, reason: str | None = None) -> Any:
        who, version = by or self.signatory, delegation["version"]
        answer = await self.world.gql(who, REVOKE, id=delegation["id"], version=version, reason=reason)
        return answer["delegationRevoke"]

    async def sign(self, delegation: str, by: Viewer | None = None) -> dict[str, Any]:
        who = by or self.colleague
        return await self.agreeing.sign(who, code=await self.fresh(who), behalf=delegation)

    async def listed(self, by: Viewer, **filter: Any) -> list[dict[str, Any]]:
        return list((await self.world.gql(by, LIST, filter=filter))["delegations"]["nodes"])

    async def heard(self, who: Viewer, notice: str) -> int:
        return await self.world.count("inbox_entry", "person_id = $1 AND notice = $2", who.person_id, notice)

    async def nothing_signed(self) -> bool:
        return await self.world.count("signature") == 0
