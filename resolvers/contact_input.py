"""Whom a provider names to be asked about what."""

from typing import Any

import strawberry

from models.provider import ContactPurpose
from models.refusal import Code, Refused, refuse_all
from resolvers.registration import free

MOST = 50


@strawberry.input(description="Somebody at the provider; a shared mailbox will do.")
class ProviderContactInput:
    purpose: ContactPurpose = strawberry.field(description="What to ask them about.")
    name: str = strawberry.field(description="Their name.")
    job_title: str | None = strawberry.field(default=None, description="Their job title.")
    email: str | None = strawberry.field(default=None, description="E-mail.")
    phone: str | None = strawberry.field(default=None, description="Telephone.")


def contacts_of(given: list[ProviderContactInput]) -> list[dict[str, Any]]:
    """The contacts as they are kept; everything that is wrong with them is told at once."""
    faults = [Refused(Code.INVALID_INPUT, f"Name at most {MOST} contacts.", ["input"])] if len(given) > MOST else []
    for number, each in enumerate(given):
        if not each.name.strip():
            faults.append(Refused(Code.INCOMPLETE, "This has to be filled in.", ["input", str(number), "name"]))
        if free(each.email) and "@" not in str(each.email):
            sentence = f"{each.email!r} is not an e-mail address."
            faults.append(Refused(Code.INVALID_INPUT, sentence, ["input", str(number), "email"]))
    refuse_all(faults)
    return [
        {
            "purpose": each.purpose.value,
            "name": each.name.strip(),
            "jobTitle": free(each.job_title),
            "email": free(each.email),
            "phone": free(each.phone),
        }
        for each in given
    ]
