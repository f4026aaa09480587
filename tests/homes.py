"""Homes for tests: complete, ordinary, each with a URN of its own, which is none that a test writes down."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from models.home import Home, OfstedGrade, Regulator


def care_home(provider: UUID, number: int) -> Home:
    return Home(
        id=uuid4(), provider_id=provider, name=f"Home {number}", address=f"{number} High Street, Birmingham",
        postcode="B1 1AA", urn=f"SC{420_000 + provider.int % 200_000 + number}", regulator=Regulator.OFSTED,
        registered_manager="Morgan Reed", places=4, ofsted_grade=OfstedGrade.GOOD,
        ofsted_inspected_on=date(2025, 11, 3), default_core_fee=Decimal("4100.00"),
    )  # fmt: skip
