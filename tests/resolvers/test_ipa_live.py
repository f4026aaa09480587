"""Who hears of an agreement, act by act: nothing before it is shared, and everybody who looks at it from then on."""

from models.lifecycle import Role
from models.person import Viewer
from tests.agreeing import Agreeing
from tests.listening import Listening
from tests.world import World


async def heard(world: World, who: Viewer) -> list[tuple[str, str | None]]:
    """Everything of agreements that came to somebody's screens, with the bell that rang."""
    rows = await world.sql(
        "SELECT e.kind, n.notice FROM inbox_entry n JOIN event e ON e.id = n.event_id"
        " WHERE n.person_id = $1 AND e.subject_kind = 'IPA' ORDER BY n.no",
        who.person_id,
    )
    return [(row["kind"], row["notice"]) for row in rows]


async def edited(agreeing: Agreeing, known_as: str) -> None:
    child = {"child": {"knownAs": known_as}}
    await agreeing.well(agreeing.officer, "ipaUpdate", "input: $input", input=("IpaInput!", child))


# S-105, S-113, S-119
async def test_each_act_rings_on_the_other_side_and_shows_on_ones_own(world: World) -> None:
    agreeing = await Agreeing.among(world)
    colleague = await world.person(await world.authority(), Role.PLACEMENT_OFFICER)
    beside = await world.person(agreeing.firm.id, Role.MEMBER)
    rival = await world.person((await world.provider()).id, Role.MEMBER)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up):
        await step()
    await edited(agreeing, "Annie")
    drafting = [("agreement.create", None), ("agreement.edit", None)]
    for who in (agreeing.officer, colleague):
        assert await heard(world, who) == drafting
    for who in (agreeing.member, beside, agreeing.provider_signatory, rival):
        assert await heard(world, who) == []
    await agreeing.shared()
    await edited(agreeing, "Anna")
    await agreeing.well(agreeing.member, "ipaRequestCorrection", 'reason: "The first day is the 3rd."')
    await agreeing.well(agreeing.member, "ipaConfirmReview")
    acts = [
        ("agreement.share", None, "IPA_READY_FOR_REVIEW"), ("agreement.edit", None, "IPA_UPDATED"),
        ("agreement.request_correction", "IPA_CORRECTION_REQUESTED", None),
        ("agreement.confirm_review", "IPA_REVIEW_CONFIRMED", None),
    ]  # fmt: skip
    for who in (agreeing.officer, colleague):
        assert await heard(world, who) == [*drafting, *((kind, bell) for kind, bell, _ in acts)]
    for who in (agreeing.member, beside):
        assert await heard(world, who) == [(kind, bell) for kind, _, bell in acts]
    assert await heard(world, agreeing.provider_signatory) == []
    await agreeing.ready()
    await agreeing.opened(agreeing.provider_signatory)
    assert await heard(world, agreeing.provider_signatory) == [("agreement.enable", "IPA_READY_TO_SIGN")]
    assert await heard(world, rival) == []


# S-119
async def test_whoever_listens_knows_of_every_change_in_review(world: World) -> None:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted):
        await step()
    async with Listening.to(world):
        await agreeing.drawn_up()
        await agreeing.shared()
        await edited(agreeing, "Annie")
        await agreeing.well(agreeing.member, "ipaRequestCorrection", 'reason: "The first day is the 3rd."')
        await agreeing.well(agreeing.member, "ipaConfirmReview")
        await agreeing.ready()
