"""Everything a signed-in client can do: one line, one act."""

import strawberry

from resolvers import delivery, referral
from schema.fields import act
from schema.referral import ReferralPayload


@strawberry.type(description="Everything a signed-in client can do.")
class Mutation:
    referral_create: ReferralPayload = act(referral.create, "Draft a referral; it may be incomplete.", key=True)
    referral_update: ReferralPayload = act(referral.update, "Change the working copy; providers see it when resent.")
    referral_attach: ReferralPayload = act(referral.attach, "Attach a document, saying whether it names the child.")
    referral_detach: ReferralPayload = act(referral.detach, "Take an attached document off the working copy.")
    referral_send: ReferralPayload = act(referral.send, "Send it to every approved provider that matches.")
    referral_resend: ReferralPayload = act(referral.resend, "Send it again: changed as a new revision, else a reminder.")
    referral_close: ReferralPayload = act(referral.close, "End the search, with a reason.")
    referral_open: ReferralPayload = act(delivery.open_, "Read a referral that reached you; the reading is recorded.")
    referral_decline: ReferralPayload = act(delivery.decline, "Decline the revision you have read.")
    referral_undo_decline: ReferralPayload = act(delivery.undo_decline, "Take the declining back.")
