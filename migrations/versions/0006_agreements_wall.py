"""The wall around what agreements have gained."""

from alembic import op

from migrations.wall import agreements
from migrations.wall.nouns import Nouns

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # exec_driver_sql: nothing in these statements is a bind parameter
    for statement in Nouns(agreements.__name__, *agreements.NOUNS).statements():
        op.get_bind().exec_driver_sql(statement)
