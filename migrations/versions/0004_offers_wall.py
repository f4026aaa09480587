"""The wall around what offers have gained."""

from pathlib import Path

from alembic import op

from migrations.wall import offers, policies

revision = "0004"
down_revision = "0003"

SQL = Path(__file__).parent.parent / "wall" / "offers.sql"
NEVER = "CREATE TRIGGER never BEFORE {} ON {} FOR EACH ROW EXECUTE FUNCTION portal_never()"


def upgrade() -> None:
    # exec_driver_sql: nothing in these statements is a bind parameter
    for statement in (*policies.walled(list(offers.TABLES)), *policies.statements(offers.POLICIES, offers.SHOWN)):
        op.get_bind().exec_driver_sql(statement)
    for function in SQL.read_text().split("END $$;\n")[:-1]:
        op.get_bind().exec_driver_sql(function + "END $$")
    for statement in (*guards(), *nevers(), *offers.STATEMENTS):
        op.get_bind().exec_driver_sql(statement)


def guards() -> list[str]:
    out = [f"GRANT SELECT, INSERT, UPDATE ON {table} TO portal_guard" for table in offers.TABLES]
    for function, callers in offers.GUARDED.items():
        out += [f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC", f"ALTER FUNCTION {function} OWNER TO portal_guard"]
        out += [f"GRANT EXECUTE ON FUNCTION {function} TO {caller}" for caller in callers]
    return out


def nevers() -> list[str]:
    written_once = [NEVER.format("UPDATE OR DELETE", table) for table in offers.INSERT_ONLY]
    return [*written_once, *(NEVER.format("DELETE", table) for table in offers.NEVER_REMOVED)]
