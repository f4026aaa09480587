"""The wall around e-mail: acts note what is due, the portal's worker spreads and sends it, wishes are one's own."""

from migrations.wall.policies import ADMIN, LA, MINE, PROVIDER, RW, SIGNATORY, WORKER, Row

MAIL_SEEN = "id, person_id, kind, day, must, state, at, attempts, error"
NOT_THEIRS = (LA, PROVIDER, SIGNATORY)
TABLES: tuple[str, ...] = ("mail_due", "mail_item", "mail_preference")
POLICIES: tuple[Row, ...] = (
    ("mail", ADMIN, f"SELECT ({MAIL_SEEN})", "state = 'DEAD'", None),
    *(("mail", role, f"SELECT ({MAIL_SEEN})", "false", None) for role in NOT_THEIRS),
    *(("mail_preference", role, RW, MINE, None) for role in (*NOT_THEIRS, ADMIN)),
)
NEVER_REMOVED: tuple[str, ...] = ("mail_preference",)
GUARDED: dict[str, tuple[str, ...]] = {
    "portal_mail_noted()": (),
    "portal_mail_signs(person, uuid, date)": (),
    "portal_mail_spread(bigint, jsonb, text[])": (WORKER,),
    "portal_mail_left(inbox_entry)": (),
    "portal_mail_digests(date, timestamptz)": (WORKER,),
    "portal_mail_claim(timestamptz, bigint, interval, text, bigint)": (WORKER,),
    "portal_mail_forget(timestamptz)": (WORKER,),
    "portal_mail_counts()": (ADMIN,),
    "portal_mail_decided(uuid[], boolean, timestamptz)": (ADMIN,),
}
# Messages of before are due at once; where they stand in their readers' inboxes is looked up, and no job sends them.
STATEMENTS: tuple[str, ...] = (
    "DROP TRIGGER mails ON inbox_entry",
    "DROP FUNCTION portal_mail()",
    "CREATE TRIGGER mails AFTER INSERT ON inbox_entry REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"
    " EXECUTE FUNCTION portal_mail_noted()",
    f"GRANT UPDATE (due_at, lease_until) ON mail TO {WORKER}",
    "DROP TRIGGER never ON mail",
    "GRANT DELETE ON mail, mail_due, mail_item TO portal_guard",
    "UPDATE mail m SET no = n.no FROM inbox_entry n WHERE n.person_id = m.person_id AND n.event_id = m.event_id",
    "UPDATE job SET done_at = now() WHERE kind = 'mail.send' AND done_at IS NULL AND died_at IS NULL",
)
