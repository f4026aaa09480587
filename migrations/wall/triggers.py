"""Freezing triggers. Their arguments come from the lifecycle tables; a test compares them with what is printed here."""

from collections.abc import Mapping

INSERT_ONLY = (
    "event", "message", "offer_version", "referral_revision", "signature", "ipa_document", "ipa_opening",
    "ipa_refusal", "message_document", "reminder", "registration_fault", "referral_change",
)  # fmt: skip
NEVER_REMOVED = (
    "delivery", "thread", "offer_document", "home",
    "registered_care", "framework_membership", "fostering_family", "registration_change", "delegation",
    "registration_import",
)  # fmt: skip
REMOVED_WITH_A_DRAFT = {
    "referral": "portal_only_drafts", "child": "portal_only_drafts", "referral_document": "portal_only_drafts",
    "referral_split": "portal_only_drafts",
    "document": "portal_only_unattached",
}  # fmt: skip

APPROVED = {
    "provider": "effective_since",
    "home": "approved_at",
    "registered_care": "approved_at",
    "framework_membership": "approved_at",
}


def statements(frozen: Mapping[str, tuple[str, str, str]]) -> list[str]:
    """`frozen` gives for each table its frozen states, free columns and allowed moves, each comma-separated."""
    out = []
    for table, arguments in frozen.items():
        quoted = ", ".join(f"'{argument}'" for argument in arguments)
        out += [
            f"CREATE TRIGGER lock_row BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION"
            f" portal_freeze({quoted})",
            f"CREATE TRIGGER lock_table BEFORE TRUNCATE ON {table} EXECUTE FUNCTION portal_freeze({quoted})",
        ]
    for table in INSERT_ONLY:
        out.append(
            f"CREATE TRIGGER never BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION portal_never()"
        )
    for table in NEVER_REMOVED:
        out.append(f"CREATE TRIGGER never BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION portal_never()")
    for table, unless in REMOVED_WITH_A_DRAFT.items():
        out.append(f"CREATE TRIGGER never BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {unless}()")
    for table, column in APPROVED.items():
        others = "FOR EACH ROW WHEN ({}) EXECUTE FUNCTION portal_approved_by_others()"
        given, changed = f"NEW.{column} IS NOT NULL", f"OLD.{column} IS DISTINCT FROM NEW.{column}"
        out.append(f"CREATE TRIGGER approve_new BEFORE INSERT ON {table} {others.format(given)}")
        out.append(f"CREATE TRIGGER approve BEFORE UPDATE ON {table} {others.format(changed)}")
    return [*out, *BINDING]


BINDING = (
    "CREATE TRIGGER freeze_accepted BEFORE UPDATE ON referral FOR EACH ROW EXECUTE FUNCTION portal_freeze_referral()",
    "CREATE TRIGGER freeze_accepted BEFORE INSERT OR UPDATE ON child FOR EACH ROW"
    " EXECUTE FUNCTION portal_freeze_children()",
    "CREATE TRIGGER parent_open BEFORE INSERT OR UPDATE ON offer_document FOR EACH ROW"
    " EXECUTE FUNCTION portal_parent_open('offer', 'DRAFT,SUBMITTED')",
    "CREATE TRIGGER parent_open BEFORE INSERT ON offer_version FOR EACH ROW"
    " EXECUTE FUNCTION portal_parent_open('offer', 'DRAFT,SUBMITTED')",
    "CREATE TRIGGER parent_open BEFORE INSERT ON ipa_document FOR EACH ROW"
    " EXECUTE FUNCTION portal_parent_open('ipa', 'DRAFT,IN_REVIEW')",
    "CREATE TRIGGER sent_with BEFORE INSERT ON message_document FOR EACH ROW"
    " EXECUTE FUNCTION portal_sent_with_message()",
    "CREATE TRIGGER binds BEFORE INSERT ON signature FOR EACH ROW EXECUTE FUNCTION portal_signature_binds()",
    "CREATE TRIGGER stands BEFORE INSERT OR UPDATE ON delegation FOR EACH ROW"
    " EXECUTE FUNCTION portal_delegation_stands()",
    "CREATE TRIGGER signed BEFORE UPDATE ON ipa FOR EACH ROW WHEN (OLD.status <> NEW.status)"
    " EXECUTE FUNCTION portal_signed_means_signed()",
    "CREATE TRIGGER listed BEFORE INSERT OR UPDATE OF delivered_at ON delivery FOR EACH ROW"
    " EXECUTE FUNCTION portal_delivery_listed()",
    "CREATE TRIGGER search_moved AFTER UPDATE ON referral FOR EACH ROW"
    " WHEN ((OLD.status, OLD.accepted, OLD.date_required, OLD.response_deadline) IS DISTINCT FROM"
    " (NEW.status, NEW.accepted, NEW.date_required, NEW.response_deadline))"
    " EXECUTE FUNCTION portal_search_moved()",
    "CREATE TRIGGER open_inbox AFTER INSERT ON person FOR EACH ROW EXECUTE FUNCTION portal_open_inbox()",
)
