"""Checking a password costs the same whoever asks, and no more of it is done at once than the machine can bear."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from contextlib import suppress
from threading import Event
from time import thread_time

import argon2
import pytest

from models.credential import words_of
from models.refusal import Code
from portal.passwords import THREADS, WAITING, Busy, Passwords, UnfitPassword, WeakPassword, weigh

PASSWORD = "correct horse battery"


@pytest.fixture
async def passwords() -> AsyncIterator[Passwords]:
    passwords = Passwords()
    yield passwords
    passwords.close()


async def test_only_the_password_itself_is_right(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)

    assert await passwords.verify(stored, PASSWORD)
    for wrong in ("", PASSWORD[:-1], PASSWORD + "!", PASSWORD.upper(), PASSWORD + "\0", "\ud800", "x" * 100_000):
        assert not await passwords.verify(stored, wrong)


async def test_a_password_is_kept_as_argon2id_with_its_own_salt(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)

    parameters = argon2.extract_parameters(stored)
    assert parameters.type is argon2.Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19 * 1024, 2, 1)
    assert await passwords.hash(PASSWORD) != stored


async def test_nobody_is_checked_like_somebody_and_is_never_right(passwords: Passwords) -> None:
    assert argon2.extract_parameters(passwords.nobodys_hash) == argon2.extract_parameters(
        await passwords.hash(PASSWORD)
    )
    assert not await passwords.verify(None, PASSWORD)

    passwords.nobodys_hash = await passwords.hash(PASSWORD)
    assert not await passwords.verify(None, PASSWORD)

    passwords.nobodys_hash = "not a hash"
    with pytest.raises(argon2.exceptions.InvalidHashError):  # so it was looked at
        await passwords.verify(None, PASSWORD)


async def test_two_spellings_of_one_letter_are_one_password(passwords: Passwords) -> None:
    composed = unicodedata.normalize("NFC", "Zoë Łąk Ysgol Gymraeg")

    assert await passwords.verify(await passwords.hash(composed), unicodedata.normalize("NFD", composed))


@pytest.mark.parametrize(
    "fit", ["teal 4 ducks", "umbrella.violin/" * 16, "خطة الرعاية للطفل", "ਯੋਜਨਾ ਯੋਜਨਾ ਯੋਜਨਾ", "👩‍👧‍👦 family of three"]
)
async def test_a_password_has_12_to_256_characters_of_any_script(passwords: Passwords, fit: str) -> None:
    assert await passwords.verify(await passwords.hash(fit), fit)


UNFIT = ["", "x" * 11, "x" * 257, "x" * 100_000, "e\u0301" * 11, "ω\u0314\u0342\u0345" * 257]


@pytest.mark.parametrize("unfit", [*UNFIT, "twelve chars\0", "twelve\nchars", "twelve chars\ud800"], ids=range(9))
async def test_any_other_password_is_refused(passwords: Passwords, unfit: str) -> None:
    with pytest.raises(UnfitPassword, match="12 to 256 characters") as refusal:
        await passwords.hash(unfit)

    assert (refusal.value.code, refusal.value.path) == (Code.INVALID_INPUT, ["input", "password"])


GUESSED = {
    "a common one": "Password123456",
    "one that was stolen often": "qwertyuiop123456",
    "a repeated letter": "x" * 256,
    "a repeated word": "birmingham" * 5,
    "a row of keys": "1qaz2wsx3edc4rfv",
    "a date and a place": "birmingham2026",
    "a place, a year and a mark": "Birmingham2026!",
    "a place of the region": "Wolverhampton1987!",
    "two places and a year": "Sandwell-Walsall 2026",
    "a place with figures for letters": "W0lv3rh4mpt0n2026!",
    "a place backwards": "mahgnimrib2026!",
    "the person's name and a year": "Moss.Ada.1987!",
    "one that everybody has read of": "CorrectHorseBatteryStaple",
    "the person's name": "adamossadamoss",
    "the person's address": "ada.moss@example.org",
    "the organisation": "Sunrise-Homes-1",
    "the portal": "Placement-Portal-2026",
    "symbols for letters": "P@$$w0rd!P@$$w0rd!",
}


@pytest.mark.parametrize("guessed", GUESSED.values(), ids=GUESSED.keys())
async def test_a_password_that_would_be_guessed_soon_is_refused_however_long(
    passwords: Passwords, guessed: str
) -> None:
    about = words_of("Ada Moss", "ada.moss@example.org", "Sunrise Homes Ltd")
    with pytest.raises(WeakPassword, match="would be guessed too soon") as refusal:
        await passwords.hash(guessed, about)
    assert (refusal.value.code, refusal.value.path) == (Code.WEAK_PASSWORD, ["input", "password"])
    assert guessed not in refusal.value.message


@pytest.mark.parametrize(
    "fit",
    ["teal ducks read slowly", "correct horse battery staple", "ysgol gwiwer llechen", "7hR$kk02mmPq", "ਯੋਜਨਾ ਪਾਣੀ ਘੋੜਾ"],
)
async def test_no_kind_of_character_is_asked_for(passwords: Passwords, fit: str) -> None:
    assert await passwords.verify(await passwords.hash(fit, words_of("Ada Moss")), fit)


NASTY = ("4@8({[</369&#!1/|0$5+7%2" * 10, "1234567890" * 25, "!1|7l" * 50, "aA1!" * 64)


def work(password: str) -> float:
    """Seconds of computing that weighing it takes."""
    spent = []
    for _ in range(3):
        began = thread_time()
        with suppress(WeakPassword):
            weigh(password, ())
        spent.append(thread_time() - began)
    return min(spent)


@pytest.mark.parametrize("nasty", NASTY)
def test_weighing_is_the_same_little_work_whatever_was_typed(nasty: str) -> None:
    """Symbols that stand for letters in many ways once were a hundred times the work of as many letters."""
    assert work(nasty) < 10 * work("x" * 72)


async def test_the_loop_goes_on_while_a_password_is_weighed(passwords: Passwords) -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.005)
            beats += 1

    beating, most = asyncio.create_task(beat()), 0
    for nasty in NASTY * 50:  # fewer, but where there is a processor for one of the two alone
        before = beats
        with suppress(WeakPassword):
            await passwords.hash(nasty)
        most = max(most, beats - before)
        if most > 2:
            break
    assert most > 2
    beating.cancel()


async def test_secrets_drawn_by_lot_are_hashed_in_one_turn(passwords: Passwords) -> None:
    hashes = await passwords.hash_all(["A" * 16, "B" * 16])
    assert [await passwords.verify(hashed, "A" * 16) for hashed in hashes] == [True, False]
    assert argon2.extract_parameters(hashes[0]).memory_cost == 19 * 1024


async def test_more_than_can_wait_are_turned_away_known_or_not(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)
    held, places = Event(), THREADS + WAITING

    waiting = [asyncio.create_task(passwords._in_turn(held.wait)) for _ in range(places)]
    await asyncio.sleep(0)
    for known in (stored, None):
        with pytest.raises(Busy):
            await passwords.verify(known, PASSWORD)

    held.set()
    assert await asyncio.gather(*waiting) == [True] * places
    assert await passwords.verify(stored, PASSWORD)


async def test_callers_who_left_give_their_places_back(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)
    for _ in range(3):
        waiting = [asyncio.create_task(passwords.verify(stored, PASSWORD)) for _ in range(THREADS + WAITING)]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await passwords.hash(PASSWORD)  # behind those that had begun

    assert await passwords.verify(stored, PASSWORD)
