"""The wall around what streams tell: how much of a conversation somebody has not read, and whose cursor one is."""

GUARDED: dict[str, tuple[str, ...]] = {"portal_unread_messages(uuid, uuid)": ("portal_hub",)}
STATEMENTS: tuple[str, ...] = (
    # what cursors carry is worked out from it, so it must be more than anybody can try
    "UPDATE portal_epoch SET epoch = gen_random_uuid()::text",
)
