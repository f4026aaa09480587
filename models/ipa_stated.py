"""What follows from what an agreement says: what is missing in it, and the codes that case systems take on."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, literal_column, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by, array
from sqlalchemy.orm import aliased

from models.base import shown
from models.home import Regulator
from models.ipa_codes import FOSTERING_CODES, KNOWN_AS, PLACEMENT_CODES, PROVIDER_CODES, LegalStatusCode
from models.ipa_lifecycle import DRAFT, IN_REVIEW
from models.ipa_needed import ASSESSMENT, CONTACTS, NEEDED, NOT_LOOKED_AFTER, SAYS_NOTHING, UNBORN, Need
from models.lifecycle import Side
from models.offer import Offer
from models.provider import Category

NONE: Any = literal_column("'[]'::jsonb", JSONB)


class Stated:
    """Expressions over one agreement; each is read in the statement that reads the agreement."""

    @shown
    def details_told(row: Any, me: Any) -> Any:
        """The details, with the legal status by its code where an earlier release kept it in words."""
        said = row.details.op("#>>")(_constant("{child,legalStatus}"))
        code = func.coalesce(_known(KNOWN_AS).op("->")(said), literal_column("'null'::jsonb", JSONB))
        mended = func.jsonb_set(row.details, _place("child", "legalStatus"), code)
        return type_coerce(case((said.is_not(None), mended), else_=row.details), JSONB)

    @shown
    def missing(row: Any, me: Any) -> Any:
        """What must still be filled in before it can be signed: to the provider, of its own contacts alone."""
        needs = [_stored(need) for need in NEEDED if need.part == CONTACTS or me.side is not Side.PROVIDER]
        each = func.jsonb_array_elements(_json(json.dumps(needs))).table_valued("value", with_ordinality="no")
        each = each.render_derived()
        need = type_coerce(each.c.value, JSONB)
        said = type_coerce(row.details, JSONB).concat(func.jsonb_build_object(_constant(CONTACTS), row.contacts))
        asked = ~need["but"].has_any(_cases(row, said))
        empty = [~_filled(said.op("#>>")(cast(need[place].astext, ARRAY(Text)))) for place in ("at", "or")]
        listed = func.coalesce(func.jsonb_agg(aggregate_order_by(need, each.c.no)), NONE)
        gaps = select(listed).select_from(each).where(asked, *empty).scalar_subquery()
        writing = or_(row.status == DRAFT, row.status == IN_REVIEW)
        return type_coerce(case((writing, gaps), else_=NONE), JSONB)

    @shown
    def ssda903(row: Any, me: Any) -> Any:
        """The codes of the yearly return, each null where it is not known."""
        offer = aliased(Offer)
        fostering = _known(FOSTERING_CODES).op("->>")(row.details.op("#>>")(_constant("{placement,fosteringType}")))
        place = case(
            (offer.category == Category.FOSTERING, fostering),
            else_=_known(PLACEMENT_CODES).op("->>")(cast(offer.category, Text)),
        )
        sector = row.details.op("#>>")(_constant("{placement,providerSector}"))
        status = _known(KNOWN_AS).op("->>")(row.details.op("#>>")(_constant("{child,legalStatus}")))
        regulator = offer.placement["regulator"].astext
        ofsted = or_(regulator.is_(None), regulator != Regulator.CIW)
        codes = {
            "placementType": place,
            "providerCode": _known(PROVIDER_CODES).op("->>")(sector),
            "legalStatus": func.nullif(status, _constant(LegalStatusCode.NOT_LOOKED_AFTER)),
            "urn": case((ofsted, offer.placement["urn"].astext)),
            "postcode": offer.placement["postcode"].astext,
        }
        named = [part for name, value in codes.items() for part in (_constant(name), value)]
        return select(func.jsonb_build_object(*named, type_=JSONB)).where(offer.id == row.offer_id).scalar_subquery()


def _stored(need: Need) -> dict[str, Any]:
    """A row of the table as JSON: what is shown of it, where it stands, and when it is not asked for."""
    first, last = need.paths[0], need.paths[-1]
    shown_of_it = {"part": need.part, "field": need.field, "label": need.label, "sentence": need.sentence}
    return {**shown_of_it, "path": first, "at": _braced(first), "or": _braced(last), "but": list(need.but)}


def _cases(row: Any, said: Any) -> Any:
    """The cases that this agreement is, as models/ipa_needed.py tells them."""
    offer = aliased(Offer)
    category = select(offer.category).where(offer.id == row.offer_id).scalar_subquery()
    assessment = category == Category.RESIDENTIAL_FAMILY_ASSESSMENT
    born, expected, status = (
        said.op("#>>")(_constant(f"{{child,{name}}}")) for name in ("dateOfBirth", "expectedOn", "legalStatus")
    )
    code = _known(KNOWN_AS).op("->>")(status)
    return array(
        [
            case((and_(assessment, ~_filled(born), _filled(expected)), _constant(UNBORN))),
            case((assessment, _constant(ASSESSMENT))),
            case((code == _constant(LegalStatusCode.NOT_LOOKED_AFTER), _constant(NOT_LOOKED_AFTER))),
        ],
        type_=Text,
    )


def _filled(text: Any) -> ColumnElement[bool]:
    something = text.op("~", is_comparison=True)(_constant(r"\S"))
    return func.coalesce(and_(something, *(text != nothing for nothing in sorted(SAYS_NOTHING))), False)


def _place(*names: str) -> Any:
    return cast(_constant(_braced(list(names))), ARRAY(Text))


def _braced(path: list[str]) -> str:
    return f"{{{','.join(path)}}}"


def _constant(text: str) -> Any:
    return literal_column(f"'{text}'", Text)


def _known(codes: Mapping[str, str]) -> Any:
    return _json(json.dumps(codes))


def _json(text: str) -> Any:
    quoted = text.replace("'", "''")
    return literal_column(f"'{quoted}'::jsonb", JSONB)
