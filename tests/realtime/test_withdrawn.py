"""A provider is told of a referral only while it holds a delivery of it; continuity holds all the same."""

from uuid import uuid4

from realtime.entry import WITHDRAWN, Entry
from tests.realtime.live import Live


async def test_entries_of_a_withdrawn_referral_become_tombstones_that_tell_nothing(live: Live) -> None:
    # S-030
    provider, referral, authority = uuid4(), uuid4(), uuid4()
    await live.stage.deliver(referral, provider)
    who = await live.someone(provider)
    event = await live.tell(who[0], referral=referral, authority=authority)
    await live.tell(who[0], notice="DOCUMENT_EXPIRING")
    await live.stage.withdraw()
    follower = await live.follow(who, live.at(who, 0))
    withdrawn, open_ = await follower.told(2)
    assert withdrawn == Entry(
        no=1,
        cursor=live.at(who, 1),
        after=live.at(who, 0),
        unread=1,
        event_id=event,
        at=withdrawn.at,
        kind=WITHDRAWN,
    )
    assert (open_.no, open_.after, open_.notice) == (2, withdrawn.cursor, "DOCUMENT_EXPIRING")
    await follower.stop()


async def test_only_the_provider_that_lost_the_referral_loses_its_entries(live: Live) -> None:
    # S-030
    referral, authority, kept, lost, never = (uuid4() for _ in range(5))
    await live.stage.deliver(referral, kept)
    people = [await live.someone(organisation) for organisation in (authority, kept, lost, never)]
    await live.tell(*(person for person, _ in people), referral=referral, authority=authority)
    kinds = []
    for who in people:
        follower = await live.follow(who, live.at(who, 0))
        kinds.append((await follower.told(1))[0].kind)
        await follower.stop()
    assert kinds == ["offer.submit", "offer.submit", WITHDRAWN, WITHDRAWN]


async def test_another_authority_is_told_nothing_of_a_referral(live: Live) -> None:
    # S-030
    who = await live.someone(uuid4())
    await live.tell(who[0], referral=uuid4(), authority=uuid4())
    follower = await live.follow(who, live.at(who, 0))
    (entry,) = await follower.told(1)
    assert (entry.kind, entry.reference, entry.subject_id, entry.referral_id) == (WITHDRAWN, None, None, None)
    await follower.stop()
