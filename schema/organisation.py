"""Organisations as a client sees them."""

from uuid import UUID

import strawberry

from models import organisation
from models.lifecycle import Side
from schema.fields import connection, shows, told
from schema.pages import PageInfo


@shows(organisation.Organisation, "A local authority, a provider, or the region.")
class Organisation:
    id: UUID = told("Its id.")
    name: str = told("Its name.")
    side: Side = told("What kind of organisation it is.")
    gss_code: str | None = told("An authority's GSS code.")
    dfe_code: str | None = told("An authority's DfE code.")
    delivered_by: str | None = told("Who acts for the authority, where that is a trust.")


@strawberry.type(description="An organisation at its place in the list.")
class OrganisationEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Organisation = strawberry.field(description="The organisation.")


@connection("Organisation", "A page of organisations, by name.")
class OrganisationConnection:
    edges: list[OrganisationEdge] = strawberry.field(description="The organisations with their cursors.")
    nodes: list[Organisation] = strawberry.field(description="The organisations.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")
