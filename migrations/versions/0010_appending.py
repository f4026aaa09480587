"""What is told goes into one index of the list, and inboxes have room to rise where they stand."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    # the new ones first: until the old ones go, which is quick, everybody may read
    op.create_index(
        "ix_inbox_entry_unread_listed",
        "inbox_entry",
        ["person_id", "no"],
        postgresql_include=["notice", "concerns"],
        postgresql_where="notice IS NOT NULL AND read_at IS NULL AND gone_no IS NULL",
    )
    op.create_index(
        "ix_inbox_entry_read_listed",
        "inbox_entry",
        ["person_id", "notice", "no"],
        postgresql_include=["concerns"],
        postgresql_where="notice IS NOT NULL AND read_at IS NOT NULL AND gone_no IS NULL",
    )
    op.drop_index("ix_inbox_entry_unread", table_name="inbox_entry")
    op.drop_index("ix_inbox_entry_listed", table_name="inbox_entry")
    op.execute("ALTER TABLE inbox SET (fillfactor = 50)")
