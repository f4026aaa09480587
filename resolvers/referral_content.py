"""The working copy of a referral as an input leaves it; what identifies a child is kept apart from it."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from models.child import Child, valid_nhs_number
from models.event import Actor
from models.postcode_district import NONE_SUCH, PostcodeDistrict, district_given
from models.provider import Category
from models.referral import Referral, ReferralStatus
from models.referral_reference import new_reference
from models.refusal import not_found
from resolvers.context import Context
from resolvers.inputs import wrong
from resolvers.plain import plain
from resolvers.referral_input import IDENTITY, ChildInput, ReferralInput

Json = dict[str, Any]
HIDDEN = {"id", *map(to_camel_case, IDENTITY)}


def drafted(category: Category | None, by: Actor) -> Referral:
    """A new referral of the actor's authority, with nothing in it yet."""
    return Referral(
        id=uuid4(), la_id=by.viewer.organisation_id, reference=new_reference(category), version=0, revision=0,
        status=ReferralStatus.DRAFT, accepted=False, created_at=by.at, updated_at=by.at, created_by_name=by.viewer.name,
    )  # fmt: skip


async def rewritten(context: Context, referral: Referral, input: ReferralInput) -> tuple[Json, list[Child]]:
    """The working copy after a patch, and every child. A child that the input leaves out stays as it is."""
    before = referral.content or {}
    known = await context.all(select(Child).where(Child.referral_id == referral.id).order_by(Child.position))
    children = {child.id: child for child in known if child.removed_at is None}
    free = max((child.position for child in known), default=-1) + 1
    entries = {UUID(entry["id"]): entry for entry in before.get("children") or ()}
    for place, given in enumerate(input.children or ()):
        child = _child(referral, children, given, free + place)
        _identify(child, given, str(place))
        described = {name: value for name, value in plain(given).items() if name not in HIDDEN}
        entries[child.id] = {**entries.get(child.id, {}), **described}
    after = {**before, **{name: value for name, value in plain(input).items() if name != "children"}}
    if input.near:
        after["near"] = await _district(context, input.near)
    after["children"] = [{**entries.get(child.id, {}), **child.described()} for child in children.values()]
    return after, list(children.values())


async def _district(context: Context, near: str) -> str:
    district = district_given(near)
    if await context.session.get(PostcodeDistrict, district) is None:
        raise wrong(NONE_SUCH, "input", "near")
    return district


def _child(referral: Referral, children: dict[UUID, Child], given: ChildInput, position: int) -> Child:
    if given.id and given.id not in children:
        raise not_found("child")
    if given.id:
        return children[given.id]
    child = Child(id=uuid4(), referral_id=referral.id, la_id=referral.la_id, position=position)
    children[child.id] = child
    return child


def _identify(child: Child, given: ChildInput, place: str) -> None:
    for name in IDENTITY:
        value = getattr(given, name)
        if value is not UNSET:
            setattr(child, name, value)
    if child.nhs_number:
        child.nhs_number = valid_nhs_number(child.nhs_number, "input", "children", place, "nhsNumber")
