"""The database's roles: who owns, who connects, and one role for each kind of viewer (TRUST A1)."""

NOLOGIN = (
    "portal_owner",
    "portal_la",
    "portal_provider",
    "portal_signatory",
    "portal_admin",
    "portal_signin",
    "portal_hub",
    "portal_worker",
)
BYPASSING = ("portal_guard", "portal_backup")
KINDS = (
    "portal_la", "portal_provider", "portal_signatory", "portal_admin", "portal_signin", "portal_hub", "portal_worker",
)  # fmt: skip
VIEWERS = ("portal_la", "portal_provider", "portal_signatory", "portal_admin")

MAKE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} {attributes}; END IF;
END $$
"""


def statements() -> list[str]:
    """Roles belong to the whole cluster, so each is made only where it is missing."""
    wanted = [(role, "NOLOGIN NOINHERIT") for role in NOLOGIN]
    wanted += [(role, "NOLOGIN NOINHERIT BYPASSRLS") for role in BYPASSING]
    wanted += [("portal_app", "LOGIN NOINHERIT NOBYPASSRLS")]
    made = [MAKE.format(role=role, attributes=attributes) for role, attributes in wanted]
    given = [f"GRANT {role} TO portal_app WITH INHERIT FALSE, SET TRUE" for role in KINDS]
    return [*made, *given]
