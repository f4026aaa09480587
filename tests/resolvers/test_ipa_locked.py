"""Once fixed, an agreement is changed by no act of the contract, whoever takes it (S-106, S-110, S-115)."""

from typing import Any

import pytest
from graphql import is_required_argument

from models.lifecycle import Role, Side
from models.person import ROLES_OF, Viewer
from tests.agreeing import Agreeing
from tests.cases import CONTRACT
from tests.permitted import Permitted
from tests.resolvers.test_offer_void import until, void
from tests.world import World

LOCKED = ("READY_TO_SIGN", "PARTLY_SIGNED", "SIGNED", "VOIDED")
OPEN = {
    "ipaOpen": LOCKED, "ipaSign": ("READY_TO_SIGN", "PARTLY_SIGNED"), "ipaRefuse": ("READY_TO_SIGN", "PARTLY_SIGNED"),
    "ipaVoid": ("READY_TO_SIGN", "PARTLY_SIGNED", "SIGNED"),
}  # fmt: skip
"""What there is to do with a fixed agreement, none of which changes what it says."""
NOBODYS = {"FORBIDDEN", "NOT_FOUND", "NOT_A_SIGNATORY"}
CONTENT = """SELECT i.details, i.contacts, i.canonical_form, i.content_hash, i.pdf_sha256,
  (SELECT string_agg(d::text, '' ORDER BY d.id) FROM ipa_document d WHERE d.ipa_id = i.id) AS documents,
  (SELECT string_agg(f::text, '' ORDER BY f.no) FROM ipa_file f WHERE f.ipa_id = i.id) AS files FROM ipa i"""


def on_an_agreement() -> list[str]:
    """Every act that takes an agreement by its id."""
    fields: Any = CONTRACT.mutation_type.fields  # type: ignore[union-attr]
    return sorted(
        name for name, field in fields.items()
        if name.startswith("ipa") and "id" in field.args and is_required_argument(field.args["id"])
    )  # fmt: skip


async def people(agreeing: Agreeing) -> list[Viewer]:
    """One person for every role at either party."""
    where = {Side.LOCAL_AUTHORITY: agreeing.officer.organisation_id, Side.PROVIDER: agreeing.firm.id}
    return [
        await agreeing.world.person(organisation, role)
        for side, organisation in where.items()
        for role in sorted(ROLES_OF[side] - {Role.MACHINE})
    ]


# S-106, S-110, S-114, S-115
@pytest.mark.parametrize("state", LOCKED)
async def test_every_act_on_a_fixed_agreement_is_refused_and_its_bytes_stay(world: World, state: str) -> None:
    agreeing = await until(world, "SIGNED" if state == "VOIDED" else state)
    if state == "VOIDED":
        await void(agreeing)
    paper = str(await agreeing.paper(agreeing.officer.organisation_id, agreeing.officer, "OTHER"))
    permitted = Permitted(world, {**agreeing.ids, "document": paper})
    before, version = await world.sql(CONTENT), (await world.sql("SELECT version FROM ipa"))[0]["version"]
    acts = [act for act in on_an_agreement() if state not in OPEN.get(act, ())]
    everybody = await people(agreeing)
    for act in acts:
        codes = {code for who in everybody for code in await permitted.refusals(who, act)}
        assert codes - NOBODYS == {"IPA_LOCKED"}, (act, codes)
    assert await world.sql(CONTENT) == before
    assert await world.sql("SELECT version FROM ipa") == [{"version": version}]


# S-110
def test_no_act_takes_a_signed_copy() -> None:
    kinds: Any = CONTRACT.type_map["DocumentKind"]
    assert not [name for name in kinds.values if "SIGN" in name or "AGREEMENT" in name or "IPA" in name]
    assert not [act for act in on_an_agreement() if "upload" in act.lower()]
