"""The form by which a provider of the demonstration begins."""

from __future__ import annotations

from typing import Any

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
