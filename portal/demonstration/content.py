"""All that the demonstration world consists of, before anybody has acted in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.demonstration import journeys, places
from portal.demonstration.people import Register
from portal.demonstration.places import Authority
from portal.demonstration.providers import Provider
from portal.demonstration.providers import providers as all_providers
from portal.demonstration.referrals import Referral
from portal.demonstration.users import Person, known_names
from portal.demonstration.users import users as all_users


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """`users` and `providers` begin with those whose sign-ins are printed; `referrals` with Birmingham's."""

    authorities: tuple[Authority, ...]
    providers: tuple[Provider, ...]
    users: tuple[Person, ...]
    referrals: tuple[Referral, ...]


def content(today: date) -> Content:
    """The same world for the same day, on every machine; from one day to the next only the dates move."""
    register = Register(known_names())
    authorities = places.authorities()
    providers = all_providers(today, register)
    users = all_users(authorities, providers, register)
    return Content(
        authorities=authorities,
        providers=providers,
        users=users,
        referrals=journeys.referrals(today, providers, users, register),
    )
