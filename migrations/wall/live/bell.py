"""What the bell has gained: readings of some kinds alone or about one thing, and what each notification concerns."""

GUARDED: dict[str, tuple[str, ...]] = {"portal_mark_read(jsonb, uuid)": (), "portal_begin_concerns()": ()}
STATEMENTS: tuple[str, ...] = ("SELECT portal_begin_concerns()", "DROP FUNCTION portal_begin_concerns()")
