"""Who may still sign an agreement, in which words, and what a signature or a refusal does to it."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from models.base import shown
from models.delegation import signs_for_somebody
from models.event import Actor
from models.ipa_consent import consents
from models.ipa_lifecycle import LIFECYCLE, PARTLY, READY, SIGNED
from models.ipa_parts import IpaRefusal
from models.lifecycle import AUTHORITY_SIGNATORY, PROVIDER_SIGNATORY, Side
from models.refusal import Code, Refused, reason_given
from models.uplift import Uplift

if TYPE_CHECKING:
    from models.record import Governed

    class _Signable(Governed[Any]):
        id: Any
        la_id: Any
        provider_id: Any
        content_hash: Any
        authority_signed: Any
        provider_signed: Any
        signed_at: Any
        updated_at: Any
else:
    _Signable = object

SIGNING = ("sign", "sign_on_behalf")
NONE = "'[]'::jsonb"


class Signable(_Signable):
    """An agreement that both parties sign, unless somebody has refused to: then nobody signs it any more."""

    @shown
    def can(row: Any, me: Any) -> Any:
        """What the viewer may do with it now: sign for whom it is authorised by, propose one uplift at a time."""
        refusing, refused = and_(_ready(row), _refused(row, me.person_id)), and_(_ready(row), _refused(row))
        signable = and_(_ready(row), signs_for_somebody(row, me))
        raising = and_(row.status == SIGNED, Uplift.waits_on(row))
        return case(
            (refusing, LIFECYCLE.can(row, me, but=(*SIGNING, "refuse"))),
            (refused, LIFECYCLE.can(row, me, but=SIGNING)),
            (signable, LIFECYCLE.can(row, me)),
            (raising, LIFECYCLE.can(row, me, but=("sign_on_behalf", "propose_uplift"))),
            else_=LIFECYCLE.can(row, me, but=("sign_on_behalf",)),
        )

    @shown
    def consents(row: Any, me: Any) -> Any:
        """In whose name the viewer may sign it now, with the words that will be kept (TRUST H2)."""
        return case((_unsigned(row, me), consents(row, me, own=_is_signatory(me))), else_=literal_column(NONE, JSONB))

    @staticmethod
    def awaits(row: Any, me: Any) -> ColumnElement[bool]:
        """Ready, refused by nobody, and not signed by the viewer's party, which the viewer may sign for (S-113)."""
        unsigned = _unsigned(row, me)
        return unsigned if _is_signatory(me) else and_(unsigned, signs_for_somebody(row, me))

    def sign(self, content_hash: str, *, by: Actor) -> None:
        """One party's signature over exactly the content that was shown; two complete it (S-116)."""
        self.step("sign", by=by, contentHash=content_hash, party=by.viewer.side)
        self._signed(content_hash, by)

    def sign_on_behalf(self, content_hash: str, delegation_id: UUID, *, by: Actor) -> None:
        """The same for somebody who has authorised the signer; whether they have is the authority's to say (S-033)."""
        facts = {"contentHash": content_hash, "party": by.viewer.side, "delegation": delegation_id}
        self.step("sign_on_behalf", by=by, **facts)
        self._signed(content_hash, by)

    def _signed(self, content_hash: str, by: Actor) -> None:
        if content_hash != self.content_hash:
            sentence = "This is not the content of this agreement. Open it again and read it before you sign."
            raise Refused(Code.CONTENT_CHANGED, sentence, ["contentHash"])
        if by.viewer.side is Side.LOCAL_AUTHORITY:
            self.authority_signed = True
        else:
            self.provider_signed = True
        self.updated_at = by.at
        self.signed_at = by.at if self.status is SIGNED else None

    def unrefused(self, refusals: Collection[IpaRefusal]) -> None:
        """Raise Refused where somebody has refused to sign it, for whichever party."""
        for refusal in refusals:
            sentence = (
                f"{refusal.name} of {refusal.organisation} has refused to sign this agreement, so nobody signs it any"
                " more. The authority voids it, and a new one is drawn up from a new offer."
            )
            raise Refused(Code.IPA_REFUSED, sentence)

    def refuse(self, reason: str | None, earlier: Collection[IpaRefusal] = (), *, by: Actor) -> IpaRefusal:
        """A signatory will not sign, and says why, once; the authority then voids."""
        text = reason_given(reason)
        self.step("refuse", by=by)
        if any(refusal.person_id == by.viewer.person_id for refusal in earlier):
            sentence = "You have refused to sign this agreement already; both sides have been told why."
            raise Refused(Code.ALREADY_REFUSED, sentence)
        return IpaRefusal(
            ipa_id=self.id, la_id=self.la_id, provider_id=self.provider_id, person_id=by.viewer.person_id,
            name=by.viewer.name, organisation=by.viewer.organisation_name, reason=text, at=by.at,
        )  # fmt: skip


def _is_signatory(me: Any) -> bool:
    return any(who.includes(me.side, me.roles) for who in (AUTHORITY_SIGNATORY, PROVIDER_SIGNATORY))


def _ready(row: Any) -> ColumnElement[bool]:
    return or_(row.status == READY, row.status == PARTLY)


def _unsigned(row: Any, me: Any) -> ColumnElement[bool]:
    signed = row.authority_signed if me.side is Side.LOCAL_AUTHORITY else row.provider_signed
    return and_(_ready(row), ~signed, ~_refused(row))


def _refused(row: Any, by: Any = None) -> ColumnElement[bool]:
    """Whether anybody has refused to sign it, or that person."""
    said = aliased(IpaRefusal)
    whose = () if by is None else (said.person_id == by,)
    return select(said.id).where(said.ipa_id == row.id, *whose).exists()
