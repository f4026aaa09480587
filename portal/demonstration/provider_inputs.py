"""Providers, homes and families of the demonstration as the contract takes them."""

from __future__ import annotations

from typing import Any

from portal.demonstration.families import FosteringFamily
from portal.demonstration.frameworks import FrameworkMembership
from portal.demonstration.homes import Home
from portal.demonstration.providers import Provider
from portal.demonstration.users import Person

Json = dict[str, Any]


def beginning(provider: Provider, first: Person) -> Json:
    return {
        "organisation": provider.legal_name,
        "postcode": provider.address.postcode,
        "name": first.name,
        "email": first.email,
        "jobTitle": first.job_title,
        "phone": first.phone,
    }


def registration(provider: Provider) -> Json:
    charity = f", charity {provider.charity_number}" if provider.charity_number else ""
    return {
        "legalName": provider.legal_name,
        "tradingName": provider.trading_name,
        "companyNumber": f"{provider.company_number}{charity}",
        "address": str(provider.address),
        "postcode": provider.address.postcode,
        "agencyUrn": provider.agency.urn if provider.agency else None,
    }


def fostering_care(provider: Provider) -> Json:
    """An agency is registered for all that any of its families is approved for."""
    families = provider.families
    return {
        "ageFrom": min(family.age_from for family in families),
        "ageTo": max(family.age_to for family in families),
        "genders": sorted({gender for family in families for gender in family.genders}),
        "memberships": [membership(each) for each in provider.frameworks if each.framework == "FOSTERING"],
    }


def membership(of: FrameworkMembership) -> Json:
    return {
        "framework": of.framework,
        "lot": of.lot,
        "validFrom": of.valid_from.isoformat(),
        "validUntil": of.valid_to.isoformat(),
    }


def home(of: Home) -> Json:
    care = {"category": of.category, "ageFrom": of.age_from, "ageTo": of.age_to, "genders": list(of.genders)}
    return {
        "name": of.name,
        "address": str(of.address),
        "postcode": of.address.postcode,
        "urn": of.registration.urn,
        "regulator": of.registration.regulator,
        "registeredManager": of.registered_manager,
        "places": of.registered_places,
        "ofstedGrade": of.ofsted_grade,
        "ofstedInspectedOn": of.inspected_on.isoformat() if of.inspected_on else None,
        "defaultCoreFee": str(of.core_weekly_fee),
        "care": [care],
        "memberships": [membership(of.framework)] if of.framework else [],
    }


def family(of: FosteringFamily) -> Json:
    return {
        "name": of.name,
        "postcode": of.postcode,
        "supervisingSocialWorker": of.supervising_social_worker,
        "carers": [carer.name.full for carer in of.carers],
        "ageFrom": of.age_from,
        "ageTo": of.age_to,
        "places": of.number,
        "genders": list(of.genders),
        "household": of.household,
        "pets": of.pets,
        "smokers": of.smokers,
        "ethnicity": " / ".join(dict.fromkeys(carer.ethnicity for carer in of.carers)),
        "languages": list(of.languages),
        "faith": of.faith,
        "experience": of.experience,
        "othersPlaced": of.others_placed,
    }
