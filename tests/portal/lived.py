"""Plays the steps of a demonstration referral on paper, refusing any that its states do not permit."""

from __future__ import annotations

from portal.demonstration import steps
from portal.demonstration.referrals import Referral
from portal.demonstration.steps import ProviderStep, Step

LIVE = {"DRAFT", "SUBMITTED", "ACCEPTED"}
MOVES: dict[type[Step], tuple[str, str]] = {
    steps.SubmitOffer: ("DRAFT", "SUBMITTED"),
    steps.EditOffer: ("SUBMITTED", "SUBMITTED"),
    steps.WithdrawOffer: ("SUBMITTED", "WITHDRAWN"),
    steps.AcceptOffer: ("SUBMITTED", "ACCEPTED"),
    steps.DeclineOffer: ("SUBMITTED", "DECLINED"),
    steps.VoidOffer: ("ACCEPTED", "VOIDED"),
}
AGREEMENT_MOVES: dict[type[Step], tuple[str, str]] = {
    steps.ShareAgreements: ("DRAFT", "IN_REVIEW"),
    steps.EnterProviderContacts: ("IN_REVIEW", "IN_REVIEW"),
    steps.ConfirmReview: ("IN_REVIEW", "IN_REVIEW"),
    steps.EnableSigning: ("IN_REVIEW", "READY_TO_SIGN"),
    steps.RefuseToSign: ("READY_TO_SIGN", "READY_TO_SIGN"),
}


class Life:
    """Where a referral, its deliveries, offers and agreements stand after the steps; ended ones are kept too."""

    def __init__(self, referral: Referral) -> None:
        self.referral = "DRAFT"
        self.deliveries: dict[str, str] = {}
        self.offers: dict[str, str] = {}
        self.agreement: str | None = None
        self.seen: set[str] = set()
        self.signed: set[str] = set()
        self.open: steps.ProposeUplift | None = None
        for step in referral.steps:
            self._take(step)

    @property
    def past(self) -> set[str]:
        """Every state that an offer or agreement came to rest in, live or ended."""
        return self.seen | {f"OFFER {state}" for state in self.offers.values()} | {f"AGREEMENT {self.agreement}"}

    def _take(self, step: Step) -> None:
        if isinstance(step, steps.SendReferral):
            assert self.referral == "DRAFT"
            self.referral = "SENT"
        elif not isinstance(step, ProviderStep):
            self._of_the_referral(step)
        elif isinstance(step, (steps.OpenReferral, steps.DeclineReferral)):
            self._of_the_delivery(step)
        elif isinstance(step, steps.DraftOffer):
            assert self.referral == "SENT"
            assert self.deliveries[step.provider] in {"OPENED", "OFFERED"}
            assert self.offers.get(step.provider) not in LIVE
            self.offers[step.provider], self.deliveries[step.provider] = "DRAFT", "OFFERED"
        elif type(step) in MOVES:
            self._of_the_offer(step)
        elif not isinstance(step, (steps.WriteMessage, steps.ReadMessages)):
            self._of_the_agreement(step)

    def _of_the_referral(self, step: Step) -> None:
        assert self.referral == "SENT"
        assert "ACCEPTED" not in self.offers.values()
        if isinstance(step, steps.CloseReferral):
            self.referral = "CLOSED"
            self.offers = {who: "DECLINED" if state in LIVE else state for who, state in self.offers.items()}
        elif isinstance(step, steps.AmendReferral):
            self.deliveries = {who: "NEW" if state == "DECLINED" else state for who, state in self.deliveries.items()}

    def _of_the_delivery(self, step: steps.OpenReferral | steps.DeclineReferral) -> None:
        assert self.referral == "SENT"
        opening = isinstance(step, steps.OpenReferral)
        assert self.deliveries.get(step.provider) == (None if opening else "OPENED")
        self.deliveries[step.provider] = "OPENED" if opening else "DECLINED"

    def _of_the_offer(self, step: ProviderStep) -> None:
        before, after = MOVES[type(step)]
        assert self.offers[step.provider] == before
        assert after != "ACCEPTED" or "ACCEPTED" not in self.offers.values()
        self.offers[step.provider] = after
        if isinstance(step, steps.VoidOffer):
            self.seen |= {"OFFER VOIDED", *({"AGREEMENT VOIDED"} if self.agreement else ())}
            self.agreement = None

    def _of_the_agreement(self, step: ProviderStep) -> None:
        assert self.offers[step.provider] == "ACCEPTED"
        if isinstance(step, (steps.ProposeUplift, steps.AnswerUplift)):
            assert self.agreement == "SIGNED"
            self._of_the_fee(step)
        elif isinstance(step, steps.DrawUpAgreements):
            assert self.agreement is None
            self.agreement = "DRAFT"
        elif isinstance(step, steps.SignAgreements):
            assert self.agreement in {"READY_TO_SIGN", "PARTLY_SIGNED"}
            assert step.side not in self.signed
            self.signed.add(step.side)
            self.agreement = "SIGNED" if len(self.signed) == 2 else "PARTLY_SIGNED"
            self.referral = "PLACED" if self.agreement == "SIGNED" else self.referral
        else:
            before, after = AGREEMENT_MOVES[type(step)]
            assert self.agreement == before
            self.agreement = after

    def _of_the_fee(self, step: steps.ProposeUplift | steps.AnswerUplift) -> None:
        """One uplift is open at a time; the other side answers it, the same takes it back."""
        if isinstance(step, steps.ProposeUplift):
            assert self.open is None
            self.open = step
            self.seen.add("UPLIFT PROPOSED")
            return
        assert self.open is not None
        assert (step.by == self.open.by) == (step.act == "upliftWithdraw")
        assert (step.reason is not None) == (step.act == "upliftRefuse")
        self.seen.add(f"UPLIFT {step.act}")
        self.open = None
