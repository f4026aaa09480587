"""Whether a file is an agreement's of this portal: asked by anybody, and answered without a word about a child."""

import re
from typing import Any

from graphql import GraphQLError

from models.ipa_verification import AgreementVerification, AgreementVerificationState
from models.refusal import Code, Refused
from resolvers.context import Context, Info
from resolvers.read import told_to_client
from resolvers.throttle import Kept, by_address, take_back, tries

DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_UNKNOWN = 60
KNOWN = "SELECT state, enabled_at, signed_at, voided_at, local_authority, provider FROM portal_verify_agreement($1)"
AGAIN = "Too many files that are not known here were asked for. Please try again in a quarter of an hour."


async def verification(info: Info, sha256: str) -> Any:
    """What there is to know of the file with this SHA-256, whoever asks. Only what was not known counts as guessed."""
    context = info.context
    with told_to_client():
        digest = _digest(sha256)
    asker = _asker(context)
    if not await tries(context, asker):
        raise GraphQLError(AGAIN, extensions={"code": "FORBIDDEN"})
    async with context.shell.database.reading(None, context.now) as connection:
        state, *known = await connection.fetchrow(KNOWN, digest)
    if state is None:
        return AgreementVerification(AgreementVerificationState.UNKNOWN)
    await take_back(context, [asker])
    return AgreementVerification(AgreementVerificationState(state), *known)


def _digest(text: str) -> str:
    digest = text.strip().lower()
    if not DIGEST.fullmatch(digest):
        sentence = "A SHA-256 is 64 hexadecimal digits: take it of the file as you received it."
        raise Refused(Code.INVALID_INPUT, sentence, ["sha256"])
    return digest


def _asker(context: Context) -> Kept:
    """By network address; whoever is signed in is counted apart."""
    if context.signed_in is None:
        return by_address(context, "verification", most=MOST_UNKNOWN)
    key = context.shell.keys.keyed_digest(f"verification|{context.signed_in.person_id}")
    return Kept(key, MOST_UNKNOWN, clears=False)
