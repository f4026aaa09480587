"""The wall around what streams tell: whom, how much of a conversation they have not read, and whose a cursor is."""

from migrations.wall import roles

GUARDED: dict[str, tuple[str, ...]] = {
    "portal_unread_messages(uuid, uuid)": ("portal_hub",),
    "portal_record_beyond_sight(jsonb)": (*roles.VIEWERS, "portal_signin"),
}
STATEMENTS: tuple[str, ...] = (
    # what cursors carry is worked out from it, so it must be more than anybody can try
    "UPDATE portal_epoch SET epoch = gen_random_uuid()::text",
)
