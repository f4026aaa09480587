"""A whole placement against a running portal, from the referral to both signatures and a later uplift, line by line.

Speaks through the stock GraphQL client `gql`. It takes up to a minute: signing needs another code than signing in did.
"""

import argparse
import asyncio
import json
from pathlib import Path

from journey_steps import agreement, conversation, offer, referral, uplift
from journey_steps.cast import Cast
from portal_client import ADDRESS, HERE, Refused


async def place(cast: Cast, form: Path, folder: Path) -> None:
    """The steps in their order."""
    draft, today = await referral.drafted(cast.officer, form)
    await referral.tried_dry(cast.officer, draft["id"])
    await referral.sent_and_heard(cast.officer, cast.member, draft)
    seen = await referral.opened(cast.member, draft["id"])
    (thread,) = seen["threads"]
    await conversation.asked_and_read(cast, thread["id"])

    offered = await offer.submitted(cast.member, seen["id"], today)
    await offer.compared(cast.officer, seen["id"])
    await offer.accepted_as_it_stands(cast, offered)

    drawn = await agreement.drawn_up(cast, offered["id"], today)
    await agreement.reviewed_and_fixed(cast, drawn["id"])
    for signatory in (cast.provider_signatory, cast.authority_signatory):
        await agreement.signed(signatory, drawn["id"])
    await agreement.sealed(cast.officer, drawn["id"])
    for side in (cast.member, cast.officer):
        await agreement.downloaded(side, drawn["id"], folder)
    await agreement.beyond_change(cast, offered["id"], drawn["id"])
    await uplift.agreed(cast, drawn["id"], today)


async def main() -> None:
    options = _options()
    options.save_to.mkdir(parents=True, exist_ok=True)
    async with Cast.signed_in(options.address, json.loads(options.sign_ins.read_text())) as cast:
        await place(cast, options.form, options.save_to)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Place a child, from the referral to both signatures.")
    parser.add_argument("--address", default=ADDRESS, help="where the portal is (%(default)s)")
    parser.add_argument("--sign-ins", type=Path, default=HERE / "demonstration.json", help="who takes part")
    parser.add_argument("--form", type=Path, default=HERE / "local-referral-form.pdf", help="a form to attach")
    parser.add_argument("--save-to", type=Path, default=Path("data/agreements"), help="where the signed PDFs go")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except Refused as refused:
        raise SystemExit(f"The portal refused: {refused}") from None
