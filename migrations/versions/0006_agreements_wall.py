"""The wall around what agreements have gained."""

from alembic import op

from migrations.wall import agreements, policies

revision = "0006"
down_revision = "0005"

NEVER = "CREATE TRIGGER never BEFORE {} ON {} FOR EACH ROW EXECUTE FUNCTION portal_never()"


def upgrade() -> None:
    # exec_driver_sql: nothing in these statements is a bind parameter
    tables = agreements.listed("TABLES")
    behind = policies.statements(agreements.listed("POLICIES"), agreements.listed("SHOWN"))
    for statement in (*policies.walled(list(tables)), *behind, *agreements.functions(), *guards(tables), *nevers()):
        op.get_bind().exec_driver_sql(statement)
    for statement in agreements.listed("STATEMENTS"):
        op.get_bind().exec_driver_sql(statement)


def guards(tables: tuple[str, ...]) -> list[str]:
    out = [f"GRANT SELECT, INSERT, UPDATE ON {table} TO portal_guard" for table in tables]
    for function, callers in agreements.guarded().items():
        out += [f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC", f"ALTER FUNCTION {function} OWNER TO portal_guard"]
        out += [f"GRANT EXECUTE ON FUNCTION {function} TO {caller}" for caller in callers]
    return out


def nevers() -> list[str]:
    written_once = [NEVER.format("UPDATE OR DELETE", table) for table in agreements.listed("INSERT_ONLY")]
    return [*written_once, *(NEVER.format("DELETE", table) for table in agreements.listed("NEVER_REMOVED"))]
