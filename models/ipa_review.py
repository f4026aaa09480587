"""What happens to an agreement before it is fixed: the authority fills it in and shares it, the provider reviews it."""

from typing import TYPE_CHECKING, Any

from models.base import Json
from models.event import Actor

if TYPE_CHECKING:
    from models.record import Governed

    class _Reviewed(Governed[Any]):
        details: Any
        contacts: Any
        updated_at: Any
        shared_at: Any
        reviewed_at: Any
        reviewed_by_name: Any
else:
    _Reviewed = object


class Reviewed(_Reviewed):
    """An agreement that is still being written."""

    def edit(self, details: Json, *, by: Actor) -> None:
        """Fill in the child's details, contacts and arrangements (S-104)."""
        changed = sorted(k for k in details if details[k] != self.details.get(k))
        self.step("edit", by=by, changed=changed)
        self.details, self.updated_at = details, by.at

    def edit_contacts(self, contacts: Json, *, by: Actor) -> None:
        self.step("edit_contacts", by=by)
        self.contacts, self.updated_at = contacts, by.at

    def share(self, *, by: Actor) -> None:
        """Show the draft to the provider; before this it sees nothing of it (S-105)."""
        self.step("share", by=by)
        self.shared_at = self.updated_at = by.at

    def confirm_review(self, *, by: Actor) -> None:
        self.step("confirm_review", by=by)
        self.reviewed_at, self.reviewed_by_name, self.updated_at = by.at, by.viewer.name, by.at
