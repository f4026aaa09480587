"""Checking a password costs the same whoever asks, and no more of it is done at once than the machine can bear."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator

import argon2
import pytest

from models.refusal import Code
from portal.passwords import THREADS, WAITING, Busy, Passwords, UnfitPassword

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


@pytest.mark.parametrize("fit", ["x" * 12, "x" * 256, "خطة الرعاية للطفل", "ਯੋਜਨਾ ਯੋਜਨਾ ਯੋਜਨਾ", "👩‍👧‍👦 family of three"])
async def test_a_password_has_12_to_256_characters_of_any_script(passwords: Passwords, fit: str) -> None:
    assert await passwords.verify(await passwords.hash(fit), fit)


UNFIT = ["", "x" * 11, "x" * 257, "x" * 100_000, "e\u0301" * 11, "ω\u0314\u0342\u0345" * 257]


@pytest.mark.parametrize("unfit", [*UNFIT, "twelve chars\0", "twelve\nchars", "twelve chars\ud800"], ids=range(9))
async def test_any_other_password_is_refused(passwords: Passwords, unfit: str) -> None:
    with pytest.raises(UnfitPassword, match="12 to 256 characters") as refusal:
        await passwords.hash(unfit)

    assert (refusal.value.code, refusal.value.path) == (Code.INVALID_INPUT, ["password"])


async def test_more_than_can_wait_are_turned_away_known_or_not(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)
    places = THREADS + WAITING

    waiting = [asyncio.create_task(passwords.verify(stored, PASSWORD)) for _ in range(places)]
    await asyncio.sleep(0)
    for known in (stored, None):
        with pytest.raises(Busy):
            await passwords.verify(known, PASSWORD)

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
