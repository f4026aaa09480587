"""The acts by which a referral is brought to its stage, each with the e-mail address of who performs it.

`provider` is the key of the provider concerned; a provider has one live offer on a referral at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.demonstration.agreements import AgreementDetails, ProviderContacts
from portal.demonstration.offers import Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderStep(Step):
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReferral(Step):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendReferral(Step):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendReferral(Step):
    """Replaces what was said about family time."""

    family_time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseReferral(Step):
    reason: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReferral(ProviderStep):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineReferral(ProviderStep):
    reason: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteMessage(ProviderStep):
    """`tag` is URGENT, CONDITION, FURTHER_INFORMATION or EXPRESSION_OF_INTEREST; `by` tells the side."""

    body: str
    tag: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessages(ProviderStep):
    """The performer reads the conversation with the provider to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOffer(ProviderStep):
    offer: Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class EditOffer(ProviderStep):
    """The whole offer as it reads afterwards."""

    offer: Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitOffer(ProviderStep):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer(ProviderStep):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptOffer(ProviderStep):
    """The authority's checks are confirmed with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineOffer(ProviderStep):
    reasons: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidOffer(ProviderStep):
    """Its agreements are voided with it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawUpAgreements(ProviderStep):
    """One agreement for each child, in the children's order."""

    agreements: tuple[AgreementDetails, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareAgreements(ProviderStep):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterProviderContacts(ProviderStep):
    contacts: ProviderContacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReview(ProviderStep):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableSigning(ProviderStep):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SignAgreements(ProviderStep):
    """`side` is LOCAL_AUTHORITY or PROVIDER; each child's agreement is signed."""

    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseToSign(ProviderStep):
    side: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeUplift(ProviderStep):
    """For each child's agreement: a percentage or an amount, in figures as the contract takes them."""

    side: str
    percentage: str | None
    amount: str | None
    effective_from: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerUplift(ProviderStep):
    """`act` is upliftAgree, upliftRefuse (with a reason) or upliftWithdraw, on what was proposed last."""

    act: str
    reason: str | None = None
