"""What happens when two act at once, when a process dies at the worst moment, and when there are two of them."""

import asyncio

import aiohttp
import pytest
from websockets.exceptions import ConnectionClosed

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


# S-076, S-092
async def test_of_two_acceptances_of_one_offer_at_once_one_is_made_and_both_read_it(asking: Asking, town: Town) -> None:
    placing, officers = Placing(asking), (town["second officer"], town["administrator"])
    referral, _threads = await placing.sent(officers[0])
    offer = await placing.offered(town["Alder"], referral, town.homes["Alder"])
    answers = await asyncio.gather(*(placing.accept(officer, offer) for officer in officers))
    assert [answer["problems"] for answer in answers] == [[], []]
    assert [answer["offer"]["status"] for answer in answers] == ["ACCEPTED"] * 2
    told = [each["kind"] for each in await placing.notified(town["Alder"]) if each["subjectId"] == offer["id"]]
    assert told == ["OFFER_ACCEPTED"]


# S-028, S-119
async def test_a_message_whose_server_died_before_telling_of_it_is_told_of_once(own: Server, town: Town) -> None:
    asking, officer, reader = Asking(own.address), town["second officer"], town["Alder"]
    placing = Placing(asking)
    _, threads = await placing.sent(officer)
    key = new_key()
    async with asking.following(reader) as stream:
        own.doom.touch()
        with pytest.raises(aiohttp.ClientError):
            await placing.say(officer, threads["Alder"], "The last words", key)
        own.has_died()
        assert await stream.closed() == 1006
    own.doom.unlink()
    own.start()
    async with asking.following(reader, stream.cursor) as stream:
        told = (await stream.event())["notification"]
        assert (told["kind"], told["subjectId"]) == ("MESSAGE_RECEIVED", threads["Alder"])
        again = await placing.say(officer, threads["Alder"], "The last words", key)
        assert again["no"] == 1
        assert await stream.silent_for(1.5)
    assert await placing.messages(reader, threads["Alder"]) == ["The last words"]


# S-028
async def test_a_server_that_is_stopped_tells_its_clients_to_come_back(own: Server, town: Town) -> None:
    async with Asking(own.address).following(town["Alder"]) as stream:
        await asyncio.to_thread(own.stop)
        with pytest.raises(ConnectionClosed):
            await stream.hear()  # nothing before it says that the stream is complete
        assert await stream.closed() == 1012


# S-028
async def test_two_processes_on_one_database_deliver_to_each_other(
    asking: Asking, second_server: Server, town: Town
) -> None:
    there, officer, reader = Asking(second_server.address), town["second officer"], town["Alder"]
    async with asking.following(reader) as here, there.following(officer) as across:
        _, threads = await Placing(there).sent(officer)
        assert (await here.event())["notification"]["kind"] == "REFERRAL_RECEIVED"
        await Placing(asking).say(reader, threads["Alder"], "Is the place still needed?")
        assert (await across.event())["notification"]["subjectId"] == threads["Alder"]


# S-027
async def test_signing_out_closes_the_sockets_of_that_session_alone_in_every_process(
    asking: Asking, second_server: Server, town: Town
) -> None:
    there = Asking(second_server.address)
    leaver, others = town["leaver"], town["Beech"]
    async with (
        asking.following(leaver) as mine,
        there.following(leaver) as mine_there,
        there.following(others) as theirs,
    ):
        await asking.do(leaver, SIGN_OUT)
        assert await mine.closed() == 4401
        assert await mine_there.closed() == 4401
        await Placing(asking).sent(town["second officer"])
        assert (await theirs.event())["notification"]["kind"] == "REFERRAL_RECEIVED"
