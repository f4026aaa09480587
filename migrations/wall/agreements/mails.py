"""The wall around e-mail: the database alone begins one, with the notice itself; the portal's worker alone reads it."""

from migrations.wall.policies import ALL, WORKER, Row

TABLES: tuple[str, ...] = ("mail",)
POLICIES: tuple[Row, ...] = (
    ("mail", WORKER, "SELECT, UPDATE (state, attempts, message_id, error, sent_at)", ALL, None),
    ("person", WORKER, "SELECT (id, name, email, status)", ALL, None),
)
NEVER_REMOVED: tuple[str, ...] = ("mail",)
GUARDED: dict[str, tuple[str, ...]] = {"portal_mail()": ()}
STATEMENTS: tuple[str, ...] = (
    "CREATE TRIGGER mails AFTER INSERT ON inbox_entry FOR EACH ROW WHEN (NEW.notice = 'IPA_READY_TO_SIGN')"
    " EXECUTE FUNCTION portal_mail()",
)
