"""The sentence of a sending that would reach nobody is good English, for one provider and for several."""

from collections.abc import Sequence

import pytest

from models.provider import Category, Gender
from models.referral_match import nobody
from models.wanted import Wanted

GIRL, BOY = Gender.FEMALE, Gender.MALE


@pytest.mark.parametrize(
    ("years", "genders", "counts", "found", "helps"),
    [
        ([1], [GIRL], (0, 0), "none gives fostering", "Choose another category"),
        ([1], [GIRL], (1, 0), "1 gives fostering, but not to children aged 1", "Choose another category"),
        ([1], [GIRL], (2, 0), "2 give fostering, none of them to children aged 1", "Choose another category"),
        ([1], [GIRL], (1, 1), "1 gives fostering to children aged 1, but not to girls", "Choose another category"),
        ([17, 16], [BOY, GIRL], (1, 1),
         "1 gives fostering to children aged 16 and 17, but not to both girls and boys", "Split the group"),
        ([16, 16], [BOY, GIRL], (3, 1),
         "3 give fostering, 1 of them to children aged 16, but not to both girls and boys", "Split the group"),
        ([2, 5], [BOY, BOY], (4, 2), "4 give fostering, 2 of them to children aged 2 and 5, but not to boys",
         "Split the group"),
        ([2], [Gender.OTHER], (3, 3), "3 give fostering, 3 of them to children aged 2, but not to both girls and boys",
         "Choose another category"),
        ([2, 5], [BOY, BOY], (0, 0), "none gives fostering", "Choose another category"),
    ],
)  # fmt: skip
def test_it_says_who_is_left_and_what_may_help(
    years: Sequence[int], genders: Sequence[Gender], counts: tuple[int, int], found: str, helps: str
) -> None:  # S-041
    wanted = Wanted(Category.FOSTERING, [(each, 0) for each in years], genders)
    said = f"No approved provider matches: {found}. {helps}, or send it anyway by acknowledging this."
    assert nobody(wanted, *counts).message == said
