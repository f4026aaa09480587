"""What happens to an agreement before it is fixed: the authority fills it in and shares it, the provider reviews it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, any_, case, func, literal, null
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.base import Json, shown
from models.event import Actor, Happened, Told
from models.ipa_change import IpaChange
from models.ipa_correction import IpaCorrection, corrections_open
from models.ipa_promise import differs_from_offer
from models.lifecycle import Audience, Rule, Side
from models.looking import at_authority, at_provider
from models.print_letters import lacks_print_letters, unprintable_names
from models.refusal import reason_given

if TYPE_CHECKING:
    from models.record import Governed

    class _Reviewed(Governed[Any]):
        la_id: Any
        provider_id: Any
        details: Any
        contacts: Any
        updated_at: Any
        shared_at: Any
        enabled_at: Any
else:
    _Reviewed = object


class ReviewItem(StrEnum):
    """What a provider looks through before it says that an agreement is right (S-117)."""

    CHILD = "CHILD"
    PLACEMENT = "PLACEMENT"
    PRICE = "PRICE"
    CONTACTS = "CONTACTS"
    TERMS = "TERMS"
    DOCUMENTS = "DOCUMENTS"


class ReviewWarning(StrEnum):
    """What speaks against enabling an agreement now; nothing is refused for it."""

    PRINT_LETTERS = "PRINT_LETTERS"
    DIFFERS_FROM_OFFER = "DIFFERS_FROM_OFFER"
    NOT_REVIEWED = "NOT_REVIEWED"
    REVIEW_OUTDATED = "REVIEW_OUTDATED"
    CORRECTIONS_OPEN = "CORRECTIONS_OPEN"

    @property
    def sentence(self) -> str:
        return SENTENCES[self]


@dataclass(frozen=True, slots=True)
class EnablingWarning:
    """One of them in words."""

    code: ReviewWarning
    message: str


SENTENCES = {
    ReviewWarning.PRINT_LETTERS: "Names have characters that cannot be printed. Give the child's in print letters as "
    "well (child.namesInPrintLetters), and write other people's in letters that can be printed.",
    ReviewWarning.DIFFERS_FROM_OFFER: "Notice, trial period or staffing differ from what the accepted offer promised; "
    "the agreement says both.",
    ReviewWarning.NOT_REVIEWED: "The provider has not confirmed its review.",
    ReviewWarning.REVIEW_OUTDATED: "The provider confirmed its review before the last change, or asked for one since.",
    ReviewWarning.CORRECTIONS_OPEN: "The provider has asked for a correction that nobody has answered.",
}


class Reviewed(_Reviewed):
    """An agreement that is still being written. A confirmed review is of a version and falls with the next change."""

    reviewed_at: Mapped[datetime | None]
    reviewed_by_name: Mapped[str | None]
    reviewed_version: Mapped[int | None]
    reviewed_items: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    review_stands: Mapped[bool] = mapped_column(default=False, server_default="false")

    @declared_attr
    def changes(cls) -> Mapped[list[IpaChange]]:
        return relationship(lazy="raise", viewonly=True, order_by=IpaChange.version)

    @declared_attr
    def corrections(cls) -> Mapped[list[IpaCorrection]]:
        return relationship(lazy="raise", viewonly=True, order_by=IpaCorrection.version)

    @shown
    def review_checklist(row: Any, me: Any) -> Any:
        """Every item, with whether the confirmation that stands names it."""
        listed = []
        for item in ReviewItem:
            confirmed = and_(row.review_stands, literal(item.value) == any_(row.reviewed_items))
            listed.append(func.jsonb_build_object("item", literal(item.value), "confirmed", confirmed))
        return func.jsonb_build_array(*listed)

    @shown
    def review_warnings(row: Any, me: Any) -> Any:
        """What speaks against enabling it, as codes; once it is enabled, what spoke against it."""
        reviewed = case(
            (row.review_stands, None),
            (row.reviewed_at.is_(None), ReviewWarning.NOT_REVIEWED.value),
            else_=ReviewWarning.REVIEW_OUTDATED.value,
        )
        waiting = case((corrections_open(row), ReviewWarning.CORRECTIONS_OPEN.value))
        unprintable = case((lacks_print_letters(row.details, row.contacts), ReviewWarning.PRINT_LETTERS.value))
        differing = case((differs_from_offer(row), ReviewWarning.DIFFERS_FROM_OFFER.value))
        return func.array_remove(array([unprintable, differing, reviewed, waiting]), null())

    def warning(self, code: ReviewWarning) -> EnablingWarning:
        """In words; of names with the fields in which they stand."""
        where = unprintable_names(self.details, self.contacts) if code is ReviewWarning.PRINT_LETTERS else []
        return EnablingWarning(code, f"{code.sentence} Look at {', '.join(where)}." if where else code.sentence)

    def looking(self, rule: Rule[Any], side: Side) -> tuple[Told, ...]:
        """The provider from sharing on (S-105), its signatories and those who sign for somebody from enabling on."""
        if rule.reads and not rule.tells:
            return ()
        provider = at_provider(self.of("provider_id")) if self._shown(rule) else ()
        fixed = (Audience.AUTHORITY_SIGNATORIES, Audience.PROVIDER_SIGNATORIES) if self.enabled_at else ()
        signing = (
            Told(self.parties(audience), tuple(sorted(audience.who.roles)), delegates=True) for audience in fixed
        )
        return (*at_authority(self.of("la_id")), *provider, *signing)

    def _happened(self, rule: Rule[Any], by: Actor, facts: dict[str, Any]) -> Happened:
        """What was never shared is the authority's alone in whatever state it is, void too (S-105)."""
        happened = super()._happened(rule, by, facts)
        return happened if self._shown(rule) else replace(happened, provider_id=None)

    def _shown(self, rule: Rule[Any]) -> bool:
        return self.shared_at is not None or Audience.PROVIDER in rule.tells

    def edit(self, details: Json, *, by: Actor) -> None:
        """Fill in the child's details, contacts and arrangements (S-104)."""
        changed = sorted(k for k in details if details[k] != self.details.get(k))
        self.step("edit", by=by, changed=changed)
        self.details = details
        self._changed(by)

    def edit_contacts(self, contacts: Json, *, by: Actor) -> None:
        """The provider's own part; what it has confirmed of the rest stands."""
        self.step("edit_contacts", by=by)
        self.contacts, self.updated_at = contacts, by.at

    def attach(self, *, by: Actor, **facts: Any) -> None:
        self.step("attach", by=by, **facts)
        self._changed(by)

    def detach(self, *, by: Actor, **facts: Any) -> None:
        """Take a document off until it is enabled, one of another child that was attached by mistake say (S-114)."""
        self.step("detach", by=by, **facts)
        self._changed(by)

    def share(self, *, by: Actor) -> None:
        """Show the draft to the provider, complete or not; before this it sees nothing of it (S-105)."""
        self.step("share", by=by)
        self.shared_at = self.updated_at = by.at

    def confirm_review(self, items: Sequence[ReviewItem] = (), *, by: Actor) -> None:
        """The provider has read this version and finds it right (S-117)."""
        self.step("confirm_review", by=by)
        self.reviewed_at, self.reviewed_by_name, self.updated_at = by.at, by.viewer.name, by.at
        self.reviewed_version, self.review_stands = self.version, True
        self.reviewed_items = [item.value for item in ReviewItem if item in items]

    def request_correction(self, reason: str | None, *, by: Actor) -> IpaCorrection:
        """Ask the authority to change something; what was confirmed before stands no longer."""
        text = reason_given(reason)
        self.step("request_correction", by=by)
        self._changed(by)
        return IpaCorrection(
            ipa_id=self.id, la_id=self.la_id, provider_id=self.provider_id, version=self.version,
            person_id=by.viewer.person_id, name=by.viewer.name, reason=text, at=by.at,
        )  # fmt: skip

    def answer_correction(self, *, by: Actor, **facts: Any) -> None:
        self.step("answer_correction", by=by, **facts)
        self.updated_at = by.at

    def _changed(self, by: Actor) -> None:
        self.review_stands, self.updated_at = False, by.at
