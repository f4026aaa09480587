"""What keeps an offer as it was said: each side writes its own part, and nobody what has been attached or kept."""

GUARDED: dict[str, tuple[str, ...]] = {"portal_still_accepted()": ()}
DECIDED = (
    "decided_at", "decided_by_name", "checks_confirmed", "acknowledged_conditions", "decline_reasons", "decline_note",
    "void_reason", "voided_at",
)  # fmt: skip
STATEMENTS: tuple[str, ...] = (
    "CREATE TRIGGER of_its_side BEFORE UPDATE ON offer FOR EACH ROW"
    f" EXECUTE FUNCTION portal_offer_by_side('{','.join(DECIDED)}')",
    "CREATE TRIGGER as_it_is BEFORE INSERT ON offer_version FOR EACH ROW EXECUTE FUNCTION portal_version_as_it_is()",
    "CREATE TRIGGER stays BEFORE UPDATE ON document FOR EACH ROW WHEN (OLD.state = 'READY')"
    " EXECUTE FUNCTION portal_file_stays()",
    "CREATE CONSTRAINT TRIGGER still_accepted AFTER UPDATE ON referral DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    " WHEN (OLD.accepted AND NOT NEW.accepted) EXECUTE FUNCTION portal_still_accepted()",
)
