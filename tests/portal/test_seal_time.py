"""Time stamps of somebody else: taken when they come, never waited for, added later."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from models.ipa_file import SealLevel
from models.lifecycle import Side
from portal import seal_time
from portal.seal import SILENCE, PdfSealer
from portal.seal_means import Means
from resolvers.ports import AlreadyFilled, Stamp
from tests.paper import ThreadPress
from tests.portal.sealing import CANONICAL, a_print, is_sound, judged, opened, poppler_says, some_means
from tests.portal.timing import Clock, clock_running, clockmaker
from tests.waiting import PATIENCE, until

HAND = Stamp(Side.PROVIDER, ("Llŷr Brzęczyszczykiewicz", "Director"), "Signed for the provider")
NOBODY = "http://127.0.0.1:9/stamp"


class Given:
    """A seal that is at hand."""

    async def means(self) -> Means:
        return some_means()

    async def authorities(self) -> list[str]:
        return []


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    monkeypatch.setattr(seal_time, "PATIENCE", PATIENCE)
    with clock_running() as clock:
        yield clock


def sealer(url: str | None, ticks: list[float]) -> PdfSealer:
    return PdfSealer(ThreadPress(), Given(), url, lambda: ticks[0])


async def sound(pdf: bytes, count: int) -> bool:
    return await is_sound(pdf, count, roots=(clockmaker()[0],))


async def test_a_seal_carries_the_time_of_somebody_else_where_it_is_to_be_had(clock: Clock) -> None:
    fixed = await sealer(clock.url, [0]).fix(a_print(), CANONICAL)
    filled = await sealer(clock.url, [0]).fill(fixed.content, HAND)
    assert filled.level == SealLevel.B_T
    assert await sound(filled.content, 2)
    _, found = await judged(filled.content, roots=(clockmaker()[0],))
    assert found.timestamp_validity.valid
    assert found.timestamp_validity.trusted


async def test_nobody_waits_for_a_time_stamp_while_an_agreement_is_enabled(clock: Clock) -> None:
    fixed = await sealer(clock.url, [0]).fix(a_print(), CANONICAL)
    assert (fixed.level, clock.asked) == (SealLevel.B_B, 0)


@pytest.mark.parametrize("mood", ["away", "silly", "other", "dripping"])
async def test_a_clock_that_fails_keeps_nothing_from_being_sealed(
    clock: Clock, mood: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mood == "dripping":
        monkeypatch.setattr(seal_time, "PATIENCE", 0.3)
    clock.mood = mood
    closed = await sealer(clock.url, [0]).close(a_print())
    await until(lambda: clock.asked)
    assert (closed.level, clock.asked) == (SealLevel.B_B, 1)
    assert await is_sound(closed.content, 1)


async def test_an_address_where_nobody_is_keeps_nothing_from_being_sealed() -> None:
    here = sealer(NOBODY, [0])
    closed = await here.close(a_print())
    assert closed.level == SealLevel.B_B
    assert await here.prove(closed.content) is None


async def test_a_clock_that_failed_is_left_alone_for_a_while(clock: Clock) -> None:
    ticks = [1000.0]
    here = sealer(clock.url, ticks)
    clock.mood = "away"
    fixed = await here.fix(a_print(), CANONICAL)
    await here.close(a_print())
    assert clock.asked == 1
    clock.mood = ""
    filled = await here.fill(fixed.content, HAND)
    assert (filled.level, clock.asked) == (SealLevel.B_B, 1)
    assert await here.prove(filled.content) is None
    ticks[0] += SILENCE
    proved = await here.prove(filled.content)
    assert proved is not None
    assert proved.level == SealLevel.B_LTA


async def test_a_file_sealed_meanwhile_is_proved_later(clock: Clock, tmp_path: Path) -> None:
    before = sealer(None, [0])
    fixed = await before.fix(a_print(), CANONICAL)
    filled = await before.fill(fixed.content, HAND)
    assert await before.prove(filled.content) is None
    proved = await sealer(clock.url, [0]).prove(filled.content)
    assert proved is not None
    assert proved.content.startswith(filled.content)
    assert await sound(proved.content, 2)
    said = poppler_says(proved.content, tmp_path)
    assert said is None or said[:2] == ["Signature is Valid."] * 2  # it leaves time stamps of documents unverified
    kept = DocumentSecurityStore.read_dss(opened(proved.content))
    known = {each.dump() for each in kept.load_certs()}
    assert {*some_means().issuers, some_means().certificate, clockmaker()[0]} <= known
    assert len(kept.crls) == 1


async def test_a_proof_can_be_followed_by_another(clock: Clock) -> None:
    here = sealer(clock.url, [0])
    proved = await here.prove((await here.fix(a_print(), CANONICAL)).content)
    assert proved is not None
    again = await here.prove(proved.content)
    assert again is not None
    reader: PdfFileReader = opened(again.content)
    assert [each.field_name for each in reader.embedded_timestamp_signatures] == ["TIMESTAMP_1", "TIMESTAMP_2"]
    assert await sound(again.content, 1)


async def test_a_clock_is_told_who_asks_where_the_address_says_so(clock: Clock) -> None:
    url = clock.url.replace("http://", "http://us:p%40ss@")
    assert (await sealer(url, [0]).close(a_print())).level == SealLevel.B_T
    assert clock.credentials == "Basic dXM6cEBzcw=="


async def test_a_closed_file_is_proved_too(clock: Clock) -> None:
    here = sealer(clock.url, [0])
    closed = await here.close(a_print())
    assert closed.level == SealLevel.B_T
    proved = await here.prove(closed.content)
    assert proved is not None
    assert await sound(proved.content, 1)


async def test_a_party_that_has_signed_is_named() -> None:
    here = sealer(None, [0])
    filled = await here.fill((await here.fix(a_print(), CANONICAL)).content, HAND)
    with pytest.raises(AlreadyFilled):
        await here.fill(filled.content, HAND)
