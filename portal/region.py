"""The West Midlands: its fourteen authorities, and which postcode districts belong to each."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Authority:
    """A local authority as the public registers know it; `delivered_by` is the trust that acts for it, if one does."""

    name: str
    gss_code: str
    dfe_code: str
    address: str
    districts: str
    delivered_by: str | None = None


AUTHORITIES = (
    Authority("Birmingham", "E08000025", "330", "Council House, Victoria Square, Birmingham B1 1BB",
              "B1-B21 B23-B35 B38 B42 B44 B45 B72-B76", "Birmingham Children's Trust"),
    Authority("Coventry", "E08000026", "331", "Council House, Earl Street, Coventry CV1 5RR", "CV1-CV6"),
    Authority("Dudley", "E08000027", "332", "Council House, Priory Road, Dudley DY1 1HF",
              "DY1-DY3 DY5 DY6 DY8 DY9 B62 B63"),
    Authority("Sandwell", "E08000028", "333", "Sandwell Council House, Freeth Street, Oldbury B69 3DE",
              "B43 B64-B71 DY4 WS10"),
    Authority("Solihull", "E08000029", "334", "Council House, Manor Square, Solihull B91 3QB",
              "B36 B37 B40 B90-B94"),
    Authority("Walsall", "E08000030", "335", "Civic Centre, Darwall Street, Walsall WS1 1TP",
              "WS1-WS5 WS8 WS9 WV12 WV13"),
    Authority("Wolverhampton", "E08000031", "336", "Civic Centre, St Peter's Square, Wolverhampton WV1 1SH",
              "WV1-WV4 WV6 WV10 WV11 WV14"),
    Authority("Herefordshire, County of", "E06000019", "884", "Plough Lane, Hereford HR4 0LE", "HR1-HR9"),
    Authority("Shropshire", "E06000051", "893", "Guildhall, Frankwell Quay, Shrewsbury SY3 8HQ",
              "SY1-SY8 SY10-SY14 TF9 TF11-TF13 WV7 WV15 WV16 DY14"),
    Authority("Stoke-on-Trent", "E06000021", "861", "Civic Centre, Glebe Street, Stoke-on-Trent ST4 1HH",
              "ST1-ST4 ST6"),
    Authority("Telford and Wrekin", "E06000020", "894", "Addenbrooke House, Ironmasters Way, Telford TF3 4NT",
              "TF1-TF8 TF10"),
    Authority("Staffordshire", "E10000028", "860", "Staffordshire Place, Tipping Street, Stafford ST16 2DH",
              "ST5 ST7-ST21 WS6 WS7 WS11-WS15 WV5 WV8 WV9 DY7 B77-B79 DE13-DE15"),
    Authority("Warwickshire", "E10000031", "937", "Shire Hall, Market Place, Warwick CV34 4RL",
              "CV7-CV13 CV21-CV23 CV31-CV37 CV47 B46 B49 B50 B80 B95"),
    Authority("Worcestershire", "E10000034", "885", "County Hall, Spetchley Road, Worcester WR5 2NP",
              "WR1-WR15 DY10-DY13 B47 B48 B60 B61 B96-B98"),
)  # fmt: skip
RANGE = re.compile(r"([A-Z]+)(\d+)(?:-[A-Z]+(\d+))?")


def districts(authority: Authority) -> list[str]:
    """Every outward postcode of the authority, its ranges spelt out."""
    found = []
    for letters, first, last in RANGE.findall(authority.districts):
        found += [f"{letters}{number}" for number in range(int(first), int(last or first) + 1)]
    return found
