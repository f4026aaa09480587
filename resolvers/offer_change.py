"""What has changed of an offer since somebody read it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, false

from models.offer import Offer
from models.offer_change import changes_since


def changes(me: Any, id: UUID, since: int) -> Select[Any]:
    """Field by field from the version that was read to the present one; versions are kept from the submission on.

    No row where the viewer sees no such offer; who only signs reads offers through agreements (S-031).
    """
    rows = Offer.visible_to(me).where(Offer.id == id).with_only_columns(changes_since(Offer.id, since))
    return rows.where(false()) if me.sign_only else rows
