"""The wall around the review of an agreement: what was changed, what was asked for, and documents taken off again."""

from migrations.wall import policies, roles
from migrations.wall.policies import LA, ME, MINE, OF_LA, OF_PROVIDER, PROVIDER, SHARED, SIGNATORY, R, Row, W

SETTLING = "outcome, answer, settled_by_id, settled_by_name, settled_at"
SETTLE = f"SELECT, UPDATE ({SETTLING})"
SETTLED = f"settled_by_id = {ME} AND outcome"
ATTACHED = f"{OF_PROVIDER} AND removed_at IS NULL AND {SHARED}"
SINCE_SHARED = (  # what earlier releases wrote of a draft that somebody opened is hidden too
    "(subject_kind <> 'IPA' OR EXISTS (SELECT FROM ipa i WHERE i.id = subject_id AND i.shared_at <= event.at))"
)
EVENTS = {
    role: rows for table, role, _, rows, _ in policies.POLICIES if table == "event" and role in (PROVIDER, SIGNATORY)
}
IN_FORCE = "EXISTS (SELECT FROM ipa i WHERE i.id = ipa_id)"

TABLES: tuple[str, ...] = ("ipa_change", "ipa_correction")
POLICIES: tuple[Row, ...] = (
    ("ipa_change", LA, R, OF_LA, None),
    ("ipa_change", LA, W, OF_LA, f"{OF_LA} AND {MINE}"),
    ("ipa_change", PROVIDER, R, f"{OF_PROVIDER} AND shared", None),
    ("ipa_change", PROVIDER, W, OF_PROVIDER, f"{OF_PROVIDER} AND shared AND {MINE}"),
    ("ipa_change", SIGNATORY, R, f"{OF_PROVIDER} AND shared AND {IN_FORCE}", None),
    ("ipa_correction", LA, SETTLE, OF_LA, f"{OF_LA} AND {SETTLED} IN ('CORRECTED', 'ANSWERED')"),
    ("ipa_correction", PROVIDER, SETTLE, OF_PROVIDER, f"{OF_PROVIDER} AND {SETTLED} = 'TAKEN_BACK'"),
    ("ipa_correction", PROVIDER, W, OF_PROVIDER, f"{OF_PROVIDER} AND {MINE} AND outcome IS NULL AND {SHARED}"),
    ("ipa_document", LA, "UPDATE (removed_at)", OF_LA, None),
)
SHOWN: tuple[str, ...] = ("ipa_change", "ipa_correction")
GUARDED: dict[str, tuple[str, ...]] = {
    "portal_ipa_changes(uuid, bigint)": roles.VIEWERS,
    "portal_change_as_made()": (),
    "portal_settled_once()": (),
    "portal_taken_off_once()": (),
}
INSERT_ONLY: tuple[str, ...] = ("ipa_change",)
NEVER_REMOVED: tuple[str, ...] = ("ipa_correction",)
STATEMENTS: tuple[str, ...] = (
    "CREATE TRIGGER as_made BEFORE INSERT ON ipa_change FOR EACH ROW EXECUTE FUNCTION portal_change_as_made()",
    "CREATE TRIGGER parent_open BEFORE INSERT ON ipa_change FOR EACH ROW"
    " EXECUTE FUNCTION portal_parent_open('ipa', 'DRAFT,IN_REVIEW')",
    "CREATE TRIGGER parent_open BEFORE INSERT OR UPDATE ON ipa_correction FOR EACH ROW"
    " EXECUTE FUNCTION portal_parent_open('ipa', 'IN_REVIEW')",
    "CREATE TRIGGER settled_once BEFORE UPDATE ON ipa_correction FOR EACH ROW EXECUTE FUNCTION portal_settled_once()",
    "DROP TRIGGER never ON ipa_document",
    "CREATE TRIGGER never BEFORE DELETE ON ipa_document FOR EACH ROW EXECUTE FUNCTION portal_never()",
    "CREATE TRIGGER taken_off_once BEFORE UPDATE ON ipa_document FOR EACH ROW EXECUTE FUNCTION portal_taken_off_once()",
    "DROP TRIGGER parent_open ON ipa_document",
    "CREATE TRIGGER parent_open BEFORE INSERT OR UPDATE ON ipa_document FOR EACH ROW"
    " EXECUTE FUNCTION portal_parent_open('ipa', 'DRAFT,IN_REVIEW')",
    *(
        statement
        for role in (PROVIDER, SIGNATORY)
        for statement in (
            f"DROP POLICY {role.removeprefix('portal_')}_select ON ipa_document",
            f"CREATE POLICY {role.removeprefix('portal_')}_select ON ipa_document FOR SELECT TO {role}"
            f" USING ({ATTACHED})",
        )
    ),
    *(
        f"ALTER POLICY {role.removeprefix('portal_')}_select ON event USING (({rows}) AND {SINCE_SHARED})"
        for role, rows in EVENTS.items()
    ),
)
