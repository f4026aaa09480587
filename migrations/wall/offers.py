"""The wall around what offers have gained: new tables, and functions that know more than before."""

from migrations.wall import checks, keeping, roles, uplifts
from migrations.wall.districts import filling
from migrations.wall.policies import ALL, LA, PROVIDER, SIGNATORY, WORKER, R, Row

TABLES: tuple[str, ...] = ("postcode_district", "uplift", *checks.TABLES)
"""What the migration before has made: each is forced behind its policies."""
POLICIES: tuple[Row, ...] = (
    *(("postcode_district", role, R, ALL, None) for role in (LA, PROVIDER, SIGNATORY)),
    ("offer_document", WORKER, "SELECT (document_id, kind, compulsory, removed_at)", ALL, None),
    *uplifts.POLICIES,
    *checks.POLICIES,
)
SHOWN: tuple[str, ...] = ("postcode_district", "uplift", *checks.TABLES)
"""What the contract can reach: it reads as nothing for a role without a policy."""
GUARDED: dict[str, tuple[str, ...]] = {
    **keeping.GUARDED,
    "portal_uplift_proposed()": (),
    "portal_uplifts_end()": (),
    "portal_confirmed_as_accepted()": (),
    "portal_first_checks()": (),
    "portal_usual_checks()": (),
    "portal_attached_as_kept()": (),
    "portal_offer_changes(uuid, bigint)": roles.VIEWERS,
}
"""New functions of the guard, and who may call each."""
INSERT_ONLY: tuple[str, ...] = checks.TABLES
NEVER_REMOVED: tuple[str, ...] = ("postcode_district",)
AS_KEPT = (
    "CREATE TRIGGER as_kept BEFORE INSERT OR UPDATE ON offer_document FOR EACH ROW"
    " EXECUTE FUNCTION portal_attached_as_kept()"
)
DRAWN_UP = (
    "CREATE TRIGGER drawn_up BEFORE INSERT ON ipa FOR EACH ROW EXECUTE FUNCTION portal_parent_open('offer', 'ACCEPTED')"
)
STATEMENTS: tuple[str, ...] = (
    filling(), *uplifts.STATEMENTS, *checks.STATEMENTS, AS_KEPT, DRAWN_UP, *keeping.STATEMENTS,
)  # fmt: skip
"""Triggers, policies of tables that were there, and rows to begin with; after everything else."""
