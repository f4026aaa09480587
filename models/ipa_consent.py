"""The words that a signer agrees to: shown before, and kept with the signature and their SHA-256 (TRUST H2)."""

import hashlib
from typing import Any

from sqlalchemy import Text, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from models.delegation import Delegation, held_by

CONSENT = "I have read this agreement and sign it on behalf of my organisation, which intends to be bound by it."
FOR_SOMEBODY = ("I have read this agreement and sign it for ", " under authority ", CONSENT.partition("sign it")[2])


def consent_to(held: Delegation | None) -> str:
    """The words that a signer agrees to; for somebody else they name whom, and by which authority (S-033)."""
    if held is None:
        return CONSENT
    begin, between, end = FOR_SOMEBODY
    return f"{begin}{held.spoken_principal}{between}{held.reference}{end}"


def digest_of(words: str) -> str:
    """SHA-256 in hex, by which the very words are known again."""
    return hashlib.sha256(words.encode()).hexdigest()


def _entry(delegation: Any, principal: Any, authority: Any, words: Any) -> Any:
    given = {"delegationId": delegation, "onBehalfOf": principal, "authority": authority, "words": words}
    pairs = [part for name, value in given.items() for part in (literal_column(f"'{name}'", Text), _text(value))]
    return func.jsonb_build_object(*pairs, type_=JSONB)


def _text(value: Any) -> Any:
    return literal(value, Text) if isinstance(value, str) else cast(value, Text)


def consents(agreement: Any, me: Any, *, own: bool) -> Any:
    """The same words as the database writes them: the viewer's own, then those for each who has authorised them."""
    held = aliased(Delegation)
    principal = func.concat_ws(", ", held.principal_name, func.nullif(held.principal_job_title, ""))
    begin, between, end = FOR_SOMEBODY
    each = _entry(held.id, principal, held.authority, func.concat(begin, principal, between, held.reference, end))
    ordered = aggregate_order_by(each, held.given_at, held.id)
    of_others = select(func.jsonb_agg(ordered)).where(held_by(held, agreement, me)).scalar_subquery()
    mine = func.jsonb_build_array(_entry(None, None, None, CONSENT)) if own else literal_column("'[]'::jsonb", JSONB)
    return mine.concat(func.coalesce(of_others, literal_column("'[]'::jsonb", JSONB)))
