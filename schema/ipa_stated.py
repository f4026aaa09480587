"""What follows from an agreement's details, as a client sees it."""

from schema.fields import told, value


@value("Something that must be filled in before an agreement can be signed.")
class IpaGap:
    part: str = told("The part of the input it belongs to; `contacts` are the provider's to fill in.")
    field: str | None = told("The field of that part; null where the part is one field.")
    label: str = told("Its name, for people.")
    sentence: str = told("What to do, for people.")
    path: list[str] = told("Where it is in the input, as `problems` name it.")


@value("Codes of the Department for Education's return on looked-after children, SSDA903; null where not known.")
class Ssda903:
    placement_type: str | None = told("K2, U1 to U6, H5 or R3; for fostering by `fosteringType`.")
    provider_code: str | None = told("PR4 for a private and PR5 for a voluntary provider, by `providerSector`.")
    legal_status: str | None = told("The code of the legal status; null also for a child who is not looked after.")
    urn: str | None = told("Ofsted's number of the home or agency; null for a home that another regulator knows.")
    postcode: str | None = told("The postcode of the placement.")
