"""One-use links: given by whoever answers for an account, taken up by its person within 72 hours (S-024)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from models.person import AccountStatus, Person
from models.refusal import Code, Refused
from models.session import INVITATION_LASTS, Invitation, LinkPurpose
from resolvers.context import Context

PLACE = {
    LinkPurpose.INVITATION: "invitation",
    LinkPurpose.AUTHENTICATOR: "authenticator",
    LinkPurpose.PASSWORD: "password",
}
UNKNOWN = "This link is not one that the portal has given. Ask for a new one."
EXPIRED = "This link has expired. Ask for a new one."
USED = "This link has been used already. Sign in, or ask for a new one."
REPLACED = "A newer link has taken the place of this one. Use that, or ask for a new one."
NOT_NOW = "The account is not in a state for this link. Ask the administrator of your organisation."


def give_link(
    context: Context, person: Person, purpose: LinkPurpose, lasts: timedelta = INVITATION_LASTS
) -> dict[str, Any]:
    """A new link for this person, which ends the ones before it; token and link are told this once."""
    token, digest = context.shell.keys.new_token()
    wall = datetime.now(UTC)
    made = Invitation(
        token_hash=digest, person_id=person.id, purpose=purpose, given_at=wall, expires_at=wall + lasts, used_at=None,
        given_by=context.signed_in.person_id if context.signed_in else None, alone=False,
    )  # fmt: skip
    context.session.add(made)
    link = f"{context.shell.address}/{PLACE[purpose]}#{token}"
    return {"invitation": token, "link": link, "expires_at": made.expires_at}


async def taken_up(context: Context, token: str, *purposes: LinkPurpose) -> tuple[Invitation, Person]:
    """A link that can be taken up, and its person, both held: for one of these purposes, in time, unused, the newest.

    Each other one is refused in its own words; whoever has a link of 256 bits may know why it does not work.
    """
    digest = context.shell.keys.token_hash(token)
    found = await context.session.get(Invitation, digest, with_for_update=True)
    if found is None or found.purpose not in purposes:
        raise gone(Code.NOT_FOUND, UNKNOWN)
    person = await context.session.get_one(Person, found.person_id, with_for_update=True)
    if found.used_at is not None:
        raise gone(Code.INVITATION_USED, USED)
    if found.expires_at <= datetime.now(UTC):
        raise gone(Code.INVITATION_EXPIRED, EXPIRED)
    same = (Invitation.person_id == person.id) & (Invitation.purpose == found.purpose)
    if await context.session.scalar(select(Invitation.token_hash).where(same, Invitation.given_at > found.given_at)):
        raise gone(Code.INVITATION_USED, REPLACED)
    wanted = AccountStatus.INVITED if found.purpose is LinkPurpose.INVITATION else AccountStatus.ACTIVE
    if person.status is not wanted:
        raise gone(Code.ACCOUNT_NOT_ACTIVE, NOT_NOW)
    return found, person


def gone(code: Code, sentence: str) -> Refused:
    return Refused(code, sentence, ["input", "invitation"])
