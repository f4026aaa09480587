"""What the portal seals agreements with: keys of its own, made when they are first needed and kept encrypted."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from models.base import Base, Identified


class SealingKey(Identified, Base):
    """A key with its certificate, and the authority that issued it; both keys are sealed with the portal's secret.

    Certificates are PEM. Older keys stay, so that what they sealed can be checked for as long as it is kept.
    """

    __tablename__ = "sealing_key"

    authority: Mapped[str]
    authority_key: Mapped[bytes]
    certificate: Mapped[str]
    sealed_key: Mapped[bytes]
    not_after: Mapped[datetime]
    made_at: Mapped[datetime]
