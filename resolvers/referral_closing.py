"""The preview of closing a referral."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select

from models.referral_closing import ReferralClosing


def one(me: Any, id: UUID) -> Select[Any]:
    return ReferralClosing.visible_to(me).where(ReferralClosing.__table__.c.id == id)
