"""Organisations as a client sees them."""

from uuid import UUID

from models import organisation
from models.lifecycle import Side
from schema.fields import shows, told


@shows(organisation.Organisation, "A local authority, a provider, or the region.")
class Organisation:
    id: UUID = told("Its id.")
    name: str = told("Its name.")
    side: Side = told("What kind of organisation it is.")
    gss_code: str | None = told("An authority's GSS code.")
    dfe_code: str | None = told("An authority's DfE code.")
    delivered_by: str | None = told("Who acts for the authority, where that is a trust.")
