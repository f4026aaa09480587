"""A signed agreement and the people who may raise its fee: each step by the real acts."""

from typing import Any, Self
from uuid import uuid4

from models.person import Viewer
from tests.agreeing import PROBLEMS, Agreeing
from tests.world import World

UPLIFT = """uplift { id reference ipaId status version proposedBy proposedByName percentage amount effectiveFrom
  feeBefore feeAfter reason closedByName refuseReason can }"""
PROPOSE = f"""mutation ($ipa: UUID!, $input: UpliftInput!, $key: UUID!) {{
  upliftPropose(ipaId: $ipa, input: $input, idempotencyKey: $key) {{ {UPLIFT} {PROBLEMS} }} }}"""
ANSWER = """mutation ($id: UUID!, $version: Int!%s) {
  %s(id: $id, expectedVersion: $version%s) { %s %s } }"""
FEE = """query ($id: UUID!, $on: Date) { agreementFee(ipaId: $id, on: $on) {
  on agreedCoreFeeWeekly coreFeeWeekly weeklyTotal standsOn additionalCosts { description weekly } } }"""


class Uplifting(Agreeing):
    """An agreement that both have signed, over £4,100.00 a week and what `offered` adds."""

    @classmethod
    async def of(cls, world: World, **offered: Any) -> Self:
        made = await cls.among(world)
        await (await made.referred()).offered(**offered)
        for step in (made.accepted, made.drawn_up, made.shared, made.ready):
            await step()
        for signer in (made.authority_signatory, made.provider_signatory):
            await made.opened(signer)
        return made

    async def signed(self) -> Self:
        for signer in (self.authority_signatory, self.provider_signatory):
            assert (await self.sign(signer))["problems"] == []
        return self

    async def tried(self, who: Viewer, rise: dict[str, str], start: str, **more: Any) -> dict[str, Any]:
        """The payload of proposing it, whatever came of it."""
        given = {"rise": rise, "effectiveFrom": start, "reason": "Wages have risen.", **more}
        key = given.pop("key", None) or str(uuid4())
        payload = (await self.world.gql(who, PROPOSE, ipa=self.ids["ipa"], input=given, key=key))["upliftPropose"]
        return dict(payload)

    async def proposed(self, who: Viewer, rise: dict[str, str], start: str) -> dict[str, Any]:
        payload = await self.tried(who, rise, start)
        assert payload["problems"] == []
        return dict(payload["uplift"])

    async def answered(
        self, who: Viewer, act: str, uplift: dict[str, Any], reason: str | None = None
    ) -> dict[str, Any]:
        """The payload of agreeing, refusing or withdrawing, whatever came of it."""
        told = {} if reason is None else {"reason": reason}
        declared, given = (", $reason: String!", ", reason: $reason") if told else ("", "")
        document = ANSWER % (declared, act, given, UPLIFT, PROBLEMS)
        payload = await self.world.gql(who, document, id=uplift["id"], version=uplift["version"], **told)
        return dict(payload[act])

    async def agreed(self, rise: dict[str, str], start: str) -> dict[str, Any]:
        """Proposed by the provider and agreed to by the authority."""
        uplift = await self.proposed(self.member, rise, start)
        payload = await self.answered(self.officer, "upliftAgree", uplift)
        assert payload["problems"] == []
        return dict(payload["uplift"])

    async def fee(self, who: Viewer, on: str | None = None) -> Any:
        return (await self.world.gql(who, FEE, id=self.ids["ipa"], on=on))["agreementFee"]


def codes(payload: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in payload["problems"]]
