"""What happens when two act at once, when a process dies at the worst moment, and when there are two of them."""

import asyncio

import aiohttp
import pytest

from tests.journeys.asking import Asking, new_key
from tests.journeys.placing import Placing
from tests.journeys.town import Town
from tests.server import Server

SIGN_OUT = "mutation { signOut { ended problems { code } } }"


# S-077, S-092
async def test_of_two_offers_accepted_at_once_one_is_and_the_other_is_told_why(asking: Asking, town: Town) -> None:
    placing, officers = Placing(asking), (town["second officer"], town["administrator"])
    for _ in range(3):
        referral, _threads = await placing.sent(officers[0])
        offers = [await placing.offered(town[firm], referral, town.homes[firm]) for firm in ("Alder", "Beech")]
        answers = await asyncio.gather(*map(placing.accept, officers, offers))
        won = [answer["offer"]["status"] for answer in answers if answer["offer"]]
        told = [problem["code"] for answer in answers for problem in answer["problems"]]
        assert (won, told) == (["ACCEPTED"], ["REFERRAL_ACCEPTED"])


# S-076
async def test_of_two_acceptances_of_one_offer_at_once_one_is_refused(asking: Asking, town: Town) -> None:
    placing, officers = Placing(asking), (town["second officer"], town["administrator"])
    referral, _threads = await placing.sent(officers[0])
    offer = await placing.offered(town["Alder"], referral, town.homes["Alder"])
    answers = await asyncio.gather(*(placing.accept(officer, offer) for officer in officers))
    assert sorted(bool(answer["offer"]) for answer in answers) == [False, True]
    (problem,) = (problem for answer in answers for problem in answer["problems"])
    assert problem["code"] in ("STALE_VERSION", "OFFER_LOCKED")
    told = [each["kind"] for each in await placing.notified(town["Alder"])]
    assert told.count("OFFER_ACCEPTED") == 1


# S-028, S-119
async def test_a_message_whose_server_died_before_telling_of_it_is_told_of_once(
    server: Server, asking: Asking, town: Town
) -> None:
    placing, officer, reader = Placing(asking), town["second officer"], town["Alder"]
    _, threads = await placing.sent(officer)
    key = new_key()
    async with asking.following(reader) as stream:
        server.doom.touch()
        with pytest.raises(aiohttp.ClientError):
            await placing.say(officer, threads["Alder"], "The last words", key)
        server.has_died()
        assert await stream.closed() == 1006
    server.doom.unlink()
    server.start()
    async with asking.following(reader, stream.cursor) as stream:
        event = await stream.event()
        assert (event["notification"]["kind"], event["notification"]["subjectId"]) == (
            "MESSAGE_RECEIVED",
            threads["Alder"],
        )
        again = await placing.say(officer, threads["Alder"], "The last words", key)
        assert again["no"] == 1
        assert await stream.silent_for(1.5)
    assert await placing.messages(reader, threads["Alder"]) == ["The last words"]


# S-028
async def test_a_server_that_is_stopped_tells_its_clients_to_come_back(
    server: Server, asking: Asking, town: Town
) -> None:
    async with asking.following(town["Alder"]) as stream:
        await asyncio.to_thread(server.stop)
        assert await stream.closed() == 1012


# S-027
async def test_signing_out_closes_the_sockets_of_that_session_alone(asking: Asking, town: Town) -> None:
    async with asking.following(town["Alder"]) as mine, asking.following(town["Beech"]) as theirs:
        await asking.do(town["Alder"], SIGN_OUT)
        assert await mine.closed() == 4401
        await Placing(asking).sent(town["second officer"])
        assert (await theirs.event())["notification"]["kind"] == "REFERRAL_RECEIVED"


# S-028
async def test_two_processes_on_one_database_deliver_to_each_other(server: Server, asking: Asking, town: Town) -> None:
    other = await asyncio.to_thread(Server(server.database_url, server.home).start)
    try:
        there = Asking(other.address)
        async with asking.following(town["Alder"]) as here, there.following(town["second officer"]) as across:
            _, threads = await Placing(there).sent(town["second officer"])
            assert (await here.event(1))["notification"]["kind"] == "REFERRAL_RECEIVED"
            await Placing(asking).say(town["Alder"], threads["Alder"], "Is the place still needed?")
            assert (await across.event(1))["notification"]["subjectId"] == threads["Alder"]
            await asking.do(town["second officer"], SIGN_OUT)
            assert await across.closed() == 4401
    finally:
        other.stop()
