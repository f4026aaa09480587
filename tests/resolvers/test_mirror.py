"""What somebody has before them is right after every act, if they read again what they are told has changed."""

import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from models.lifecycle import Role
from portal import permissions
from schema import schema
from tests.agreeing import Agreeing
from tests.around import FOUND
from tests.cases import Cases
from tests.looked_at import acts, nodes
from tests.mirror import Mirror
from tests.permitted import Permitted
from tests.uplifting import Uplifting
from tests.world import Care, World

ROOT = Path(__file__).resolve().parents[2]
SEED = 7
SOME, ALL = 1, 99


async def a_search(world: World, looked_at: int) -> int:
    """From the draft to the closing, with answers, messages, a resending and somebody who loses it."""
    cases = Cases(world)
    officer = await cases.officer()
    await cases.officer("Birmingham", Role.READ_ONLY)
    older, younger = await world.provider(Care(ages=(12, 17))), await world.provider(Care(ages=(0, 17)))
    member, rival = await cases.member(older), await cases.member(younger)
    await cases.member(older, Role.SIGNATORY)
    await cases.member(younger)
    async with Mirror.of(world, SEED, looked_at) as mirror:
        id = await cases.drafted(officer)
        await cases.edited(officer, id, needs="Calm.")
        await cases.on_referral(officer, "referralSend", id)
        await cases.act(member, "referralOpen", id=id)
        await cases.act(rival, "referralDecline", id=id, revision=1)
        await cases.act(rival, "referralUndoDecline", id=id)
        thread = await cases.thread(id, older)
        for who in (officer, member):
            await cases.act(who, "messageSend", threadId=thread, input={"body": "Which school?"})
        await cases.act(member, "threadRead", id=thread, upTo=1)
        await cases.act(rival, "referralTakeOn", id=id)
        (child,) = (await cases.seen(officer, "Referral", id))["children"]
        await cases.resent(officer, id, children=[{"id": child["id"], "dateOfBirth": "2018-05-14"}])
        await cases.resent(officer, id)
        await cases.on_referral(officer, "referralClose", id, reason="WITHDRAWN")
    return mirror.acts


async def an_agreement(world: World, looked_at: int) -> int:
    """From the referral to the signatures and an uplift, and everything undone again."""
    agreeing = await Uplifting.among(world)
    await world.person(agreeing.firm.id, Role.MEMBER)
    await world.person(agreeing.officer.organisation_id, Role.READ_ONLY)
    rival = await world.provider()
    await world.person(rival.id, Role.MEMBER)
    async with Mirror.of(world, SEED, looked_at) as mirror:
        await agreeing.referred()
        await agreeing.offered()
        for step in (agreeing.accepted, agreeing.drawn_up, agreeing.shared, agreeing.ready):
            await step()
        for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
            await agreeing.opened(signer)
            assert (await agreeing.sign(signer))["problems"] == []
        await agreeing.proposed(agreeing.member, {"percentage": "3.00"}, "2026-12-01")
        await agreeing.act(agreeing.officer, "ipaVoid", 'reason: "Names were wrong."')
    return mirror.acts


async def every_act(world: World, looked_at: int) -> int:
    """Every act of the contract as whoever may take it, in its turn, as far as it is not refused."""
    permitted = await Permitted.among(world)
    async with Mirror.of(world, SEED, looked_at) as mirror:
        for name, public in sorted(permissions.acts(), key=lambda names: names[1] == "signOut"):
            right = permissions.right_of(name)
            assert right is not None
            may = next(viewer for column, viewer in permitted.viewers.items() if right.of(*column))
            await permitted.refusals(may, public)
    return mirror.acts


COURSES = {course.__name__: (course, least) for course, least in ((a_search, 14), (an_agreement, 11), (every_act, 11))}


# S-028, S-119
async def test_a_search_is_told_to_all_who_look_at_it(world: World) -> None:
    assert await a_search(world, SOME) >= COURSES["a_search"][1]


# S-028, S-119
@pytest.mark.long
@pytest.mark.parametrize("name", COURSES)
async def test_everything_is_told_to_all_who_look_at_it(world: World, name: str) -> None:
    course, least = COURSES[name]
    assert await course(world, ALL) >= least


def test_around_each_act_of_the_contract_everybodys_screens_are_looked_at() -> None:
    assert schema._schema.mutation_type is not None
    assert sorted(acts()) == sorted(schema._schema.mutation_type.fields), "each in one test, and none that is no act"
    for node in nodes():
        file, _, test = node.partition("::")
        assert f"async def {test.partition('[')[0]}(" in (ROOT / file).read_text(), node


# S-028, S-119
@pytest.mark.long
def test_around_every_act_everybody_is_told_of_whatever_changes() -> None:
    plugin = ["-p", "tests.around", "--around", ",".join(acts())]
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "--no-cov", *plugin, *nodes()]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-9_000:]
    assert FOUND.format(",".join(sorted(acts()))) in run.stdout


# S-028
async def test_what_changes_without_a_word_is_noticed(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    with pytest.raises(AssertionError, match="was not told of"):
        async with Mirror.of(world, SEED, SOME):
            await silently(world, agreeing)


async def silently(world: World, agreeing: Agreeing) -> None:
    connection = await asyncpg.connect(world.dsn.replace("+asyncpg", ""))
    await connection.execute("UPDATE delivery SET handled_by = 'Nobody said' WHERE provider_id = $1", agreeing.firm.id)
    await connection.close()
