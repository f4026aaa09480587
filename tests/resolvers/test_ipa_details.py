"""What an agreement says: filled in and checked, what is missing of it, what is locked, and what case systems read."""

import hashlib
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from graphql import GraphQLInputObjectType, get_named_type

from models.ipa_form import canonical_form, read_form
from models.ipa_needed import CONTACTS as PROVIDERS_PART
from models.ipa_needed import NEEDED, missing
from models.lifecycle import Role
from models.person import Viewer
from tests.agreeing import CONTACTS, CREATE, DETAILS, Agreeing
from tests.cases import CONTRACT
from tests.resolvers.test_machine import CONNECT, found
from tests.world import World

GAPS = "query ($id: UUID!) { ipa(id: $id) { status missing { part field label sentence path } } }"
CHILD = """query ($id: UUID!) { ipa(id: $id) { details { authority { commissioningOfficer { name } } firstReviewOn
  child { givenNames nhsNumber upn legalStatus expectedOn ehcp siblings } fundingSplit { socialCare }
  placement { startsOn startsAt purpose familyTime health gp { name postcode phone } decisions { decision by note } } }
  contacts { keyContact { name phone } emergencyContact { name phone } } } }"""
FORM = "query ($id: UUID!) { ipa(id: $id) { contentHash canonicalForm } }"
CODES = """query ($id: UUID!) { ipa(id: $id) {
  ssda903 { placementType providerCode legalStatus urn postcode } } }"""


async def drafted(world: World, **more: Any) -> Agreeing:
    agreeing = await Agreeing.among(world)
    await (await (await agreeing.referred()).offered(**more)).accepted()
    return await agreeing.drawn_up()


async def edited(agreeing: Agreeing, **given: Any) -> list[dict[str, Any]]:
    payload = await agreeing.act(agreeing.officer, "ipaUpdate", "input: $input", input=("IpaInput!", given))
    return list(payload["problems"])


async def told(agreeing: Agreeing, who: Viewer, document: str) -> dict[str, Any]:
    shown: dict[str, Any] = (await agreeing.world.gql(who, document, id=agreeing.ids["ipa"]))["ipa"]
    return shown


def paths(problems: list[dict[str, Any]]) -> list[str]:
    assert {problem["code"] for problem in problems} <= {"INVALID_INPUT"}
    return sorted(".".join(problem["path"]) for problem in problems)


async def row(agreeing: Agreeing) -> dict[str, Any]:
    (found,) = await agreeing.world.sql("SELECT * FROM ipa WHERE id = $1", UUID(agreeing.ids["ipa"]))
    return found


# S-104
async def test_every_fault_of_an_edit_is_told_at_once_and_nothing_is_changed(world: World) -> None:
    agreeing = await drafted(world)
    before = await row(agreeing)
    contact = {"name": " ", "phone": "-", "email": "nobody"}
    problems = await edited(
        agreeing,
        authority={"outOfHours": "none", "socialWorker": contact},
        child={"nhsNumber": "943 476 5918", "upn": "A801200001001", "dateOfBirth": "2027-02-03"},
        placement={
            "startsOn": "2026-07-01", "startsAt": "25:00", "plannedDuration": "x" * 301,
            "gp": {"name": "", "postcode": "B", "phone": "x"}, "decisions": [{"decision": " ", "by": "CARER"}],
        },
        outcomes=[{"outcome": " "}, {"outcome": "Sleeps", "reviewOn": "2026-06-30"}],
        firstReviewOn="2026-06-30",
        fundingSplit={"socialCare": "60", "education": "39.999"},
    )  # fmt: skip
    assert paths(problems) == [
        "input.authority.outOfHours", "input.authority.socialWorker.email", "input.authority.socialWorker.name",
        "input.authority.socialWorker.phone", "input.child.dateOfBirth",
        "input.child.nhsNumber", "input.child.upn", "input.firstReviewOn", "input.fundingSplit",
        "input.fundingSplit.education", "input.outcomes.0.outcome", "input.outcomes.1.reviewOn",
        "input.placement.decisions.0.decision", "input.placement.gp.name", "input.placement.gp.phone",
        "input.placement.gp.postcode", "input.placement.plannedDuration", "input.placement.startsAt",
    ]  # fmt: skip
    assert all(problem["message"].endswith(".") for problem in problems)
    assert await row(agreeing) == before


# S-104
async def test_days_are_held_against_those_that_were_said_before(world: World) -> None:
    agreeing = await drafted(world)
    assert paths(await edited(agreeing, firstReviewOn="2026-06-30")) == ["input.firstReviewOn"]
    assert paths(await edited(agreeing, child={"dateOfBirth": "2026-07-02"})) == ["input.child.dateOfBirth"]
    assert paths(await edited(agreeing, child={"dateOfBirth": "2008-07-01"})) == ["input.child.dateOfBirth"]
    assert await edited(agreeing, firstReviewOn="2026-07-01", child={"dateOfBirth": "2008-07-02"}) == []
    assert paths(await edited(agreeing, placement={"startsOn": "2026-07-02"})) == [
        "input.child.dateOfBirth", "input.firstReviewOn",
    ]  # fmt: skip
    assert paths(await edited(agreeing, placement={"startsOn": "2031-07-02"}))[-1] == "input.placement.startsOn"


# S-104
async def test_what_has_a_form_is_kept_in_it_and_blanks_are_nothing(world: World) -> None:
    agreeing = await drafted(world)
    surgery = {"name": " Lakeside ", "postcode": "b296bd", "phone": "0121 000 0002"}
    given: dict[str, Any] = {
        "child": {"givenNames": "Zofia Sia\u0302n", "nhsNumber": "943 476 5919", "upn": "h801200001001", "ehcp": "  "},
        "placement": {"startsAt": "9:30", "gp": surgery, "decisions": [{"decision": "Haircuts", "by": "CHILD"}]},
    }
    assert await edited(agreeing, **given) == []
    details = (await told(agreeing, agreeing.officer, CHILD))["details"]
    child = {name: details["child"][name] for name in ("givenNames", "nhsNumber", "upn", "ehcp")}
    assert child == {"givenNames": "Zofia Siân", "nhsNumber": "9434765919", "upn": "H801200001001", "ehcp": None}
    plan = details["placement"]
    assert (plan["startsAt"], plan["gp"]) == ("09:30", {**surgery, "name": "Lakeside", "postcode": "B29 6BD"})
    assert plan["decisions"] == [{"decision": "Haircuts", "by": "CHILD", "note": None}]


# S-102, S-104
async def test_a_list_of_what_is_missing_stands_by_a_draft_until_nothing_is(world: World) -> None:
    agreeing = await drafted(world)
    asked = (await told(agreeing, agreeing.officer, GAPS))["missing"]
    assert [".".join(gap["path"]) for gap in asked] == [
        "authority.outOfHours", "contacts.keyContact.phone", "contacts.emergencyContact.name",
        "contacts.emergencyContact.phone", "child.parentalResponsibility", "placement.purpose", "placement.education",
        "placement.familyTime", "placement.health", "placement.delegatedAuthority", "outcomes", "firstReviewOn",
        "fundingSplit", "terms.noticeByAuthority", "terms.noticeByProvider",
    ]  # fmt: skip
    assert asked[0] == {
        "part": "authority", "field": "outOfHours", "label": "Out-of-hours number", "path": ["authority", "outOfHours"],
        "sentence": "Give the number to ring at night and at weekends.",
    }  # fmt: skip
    await agreeing.shared()
    theirs = (await told(agreeing, agreeing.member, GAPS))["missing"]
    assert theirs == [gap for gap in asked if gap["part"] == "contacts"]
    refused = (await agreeing.act(agreeing.officer, "ipaEnable"))["problems"]
    assert refused == [{"code": "INCOMPLETE", "message": gap["sentence"], "path": gap["path"]} for gap in asked]
    assert (await row(agreeing))["content_hash"] is None
    await agreeing.filled()
    for who in (agreeing.officer, agreeing.member):
        assert (await told(agreeing, who, GAPS))["missing"] == []
    await agreeing.well(agreeing.officer, "ipaEnable")
    assert await told(agreeing, agreeing.officer, GAPS) == {"status": "READY_TO_SIGN", "missing": []}


async def test_the_list_that_is_read_is_the_list_that_refuses_whatever_is_filled_in(world: World) -> None:
    agreeing = await drafted(world)
    whole: dict[str, Any] = orjson.loads((await row(agreeing))["details"]) | DETAILS
    said: list[tuple[dict[str, Any], dict[str, Any], str]] = [
        ({}, {}, "RESIDENTIAL"), (whole, CONTACTS, "RESIDENTIAL"), (whole, {"keyContact": None}, "FOSTERING"),
        ({"child": None, "placement": {"emergency": False, "purpose": " \n "}}, {}, "RESIDENTIAL"),
        ({"child": {"legalStatus": "Not looked after"}, "outcomes": [], "fundingSplit": {}}, {}, "RESIDENTIAL"),
        ({"child": {"legalStatus": "NOT_LOOKED_AFTER"}}, CONTACTS, "SUPPORTED_ACCOMMODATION"),
        ({"child": {"expectedOn": "2026-09-01"}}, {}, "RESIDENTIAL_FAMILY_ASSESSMENT"),
        ({"child": {"expectedOn": "2026-09-01", "dateOfBirth": "2026-08-30"}}, {}, "RESIDENTIAL_FAMILY_ASSESSMENT"),
        ({"child": {"expectedOn": "2026-09-01"}}, {}, "RESIDENTIAL"),
        ({"placement": {"decisions": [{"decision": "Haircuts", "by": "CHILD"}]}}, {}, "RESIDENTIAL"),
        ({"placement": {"decisions": []}}, {}, "RESIDENTIAL"),
    ]  # fmt: skip
    for details, contacts, category in said:
        await unguarded(
            world, agreeing, details=orjson.dumps(details).decode(), contacts=orjson.dumps(contacts).decode(),
            category=category,
        )  # fmt: skip
        read = [gap["path"] for gap in (await told(agreeing, agreeing.officer, GAPS))["missing"]]
        assert read == [need.path for need in missing({**details, PROVIDERS_PART: contacts}, category)]


async def unguarded(world: World, agreeing: Agreeing, details: str, contacts: str, category: str) -> None:
    """What no act brings about, or an earlier release did."""
    async with world.owner.begin() as connection:
        run = connection.exec_driver_sql
        await run("SET LOCAL session_replication_role = replica")
        await run("ALTER TABLE offer DROP CONSTRAINT IF EXISTS ck_offer_placement_suits_category")
        await run("UPDATE offer SET category = $1", (category,))
        await run("UPDATE ipa SET details = $1, contacts = $2", (details, contacts))


def test_every_need_names_a_field_that_can_be_filled_in() -> None:
    inputs = {"": "IpaInput", PROVIDERS_PART: "IpaContactsInput"}
    for need in NEEDED:
        for path in need.paths:
            kind: Any = CONTRACT.type_map[inputs.get(path[0], inputs[""])]
            for name in path[1:] if path[0] == PROVIDERS_PART else path:
                assert name in kind.fields, path
                kind = get_named_type(kind.fields[name].type)


# S-103
def test_what_comes_from_the_offer_has_no_input_anywhere_in_an_agreement() -> None:
    named = set[str]()
    waiting = [CONTRACT.type_map["IpaInput"], CONTRACT.type_map["IpaContactsInput"]]
    while waiting:
        kind = waiting.pop()
        assert isinstance(kind, GraphQLInputObjectType)
        for name, field in kind.fields.items():
            named.add(f"{kind.name}.{name}")
            inner = get_named_type(field.type)
            waiting += [inner] if isinstance(inner, GraphQLInputObjectType) else []
    locked = {"kind", "urn", "manager", "category", "carers", "framework", "lot", "coreFeeWeekly", "additionalCosts",
              "weeklyTotal", "includes", "upliftRule", "legalName", "companyNumber", "conditions", "homeId", "familyId",
              "price", "fees"}  # fmt: skip
    assert not {name for name in named if name.split(".")[1] in locked}


# S-103
@pytest.mark.parametrize("input", ["{coreFee: 1}", '{placement: {name: "Mine"}}', '{price: {coreFeeWeekly: "1.00"}}'])
async def test_neither_side_can_write_what_was_offered(world: World, input: str) -> None:
    agreeing = await drafted(world)
    before = await row(agreeing)
    for who, act in ((agreeing.officer, "ipaUpdate"), (agreeing.member, "ipaUpdateContacts")):
        document = f"""mutation ($id: UUID!) {{ {act}(id: $id, expectedVersion: 1, input: {input}) {{
          problems {{ code }} }} }}"""
        await world.error(who, document, id=agreeing.ids["ipa"])
    assert await row(agreeing) == before


# S-102, S-118
async def test_everything_locked_is_in_what_is_signed_as_it_was_offered(world: World) -> None:
    cost = {"description": "School taxi", "amount": "65.00", "unit": "WEEK"}
    fee = {"coreFeeWeekly": "4100.00", "includes": "Statement of Purpose, version 3", "additionalCosts": [cost]}
    agreeing = await drafted(world, fees=[fee], conditions=["A second waking night."], staffing={"text": "Two by day"})
    await (await agreeing.shared()).ready()
    form = read_form((await row(agreeing))["canonical_form"])
    (offer,) = await world.sql("SELECT * FROM offer_version ORDER BY version DESC LIMIT 1")
    place, terms = orjson.loads(offer["placement"]), orjson.loads(offer["terms"])
    (provider,) = await world.sql("SELECT * FROM provider WHERE id = $1", agreeing.firm.id)
    for name in ("kind", "name", "address", "postcode", "urn", "manager", "regulator"):
        assert form["placement"][name] == place[name]
    said = {name: terms["fees"][0][name] for name in ("coreFeeWeekly", "weeklyTotal", "firstYearTotal")}
    assert {name: form["price"][name] for name in said} == said
    assert form["price"]["coreFeeIncludes"] == fee["includes"]
    assert canonical_form({"": form["price"]["additionalCosts"]}) == canonical_form(
        {"": terms["fees"][0]["additionalCosts"]}
    )
    assert form["price"]["weeklyShares"] == {"socialCare": "4165.00", "education": "0.00", "health": "0.00"}
    assert "uplift" in form["price"]["upliftRule"]
    assert form["price"]["statementOfPurpose"]["sha256"] == "ab" * 32
    assert form["terms"]["conditions"] == ["A second waking night."]
    assert form["offer"]["staffing"] == "Two by day"
    assert (form["offer"]["version"], form["offer"]["contentHash"]) == (offer["version"], offer["content_hash"])
    assert form["framework"] == {"kind": "SPOT", "nonFrameworkHome": False}
    assert form["provider"]["legalName"] == provider["legal_name"]
    assert form["provider"]["postcode"] == provider["postcode"]
    (authority,) = await world.sql("SELECT name, gss_code FROM organisation WHERE id = (SELECT la_id FROM ipa)")
    assert (form["authority"]["name"], form["authority"].get("code")) == (authority["name"], authority["gss_code"])


# S-102, S-106
async def test_what_was_fixed_stays_what_it_was_when_a_party_changes_its_name(world: World) -> None:
    agreeing = await drafted(world)
    await (await agreeing.shared()).ready()
    first = await agreeing.opened(agreeing.officer)
    await world.sql("UPDATE provider SET legal_name = 'Another Name Limited'")
    again = await agreeing.opened(agreeing.member)
    assert again["pdfSha256"] == first["pdfSha256"]
    assert "Another Name" not in (await told(agreeing, agreeing.officer, FORM))["canonicalForm"]


# S-109
async def test_both_parties_can_recompute_what_they_sign_once_it_is_fixed(world: World) -> None:
    agreeing = await drafted(world)
    await agreeing.shared()
    assert await told(agreeing, agreeing.member, FORM) == {"contentHash": None, "canonicalForm": None}
    await agreeing.ready()
    for who in (agreeing.officer, agreeing.member, agreeing.provider_signatory):
        shown = await told(agreeing, who, FORM)
        assert hashlib.sha256(shown["canonicalForm"].encode()).hexdigest() == shown["contentHash"]
        assert shown["canonicalForm"].startswith("wmpp/ipa/1\n{")


# S-102
async def test_a_draft_knows_what_referral_registration_and_the_agreement_before_it_know(world: World) -> None:
    agreeing = await Agreeing.among(world)
    named = [
        {"purpose": "EMERGENCY", "name": "On call", "jobTitle": "Lead", "email": None, "phone": "0121 000 0009"},
        {"purpose": "REFERRALS", "name": "mia member", "jobTitle": None, "email": None, "phone": "0121 000 0008"},
    ]  # fmt: skip
    await world.sql("UPDATE provider SET contacts = $1 WHERE id = $2", orjson.dumps(named).decode(), agreeing.firm.id)
    await (await (await (await agreeing.referred()).offered()).accepted()).drawn_up()
    shown = await told(agreeing, agreeing.officer, CHILD)
    assert shown["details"]["child"]["legalStatus"] == "V2"
    assert shown["details"]["authority"]["commissioningOfficer"] == {"name": "Olu Officer"}
    assert shown["contacts"] == {
        "keyContact": {"name": "Mia Member", "phone": "0121 000 0008"},
        "emergencyContact": {"name": "On call", "phone": "0121 000 0009"},
    }
    assert await edited(agreeing, child={"upn": "H801200001001"}, fundingSplit={"socialCare": "100"}) == []
    assert await edited(agreeing, placement={"startsOn": "2026-08-01", "health": "Asthma."}) == []
    await agreeing.well(agreeing.officer, "ipaVoid", 'reason: "Begun for the wrong home."')
    await (await (await agreeing.offered()).accepted()).drawn_up()
    again = (await told(agreeing, agreeing.officer, CHILD))["details"]
    assert (again["child"]["upn"], again["placement"]["health"]) == ("H801200001001", "Asthma.")
    assert (again["fundingSplit"], again["placement"]["startsOn"]) == ({"socialCare": "100"}, "2026-07-01")


# S-061, S-101
async def test_siblings_have_an_agreement_each_with_their_own_details_and_fees(world: World) -> None:
    agreeing = await Agreeing.among(world)
    ana = {"givenNames": "Ana", "familyName": "Żak", "dateOfBirth": "2014-02-03", "gender": "FEMALE"}
    jan = {**ana, "givenNames": "Jan", "dateOfBirth": "2012-01-02", "gender": "MALE", "nhsNumber": "943 476 5919"}
    await agreeing.referred(ana, jan)
    children = [str(found["id"]) for found in await world.sql("SELECT id FROM child ORDER BY position")]
    fees = [{"childId": id, "coreFeeWeekly": fee} for id, fee in zip(children, ("4100.00", "3900.00"), strict=True)]
    needs = [{"need": "Cello", "how": {"text": "Lessons"}, "childId": children[0]}]
    await (await agreeing.offered(fees=fees, needsMet=needs)).accepted()
    create = CREATE.replace("$key: UUID!", "$key: UUID!, $child: UUID").replace(
        "offerId: $id", "offerId: $id, childId: $child"
    )
    given = {"id": agreeing.ids["offer"]}
    assert await world.refused(agreeing.officer, create, **given, key=str(uuid4())) == ["INVALID_INPUT"]
    forms = []
    for child in children:
        made = await world.do(agreeing.officer, create, **given, key=str(uuid4()), child=child)
        agreeing.ids["ipa"] = made["ipa"]["id"]
        await (await agreeing.shared()).ready()
        forms.append(read_form((await row(agreeing))["canonical_form"]))
        again = await world.refused(agreeing.officer, create, **given, key=str(uuid4()), child=child)
        assert again == ["IPA_EXISTS"]
    assert [form["child"]["givenNames"] for form in forms] == ["Ana", "Jan"]
    assert [form["child"]["siblings"] for form in forms] == ["1 other child of this referral, placed together"] * 2
    assert [form["price"]["coreFeeWeekly"] for form in forms] == ["4100.00", "3900.00"]
    assert [form["child"].get("nhsNumber") for form in forms] == [None, "9434765919"]
    assert [form["offer"]["needsMet"] for form in forms] == [[{"need": "Cello", "how": "Lessons"}], []]
    assert forms[0]["offer"]["contentHash"] == forms[1]["offer"]["contentHash"]


async def connected(world: World, authority: UUID) -> Viewer:
    """A case system of an authority."""
    admin = await world.person(authority, Role.ADMINISTRATOR)
    made = await world.do(admin, CONNECT, input={"name": "Case system"})
    return await found(world, made["token"])


# S-122
async def test_case_systems_read_the_codes_of_the_yearly_return(world: World) -> None:
    agreeing = await drafted(world)
    machine, other = [
        await connected(world, authority) for authority in (await world.authority(), await world.authority("Coventry"))
    ]
    (home,) = await world.sql("SELECT urn, postcode FROM home WHERE id = $1", agreeing.firm.homes[0])
    codes = (await told(agreeing, machine, CODES))["ssda903"]
    assert codes == {"placementType": "K2", "providerCode": None, "legalStatus": "V2", **home}
    assert (
        await edited(agreeing, placement={"providerSector": "VOLUNTARY"}, child={"legalStatus": "NOT_LOOKED_AFTER"})
        == []
    )
    codes = (await told(agreeing, machine, CODES))["ssda903"]
    assert (codes["providerCode"], codes["legalStatus"]) == ("PR5", None)
    assert await told(agreeing, other, CODES) is None
    refused = await agreeing.act(machine, "ipaUpdate", "input: {outcomes: []}")
    assert [problem["code"] for problem in refused["problems"]] == ["FORBIDDEN"]


async def test_fostering_and_supported_accommodation_have_codes_of_their_own(world: World) -> None:
    agreeing = await drafted(world)
    expected = {
        ("FOSTERING", "{}"): None,
        ("FOSTERING", '{"placement": {"fosteringType": "RELATIVE_LONG_TERM"}}'): "U1",
        ("FOSTERING", '{"placement": {"fosteringType": "FOR_ADOPTION"}}'): "U5",
        ("FOSTERING", '{"placement": {"fosteringType": "OTHER"}}'): "U6",
        ("SUPPORTED_ACCOMMODATION", '{"placement": {"fosteringType": "OTHER"}}'): "H5",
        ("RESIDENTIAL_FAMILY_ASSESSMENT", "{}"): "R3",
    }
    for (category, details), code in expected.items():
        await unguarded(world, agreeing, details, "{}", category)
        assert (await told(agreeing, agreeing.officer, CODES))["ssda903"]["placementType"] == code


async def test_a_draft_of_an_earlier_release_is_read_by_its_codes_and_its_surgery_by_its_words(world: World) -> None:
    agreeing = await drafted(world)
    old = '{"child": {"legalStatus": "Care order"}, "placement": {"gp": "The Limes, Bilston"}}'
    await unguarded(world, agreeing, old, "{}", "RESIDENTIAL")
    details = (await told(agreeing, agreeing.officer, CHILD))["details"]
    assert details["child"]["legalStatus"] == "C2"
    assert details["placement"]["gp"] == {"name": "The Limes, Bilston", "postcode": None, "phone": None}
    await unguarded(world, agreeing, '{"child": {"legalStatus": "as discussed"}}', "{}", "RESIDENTIAL")
    assert (await told(agreeing, agreeing.officer, CHILD))["details"]["child"]["legalStatus"] is None
