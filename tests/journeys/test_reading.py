"""What somebody reads, their other screens learn at once, in order and after a reconnect; and nobody else does."""

from typing import Any

from tests.journeys.asking import LISTEN, Asking, Somebody, Stream
from tests.journeys.placing import Placing
from tests.journeys.town import Town

READ = """mutation ($id: UUID!, $to: Int!) {
  threadRead(id: $id, upTo: $to) { thread { unread } problems { code message } } }"""
BELL = "mutation ($id: UUID!) { notificationRead(id: $id) { unread problems { code message } } }"


async def heard(stream: Stream, times: int) -> list[tuple[Any, ...]]:
    """The next items of a stream of messages, each as what it says."""
    items = [await stream.event() for _ in range(times)]
    return [(item["__typename"], item.get("no") or item.get("upTo"), item.get("isNew")) for item in items]


# S-028, S-069, S-070, S-124
async def test_another_screen_hears_of_a_reading_in_order_also_after_a_reconnect(asking: Asking, town: Town) -> None:
    reader, colleague, sender, placing = town["second officer"], town["administrator"], town["Alder"], Placing(asking)
    _, threads = await placing.sent(reader)
    thread = threads["Alder"]
    async with (
        asking.following(reader, document=LISTEN) as desk,
        asking.following(colleague, document=LISTEN) as other,
        asking.following(sender, document=LISTEN) as own,
    ):
        async with asking.following(reader, document=LISTEN) as phone:
            await placing.say(sender, thread, "One")
            assert await heard(phone, 1) == [("MessageAdded", 1, True)]
        assert (await asking.do(reader, READ, id=thread, to=1))["thread"] == {"unread": 0}
        await asking.do(reader, READ, id=thread, to=1)
        await placing.say(sender, thread, "Two")
        later = [("MessagesRead", 1, None), ("MessageAdded", 2, True)]
        assert await heard(desk, 3) == [("MessageAdded", 1, True), *later]
        async with asking.following(reader, phone.cursor, LISTEN) as phone:
            assert await heard(phone, 2) == later
        assert await heard(other, 2) == [("MessageAdded", 1, True), ("MessageAdded", 2, True)]
        assert await heard(own, 2) == [("MessageAdded", 1, False), ("MessageAdded", 2, False)]


# S-028, S-069, S-070
async def test_the_bell_of_what_was_read_goes_quiet_on_every_screen_of_the_reader(asking: Asking, town: Town) -> None:
    reader, colleague, placing = town["second officer"], town["administrator"], Placing(asking)
    _, threads = await placing.sent(reader)
    async with asking.following(reader) as desk, asking.following(colleague) as other:
        one, two, three = [await rung(placing, town["Alder"], threads["Alder"], desk, other) for _ in range(3)]
        await asking.do(reader, BELL, id=one)
        assert (await desk.event())["ids"] == [one]
        await asking.do(reader, READ, id=threads["Alder"], to=2)
        assert (await desk.event())["ids"] == [two]
        unread = "{ threads(filter: {unreadOnly: true}) { nodes { id unread } } }"
        nodes = (await asking.gql(reader, unread))["threads"]["nodes"]
        assert [each["unread"] for each in nodes if each["id"] == threads["Alder"]] == [1]
        await asking.do(reader, BELL, id=three)
        assert (await desk.event())["ids"] == [three]
        assert (await asking.gql(reader, unread))["threads"]["nodes"] == nodes
        await rung(placing, town["Alder"], threads["Alder"], desk, other)


async def rung(placing: Placing, sender: Somebody, thread: str, *screens: Stream) -> str:
    """The id of the notification of a new message, which is the next thing that each of the screens hears."""
    await placing.say(sender, thread, "Hello")
    (id,) = {(await screen.event())["notification"]["id"] for screen in screens}
    return str(id)
