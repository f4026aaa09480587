"""Every act by every role: what is printed, what the tables say, and what the portal does, are the same."""

from pathlib import Path

import pytest

from models.lifecycle import Role, Side
from models.person import ROLES_OF
from portal import permissions
from tests.permitted import Permitted
from tests.world import World

ROOT = Path(__file__).parent.parent
NOT_YOURS = {"FORBIDDEN", "NOT_A_SIGNATORY", "NOT_FOUND"}
REFUSED_TO_THE_ROLE = {"FORBIDDEN", "NOT_A_SIGNATORY"}
FOLLOWING = {"Registration": {"add_document"}, "Agreement": {"propose_uplift"}}
LAST = ("signOut",)


# S-034
def test_the_printed_permissions_are_the_ones_in_force() -> None:
    assert (ROOT / "docs" / "permissions.md").read_text() == permissions.permissions(), (
        "run `portal lifecycles --write`"
    )


# S-034
def test_something_says_of_every_act_who_may_take_it() -> None:
    """A new act is called as its row is, or has a line of its own."""
    assert [public for name, public in permissions.acts() if permissions.right_of(name) is None] == []
    assert len(list(permissions.acts())) > 50


def test_nothing_is_said_of_acts_that_there_are_not() -> None:
    assert set(permissions.BEYOND) - {name for name, _ in permissions.acts()} == set()


# S-034
def test_every_row_that_names_people_is_an_act_of_the_contract() -> None:
    said = [right.rests_on for name, _ in permissions.acts() if (right := permissions.right_of(name))]
    covered = {(on.split(": ")[0], action) for on in said if ": " in on for action in on.split(": ")[1].split(", ")}
    for name, table in permissions.TABLES.items():
        named = {rule.action for rule in table if rule.by} - FOLLOWING.get(name, set())
        assert {action.replace("_", " ") for action in named} == {action for of, action in covered if of == name}, name


def test_every_role_has_a_column() -> None:
    assert {(side, role) for side, roles in ROLES_OF.items() for role in roles} == set(permissions.COLUMNS)
    assert set(permissions.HEADS) == set(permissions.COLUMNS)


# S-034, S-112
async def test_the_portal_does_what_the_table_says(world: World) -> None:
    """Everybody asks for every act, on records that are there: those first to whom it is not open."""
    permitted = await Permitted.among(world)
    wrong = []
    acts = sorted(permissions.acts(), key=lambda names: names[1] in LAST)
    for name, public in acts:
        right = permissions.right_of(name)
        assert right is not None
        for column in sorted(permissions.COLUMNS, key=lambda column: right.of(*column)):
            codes = set(await permitted.refusals(permitted.viewers[column], public))
            if right.of(*column) and not right.but and codes & REFUSED_TO_THE_ROLE:
                wrong.append(f"{public} is refused to {column[1]} with {codes}")
            if not right.of(*column) and not (codes and codes <= NOT_YOURS):
                wrong.append(f"{public} is not refused to {column[1]} of {column[0]}: {codes}")
    assert not wrong, "\n".join(wrong)


# S-031
@pytest.mark.parametrize("act", ["ipaOpen", "ipaSign", "ipaRefuse", "delegationGive", "delegationRevoke"])
def test_sign_only_people_have_their_agreements_and_authorities(act: str) -> None:
    (right,) = [permissions.right_of(name) for name, public in permissions.acts() if public == act]
    assert right is not None
    assert right.of(Side.PROVIDER, Role.SIGNATORY)


# S-031
def test_sign_only_people_have_nothing_else() -> None:
    theirs = {
        public
        for name, public in permissions.acts()
        if (right := permissions.right_of(name)) and right.of(Side.PROVIDER, Role.SIGNATORY)
        and right.by is not permissions.EVERYBODY
    }  # fmt: skip
    assert theirs == {
        "ipaOpen", "ipaSign", "ipaRefuse", "delegationGive", "delegationRevoke", "documentDownload",
        "mailPreferencesSet",
    }  # fmt: skip


# S-122
def test_a_case_system_signs_and_decides_nothing() -> None:
    theirs = {
        public
        for name, public in permissions.acts()
        if (right := permissions.right_of(name)) and right.of(Side.LOCAL_AUTHORITY, Role.MACHINE)
        and right.by is not permissions.EVERYBODY
    }  # fmt: skip
    assert theirs == {"threadRead", "documentDownload", "offerDownloadDocuments"}
