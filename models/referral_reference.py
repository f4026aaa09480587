"""The short reference by which people speak of a referral."""

import secrets

from models.provider import Category

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SUFFIX = {
    Category.RESIDENTIAL: "RES",
    Category.FOSTERING: "FOS",
    Category.SUPPORTED_ACCOMMODATION: "SUP",
    Category.RESIDENTIAL_FAMILY_ASSESSMENT: "RFA",
}


def new_reference(category: Category | None) -> str:
    """Short and easily read out: no letters or digits that look alike."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(5))
    return f"WM-{letters}-{SUFFIX[category] if category else 'REF'}"
