"""Why a referral reaches whom it reaches."""

from uuid import UUID

from models.home import FrameworkStatus
from models.provider import Category, Gender
from schema.fields import told, value


@value("By what care a provider matched a referral, as that was registered on the day of the delivery.")
class DeliveryMatch:
    home_id: UUID | None = told("The home that matched, the first by name of several; null for a fostering agency.")
    home_name: str | None = told("Its name on that day.")
    category: Category = told("The category of care.")
    age_from: int = told("The youngest age it is registered for.")
    age_to: int = told("The oldest age it is registered for.")
    genders: list[Gender] = told("The genders it is registered for.")
    framework: FrameworkStatus = told("Framework or spot on that day; it makes no difference to the delivery.")
    homes_matching: int = told("How many of the provider's homes match, an agency counted as one.")
