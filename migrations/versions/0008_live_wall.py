"""The wall around what live delivery, the bell and e-mail have gained."""

from alembic import op

from migrations.wall import live
from migrations.wall.nouns import Nouns

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    # exec_driver_sql: nothing in these statements is a bind parameter
    for statement in Nouns(live.__name__, *live.NOUNS).statements():
        op.get_bind().exec_driver_sql(statement)
