"""Another agreement as one agreement names it."""

from uuid import UUID

from models import ipa
from models.ipa import IpaStatus
from schema.fields import shows, told


@shows(ipa.Ipa, "An agreement that another one names, where you may see it.")
class OtherIpa:
    id: UUID = told("Its id.")
    reference: str = told("Its reference.")
    status: IpaStatus = told("Its state.")
