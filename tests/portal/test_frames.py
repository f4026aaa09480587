"""Frames are rendered once for all who are told the same, and are what the executor would have sent, byte for byte."""

from dataclasses import replace
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from models.lifecycle import Role, Side
from portal.audiences import Audiences
from portal.hole import HOLES, Template, Touched
from realtime.entry import Row
from tests.portal.happening import BEAT, SCHEMA, WITHOUT_DATABASE, Listens, Where, listener, told
from tests.portal.selecting import ASKS_MORE, Selecting

SUBSCRIPTIONS = SCHEMA.graphql.subscription_type.fields if SCHEMA.graphql.subscription_type else {}
STREAMS = sorted(
    name for name, field in SUBSCRIPTIONS.items() if "stream" in field.extensions["strawberry-definition"].metadata
)
OF_ONE_THING = ("referralChanged", "offerChanged", "ipaChanged")
BELL = """subscription ($after: String) { notifications(after: $after) { __typename
  ... on NotificationAdded { cursor after unread notification { no title reference } }
  ... on OfferChanged { cursor after offerId } ... on Withdrawn { cursor } ... on Heartbeat { cursor } } }"""


def test_every_subscription_is_a_declared_stream() -> None:
    # S-123
    assert set(STREAMS) == set(SUBSCRIPTIONS)


async def agrees(seed: int, stream: str, *, plain: bool) -> tuple[int, int]:
    """How many events of this seed were rendered without the executor, and how many by it."""
    chance = Random(f"{seed} {stream}")
    document = Selecting(SCHEMA.graphql, chance, plain).document(stream)
    id_ = uuid4()
    variables: dict[str, Any] = {"after": "begin", "yes": chance.random() < 0.7}
    variables |= {"id": str(id_)} if "$id" in document else {}
    side, role = chance.choice(((Side.PROVIDER, Role.MEMBER), (Side.LOCAL_AUTHORITY, Role.PLACEMENT_OFFICER)))
    case = uuid4() if stream != "referralChanged" else id_
    listens = await Listens(listener(side, role), document, variables, Audiences(), case).looks()
    assert listens.after == "begin"
    for no in range(1, 7):
        about: dict[str, Any] = (
            {"subject_id": id_, "referral_id": case, "thread_id": chance.choice((None, id_))}
            if chance.random() < 0.7
            else {}
        )
        about |= {} if plain else {"notice": chance.choice(WITHOUT_DATABASE)}
        row, at = Row(no, chance.randint(0, 9), told(chance, **about)), Where(f"cursor-{no}", f"cursor-{no - 1}")
        expected = await listens.by_executor(row, at)
        assert await listens.frame(row, at) == expected, document
    assert not listens.executed or any(name in document for name in ASKS_MORE), "nothing else takes the executor"
    return listens.audience.rendered - listens.executed, listens.executed


@pytest.mark.parametrize("stream", STREAMS)
async def test_a_compiled_frame_is_what_the_executor_gives(stream: str) -> None:
    # S-119, S-123
    many = 10 if stream in OF_ONE_THING else 25
    rendered, executed = zip(*[await agrees(seed, stream, plain=True) for seed in range(many)], strict=True)
    assert sum(rendered) > 0
    assert sum(executed) == 0


async def test_the_executor_gives_what_is_not_plain() -> None:
    # S-119
    _, executed = zip(*[await agrees(seed, "notifications", plain=False) for seed in range(25, 85)], strict=True)
    assert sum(executed) > 0


@pytest.mark.long
@pytest.mark.parametrize("stream", STREAMS)
async def test_many_compiled_frames_are_what_the_executor_gives(stream: str) -> None:
    for seed in range(1000, 2000):
        await agrees(seed, stream, plain=seed % 4 > 0)


async def test_one_rendering_serves_all_who_are_told_the_same() -> None:
    # S-123
    audiences, chance = Audiences(), Random(1)
    many = [Listens(listener(), BELL, {"after": f"cursor {n}"}, audiences) for n in range(50)]
    events = [told(chance, visible=True, kind="offer.submit", notice="OFFER_SUBMITTED") for _ in range(3)]
    frames = [
        await one.frame(Row(no, n, event), Where(f"at {n} {no}", f"at {n} {no - 1}"))
        for no, event in enumerate(events)
        for n, one in enumerate(many)
    ]
    assert {one.audience for one in many} == {many[0].audience}
    assert many[0].audience.rendered == 3
    assert sum(one.executed for one in many) == 0, "the executor is not asked for what is plain"
    assert len(set(frames)) == 150, "each is told their own place and count"
    assert frames[:50] == [
        await one.by_executor(Row(0, n, events[0]), Where(f"at {n} 0", f"at {n} -1")) for n, one in enumerate(many)
    ]


async def test_who_is_of_another_kind_or_asks_otherwise_has_an_audience_of_their_own() -> None:
    audiences = Audiences()
    here = Listens(listener(), BELL, {"after": "x"}, audiences)
    officer = Listens(listener(Side.LOCAL_AUTHORITY, Role.PLACEMENT_OFFICER), BELL, {"after": "x"}, audiences)
    other = Listens(listener(), BELL.replace("cursor after unread", "cursor"), {"after": "x"}, audiences)
    assert len({here.audience, officer.audience, other.audience}) == 3


async def test_what_no_template_can_tell_is_executed_once_for_all_screens_of_a_session() -> None:
    audiences, person, chance = Audiences(), listener(), Random(2)
    asking = BELL.replace("title reference", "title offerChanges { __typename }")
    screens = [Listens(person, asking, {"after": "x"}, audiences) for _ in range(3)]
    stranger = Listens(listener(), asking, {"after": "x"}, audiences)
    row = Row(4, 2, told(chance, visible=True, kind="offer.submit", notice="OFFER_SUBMITTED"))
    elsewhere = Listens(replace(person, session_id=uuid4()), asking, {"after": "x"}, audiences)
    asked = (*screens, elsewhere, stranger)
    frames = [await screen.frame(row, Where("c", "b")) for screen in asked]
    assert set(frames) == {await screens[0].by_executor(row, Where("c", "b"))}
    assert [screen.executed for screen in asked] == [1, 0, 0, 1, 1]
    quiet = Row(5, 2, told(chance, visible=True, kind="offer.submit", notice=None, subject_kind="OFFER"))
    await screens[0].frame(quiet, Where("d", "c"))
    assert screens[0].executed == 1, "other events of the same document are rendered"


async def test_a_number_that_the_contract_cannot_show_is_left_to_the_executor() -> None:
    listens = Listens(listener(), BELL, {"after": "x"}, Audiences())
    row = Row(2**31, 0, told(Random(3), visible=True, kind="offer.submit", notice="OFFER_SUBMITTED"))
    frame = await listens.frame(row, Where("c", "b"))
    assert frame
    assert '"code":"INTERNAL"' in frame
    assert listens.executed == 1


async def test_what_all_streams_have_in_common_is_rendered_once() -> None:
    listens = Listens(listener(), BELL, {"after": "x"}, Audiences())
    frames = {str(listens.outlet.says(BEAT)) for _ in range(5)}
    assert frames == {
        '{"id":"1","type":"next","payload":{"data":{"notifications":{"__typename":"Heartbeat","cursor":"a cursor"}}}}'
    }
    assert listens.audience.rendered == 1


@pytest.mark.parametrize(
    "look", [bool, str, int, lambda hole: hole + 1, lambda hole: hole == 1, lambda hole: f"{hole}"]
)
def test_whoever_looks_into_a_hole_is_told_that_it_is_another_for_each(look: Any) -> None:
    with pytest.raises(Touched):
        look(HOLES["unread"])


def test_a_template_keeps_its_text_and_fills_its_holes_in_order() -> None:
    template = Template.of(["100 % {0} ", HOLES["unread"], " %s ", HOLES["after"], HOLES["no"], HOLES["after"]])
    assert template.filled(("here", "before", 7, 3)) == '100 % {0} 3 %s "before"7"before"'
    assert Template.of(["50 %"]).filled(("here", "before", 7, 3)) == "50 %"
