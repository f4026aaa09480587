"""Every rule, checked against the table that declares it: each state, each act, each role."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Boolean, Text, column, select, values

from models.base import Base
from models.delegation import Delegation
from models.delivery import Delivery
from models.event import Actor
from models.ipa import Ipa
from models.lifecycle import Lifecycle, Role, Side
from models.offer import Offer
from models.person import ROLES_OF, Person, Viewer
from models.provider import Provider
from models.record import Governed
from models.referral import Referral
from models.refusal import Code, Refused
from models.registration_import import RegistrationImport
from models.uplift import Uplift
from portal import printouts
from portal.permissions import TABLES
from tests.world import World

ROOT = Path(__file__).parent.parent
RECORDS: dict[str, type[Any]] = {
    "registration": Provider,
    "registration import": RegistrationImport,
    "account": Person,
    "referral": Referral,
    "delivery": Delivery,
    "offer": Offer,
    "agreement": Ipa,
    "delegation": Delegation,
    "uplift": Uplift,
}
EVERYBODY = [(side, role) for side, roles in ROLES_OF.items() for role in sorted(roles)]
NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)


def viewer(side: Side, role: Role) -> Viewer:
    return Viewer(uuid4(), uuid4(), side, frozenset({role}), uuid4(), "A Person", None, "An Organisation", NOW)


def record_in(name: str, state: Any) -> Governed[Any]:
    """A record of that kind in that state, with everything a rule looks at and nothing else."""
    made: Governed[Any] = RECORDS[name](id=uuid4(), status=state, version=3)
    for part in ("la_id", "provider_id", "referral_id", "managing_la_id"):
        if part in RECORDS[name].__table__.columns:
            setattr(made, part, uuid4())
    for condition in made.lifecycle.because:
        setattr(made, condition, False)
    return made


MATRIX = [
    (name, state, action, side, role)
    for name, kind in RECORDS.items()
    for state, action in product(kind.lifecycle.states, kind.lifecycle.by_action)
    for side, role in EVERYBODY
]


def test_every_record_with_a_lifecycle_is_in_the_matrix() -> None:
    governed = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Governed)}
    assert set(RECORDS.values()) == governed
    assert {id(kind.lifecycle) for kind in governed} == {id(table) for table in TABLES.values()}
    assert len(MATRIX) > 2_000


@pytest.mark.parametrize("name", RECORDS)
def test_an_act_is_open_exactly_where_the_table_says(name: str) -> None:
    for kind, state, action, side, role in MATRIX:
        if kind == name:
            one_cell(kind, state, action, side, role)


def one_cell(name: str, state: Any, action: str, side: Side, role: Role) -> None:
    record = record_in(name, state)
    rules = [rule for rule in record.lifecycle.by_action[action] if rule.by]
    mine = [rule for rule in rules if rule.open_to(side, frozenset({role}))]
    now = [rule for rule in mine if state in rule.when]
    by = Actor(viewer(side, role), NOW)
    if not rules:
        return
    if now:
        record.step(action, by=by)
        assert record.status == (now[0].then or state), (name, state, action, role)
        assert len(by.happened) == 1
        assert record.version == (3 if now[0].reads else 4)
        return
    with pytest.raises(Refused) as refused:
        record.step(action, by=by)
    assert refused.value.code == expected(record, rules, mine), (name, state, action, role)
    assert (record.status, record.version, by.happened) == (state, 3, [])


def expected(record: Governed[Any], rules: list[Any], mine: list[Any]) -> Code:
    if not mine:
        return rules[0].denied  # type: ignore[no-any-return]
    return record.lifecycle.locked if record.status in record.lifecycle.frozen else Code.WRONG_STATE


@pytest.mark.parametrize("name", RECORDS)
def test_a_condition_of_a_row_refuses_with_its_own_sentence(name: str) -> None:
    table: Lifecycle[Any] = RECORDS[name].lifecycle
    for rule in table:
        if not rule.unless:
            continue
        record = record_in(name, sorted(rule.when)[0])
        setattr(record, rule.unless, True)
        who = rule.by[0]
        with pytest.raises(Refused) as refused:
            record.step(rule.action, by=Actor(viewer(who.side, sorted(who.roles)[0]), NOW))
        assert (refused.value.code, refused.value.message) == table.because[rule.unless]


@pytest.mark.parametrize("name", RECORDS)
async def test_a_client_is_told_of_exactly_the_acts_that_the_gate_would_let_through(world: World, name: str) -> None:
    """`can` is worked out by the database, the gate in Python; both read the same table."""
    table: Lifecycle[Any] = RECORDS[name].lifecycle
    conditions = sorted(table.because)
    shapes = [
        (state.value, *truths) for state in table.states for truths in product([False, True], repeat=len(conditions))
    ]
    columns: list[Any] = [column("status", Text), *(column(condition, Boolean) for condition in conditions)]
    given = values(*columns, name="given").data(shapes)
    async with world.owner.connect() as connection:
        for side, role in EVERYBODY:
            told = table.can(given.c, viewer(side, role))
            for state, *truths, can in await connection.execute(select(*given.c, told)):
                held = dict(zip(conditions, truths, strict=True))
                assert set(can) == open_acts(name, state, held, viewer(side, role)), (name, state, held, role)


def open_acts(name: str, state: str, held: dict[str, bool], who: Viewer) -> set[str]:
    """The acts that the gate lets through, by trying each."""
    table: Lifecycle[Any] = RECORDS[name].lifecycle
    found = set()
    for action in table.by_action:
        record = record_in(name, table.states(state))
        for condition, truth in held.items():
            setattr(record, condition, truth)
        if action in table.beginnings or not any(rule.by for rule in table.by_action[action]):
            continue
        with suppress(Refused):
            record.step(action, by=Actor(who, NOW))
            found.add(action.upper())
    return found


@pytest.mark.parametrize("name", RECORDS)
def test_every_act_of_a_table_is_done_somewhere(name: str) -> None:
    """A row that nobody takes is a rule nobody keeps."""
    code = "\n".join(path.read_text() for folder in ("models", "resolvers") for path in (ROOT / folder).glob("*.py"))
    made_by_sql = {"delivery": {"deliver"}, "referral": {"place"}}
    for action in RECORDS[name].lifecycle.by_action:
        taken = re.search(rf'(step|follow|_decided)\(\s*(self\.|by, )?"{action}"', code) or f'"{action}", by=' in code
        assert taken or action in made_by_sql.get(name, set()), (name, action)


@pytest.mark.parametrize("name", RECORDS)
def test_every_state_can_be_reached(name: str) -> None:
    table: Lifecycle[Any] = RECORDS[name].lifecycle
    states: Any = table.states
    assert {table.start} | {rule.then for rule in table if rule.then} == set(states)


# S-108
def test_no_move_of_an_agreement_leads_back() -> None:
    order = ["DRAFT", "IN_REVIEW", "READY_TO_SIGN", "PARTLY_SIGNED", "SIGNED", "VOIDED"]
    assert all(order.index(old) < order.index(new) for old, new in Ipa.lifecycle.moves)


def test_a_stale_version_is_refused_before_anything_changes() -> None:
    record = record_in("offer", Offer.lifecycle.start)
    record.expected_version = 2
    by = Actor(viewer(Side.PROVIDER, Role.MEMBER), NOW)
    with pytest.raises(Refused) as refused:
        record.step("submit", by=by)
    assert (refused.value.code, refused.value.facts["current_version"]) == (Code.STALE_VERSION, 3)
    assert (record.version, by.happened) == (3, [])


def test_the_printed_lifecycles_are_the_ones_in_force() -> None:
    assert (ROOT / "docs" / "lifecycles.md").read_text() == printouts.lifecycles(), "run `portal lifecycles --write`"
    assert (ROOT / "docs" / "problems.md").read_text() == printouts.problems(), "run `portal lifecycles --write`"
