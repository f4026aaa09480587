"""Authority to sign for a colleague: given by a signatory, recorded by an administrator, revoked (S-033)."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import Select, func, or_, select

from models.delegation import Delegation
from models.delegation_term import Colleague, Principal, Term
from models.document import Document, DocumentState
from models.email import email_key
from models.ipa import Ipa
from models.refusal import Code, Refused, not_found
from resolvers.code import spend_code
from resolvers.context import Context, Info
from resolvers.pages import Page

CODE = "Six digits shown by your authenticator now; works once."
FIRST = "The first day, in London; left out, today."
LAST = "The last day, in London: a year after the first at most."


@strawberry.input(description="Who may sign for you: for one agreement, or for days of which there are a year at most.")
class DelegationInput:
    delegate_id: UUID | None = strawberry.field(default=None, description="The colleague's account.")
    delegate_email: str | None = strawberry.field(
        default=None, description="Instead of it the colleague's e-mail address, for those who see no accounts."
    )
    ipa_id: UUID | None = strawberry.field(default=None, description="The one agreement; then no days are given.")
    valid_from: date | None = strawberry.field(default=None, description=FIRST)
    valid_until: date | None = strawberry.field(default=None, description=LAST)
    code: str = strawberry.field(description=CODE)


@strawberry.input(description="Who may sign for somebody without access, and the document that says so.")
class DelegationRecordInput:
    principal_name: str = strawberry.field(description="The name of the person who may sign and has no access.")
    principal_job_title: str = strawberry.field(description="That person's job title.")
    document_id: UUID = strawberry.field(description="The authorising document, among your organisation's own.")
    delegate_id: UUID = strawberry.field(description="The account of the colleague who shall sign.")
    ipa_id: UUID | None = strawberry.field(default=None, description="The one agreement; then no days are given.")
    valid_from: date | None = strawberry.field(default=None, description=FIRST)
    valid_until: date | None = strawberry.field(default=None, description=LAST)
    code: str = strawberry.field(description=CODE)


@strawberry.input(description="Which authorities to list. Every condition given must hold.")
class DelegationFilter:
    to_me: bool = strawberry.field(default=False, description="By which you sign for somebody.")
    in_force: bool = strawberry.field(default=False, description="By which one could sign now.")
    ipa_id: UUID | None = strawberry.field(default=None, description="That cover this agreement.")


# ── reads ────────────────────────────────────────────────────────────────────
def one(me: Any, id: UUID) -> Select[Any]:
    return Delegation.visible_to(me).where(Delegation.id == id)


def page(me: Any, filter: DelegationFilter | None = None, first: int = 20, after: str | None = None) -> Page:
    rows = Delegation.visible_to(me)
    if filter and filter.to_me:
        rows = rows.where(Delegation.delegate_id == me.person_id)
    if filter and filter.in_force:
        rows = rows.where(Delegation.in_force(Delegation, me))
    if filter and filter.ipa_id is not None:
        rows = rows.where(or_(Delegation.ipa_id.is_(None), Delegation.ipa_id == filter.ipa_id))
    return Page(rows, Delegation.given_at, Delegation.id, first, after)


# ── acts ─────────────────────────────────────────────────────────────────────
async def give(info: Info, input: DelegationInput) -> Delegation:
    """A signatory's own authority, which nobody can hand on: whoever gives it is a signatory themselves."""
    context, by = info.context, info.context.by
    Delegation.entitle("give", by=by)
    address = email_key(input.delegate_email) if input.delegate_email else None
    colleague = await _colleague(context, input.delegate_id, address)
    delegation = Delegation.to(colleague, await _term(context, input), by=by)
    delegation.give(await spend_code(context, by.viewer.person_id, input.code), by=by)
    context.session.add(delegation)
    return delegation


async def record(info: Info, input: DelegationRecordInput) -> Delegation:
    """The authority of somebody without access, attested by an administrator with the document that gives it."""
    context, by = info.context, info.context.by
    Delegation.entitle("record", by=by)
    colleague = await _colleague(context, input.delegate_id, None)
    delegation = Delegation.to(colleague, await _term(context, input), by=by)
    principal = Principal.named(input.principal_name, input.principal_job_title, colleague)
    document = await context.find(Document, input.document_id)
    if document.state is not DocumentState.READY:
        raise Refused(Code.WRONG_STATE, "Upload the document before you attach it.", ["input", "documentId"])
    delegation.record(principal, document, await spend_code(context, by.viewer.person_id, input.code), by=by)
    context.session.add(delegation)
    return delegation


async def revoke(info: Info, id: UUID, expected_version: int, reason: str | None = None) -> Delegation:
    """At once, also against a signature that is being given: whichever holds the row first is first."""
    delegation = await info.context.change(Delegation, id, expected_version)
    delegation.revoke(reason, by=info.context.by)
    return delegation


async def _colleague(context: Context, id: UUID | None, address: str | None) -> Colleague:
    """Somebody of the viewer's own organisation; others are not there."""
    if (id is None) == (address is None):
        sentence = "Name one colleague, by account or by e-mail address."
        raise Refused(Code.INVALID_INPUT, sentence, ["input", "delegateId"])
    columns = ("id", "name", "job_title", "active", "machine")
    found = select("*").select_from(func.portal_colleague(id, address).table_valued(*columns))
    row = (await context.session.execute(found)).one()
    if row.id is None:
        raise not_found("colleague")
    return Colleague(*row)


async def _term(context: Context, input: DelegationInput | DelegationRecordInput) -> Term:
    if input.ipa_id is None:
        return Term.of_days(input.valid_from, input.valid_until, context.by)
    if input.valid_from or input.valid_until:
        sentence = "An authority is for one agreement or for a period: give one of the two."
        raise Refused(Code.INVALID_INPUT, sentence, ["input", "ipaId"])
    return Term.for_agreement(await context.find(Ipa, input.ipa_id), context.by)
