"""What keeps an agreement as it is from its drawing up to its voiding, and each party to its own part of it."""

DECIDED = (
    "content_hash", "canonical_form", "pdf_sha256", "signed_pdf_sha256", "shared_at", "reviewed_at", "reviewed_by_name",
    "enabled_at", "enabled_by_name", "signed_at", "void_reason", "voided_at",
)  # fmt: skip
"""What no draft begins with."""
AUTHORITYS = (
    "details", "shared_at", "enabled_at", "enabled_by_name", "content_hash", "canonical_form", "pdf_sha256",
    "authority_signed", "void_reason", "voided_at",
)  # fmt: skip
"""What a provider never writes."""
PROVIDERS = ("contacts", "reviewed_at", "reviewed_by_name", "reviewed_version", "reviewed_items")
"""What an authority never writes; that a review stands it only takes back."""
GUARDED: dict[str, tuple[str, ...]] = {
    f"{function}()": ()
    for function in (
        "portal_agreement_begins", "portal_enabled_with_file", "portal_signature_counts", "portal_void_together",
        "portal_refused_by_name",
    )
}  # fmt: skip
BECOMES_VOID = (
    "CREATE CONSTRAINT TRIGGER void_together AFTER UPDATE ON {} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    " WHEN (OLD.status <> NEW.status AND NEW.status = 'VOIDED') EXECUTE FUNCTION portal_void_together()"
)
STATEMENTS: tuple[str, ...] = (
    "CREATE TRIGGER begins BEFORE INSERT ON ipa FOR EACH ROW WHEN (current_user LIKE 'portal\\_%')"
    f" EXECUTE FUNCTION portal_agreement_begins('{','.join(DECIDED)}')",
    "CREATE TRIGGER of_its_side BEFORE UPDATE ON ipa FOR EACH ROW"
    f" EXECUTE FUNCTION portal_agreement_by_side('{','.join(AUTHORITYS)}', '{','.join(PROVIDERS)}')",
    "CREATE CONSTRAINT TRIGGER enabled_with_file AFTER UPDATE ON ipa DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    " WHEN (OLD.status <> NEW.status AND NEW.status = 'READY_TO_SIGN') EXECUTE FUNCTION portal_enabled_with_file()",
    "CREATE CONSTRAINT TRIGGER counts AFTER INSERT ON signature DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    " EXECUTE FUNCTION portal_signature_counts()",
    BECOMES_VOID.format("ipa"),
    BECOMES_VOID.format("offer"),
    "CREATE TRIGGER by_reader BEFORE INSERT ON ipa_opening FOR EACH ROW EXECUTE FUNCTION portal_opened_by_reader()",
    "CREATE TRIGGER parent_open BEFORE INSERT ON ipa_refusal FOR EACH ROW"
    " EXECUTE FUNCTION portal_parent_open('ipa', 'READY_TO_SIGN,PARTLY_SIGNED')",
    "CREATE TRIGGER refused BEFORE INSERT ON ipa_refusal FOR EACH ROW EXECUTE FUNCTION portal_refused_by_name()",
    "CREATE TRIGGER placed BEFORE UPDATE ON referral FOR EACH ROW EXECUTE FUNCTION portal_placed_by_signing()",
)
