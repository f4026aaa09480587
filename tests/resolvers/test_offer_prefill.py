"""What an offer is begun with: everything the portal knows, for the provider's own staff alone."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from models.document import DocumentKind
from models.lifecycle import Role
from models.provider import Category
from tests.cases import SENT_PAPERS, Cases, born
from tests.resolvers.test_offer import at, stage
from tests.world import Care, World

OFFER = "offer {{ placement {{ {chosen} }} fees {{ childId coreFeeWeekly includes }} availableFrom namedCarer }}"
QUESTION = """query ($referral: UUID!, $home: UUID, $family: UUID) {{
  offerPrefill(referralId: $referral, homeId: $home, familyId: $family) {{ {shown} }} }}"""
EVERYTHING = """referralId reference revision category liveOfferId frameworkStatus outsideFramework frameworkNote
  organisation { legalName tradingName companyNumber address postcode agencyUrn contacts { purpose name phone } }
  homes { id name postcode suits frameworkStatus defaultCoreFee } families { id name suits frameworkStatus }
  placement { kind name address postcode urn regulator manager ofstedGrade framework lot supervisingSocialWorker
    family { carers pets smokers languages othersPlaced } }
  statedNeeds { code heading text childId }
  documents { kind documentId name sha256 expiresOn missing expired expiringSoon } """


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def asked(
    cases: Cases, who: Any, referral: str, chosen: str = "homeId", shown: str = EVERYTHING, **where: Any
) -> Any:
    document = QUESTION.format(shown=shown + OFFER.format(chosen=chosen))
    return (await cases.world.gql(who, document, referral=referral, **where))["offerPrefill"]


async def test_an_offer_begins_with_what_is_known_of_home_and_organisation(cases: Cases) -> None:  # S-080
    _, firm, member, id = await stage(cases, Care(), Care(Category.SUPPORTED_ACCOMMODATION, (16, 17)))
    contact = '[{"purpose": "REFERRALS", "name": "Kim Key", "phone": "0121 303 1888"}]'
    await cases.world.sql(
        "UPDATE provider SET contacts = $2::jsonb, legal_name = 'Elm Ltd' WHERE id = $1", firm.id, contact
    )
    await cases.world.sql("UPDATE home SET default_core_fee = 4321.50 WHERE id = $1", firm.homes[0])
    (home,) = await cases.world.sql("SELECT * FROM home WHERE id = $1", firm.homes[0])
    before = await cases.everything_kept()
    given = await asked(cases, member, id, home=str(home["id"]))
    assert await cases.everything_kept() == before
    known = {
        name: given["placement"][name] for name in ("name", "address", "postcode", "urn", "regulator", "ofstedGrade")
    }
    assert known == {
        "name": home["name"], "address": home["address"], "postcode": home["postcode"], "urn": home["urn"],
        "regulator": home["regulator"], "ofstedGrade": home["ofsted_grade"],
    }  # fmt: skip
    assert (given["placement"]["manager"], given["frameworkStatus"]) == (home["registered_manager"], "SPOT")
    assert given["organisation"]["legalName"] == "Elm Ltd"
    assert [each["name"] for each in given["organisation"]["contacts"]] == ["Kim Key"]
    assert [(each["id"], each["suits"]) for each in given["homes"]] == [
        (str(firm.homes[0]), True), (str(firm.homes[1]), False),
    ]  # fmt: skip
    assert [need["code"] for need in given["statedNeeds"]] == ["needs", "child.education", "child.ethnicity"]
    assert given["liveOfferId"] is None
    (fee,) = given["offer"]["fees"]
    assert (fee["coreFeeWeekly"], given["offer"]["namedCarer"]) == ("4321.50", home["registered_manager"])
    assert "statement_of_purpose.pdf" in fee["includes"]


async def test_what_is_given_makes_the_offer_as_it_is(cases: Cases) -> None:  # S-080
    children = [born("2012-05-14"), born("2014-05-14", gender="FEMALE")]
    officer, firm, member, id = await stage(cases, children=children)
    await cases.world.sql("UPDATE home SET default_core_fee = 4321.50 WHERE id = $1", firm.homes[0])
    where = {"home": str(firm.homes[0])}
    given = await asked(cases, member, id, **where)
    needs = [
        {"need": need["heading"], "code": need["code"], "childId": need["childId"], "how": {"text": "So."}}
        for need in given["statedNeeds"]
    ]
    made = await cases.act(member, "offerCreate", referralId=id, input={**given["offer"], "needsMet": needs})
    await cases.on_offer(member, "offerSubmit", made["id"])
    terms = "terms { fees { childId coreFeeWeekly includes } availableFrom namedCarer needsMet { code childId } }"
    placement = EVERYTHING[EVERYTHING.index("placement") : EVERYTHING.index("statedNeeds")]
    seen = await cases.seen(officer, "Offer", made["id"], f"homeId frameworkNote {placement} {terms}")
    offer = {"placement": {"homeId": seen["homeId"]}, **seen["terms"]}
    assert [(need["code"], need["childId"]) for need in offer.pop("needsMet")] == [
        (need["code"], need["childId"]) for need in given["statedNeeds"]
    ]
    assert offer == given["offer"]
    assert (seen["placement"], seen["frameworkNote"]) == (given["placement"], given["frameworkNote"])
    again = await asked(cases, member, id, **where)
    assert again == {**given, "liveOfferId": made["id"]}


async def test_a_family_that_is_saved_fills_in_a_fostering_offer(cases: Cases) -> None:  # S-080, S-095
    officer, _, member, id = await stage(cases, Care(Category.FOSTERING), category="FOSTERING")
    details = {"carers": ["Jo Ward", "Al Ward"], "pets": "Two cats", "smokers": False, "languages": ["Polish"]}
    typed = {"name": "The Wards", "postcode": "B1 1AA", "supervisingSocialWorker": "Pat Lee", **details}
    first = await cases.offered(member, await cases.sent(officer, category="FOSTERING"), {"family": typed})
    family = (await cases.seen(member, "Offer", first))["familyId"]
    bare = await asked(cases, member, id, "familyId")
    assert [(each["id"], each["suits"]) for each in bare["families"]] == [(family, True)]
    assert (bare["homes"], bare["placement"], bare["offer"]["placement"]) == ([], None, None)
    assert [fee["coreFeeWeekly"] for fee in bare["offer"]["fees"]] == [None]
    given = await asked(cases, member, id, "familyId", family=family)
    assert given["placement"]["family"] == {**details, "othersPlaced": None}
    assert given["placement"]["supervisingSocialWorker"] == "Pat Lee"
    offer = given["offer"]
    assert (offer["placement"], offer["namedCarer"]) == ({"familyId": family}, "Jo Ward, Al Ward")
    offer["fees"][0]["coreFeeWeekly"] = "950.00"
    made = await cases.act(member, "offerCreate", "familyId", referralId=id, input=offer)
    assert made["familyId"] == family


async def test_documents_that_would_attach_themselves_are_shown_beforehand(cases: Cases) -> None:  # S-079, S-084, S-086
    """With those that are missing, expired or about to expire; a home's own goes before the organisation's."""
    officer, firm = await cases.officer(), await cases.world.provider(Care(), Care())
    member, id = await cases.member(firm), await cases.sent(officer)
    today = date(2026, 6, 15)
    await cases.papers(firm, SENT_PAPERS[0], expires_on=today - timedelta(days=1))
    await cases.papers(firm, SENT_PAPERS[1], expires_on=today + timedelta(days=29))
    await cases.papers(firm, SENT_PAPERS[2], SENT_PAPERS[3], expires_on=today + timedelta(days=30))
    await cases.papers(firm, DocumentKind.OFSTED_CERTIFICATE, home=firm.homes[0], name="own.pdf")
    given = await asked(cases, member, id, home=str(firm.homes[0]))
    stands = ("missing", "expired", "expiringSoon")
    assert {each["kind"]: [name for name in stands if each[name]] for each in given["documents"]} == {
        SENT_PAPERS[0]: ["expired"], SENT_PAPERS[1]: ["expiringSoon"], SENT_PAPERS[2]: [],
        "OFSTED_CERTIFICATE": [], "STATEMENT_OF_PURPOSE": ["missing"],
    }  # fmt: skip
    names = {each["kind"]: each["name"] for each in given["documents"]}
    assert (names["OFSTED_CERTIFICATE"], names["STATEMENT_OF_PURPOSE"]) == ("own.pdf", None)
    other = await asked(cases, member, id, home=str(firm.homes[1]))
    assert {each["kind"]: each["name"] for each in other["documents"]}["OFSTED_CERTIFICATE"] != "own.pdf"


async def test_it_is_for_the_providers_staff_and_of_what_they_see(cases: Cases) -> None:  # S-031, S-071, S-080
    theirs = await cases.world.provider()
    officer, firm, member, id = await stage(cases)
    rival, signer = await cases.member(theirs), await cases.member(firm, Role.SIGNATORY)
    short = "reference "
    home = str(firm.homes[0])
    assert await asked(cases, member, id, shown=short, home=home)
    for who in (officer, signer, await cases.officer("Solihull")):
        assert await asked(cases, who, id, shown=short) is None
    for unseen in (str(theirs.homes[0]), str(uuid4())):
        assert await asked(cases, member, id, shown=short, home=unseen) is None
        assert await asked(cases, member, id, shown=short, family=unseen) is None
    assert await asked(cases, rival, id, shown=short, home=home) is None
    assert await asked(cases, member, str(uuid4()), shown=short) is None
    document = QUESTION.format(shown="reference")
    await cases.world.error(member, document, referral=id, home=home, family=home)
    draft = await cases.offered(member, id, at(firm))
    assert (await asked(cases, rival, id, shown="liveOfferId "))["liveOfferId"] is None
    assert (await asked(cases, member, id, shown="liveOfferId "))["liveOfferId"] == draft
