"""What is known of the fonts holds, here and in the database: names that they cannot show are found."""

import pytest

from models.print_letters import UNSHOWN, unshown
from portal.typography import missing_characters
from tests.world import World

NAMES = [
    ("Siân Llŷr-Prŷs", ""),
    ("Paweł Wiśniewski", ""),
    ("محمد عبد الرحمن", ""),
    ("ਹਰਪ੍ਰੀਤ ਕੌਰ", ""),
    ("Nguye\u0302\u0303n O’Neill\u200d\u202e", ""),
    ("王小明王", "王小明"),
    ("ሰላም Ann", "ሰላም"),
    ("Sam 🙂", "🙂"),
]


def test_what_is_known_of_the_fonts_is_what_they_show() -> None:
    """On the two planes of living scripts; when the fonts change, models/print_letters.py is to say so."""
    differing = [
        f"{code:X}"
        for code in range(1, 0x20000)
        if not 0xD800 <= code < 0xE000 and set(unshown([chr(code)])) != missing_characters(chr(code))
    ]
    assert differing == []


@pytest.mark.parametrize(("name", "lacking"), NAMES)
async def test_the_database_finds_the_names_that_cannot_be_printed(world: World, name: str, lacking: str) -> None:
    assert "".join(unshown([name])) == lacking
    (row,) = await world.sql("SELECT normalize($1, NFC) ~ $2 AS found", name, UNSHOWN)
    assert row["found"] is bool(lacking)
