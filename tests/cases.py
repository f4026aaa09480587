"""Referrals, conversations and offers for tests, made by the acts of the people concerned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
from graphql import GraphQLObjectType, get_named_type, is_leaf_type
from sqlalchemy.ext.asyncio import AsyncSession

from models.document import Document, DocumentKind, DocumentState
from models.lifecycle import Role
from models.person import Viewer
from models.referral_form import RiskKind
from schema import schema
from tests.deciding import confirming
from tests.world import Firm, World

CONTRACT = schema._schema
PROBLEMS = """problems { code message path ... on StaleVersion { currentVersion } ... on WrongState { state allowedIn }
  ... on AlreadyExists { existingId } ... on NotYetAvailable { availableFrom } }"""
KEPT = (
    "event", "inbox_entry", "referral", "referral_revision", "referral_change", "referral_split", "referral_document",
    "child", "delivery", "thread", "message", "message_document", "thread_read", "offer", "offer_version",
    "offer_document", "fostering_family", "idempotency_key", "acceptance_checks", "offer_checks",
)  # fmt: skip
IDENTITY = {
    "givenNames": "Zebedee", "familyName": "Quillfeather", "knownAs": "Zebby", "dateOfBirth": "2012-05-14",
    "caseNumber": "CASE-778812", "nhsNumber": "943 476 5919",
}  # fmt: skip
CHILD = {**IDENTITY, "gender": "MALE", "ethnicity": "White British", "education": "Year 9, and likes it"}
NO_RISKS = [{"kind": kind.value, "level": "NONE"} for kind in RiskKind]
REFERRAL: dict[str, Any] = {
    "category": "RESIDENTIAL", "urgency": "PLANNED", "dateRequired": "2026-07-01", "legalStatus": "CARE_ORDER",
    "duration": "LONG_TERM", "reasonForSearch": "The present home closes.", "needs": "Calm adults who stay.",
    "socialWorker": {"name": "Sam Worker", "phone": "0121 303 1888"}, "risks": NO_RISKS, "children": [CHILD],
}  # fmt: skip
GLANCE = {
    "Referral": """id status version revision updatedAt accepted closeNote can workingCopy { needs moveOn children { id
      initials wishes strengths } } summary { needs children { initials ageYears } } children { id givenNames familyName
      knownAs dateOfBirth caseNumber nhsNumber } documents { id name } offers { id status version } deliveries { status
      revision firstOpenedAt firstOpenedBy handler declinedAt declineReason declineNote can }""",
    "Thread": "id head unread",
    "Offer": """id status version revision homeId familyId placement { kind name } frameworkStatus weeklyTotal
      coreFeeWeekly firstYearTotal declineReasons declineNote voidReason supersedesId can checksConfirmed availableFrom
      documents { id name kind compulsory sha256 expiringSoon } versions { version weeklyTotal }""",
}
FEES: list[dict[str, Any]] = [{"coreFeeWeekly": "4100.00"}]
SENT_PAPERS = (
    DocumentKind.PUBLIC_LIABILITY_INSURANCE, DocumentKind.EMPLOYERS_LIABILITY_INSURANCE,
    DocumentKind.PROFESSIONAL_INDEMNITY_INSURANCE, DocumentKind.OFSTED_CERTIFICATE, DocumentKind.STATEMENT_OF_PURPOSE,
)  # fmt: skip


def born(day: str, **more: Any) -> dict[str, Any]:
    return {**CHILD, "dateOfBirth": day, **more}


def document_of(act: str, shown: str) -> str:
    """The request for one act, with every argument it has."""
    field = CONTRACT.mutation_type.fields[act]  # type: ignore[union-attr]
    variables = ", ".join(
        f"${name}: {argument.type}" + (" = false" if argument.default_value is False else "")
        for name, argument in field.args.items()
    )
    given = ", ".join(f"{name}: ${name}" for name in field.args)
    payload = get_named_type(field.type)
    assert isinstance(payload, GraphQLObjectType)
    (record,) = (name for name in payload.fields if name not in ("problems", "warnings"))
    return f"mutation ({variables}) {{ {act}({given}) {{ {record} {{ {shown} }} {PROBLEMS} }} }}"


def everything(kind: str, above: tuple[str, ...] = ()) -> str:
    """Every field of a type and of what hangs on it, as a selection."""
    return " ".join(_fields(kind, above))


def _fields(kind: str, above: tuple[str, ...]) -> Iterator[str]:
    whole = CONTRACT.type_map[kind]
    assert isinstance(whole, GraphQLObjectType)
    for name, field in whole.fields.items():
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            yield name
        elif inner.name not in (*above, kind) and not field.args:
            yield f"{name} {{ {everything(inner.name, (*above, kind))} }}"


@dataclass(frozen=True)
class Cases:
    """What people of a world do in a test, in a word each."""

    world: World

    async def officer(self, authority: str = "Birmingham", *roles: Role) -> Viewer:
        return await self.world.person(await self.world.authority(authority), *(roles or (Role.PLACEMENT_OFFICER,)))

    async def member(self, firm: Firm, *roles: Role) -> Viewer:
        return await self.world.person(firm.id, *(roles or (Role.MEMBER,)))

    # ── acting ───────────────────────────────────────────────────────────────
    async def answer(self, who: Viewer, act: str, shown: str, given: dict[str, Any]) -> dict[str, Any]:
        if "idempotencyKey" not in given and act in ("referralCreate", "referralSplit", "messageSend", "offerCreate"):
            given = {**given, "idempotencyKey": str(uuid4())}
        (payload,) = (await self.world.gql(who, document_of(act, shown), **given)).values()
        return dict(payload)

    async def act(self, who: Viewer, act: str, shown: str = "id", **given: Any) -> dict[str, Any]:
        """The record of an act that must succeed."""
        payload = await self.answer(who, act, shown, given)
        assert payload.pop("problems") == []
        (record,) = payload.values()
        return dict(record)

    async def problems(self, who: Viewer, act: str, **given: Any) -> list[dict[str, Any]]:
        """The problems of an act that must not have changed, told or remembered anything at all."""
        before, announced = await self.everything_kept(), len(self.world.announced)
        payload = await self.answer(who, act, "__typename", given)
        problems = payload.pop("problems")
        assert problems, "this was not refused"
        assert list(payload.values()) == [None]
        assert await self.everything_kept() == before
        assert len(self.world.announced) == announced
        return list(problems)

    async def refused(self, who: Viewer, act: str, **given: Any) -> list[str]:
        return [problem["code"] for problem in await self.problems(who, act, **given)]

    async def everything_kept(self) -> list[dict[str, Any]]:
        tables = " UNION ALL ".join(
            f"SELECT '{table}' AS name, md5(string_agg(t::text, '' ORDER BY t::text)) AS digest FROM {table} t"
            for table in KEPT
        )
        return await self.world.sql(tables)

    async def version(self, id: str, table: str = "referral") -> int:
        (row,) = await self.world.sql(f"SELECT version FROM {table} WHERE id = $1", UUID(id))
        return int(row["version"])

    # ── referrals ────────────────────────────────────────────────────────────
    async def drafted(self, officer: Viewer, **changes: Any) -> str:
        made = await self.act(officer, "referralCreate", input={**REFERRAL, **changes})
        return str(made["id"])

    async def on_referral(self, officer: Viewer, act: str, id: str, shown: str = "id", **given: Any) -> dict[str, Any]:
        """An act on a referral as it is now."""
        return await self.act(officer, act, shown, id=id, expectedVersion=await self.version(id), **given)

    async def sent(self, officer: Viewer, **changes: Any) -> str:
        id = await self.drafted(officer, **changes)
        await self.on_referral(officer, "referralSend", id)
        return id

    async def edited(self, officer: Viewer, id: str, **changes: Any) -> None:
        await self.on_referral(officer, "referralUpdate", id, input=changes)

    async def resent(self, officer: Viewer, id: str, **changes: Any) -> None:
        if changes:
            await self.edited(officer, id, **changes)
        await self.on_referral(officer, "referralResend", id)

    async def paper(
        self, officer: Viewer, name: str = "form.pdf", kind: DocumentKind = DocumentKind.LOCAL_REFERRAL_FORM
    ) -> str:
        """A file of the authority, as an upload leaves it, with bytes of its own."""
        async with AsyncSession(self.world.owner, expire_on_commit=False) as session, session.begin():
            document = Document(
                id=uuid4(), organisation_id=officer.organisation_id, kind=kind, name=name, sha256=uuid4().hex * 2,
                byte_size=9, media_type="application/pdf", state=DocumentState.READY, uploaded_by=officer.person_id,
                uploaded_at=self.world.clock.now,
            )  # fmt: skip
            session.add(document)
        return str(document.id)

    async def delivery(self, id: str, firm: Firm) -> dict[str, Any] | None:
        rows = await self.world.sql(
            "SELECT * FROM delivery WHERE referral_id = $1 AND provider_id = $2", UUID(id), firm.id
        )
        return rows[0] if rows else None

    async def thread(self, id: str, firm: Firm) -> str:
        (row,) = await self.world.sql(
            "SELECT id FROM thread WHERE referral_id = $1 AND provider_id = $2", UUID(id), firm.id
        )
        return str(row["id"])

    # ── offers ───────────────────────────────────────────────────────────────
    @property
    def soon(self) -> str:
        """A day in good time, from which a place may be available."""
        return str((self.world.clock.now + timedelta(days=60)).date())

    async def papers(self, firm: Firm, *kinds: DocumentKind, home: UUID | None = None, **facts: Any) -> None:
        """Documents of a profile, ready, each with bytes of its own; the usual compulsory ones by default."""
        (person,) = await self.world.sql("SELECT id FROM person LIMIT 1")
        async with AsyncSession(self.world.owner) as session, session.begin():
            for kind in kinds or SENT_PAPERS:
                known: dict[str, Any] = {
                    "name": f"{kind.lower()}.pdf", "sha256": uuid4().hex * 2, "byte_size": 9,
                    "expires_on": date(2027, 1, 1), "media_type": "application/pdf",
                    "state": DocumentState.READY, "uploaded_at": self.world.clock.now,
                }  # fmt: skip
                session.add(Document(
                    organisation_id=firm.id, home_id=home, kind=kind, uploaded_by=person["id"], **{**known, **facts}
                ))  # fmt: skip

    async def offered(self, member: Viewer, referral: str, placement: dict[str, Any], **terms: Any) -> str:
        given = {"placement": placement, "fees": FEES, "availableFrom": self.soon, **terms}
        return str((await self.act(member, "offerCreate", referralId=referral, input=given))["id"])

    async def on_offer(self, who: Viewer, act: str, id: str, shown: str = "id", **given: Any) -> dict[str, Any]:
        """An act on an offer as it is now."""
        return await self.act(who, act, shown, id=id, expectedVersion=await self.version(id, "offer"), **given)

    async def submitted(self, member: Viewer, referral: str, placement: dict[str, Any], **terms: Any) -> str:
        id = await self.offered(member, referral, placement, **terms)
        await self.on_offer(member, "offerSubmit", id)
        return id

    async def accepted(self, officer: Viewer, offer: str) -> None:
        await self.on_offer(officer, "offerAccept", offer, input=await confirming(self.world, officer))

    # ── looking ──────────────────────────────────────────────────────────────
    async def seen(self, who: Viewer, kind: str, id: str, shown: str = "") -> Any:
        """What somebody sees of a referral, thread or offer; None where they see none."""
        field = kind.lower()
        answer = await self.world.gql(
            who, f"query ($id: UUID!) {{ {field}(id: $id) {{ {shown or GLANCE[kind]} }} }}", id=id
        )
        return answer[field]

    async def bytes_seen(self, who: Viewer, referral: str) -> bytes:
        """The whole view of a referral, of the lists and of the notifications, to be compared byte for byte."""
        lists = await self.world.gql(
            who,
            """{ referrals { totalCount edges { cursor node { id version updatedAt } } }
              offers { nodes { id version } } threads { nodes { id head unread } }
              unreadNotifications notifications { nodes { id kind title no readAt } } }""",
        )
        return orjson.dumps([lists, await self.seen(who, "Referral", referral, everything("Referral"))])

    async def told(self, who: Viewer) -> list[str]:
        """The kinds of notifications somebody has had, oldest first."""
        rows = await self.world.sql(
            "SELECT notice FROM inbox_entry WHERE person_id = $1 AND notice IS NOT NULL ORDER BY no", who.person_id
        )
        return [row["notice"] for row in rows]
