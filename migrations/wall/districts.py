"""The postcode districts and their middles, to begin with; where they are from is in postcode_district.md."""

from pathlib import Path

TABLE = Path(__file__).with_name("postcode_district.csv")
FILL = "INSERT INTO postcode_district (district, latitude, longitude) VALUES {}"


def rows() -> list[tuple[str, float, float]]:
    """District, latitude and longitude, as the file has them."""
    lines = (line.split(",") for line in TABLE.read_text().splitlines()[1:])
    return [(district, float(latitude), float(longitude)) for district, latitude, longitude in lines]


def filling() -> str:
    values = ", ".join(f"('{district}', {latitude}, {longitude})" for district, latitude, longitude in rows())
    return FILL.format(values)
