"""Whose files are: who may add them when, and who may read those of a case."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest_asyncio

from models.lifecycle import Role
from tests.cases import SENT_PAPERS, Cases
from tests.filing import FETCH, Filing, filing, paper
from tests.world import Care, World


@pytest_asyncio.fixture(loop_scope="session")
async def files(world: World) -> AsyncIterator[Filing]:
    async with filing(world) as files:
        yield files


async def test_a_file_is_its_organisations_own(files: Filing) -> None:  # S-030
    firm = await files.world.provider()
    who = await files.staff(firm)
    id = await files.filed(who, paper(), homeId=str(firm.homes[0]))
    strangers = [await files.officer(), await files.staff(await files.world.provider())]
    for stranger in (*strangers, await files.staff(firm, Role.SIGNATORY)):
        missing = await files.world.gql(stranger, FETCH, id=str(uuid4()))
        assert await files.world.gql(stranger, FETCH, id=id) == missing
        assert (await files.world.gql(stranger, "{ documents { totalCount } }"))["documents"]["totalCount"] == 0
    for stranger in strangers:
        assert await files.refusals(stranger, homeId=str(firm.homes[0])) == ["NOT_FOUND"]
    readers = [await files.staff(firm), await files.staff(firm, Role.ADMINISTRATOR)]
    assert [await files.fetched(reader, id) for reader in readers] == [await files.fetched(who, id)] * 2


async def test_only_those_who_need_to_add_files(files: Filing) -> None:
    firm = await files.world.provider()
    for who in (
        await files.officer("Birmingham", Role.READ_ONLY),
        await files.officer("Birmingham", Role.SIGNATORY),
        await files.staff(firm, Role.SIGNATORY),
    ):
        assert await files.refusals(who) == ["FORBIDDEN"]
    assert await files.world.count("document") == await files.world.count("ticket") == 0


async def test_a_newer_paper_of_a_profile_replaces_the_older_of_its_kind_and_home(files: Filing) -> None:  # S-083
    firm = await files.world.provider()
    who, kind = await files.staff(firm), {"kind": "STATEMENT_OF_PURPOSE"}
    old, home = (
        await files.filed(who, paper(), **kind),
        await files.filed(who, paper(), **kind, homeId=str(firm.homes[0])),
    )
    other = await files.filed(who, paper(), kind="OFSTED_CERTIFICATE")
    extra = [await files.filed(who, paper()) for _ in range(2)]
    await files.announced(who, paper(), **kind)
    assert (await files.row(old))["replaced_at"] is None, "an announcement replaces nothing"
    files.world.clock.goes_on(minutes=1)
    new = await files.filed(who, paper(), **kind, expiresOn=str(date(2026, 7, 14)))
    assert (await files.row(old))["replaced_at"] == files.world.clock.now
    for kept in (home, other, new, *extra):
        assert (await files.row(kept))["replaced_at"] is None
    listed = "query ($f: DocumentFilter) { documents(filter: $f) { nodes { id expiringSoon } } }"
    current = await files.world.gql(who, listed, f=kind)
    assert {"id": new, "expiringSoon": True} in current["documents"]["nodes"]
    assert old not in {node["id"] for node in current["documents"]["nodes"]}
    every = await files.world.gql(who, listed, f={**kind, "replaced": True})
    assert len(every["documents"]["nodes"]) == len(current["documents"]["nodes"]) + 1


async def test_papers_of_a_profile_follow_its_locks_and_gates(files: Filing) -> None:  # S-007, S-049, S-087
    world, insurance = files.world, {"kind": "PUBLIC_LIABILITY_INSURANCE"}
    firm = await world.provider()
    world.clock.now -= timedelta(days=30)
    who, reviewer = await files.staff(firm), await files.officer("Birmingham", Role.REGISTRATION_OFFICER)
    assert await files.refusals(who, **insurance) == ["FEATURE_NOT_YET_AVAILABLE"]
    assert await files.refusals(who, kind="APPENDIX") == [], "what goes with an offer is no part of the profile"
    act = """mutation ($id: UUID!, $v: Int!) { %s(id: $id, expectedVersion: $v) { problems { code message } } }"""
    await world.do(reviewer, act % "registrationOpenForEditing", id=str(firm.id), v=2)
    await files.filed(who, paper(), **insurance)
    content = paper()
    late = await files.announced(who, content, **insurance)
    await world.do(who, act % "registrationSubmit", id=str(firm.id), v=3)
    assert await files.refusals(who, **insurance) == ["REGISTRATION_LOCKED"]
    assert (await files.send(late["upload"]["url"], content)).refused == (409, "REGISTRATION_LOCKED")
    assert await world.count("document", "state = 'READY'") == 1


async def test_providers_download_what_was_sent_to_them_and_nobody_else_does(files: Filing) -> None:  # S-030, S-056
    cases, firm = Cases(files.world), await files.world.provider()
    author, members = await files.officer(), [await files.staff(firm) for _ in range(2)]
    stranger = await files.staff(await files.world.provider(Care(ages=(0, 3))))
    form, plan = paper(), paper()
    referral = await cases.drafted(author)
    for content, identifies in ((form, False), (plan, True)):
        document = await files.filed(author, content, kind="LOCAL_REFERRAL_FORM")
        given: dict[str, Any] = {"documentId": document, "identifiesChild": identifies}
        await cases.on_referral(author, "referralAttach", referral, **given)
    attached = {
        row["identifies_child"]: str(row["id"]) for row in await files.world.sql("SELECT * FROM referral_document")
    }
    assert await files.world.refused(members[0], FETCH, id=attached[False]) == ["NOT_FOUND"], "not sent yet"
    await cases.on_referral(author, "referralSend", referral)
    assert [await files.fetched(member, attached[False]) for member in members] == [form, form]
    assert await files.fetched(author, attached[True]) == plan
    other = await files.officer("Solihull")
    for who, id in ((members[0], attached[True]), (stranger, attached[False]), (other, attached[False])):
        assert await files.world.refused(who, FETCH, id=id) == ["NOT_FOUND"]
    read = await files.world.sql(
        "SELECT provider_id, la_id FROM event WHERE kind = 'document.download' AND referral_id = $1", UUID(referral)
    )
    assert {(row["provider_id"], row["la_id"]) for row in read} == {(firm.id, None), (None, author.organisation_id)}


async def test_an_address_works_only_while_its_file_may_be_read(files: Filing) -> None:  # S-030, S-060
    cases, firm = Cases(files.world), await files.world.provider()
    author, member = await files.officer(), await files.staff(firm)
    referral = await cases.drafted(author)
    document = await files.filed(author, paper())
    await cases.on_referral(author, "referralAttach", referral, documentId=document, identifiesChild=False)
    await cases.on_referral(author, "referralSend", referral)
    (attached,) = await files.world.sql("SELECT id FROM referral_document")
    url = await files.url(member, str(attached["id"]))
    await files.world.sql("UPDATE delivery SET withdrawn_at = now()")
    assert (await files.get(url)).refused == (404, "NOT_FOUND")
    await files.world.sql("UPDATE delivery SET withdrawn_at = NULL")
    assert (await files.get(url)).status == 200


async def test_the_authority_downloads_every_document_of_an_offer(files: Filing) -> None:  # S-079, S-082
    cases, firm = Cases(files.world), await files.world.provider()
    author, member = await files.officer(), await files.staff(firm)
    contents: dict[str, Any] = {kind.value: paper() for kind in SENT_PAPERS}
    for kind, content in contents.items():
        await files.filed(member, content, kind=kind)
    referral = await cases.sent(author)
    offer = await cases.offered(member, referral, {"homeId": str(firm.homes[0])})
    extra = await files.filed(member, paper("extra"))
    await cases.on_offer(member, "offerAttach", offer, documentId=extra)
    (waiting,) = await files.world.sql("SELECT id FROM offer_document")
    assert await files.world.refused(author, FETCH, id=str(waiting["id"])) == ["NOT_FOUND"], "not submitted yet"
    await cases.on_offer(member, "offerSubmit", offer)
    held = {row["kind"]: str(row["id"]) for row in await files.world.sql("SELECT id, kind FROM offer_document")}
    for kind, content in {**contents, "OTHER": paper("extra")}.items():
        assert await files.fetched(author, held[kind]) == content
    for stranger in (await files.officer("Solihull"), await files.staff(await files.world.provider())):
        assert await files.world.refused(stranger, FETCH, id=held["OTHER"]) == ["NOT_FOUND"]
