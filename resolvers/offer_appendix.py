"""Answers of an offer as they are given: in words, or by reference to an appendix that goes with it (S-098)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.base import Json
from models.document import Document, DocumentKind, DocumentState
from models.offer import Offer
from models.offer_answer import QUESTIONS, answers_in, appendix_of, dangling
from models.offer_parts import OfferDocument
from models.refusal import Code, Refused, refuse_all
from resolvers.context import Context

UNKNOWN = "You have no such appendix. Upload it as an appendix first, or answer in words."
EMPTY = "This answer is empty. Fill it in, or send null to take it out."


async def answered(context: Context, said: Mapping[str, Any], faults: list[Refused]) -> Json:
    """What an input says, its answers in the form in which they are kept."""
    own = await _own_appendices(context, said)
    kept: Json = dict(said)
    for name in QUESTIONS:
        if said.get(name):
            kept[name] = _answer(said[name], own, ["input", name], faults)
    if said.get("needsMet"):
        kept["needsMet"] = [_need(need, own, str(place), faults) for place, need in enumerate(said["needsMet"])]
    return kept


async def _own_appendices(context: Context, said: Mapping[str, Any]) -> dict[str, Document]:
    """The viewer's ready appendices among those that are referred to; whatever else there may be is not there."""
    asked = [answer["seeAppendix"] for _, answer in answers_in(said) if answer.get("seeAppendix")]
    if not asked:
        return {}
    ready = Document.kind == DocumentKind.APPENDIX, Document.state == DocumentState.READY
    found = Document.visible_to(context.viewer).where(Document.id.in_([UUID(id) for id in asked]), *ready)
    return {str(document.id): document for document in await context.all(found)}


def _need(given: Mapping[str, Any], own: Mapping[str, Document], place: str, faults: list[Refused]) -> Json:
    path = ["input", "needsMet", place]
    need = given["need"].strip()
    if not need:
        faults.append(Refused(Code.ANSWER_BLANK, "Say which need is met.", [*path, "need"]))
    return {**given, "need": need, "how": _answer(given["how"], own, [*path, "how"], faults)}


def _answer(given: Mapping[str, Any], own: Mapping[str, Document], path: list[str], faults: list[Refused]) -> Json:
    if "seeAppendix" not in given:
        text = (given.get("text") or "").strip()
        faults.extend([] if text else [Refused(Code.ANSWER_BLANK, EMPTY, [*path, "text"])])
        return {"text": text}
    document = own.get(given["seeAppendix"])
    if document is None:
        faults.append(Refused(Code.APPENDIX_NOT_ATTACHED, UNKNOWN, [*path, "seeAppendix"]))
        return {}
    return {"appendix": {"documentId": str(document.id), "name": document.name, "sha256": document.sha256}}


async def nothing_dangles(context: Context, offer: Offer) -> None:
    """Refuse a submitted offer whose answers refer to a document that does not go with it."""
    if any(appendix_of(answer) for _, answer in answers_in(offer.terms)):
        held = select(OfferDocument.document_id).where(OfferDocument.offer_id == offer.id)
        refuse_all(dangling(offer.terms, await context.all(held.where(OfferDocument.removed_at.is_(None))), "terms"))
