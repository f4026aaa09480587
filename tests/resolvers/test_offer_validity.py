"""Until when the documents that an offer must carry are valid: what offers are compared by."""

from datetime import date
from typing import Any

import pytest

from models.document import DocumentKind
from models.person import Viewer
from tests.cases import SENT_PAPERS, Cases
from tests.resolvers.test_offer import at
from tests.world import World

SHOWN = "documentsValidUntil documentsValid"


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def validity(cases: Cases, who: Viewer, offer: str) -> tuple[Any, ...]:
    return tuple((await cases.seen(who, "Offer", offer, SHOWN)).values())


async def test_the_earliest_last_day_of_what_must_be_there_is_told(cases: Cases) -> None:  # S-083, S-086
    officer, firm = await cases.officer(), await cases.world.provider()
    member, id = await cases.member(firm), await cases.sent(officer)
    await cases.papers(firm, *SENT_PAPERS[:3], expires_on=date(2026, 7, 20))
    await cases.papers(firm, SENT_PAPERS[3], expires_on=date(2026, 7, 16))
    await cases.papers(firm, SENT_PAPERS[4], expires_on=None)
    await cases.papers(firm, DocumentKind.OTHER, expires_on=date(2026, 6, 16))
    offer = await cases.offered(member, id, at(firm))
    assert await validity(cases, member, offer) == (None, None)
    (further,) = await cases.world.sql("SELECT id FROM document WHERE kind = 'OTHER'")
    await cases.on_offer(member, "offerAttach", offer, documentId=str(further["id"]))
    await cases.on_offer(member, "offerSubmit", offer)
    assert await validity(cases, officer, offer) == await validity(cases, member, offer) == ("2026-07-16", True)
    await cases.world.sql("UPDATE document SET expires_on = '2020-01-01'")
    cases.world.clock.now = cases.world.clock.now.replace(month=7, day=16, hour=22, minute=59)
    officer = await cases.officer()
    assert await validity(cases, officer, offer) == ("2026-07-16", True)
    cases.world.clock.goes_on(minutes=1)
    assert await validity(cases, officer, offer) == ("2026-07-16", False)


async def test_documents_without_a_last_day_are_valid(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member, id = await cases.member(firm), await cases.sent(officer)
    await cases.papers(firm, expires_on=None)
    offer = await cases.submitted(member, id, at(firm))
    assert await validity(cases, officer, offer) == (None, True)
