"""The wall around what those who look at something are told of it."""

from alembic import op

from migrations.wall import changes
from migrations.wall.nouns import Nouns

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    # exec_driver_sql: nothing in these statements is a bind parameter
    for statement in Nouns(changes.__name__, *changes.NOUNS).statements():
        op.get_bind().exec_driver_sql(statement)
