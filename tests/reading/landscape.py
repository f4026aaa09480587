"""A small country to read: referrals, offers, agreements and conversations in every shape that answers differ by."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.delegation import Delegation
from models.document import Document, DocumentKind, DocumentState
from models.ipa import Ipa, IpaStatus
from models.ipa_change import IpaChange
from models.ipa_correction import CorrectionOutcome, IpaCorrection
from models.ipa_parts import IpaDocument, IpaRefusal
from models.lifecycle import Role
from models.offer import Offer
from models.person import Viewer
from models.provider import Category
from models.referral import Referral
from models.referral_sent import ReferralDocument
from models.registration_fault import RegistrationFault
from models.registration_import import ImportStatus, RegistrationImport
from models.uplift import Uplift, UpliftStatus
from tests.deciding import checks_of
from tests.reading import words
from tests.workbooks import Fault
from tests.world import Care, Firm, World

KINDS = list(DocumentKind)[:5]


@dataclass
class Landscape:
    """The world, and who looks at it. `ids` are those of every record, for whoever asks for one."""

    world: World
    viewers: dict[str, Viewer] = field(default_factory=dict)
    firms: dict[str, Firm] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    async def act(self, who: str, document: str, **variables: Any) -> dict[str, Any]:
        self.world.clock.goes_on(seconds=61.007)
        payload = await self.world.do(self.viewers[who], document, **variables)
        return next((value for value in payload.values() if isinstance(value, dict)), {})

    async def referral(self, name: str, who: str, content: dict[str, Any], *, send: bool = True) -> dict[str, Any]:
        made = await self.act(who, words.CREATE, key=str(uuid4()), input=content)
        self.ids[name] = made["id"]
        return await self.act(who, words.SEND, **made) if send else made

    async def offer(self, name: str, who: str, referral: str, firm: str) -> dict[str, Any]:
        home, children = str(self.firms[firm].homes[0]), await self.children(referral)
        asked = words.terms(home, *children)
        made = await self.act(who, words.OFFER, key=str(uuid4()), referral=self.ids[referral], input=asked)
        self.ids[name] = made["id"]
        return made

    async def children(self, referral: str) -> list[str]:
        rows = await self.world.sql("SELECT id FROM child WHERE referral_id = $1 ORDER BY position", self.id(referral))
        return [str(row["id"]) for row in rows]

    async def say(self, who: str, thread: str, body: str, tag: str | None = None, *given: Any) -> dict[str, Any]:
        said = {"thread": thread, "body": body, "tag": tag, "with": given}
        return await self.act(who, words.SAY, key=str(uuid4()), **said)

    async def papers(self, number: int) -> list[dict[str, Any]]:
        """What goes with the message of this number: of the authority two papers, one of which names the child."""
        if number != 2:
            return []
        async with AsyncSession(self.world.owner, expire_on_commit=False) as session, session.begin():
            officer = self.viewers["authority"]
            made = [
                Document(
                    id=uuid4(), organisation_id=officer.organisation_id, kind=DocumentKind.CARE_PLAN, name=f"{n}.pdf",
                    sha256=f"{n:064x}", byte_size=1000, media_type="application/pdf", state=DocumentState.READY,
                    uploaded_by=officer.person_id, uploaded_at=self.world.clock.now,
                )
                for n in range(2)
            ]  # fmt: skip
            session.add_all(made)
        return [{"documentId": str(each.id), "identifiesChild": n == 1} for n, each in enumerate(made)]

    def id(self, name: str) -> UUID:
        return UUID(self.ids[name])

    async def thread(self, referral: str, firm: str) -> str:
        rows = await self.world.sql(
            "SELECT id FROM thread WHERE referral_id = $1 AND provider_id = $2", self.id(referral), self.firms[firm].id
        )
        return str(rows[0]["id"])


async def settled(world: World) -> Landscape:
    """A landscape made by acts, as far as there are acts for it."""
    land = Landscape(world)
    await _people(land)
    await _referrals(land)
    await _offers(land)
    await _talk(land)
    await _agreement(land)
    await _uplifts(land)
    await _delegations(land)
    await _workbook(land)
    return land


async def _people(land: Landscape) -> None:
    world = land.world
    (region,) = await world.sql("SELECT id FROM organisation WHERE side = 'REGION'")
    birmingham, coventry = await world.authority(), await world.authority("Coventry")
    land.firms["alpha"] = alpha = await world.provider(Care(), Care(Category.FOSTERING), name="Alpha Care")
    land.firms["beta"] = beta = await world.provider(Care(), name="Beta “Homes”")
    land.viewers = {
        "authority": await world.person(birmingham, Role.PLACEMENT_OFFICER, Role.SIGNATORY),
        "reader": await world.person(birmingham, Role.READ_ONLY),
        "other authority": await world.person(coventry, Role.PLACEMENT_OFFICER),
        "provider": await world.person(alpha.id, Role.MEMBER),
        "competitor": await world.person(beta.id, Role.MEMBER, Role.ADMINISTRATOR),
        "signatory": await world.person(alpha.id, Role.SIGNATORY),
        "region": await world.person(region["id"], Role.REGION_ADMIN),
    }
    uploader = land.viewers["provider"].person_id
    async with AsyncSession(world.owner) as session, session.begin():
        for firm in (alpha, beta):
            session.add_all(
                Document(
                    organisation_id=firm.id, kind=kind, name=f"{kind}.pdf", sha256=f"{n:064x}", byte_size=1000 + n,
                    media_type="application/pdf", state=DocumentState.READY, uploaded_by=uploader,
                    uploaded_at=world.clock.now,
                )
                for n, kind in enumerate(KINDS)
            )  # fmt: skip


async def _referrals(land: Landscape) -> None:
    await land.referral("busy", "authority", words.FULL)
    await land.referral("fostering", "authority", words.LITTLE)
    await land.referral("draft", "authority", {"needs": None}, send=False)
    closed = await land.referral("closed", "authority", {**words.FULL, "urgency": "EMERGENCY", "dateRequired": None})
    await land.referral("placed", "authority", {**words.FULL, "children": [words.ELLA]})
    await land.referral(
        "foreign", "other authority", {**words.FULL, "urgency": "EMERGENCY", "risks": None, "children": [words.TOM]}
    )
    await land.act("provider", words.DECLINE, id=land.ids["closed"])
    await land.act("authority", words.CLOSE, **closed)
    async with AsyncSession(land.world.owner) as session, session.begin():
        where = await session.scalar(select(Referral.la_id).where(Referral.id == land.id("busy")))
        session.add_all(
            ReferralDocument(
                referral_id=land.id("busy"), la_id=where, document_id=uuid4(), kind=DocumentKind.CARE_PLAN,
                name=f"Plan {n}.pdf", sha256=f"{n:064x}", byte_size=2**31 - 9 + n, media_type="application/pdf",
                attached_at=land.world.clock.now, attached_by_name="Pat", identifies_child=n == 1,
                sent_in=None if n == 2 else 1, removed_at=land.world.clock.now if n == 3 else None,
            )
            for n in range(4)
        )  # fmt: skip


async def _offers(land: Landscape) -> None:
    await land.act("provider", words.OPEN, id=land.ids["busy"])
    made = await land.act("provider", words.SUBMIT, **await land.offer("submitted", "provider", "busy", "alpha"))
    await land.act("provider", words.EDIT, **made, input={"staffing": None, "conditions": ["A lock", "ok"]})
    await land.offer("drafted", "competitor", "busy", "beta")
    made = await land.act("provider", words.SUBMIT, **await land.offer("declined", "provider", "foreign", "alpha"))
    await land.act("other authority", words.TURN_DOWN, **made)
    made = await land.act("provider", words.SUBMIT, **await land.offer("accepted", "provider", "placed", "alpha"))
    said = await land.say("provider", await land.thread("placed", "alpha"), "Only with a school place.", "CONDITION")
    checks = await checks_of(land.world, land.viewers["authority"])
    await land.act("authority", words.ACCEPT, **made, checks=checks, conditions=[said["id"]])
    await land.say("authority", await land.thread("placed", "alpha"), "And a bedroom of her own.", "CONDITION")


async def _talk(land: Landscape) -> None:
    for firm, who in (("alpha", "provider"), ("beta", "competitor")):
        thread = land.ids[f"talk with {firm}"] = await land.thread("busy", firm)
        for n in range(5):
            tag = "CONDITION" if n == 3 else None
            body = f"{who} {n}: “ok”\\ \u2028 👍🏽"
            await land.say(("authority", who)[n % 2], thread, body, tag, *await land.papers(n))
    await land.act("provider", words.READ, id=land.ids["talk with alpha"], to=3)


async def _workbook(land: Landscape) -> None:
    """One that has been read, with more faults than are told with it."""
    id, member, now = uuid4(), land.viewers["provider"], land.world.clock.now
    land.ids["workbook"] = str(id)
    faults = [Fault("Homes", n or None, None if n == 1 else "Name", "URN", f"“{n}”") for n in range(102)]
    async with AsyncSession(land.world.owner) as session, session.begin():
        session.add(
            RegistrationImport(
                id=id, provider_id=member.organisation_id, status=ImportStatus.FAULTY, version=3, name="Homes.xlsx",
                sha256="a" * 64, byte_size=9, uploader_id=member.person_id, session_id=member.session_id,
                uploaded_by="Pat", announced_at=now, rows_done=3, fault_count=102, help_url="https://help.example",
                support_email="help@example.org",
            )
        )  # fmt: skip
        await session.flush()
        await session.execute(insert(RegistrationFault), RegistrationFault.values(id, member.organisation_id, faults))


async def _agreement(land: Landscape) -> None:
    """Rows rather than acts: what they say matters here, not how they came about."""
    async with AsyncSession(land.world.owner) as session, session.begin():
        offer = await session.get_one(Offer, land.id("accepted"))
        (child,) = await land.children("placed")
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        now, shared = land.world.clock.now, IpaStatus.IN_REVIEW
        common: dict[str, Any] = {"la_id": offer.la_id, "provider_id": offer.provider_id}
        ipa = Ipa(
            id=uuid4(), offer_id=offer.id, child_id=UUID(child), referral_id=offer.referral_id, version=4,
            reference=f"{offer.reference}-A1", status=shared, details=words.DETAILS,
            contacts={"keyContact": {"name": "Kim"}, "keyWorker": None}, authority_signed=False,
            provider_signed=False, created_at=now, created_by_name="Pat", updated_at=now, shared_at=now, **common,
        )  # fmt: skip
        land.ids["agreement"] = str(ipa.id)
        session.add(ipa)
        await session.flush()
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        session.add(
            IpaRefusal(ipa_id=ipa.id, person_id=uuid4(), name="Lee", organisation="Alpha", reason="", at=now, **common)
        )
        session.add(
            IpaDocument(
                ipa_id=ipa.id, document_id=uuid4(), kind=DocumentKind.OTHER, name="Risk.pdf", sha256="a" * 64,
                byte_size=7, media_type="application/pdf", attached_at=now, attached_by_name="Pat", **common,
            )
        )  # fmt: skip
        session.add_all(_reviewed(ipa, common))
        await session.execute(update(Referral).where(Referral.id == land.id("foreign")).values(urgency=None))


def _reviewed(ipa: Ipa, common: dict[str, Any]) -> list[Any]:
    """Edits and corrections: one that waits, and one that was answered."""
    change = {"path": ["child", "knownAs"], "label": "Child: known as", "before": None, "after": "Ann “A” Ünal"}
    by: dict[str, Any] = {"ipa_id": ipa.id, "person_id": uuid4(), "at": ipa.created_at, **common}
    settled = {"settled_by_id": uuid4(), "settled_by_name": "Pat", "settled_at": ipa.created_at, "answer": "No."}
    return [
        IpaChange(version=ipa.version, shared=True, name="Pat", organisation="City", changes=[change], **by),
        IpaCorrection(version=4, name="Lee", reason="The day", **by),
        IpaCorrection(version=3, name="Lee", reason="The fee", outcome=CorrectionOutcome.ANSWERED, **settled, **by),
    ]


async def _uplifts(land: Landscape) -> None:
    """One of each kind, as rows: the agreement that is there has not been signed, which the database would mind."""
    now, by = land.world.clock.now, {side: land.viewers[side] for side in ("authority", "provider")}
    kinds = (
        ("authority", "AGREED", "3.50", None, "4243.50"), ("provider", "AGREED", None, "0.01", "4100.01"),
        ("provider", "REFUSED", "100.00", None, "8200.00"), ("provider", "PROPOSED", None, "100.00", "4200.00"),
    )  # fmt: skip
    async with AsyncSession(land.world.owner) as session, session.begin():
        ipa = await session.get_one(Ipa, land.id("agreement"))
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        made = [
            Uplift(
                id=uuid4(), ipa_id=ipa.id, referral_id=ipa.referral_id, la_id=ipa.la_id, provider_id=ipa.provider_id,
                reference=f"{ipa.reference}-U{n}", status=UpliftStatus(status), version=1 + (status != "PROPOSED"),
                authority_proposed=side == "authority", provider_proposed=side == "provider", proposed_at=now,
                proposed_by_id=by[side].person_id, proposed_by_name="Pat “P” Li", percentage=share and Decimal(share),
                amount=amount and Decimal(amount), fee_before=Decimal("4100.00"), fee_after=Decimal(after),
                effective_from=now.date() + timedelta(days=n), reason="Wages\u2028rise.", updated_at=now,
                closed_at=None if status == "PROPOSED" else now, refuse_reason="No." if status == "REFUSED" else None,
            )
            for n, (side, status, share, amount, after) in enumerate(kinds)
        ]  # fmt: skip
        session.add_all(made)
        land.ids["uplift"] = str(made[0].id)


async def _delegations(land: Landscape) -> None:
    """Authorities to sign: one in force for everything, one over, one for the agreement that is there."""
    signatory, delegate, now = land.viewers["authority"], land.viewers["reader"], land.world.clock.now
    days = ((0, 90, None), (-90, -1, None), (0, 9, land.id("agreement")))
    async with AsyncSession(land.world.owner) as session, session.begin():
        session.add_all(
            Delegation(
                organisation_id=signatory.organisation_id, side=signatory.side, reference=f"AU-{n}", version=1,
                principal_id=signatory.person_id, principal_name="Pat “P” Li", delegate_id=delegate.person_id,
                delegate_name="Ro", ipa_id=agreement, valid_from=now.date() + timedelta(days=first),
                valid_until=now.date() + timedelta(days=last), authority=f"AU-{n}, given", given_at=now,
                given_by_id=signatory.person_id, given_by_name="Pat", code_step=1, session_id=signatory.session_id,
                status=Delegation.lifecycle.start,
            )
            for n, (first, last, agreement) in enumerate(days)
        )  # fmt: skip
        await session.flush()
        land.ids["authority to sign"] = str(await session.scalar(select(Delegation.id).limit(1)))
