"""Which providers there are: their names, categories, and how far their registration has come."""

from __future__ import annotations

from dataclasses import dataclass

RESIDENTIAL = "RESIDENTIAL"
FOSTERING = "FOSTERING"
SUPPORTED = "SUPPORTED_ACCOMMODATION"
ASSESSMENT = "RESIDENTIAL_FAMILY_ASSESSMENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    trading_name: str
    legal_form: str
    categories: tuple[str, ...]
    seat: str | None = None
    expiring: str | None = None
    state: str = "APPROVED"
    state_reason: str | None = None


def _entries(categories: tuple[str, ...], legal_form: str, names: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(trading_name=name.strip(), legal_form=legal_form, categories=categories) for name in names.split(",")
    )


def _still(name: str, category: str, state: str, reason: str | None = None) -> Entry:
    return Entry(trading_name=name, legal_form="Limited", categories=(category,), state=state, state_reason=reason)


SHOWN_FIRST = (
    Entry(
        trading_name="Copperbeech Children's Homes",
        legal_form="Limited",
        categories=(RESIDENTIAL,),
        seat="birmingham",
        expiring="PUBLIC_LIABILITY_INSURANCE",
    ),
    Entry(trading_name="Lockside Young People", legal_form="CIC", categories=(SUPPORTED,), seat="birmingham"),
)

SETTLED = (
    *_entries(
        (RESIDENTIAL,),
        "Limited",
        "Five Wells Care, Kestrel Rise Homes, Clent View Care, Bredon Children's Homes, Wyre Forest Homes,"
        " Heart of Arden Care, Nailers Row Homes, Edge Hill Children's Care, Wrekin Gate Homes, Teme Valley Care,"
        " Sandwell Valley Homes, Cannock Chase Children's Care, Silver Birch Midlands, Barr Beacon Homes,"
        " Avonbank Residential, Potteries Home from Home, Long Mynd Care, Tollgate Children's Homes",
    ),
    *_entries((RESIDENTIAL,), "CIO", "The Elmbridge Trust, St Milburga's Children's Society"),
    *_entries(
        (FOSTERING,),
        "Limited",
        "Robin's Nest Fostering, Family Tree Foster Care, Severnside Fostering, Black Country Foster Families,"
        " Welcome Table Fostering, Hearth and Home Fostering, Kite Hill Fostering, Three Spires Foster Care,"
        " Canalside Families",
    ),
    *_entries((FOSTERING,), "CIO", "Open Door Fostering Charity, Acorn and Oak Foster Care, Malvern Families Trust"),
    *_entries(
        (SUPPORTED,),
        "Limited",
        "Next Step Sixteen, Brindley Supported Homes, Keyring Young Adults, Own Front Door Midlands,"
        " Stepping Stones Shropshire, Moving On Coventry, First Key Supported Living, Meridian Sixteen Plus",
    ),
    *_entries((SUPPORTED,), "CIC", "Harbour Street Youth Homes, New Arrivals Welcome"),
    *_entries(
        (ASSESSMENT,),
        "Limited",
        "Cradle Hill Family Assessment, Together Family Centres, Rosebank Parenting Assessment,"
        " Riverside Family Assessment, The Orchard Families Centre",
    ),
    *_entries((RESIDENTIAL, SUPPORTED), "Limited", "Pathfinder Midlands Care, Greenway Young People, Stonebridge Care"),
)

UNDER_WAY = (
    _still("Hollybush Children's Homes", RESIDENTIAL, "PENDING_APPROVAL"),
    _still("Larkhill Residential Care", RESIDENTIAL, "PENDING_APPROVAL"),
    _still("Evergreen Foster Families", FOSTERING, "PENDING_APPROVAL"),
    _still("Bridge Street Supported Homes", SUPPORTED, "PENDING_APPROVAL"),
    _still("Little Steps Family Assessment", ASSESSMENT, "PENDING_APPROVAL"),
    _still("Rainbow's End Residential", RESIDENTIAL, "DRAFT"),
    _still("Sunrise Valley Fostering", FOSTERING, "DRAFT"),
    _still("Gateway Sixteen Plus", SUPPORTED, "DRAFT"),
    _still(
        "Oaktree Manor Care", RESIDENTIAL, "REJECTED",
        "The certificate of registration names another address than the home. Please send the current certificate.",
    ),
    _still(
        "Swift Foster Placements", FOSTERING, "REJECTED",
        "The professional indemnity cover is below the sum that the framework asks for. Please renew it.",
    ),
    _still(
        "Citywide Semi-Independence", SUPPORTED, "REJECTED",
        "The premises assessment is missing for two addresses, and the service is not yet registered with Ofsted.",
    ),
    _still(
        "Weavers' Green Homes", RESIDENTIAL, "OPEN_FOR_EDITING",
        "Opened at your request so that the new registered manager of one home can be entered.",
    ),
    _still(
        "Chase Terrace Fostering", FOSTERING, "OPEN_FOR_EDITING",
        "Please correct the approval of one family, which the panel has widened to three children.",
    ),
    _still(
        "Castle Bank Young People", SUPPORTED, "OPEN_FOR_EDITING",
        "Please add the two premises that Ofsted has visited since the service was approved.",
    ),
)  # fmt: skip

ROSTER = (*SHOWN_FIRST, *SETTLED, *UNDER_WAY)
