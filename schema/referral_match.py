"""Why a referral reaches whom it reaches."""

from uuid import UUID

import strawberry

from models.home import FrameworkStatus
from models.match_reason import MatchCode
from models.provider import Category, Gender
from models.referral_match import SendingKind
from models.refusal import RefusedAll
from resolvers.referral_match import Outlook, SendingWarning
from schema.enums import described
from schema.fields import told, value
from schema.problems import Problem, problems_of

described(SendingKind, "What sending a referral now would be.")
described(SendingWarning, "What does not hinder a sending and may still not be meant.")
described(MatchCode, "What lets a provider, or one of its homes, match a referral or not.", "MatchReasonCode")


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


@strawberry.type(description="How many match by homes that stand so on a framework; it decides nothing.")
class MatchStanding:
    framework: FrameworkStatus = strawberry.field(description="Framework, spot, or a framework provider's other home.")
    providers: int = strawberry.field(description="Providers that match by at least one such home.")
    homes: int = strawberry.field(description="Homes that match, an agency counted as one.")


@strawberry.type(description="Whom a referral would reach, if it were sent now as it stands in the working copy.")
class MatchReach:
    providers: int = strawberry.field(description="Approved providers that match.")
    homes: int = strawberry.field(description="Homes of theirs that match, an agency counted as one.")
    by_framework: list[MatchStanding] = strawberry.field(description="The same by framework and spot.")
    giving: int = strawberry.field(description="Approved providers that give this category of care at all.")
    giving_at_age: int = strawberry.field(description="How many of them do so at every child's age.")
    newcomers: int = strawberry.field(description="Providers that match and do not have it.")
    holders: int = strawberry.field(description="Providers that match and have it already, those that declined aside.")
    decliners: int = strawberry.field(description="Providers that match and declined it; a changed one is new to them.")
    keepers: int = strawberry.field(
        description="Providers that match no longer and keep it, as they have submitted an offer on it."
    )
    losers: int = strawberry.field(
        description="Providers that match no longer and have submitted no offer; a changed revision takes it from them."
    )


@strawberry.type(description="Something that does not hinder a sending and may still not be meant.")
class MatchWarning:
    code: SendingWarning = strawberry.field(description="What it is.")
    message: str = strawberry.field(description="A sentence for the person who asked.")


def hindrances(root: strawberry.Parent[Outlook]) -> list[Problem]:
    return problems_of(RefusedAll(root.faults)) if root.faults else []


@strawberry.type(description="What sending a referral now would do. Nothing is sent and nobody is told.")
class ReferralMatch:
    kind: SendingKind = strawberry.field(description="Whether it would be a first sending, a revision or a reminder.")
    told: int | None = strawberry.field(description="How many providers would hear of it; null where `reach` is.")
    reach: MatchReach | None = strawberry.field(
        description="Whom it would reach; null until the category and every child's age are known and right."
    )
    hindrances: list[Problem] = strawberry.field(
        resolver=hindrances, description="Everything for which it would be refused now, all at once."
    )
    warnings: list[MatchWarning] = strawberry.field(description="What may still not be meant.")


@strawberry.type(description="One reason why a provider, or one of its homes, matches a referral or does not.")
class MatchReason:
    code: MatchCode = strawberry.field(description="The kind of reason.")
    message: str = strawberry.field(description="A sentence a person may read.")
    home_id: UUID | None = strawberry.field(description="The home it is about; null for the provider as a whole.")
    home_name: str | None = strawberry.field(description="Its name.")


@strawberry.type(description="One provider held against a referral as it stands in the working copy.")
class ProviderMatch:
    provider_id: UUID = strawberry.field(description="The provider.")
    provider_name: str = strawberry.field(description="Its name.")
    matches: bool | None = strawberry.field(description="Whether it matches; null where the referral says too little.")
    reasons: list[MatchReason] = strawberry.field(description="Why, home by home where that helps.")
