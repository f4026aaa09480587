"""A placement on its way to an agreement: the people it takes, and each step by the real acts."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID, uuid4

import pyotp

from models.lifecycle import Role
from models.person import Viewer
from tests.cases import REFERRAL as FORM
from tests.deciding import checks_of
from tests.world import Firm, World

KINDS = (
    "PUBLIC_LIABILITY_INSURANCE", "EMPLOYERS_LIABILITY_INSURANCE", "PROFESSIONAL_INDEMNITY_INSURANCE",
    "OFSTED_CERTIFICATE", "STATEMENT_OF_PURPOSE",
)  # fmt: skip
PROBLEMS = "problems { code message path }"
REFERRAL = "referral { id version status children { id } }"
OFFER = "offer { id version status }"
IPA = """ipa { id version status reference contentHash pdfSha256 signedPdfSha256 authoritySigned providerSigned can
  supersedesId details { child { givenNames familyName dateOfBirth } placement { startsOn } }
  terms { coreFeeWeekly weeklyTotal placement { name } terms { conditions } }
  signatures { party name organisation contentHash } refusals { reason } documents { id name } }"""


@dataclass
class Agreeing:
    """Everybody that an agreement takes. Codes are of wall time, and each signer's are used up one by one."""

    world: World
    officer: Viewer
    authority_signatory: Viewer
    member: Viewer
    provider_signatory: Viewer
    firm: Firm
    ids: dict[str, Any]

    @classmethod
    async def among(cls, world: World) -> Self:
        authority = await world.authority()
        firm = await world.provider()
        made = cls(
            world,
            await world.person(authority, Role.PLACEMENT_OFFICER, name="Olu Officer"),
            await world.person(authority, Role.SIGNATORY, name="Sian Signatory"),
            await world.person(firm.id, Role.MEMBER, name="Mia Member"),
            await world.person(firm.id, Role.SIGNATORY, name="Dev Director"),
            firm,
            {},
        )
        for kind in KINDS:
            await made.paper(firm.id, made.member, kind)
        for signer in (made.authority_signatory, made.provider_signatory):
            await made.enrol(signer)
        return made

    async def paper(self, organisation: UUID, by: Viewer, kind: str) -> UUID:
        """A document that is there already: uploading has tests of its own."""
        id = uuid4()
        await self.world.sql(
            "INSERT INTO document (id, organisation_id, kind, name, sha256, byte_size, media_type, state, uploaded_by,"
            " uploaded_at, expires_on) "
            " VALUES ($1, $2, $3, $4, $5, 9, 'application/pdf', 'READY', $6, $7, '2027-06-01')",
            id, organisation, kind, f"{kind.lower()}.pdf", "ab" * 32, by.person_id, self.world.clock.now,
        )  # fmt: skip
        return id

    async def enrol(self, signer: Viewer) -> None:
        secret = pyotp.random_base32()
        self.ids[f"secret of {signer.person_id}"] = secret
        sealed = self.world.shell.keys.seal(secret.encode(), signer.person_id)
        await self.world.sql(
            "INSERT INTO credential (person_id, authenticator, last_step) VALUES ($1, $2, 0)"
            " ON CONFLICT (person_id) DO UPDATE SET authenticator = $2, last_step = 0",
            signer.person_id,
            sealed,
        )

    def code(self, signer: Viewer) -> str:
        """The code of now, which this signer has not used yet unless it was asked for before."""
        return pyotp.TOTP(self.ids[f"secret of {signer.person_id}"]).at(datetime.now(UTC))

    # ── the steps ────────────────────────────────────────────────────────────
    async def referred(self, *children: dict[str, Any]) -> Self:
        child = {"givenNames": "Ana", "familyName": "Żak", "dateOfBirth": "2014-02-03", "gender": "FEMALE"}
        given = {
            **FORM, "reasonForSearch": "Her present placement ends.", "legalStatus": "SECTION_20",
            "needs": "A calm home.", "children": [*(children or [child])],
            "socialWorker": {"name": "Sam Worker", "phone": "0121 000 0000"},
        }  # fmt: skip
        document = f"""mutation ($key: UUID!, $input: ReferralInput!) {{
          referralCreate(idempotencyKey: $key, input: $input) {{ {REFERRAL} {PROBLEMS} }} }}"""
        made = (await self.world.do(self.officer, document, key=str(uuid4()), input=given))["referral"]
        document = f"""mutation ($id: UUID!, $version: Int!) {{
          referralSend(id: $id, expectedVersion: $version) {{ {REFERRAL} {PROBLEMS} }} }}"""
        sent = await self.world.do(self.officer, document, id=made["id"], version=made["version"])
        self.ids["referral"], self.ids["child"] = made["id"], sent["referral"]["children"][0]["id"]
        return self

    async def offered(self, **more: Any) -> Self:
        given = {
            "placement": {"homeId": str(self.firm.homes[0])}, "availableFrom": "2026-07-01",
            "fees": [{"coreFeeWeekly": "4100.00", "includes": "Statement of Purpose, version 3"}], **more,
        }  # fmt: skip
        document = f"""mutation ($id: UUID!, $key: UUID!, $input: OfferInput!) {{
          offerCreate(referralId: $id, idempotencyKey: $key, input: $input) {{ {OFFER} {PROBLEMS} }} }}"""
        made = await self.world.do(self.member, document, id=self.ids["referral"], key=str(uuid4()), input=given)
        self.ids["offer"] = made["offer"]["id"]
        await self.with_offer(self.member, "offerSubmit", made["offer"]["version"])
        return self

    async def with_offer(self, who: Viewer, act: str, version: int, extra: str = "") -> dict[str, Any]:
        document = f"""mutation ($id: UUID!, $version: Int!) {{
          {act}(id: $id, expectedVersion: $version {extra}) {{ {OFFER} {PROBLEMS} }} }}"""
        done = await self.world.do(who, document, id=self.ids["offer"], version=version)
        return dict(done["offer"])

    async def accepted(self) -> Self:
        version = (await self.world.gql(self.officer, "query ($id: UUID!) { offer(id: $id) { version } }",
                                        id=self.ids["offer"]))["offer"]["version"]  # fmt: skip
        checks = json.dumps(await checks_of(self.world, self.officer))
        await self.with_offer(
            self.officer, "offerAccept", version, f"input: {{checksConfirmed: true, checks: {checks}}}"
        )
        return self

    async def drawn_up(self) -> Self:
        made = await self.world.do(self.officer, CREATE, id=self.ids["offer"], key=str(uuid4()))
        self.ids["ipa"] = made["ipa"]["id"]
        return self

    async def act(self, who: Viewer, name: str, extra: str = "", **variables: Any) -> dict[str, Any]:
        """An act on the agreement as it stands now; its payload, whatever came of it."""
        version = (await self.world.sql("SELECT version FROM ipa WHERE id = $1", UUID(self.ids["ipa"])))[0]["version"]
        document = act_on_ipa(name, extra, variables)
        values = {name: value for name, (_, value) in variables.items()}
        if name not in VERSIONLESS:
            values["version"] = version
        (payload,) = (await self.world.gql(who, document, id=self.ids["ipa"], **values)).values()
        return dict(payload)

    async def shared(self) -> Self:
        await self.well(self.officer, "ipaShare")
        return self

    async def filled(self, **more: Any) -> Self:
        """Everything that signing asks for, by those who may say it; the agreement is in review."""
        details, contacts = ("IpaInput!", {**DETAILS, **more}), ("IpaContactsInput!", CONTACTS)
        await self.well(self.officer, "ipaUpdate", "input: $input", input=details)
        await self.well(self.member, "ipaUpdateContacts", "input: $input", input=contacts)
        return self

    async def ready(self) -> Self:
        await self.filled()
        await self.well(self.officer, "ipaEnable")
        return self

    async def well(self, who: Viewer, name: str, extra: str = "", **variables: Any) -> dict[str, Any]:
        payload = await self.act(who, name, extra, **variables)
        assert payload["problems"] == []
        return dict(payload["ipa"])

    async def to_sign(self) -> Self:
        """An agreement that is ready, and has been opened by both who shall sign it."""
        for step in (self.referred, self.offered, self.accepted, self.drawn_up, self.shared, self.ready):
            await step()
        for signer in (self.authority_signatory, self.provider_signatory):
            await self.opened(signer)
        return self

    async def opened(self, who: Viewer) -> dict[str, Any]:
        payload: dict[str, Any] = (await self.world.gql(who, OPEN, id=self.ids["ipa"]))["ipaOpen"]
        return payload

    async def sign(self, who: Viewer, **different: Any) -> dict[str, Any]:
        """The payload of signing what the agreement says now, with a code not used before unless told otherwise."""
        (row,) = await self.world.sql("SELECT content_hash FROM ipa WHERE id = $1", UUID(self.ids["ipa"]))
        given = {
            "hash": row["content_hash"] or "", "code": different.pop("code", None) or self.code(who), "consent": True,
            "key": str(uuid4()), **different,
        }  # fmt: skip
        payload: dict[str, Any] = (await self.world.gql(who, SIGN, id=self.ids["ipa"], **given))["ipaSign"]
        return payload


CREATE = f"""mutation ($id: UUID!, $key: UUID!) {{
  ipaCreate(offerId: $id, idempotencyKey: $key) {{ {IPA} {PROBLEMS} }} }}"""
OPEN = f"""mutation ($id: UUID!) {{ ipaOpen(id: $id) {{
  ipa {{ id status version }} contentHash pdfSha256 download {{ url }} {PROBLEMS} }} }}"""
SIGN = f"""mutation ($id: UUID!, $hash: String!, $code: String!, $consent: Boolean!, $key: UUID!,
  $behalf: UUID) {{
  ipaSign(id: $id, contentHash: $hash, idempotencyKey: $key,
    input: {{code: $code, consent: $consent, onBehalfOf: $behalf}})
  {{ {IPA} {PROBLEMS} }} }}"""
DETAILS: dict[str, Any] = {
    "authority": {"outOfHours": "0121 000 0999"},
    "child": {"parentalResponsibility": "Her mother and the authority"},
    "placement": {
        "purpose": "A home for as long as she needs one.", "education": "Stays at her school.",
        "familyTime": "Saturdays with her mother.", "health": "Well.", "delegatedAuthority": "School trips; haircuts.",
    },
    "outcomes": [{"outcome": "Stays at her school"}],
    "firstReviewOn": "2026-07-22",
    "fundingSplit": {"socialCare": "100"},
    "terms": {"noticeByAuthority": "28 days", "noticeByProvider": "28 days"},
}  # fmt: skip
CONTACTS: dict[str, Any] = {
    "keyContact": {"name": "Mia Member", "phone": "01902 000000"},
    "emergencyContact": {"name": "On call", "phone": "01902 000001"},
}
VERSIONLESS = ("ipaRefuse",)


def act_on_ipa(name: str, extra: str, variables: dict[str, Any]) -> str:
    """Variables are given as name=(type, value) and used in `extra` by their names."""
    declared = "".join(f", ${variable}: {kind}" for variable, (kind, _) in variables.items())
    guard = "" if name in VERSIONLESS else "expectedVersion: $version"
    version = "" if name in VERSIONLESS else ", $version: Int!"
    return f"""mutation ($id: UUID!{version}{declared}) {{ {name}(id: $id {guard} {extra}) {{ {IPA} {PROBLEMS} }} }}"""
