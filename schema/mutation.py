"""Everything a signed-in client can do: one line, one act."""

import strawberry

from resolvers import delivery, message, notification, offer, referral
from schema.fields import act
from schema.message import MessagePayload, ThreadPayload
from schema.notification import NotificationsReadPayload
from schema.offer import OfferPayload
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
    message_send: MessagePayload = act(message.send, "Add a message to a conversation.", key=True)
    thread_read: ThreadPayload = act(message.read, "Mark a conversation as read by you up to a message.", key=None)
    notification_read: NotificationsReadPayload = act(notification.read_one, "Mark a notification as read.", key=None)
    notifications_read: NotificationsReadPayload = act(
        notification.read_up_to, "Mark notifications as read up to a cursor of the stream.", key=None
    )
    offer_create: OfferPayload = act(offer.create, "Draft your organisation's offer on a referral.", key=True)
    offer_update: OfferPayload = act(offer.update, "Change an offer, until it is accepted.")
    offer_attach: OfferPayload = act(offer.attach, "Attach a further document, until the offer is accepted.")
    offer_submit: OfferPayload = act(offer.submit, "Submit it; compulsory documents attach themselves.")
    offer_refresh_documents: OfferPayload = act(
        offer.refresh_documents, "Take the profile's present compulsory documents into a submitted offer."
    )
    offer_withdraw: OfferPayload = act(offer.withdraw, "Take the offer back, with a reason.")
    offer_accept: OfferPayload = act(offer.accept, "Accept the version you have read; it is locked from then on.")
    offer_decline: OfferPayload = act(offer.decline, "Decline it, with reasons that the provider reads.")
    offer_void: OfferPayload = act(offer.void, "Undo an acceptance and every agreement drawn from it, with a reason.")
