"""Undoing the acceptance of an offer: by voiding it, or with an agreement drawn from it."""

from typing import TYPE_CHECKING, Any

from models.event import Actor
from models.refusal import reason_given

if TYPE_CHECKING:
    from models.record import Governed

    class _Voidable(Governed[Any]):
        void_reason: Any
        voided_at: Any
        updated_at: Any
else:
    _Voidable = object


class Voidable(_Voidable):
    """An offer whose acceptance can be undone; it stays readable, and the provider may make a new one (S-078)."""

    def void(self, reason: str | None, *, by: Actor) -> None:
        self.ready("void", by=by)
        text = reason_given(reason)
        self.step("void", by=by)
        self._voided(text, by)

    def undo(self, reason: str, *, known: bool, by: Actor) -> None:
        """Void with an agreement of it, whose own notice tells both parties where they know of one (S-108)."""
        if not known:
            return self.void(reason, by=by)
        self.follow("void_with_agreement", by=by)
        self._voided(reason, by)

    def _voided(self, reason: str, by: Actor) -> None:
        self.void_reason, self.voided_at, self.updated_at = reason, by.at, by.at
