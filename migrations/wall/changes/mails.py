"""The wall around e-mail that does not arrive: who is told of it about whom."""

from migrations.wall import roles

GUARDED: dict[str, tuple[str, ...]] = {"portal_mail_undelivered(uuid)": roles.VIEWERS}
