"""Referrals, messages and offers over HTTP, as far as a race needs them."""

from dataclasses import dataclass, field
from typing import Any

from tests.cases import REFERRAL as FORM
from tests.journeys.asking import PROBLEMS, Asking, Somebody, new_key

CREATE = f"""mutation ($key: UUID!, $input: ReferralInput!) {{ referralCreate(idempotencyKey: $key, input: $input) {{
  referral {{ id version }} {PROBLEMS} }} }}"""
SEND = f"""mutation ($id: UUID!, $version: Int!) {{ referralSend(id: $id, expectedVersion: $version) {{
  referral {{ id threads {{ id provider {{ name }} }} }} {PROBLEMS} }} }}"""
SAY = f"""mutation ($thread: UUID!, $body: String!, $key: UUID!) {{
  messageSend(threadId: $thread, input: {{body: $body}}, idempotencyKey: $key) {{
    message {{ id no }} {PROBLEMS} }} }}"""
OFFER = f"""mutation ($referral: UUID!, $input: OfferInput!, $key: UUID!) {{
  offerCreate(referralId: $referral, input: $input, idempotencyKey: $key) {{ offer {{ id version }} {PROBLEMS} }} }}"""
SUBMIT = f"""mutation ($id: UUID!, $version: Int!) {{ offerSubmit(id: $id, expectedVersion: $version) {{
  offer {{ id version }} {PROBLEMS} }} }}"""
ACCEPT = f"""mutation ($id: UUID!, $version: Int!, $checks: [UUID!]!) {{
  offerAccept(id: $id, expectedVersion: $version, input: {{checksConfirmed: true, checks: $checks}}) {{
    offer {{ id version status }} {PROBLEMS} }} }}"""
CHECKS = "{ acceptanceChecks { checks { id } } }"
LISTED = "{ notifications(first: 100) { nodes { id kind subjectId } } }"
MESSAGES = "query ($thread: UUID!) { messages(threadId: $thread) { nodes { no body } } }"
REFERRAL: dict[str, Any] = {
    **FORM, "children": [{"givenNames": "Zeb", "familyName": "Quill", "dateOfBirth": "2013-05-14", "gender": "MALE"}]
}  # fmt: skip


@dataclass
class Placing:
    """Acts of a few people at one server."""

    asking: Asking
    listed: list[str] = field(default_factory=list)

    async def sent(self, officer: Somebody) -> tuple[str, dict[str, str]]:
        """A referral that every provider of the town has, and its conversations by the provider's name."""
        draft = (await self.asking.do(officer, CREATE, key=new_key(), input=REFERRAL))["referral"]
        sent = (await self.asking.do(officer, SEND, **draft))["referral"]
        return str(sent["id"]), {thread["provider"]["name"]: thread["id"] for thread in sent["threads"]}

    async def say(self, who: Somebody, thread: str, body: str, key: str = "") -> dict[str, Any]:
        given = await self.asking.do(who, SAY, thread=thread, body=body, key=key or new_key())
        return dict(given["message"])

    async def offered(self, who: Somebody, referral: str, home: str) -> dict[str, Any]:
        """A submitted offer, by its id and version."""
        where = {"placement": {"homeId": home}, "availableFrom": "2026-07-01"}
        terms = {**where, "fees": [{"coreFeeWeekly": "4100.00"}]}
        draft = (await self.asking.do(who, OFFER, referral=referral, input=terms, key=new_key()))["offer"]
        return dict((await self.asking.do(who, SUBMIT, **draft))["offer"])

    async def accept(self, who: Somebody, offer: dict[str, Any]) -> dict[str, Any]:
        return await self.asking.payload(who, ACCEPT, **offer, checks=await self.checks(who))

    async def checks(self, who: Somebody) -> list[str]:
        """What the officers' authority checks, asked for once."""
        if not self.listed:
            given = await self.asking.gql(who, CHECKS)
            self.listed = [check["id"] for check in given["acceptanceChecks"]["checks"]]
        return self.listed

    async def notified(self, who: Somebody) -> list[dict[str, Any]]:
        """Somebody's notifications, oldest first."""
        nodes = (await self.asking.gql(who, LISTED))["notifications"]["nodes"]
        return list(reversed(nodes))

    async def messages(self, who: Somebody, thread: str) -> list[str]:
        nodes = (await self.asking.gql(who, MESSAGES, thread=thread))["messages"]["nodes"]
        return [message["body"] for message in nodes]
