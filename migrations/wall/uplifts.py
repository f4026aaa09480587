"""The wall around uplifts: each side writes its own, answers the other's, and changes nothing else of any."""

from migrations.wall.policies import LA, ME, OF_LA, OF_PROVIDER, PROVIDER, SHARED, SIGNATORY, R, Row, W

CLOSING = "closed_at, closed_by_id, closed_by_name, refuse_reason, status, updated_at, version"
CLOSE = f"SELECT, UPDATE ({CLOSING})"
SHARED_PROVIDERS = f"{OF_PROVIDER} AND {SHARED}"


def closed(own: str, others: str) -> str:
    """What a side may make of an uplift: its own withdrawn, the other side's answered, in its own name."""
    answered = f"{others} AND status IN ('AGREED', 'REFUSED')"
    return f"closed_by_id = {ME} AND ({answered} OR {own} AND status = 'WITHDRAWN')"


WITH_IT = "EXISTS (SELECT FROM ipa i WHERE i.id = ipa_id AND i.status = 'VOIDED')"
ENDED = f"closed_by_id IS NULL AND status = 'ENDED' AND {WITH_IT}"


def proposed(own: str) -> str:
    return f"{own} AND status = 'PROPOSED' AND proposed_by_id = {ME}"


POLICIES: tuple[Row, ...] = (
    ("uplift", LA, CLOSE, OF_LA, f"{OF_LA} AND ({closed('authority_proposed', 'provider_proposed')} OR {ENDED})"),
    ("uplift", LA, W, OF_LA, f"{OF_LA} AND {proposed('authority_proposed')}"),
    (
        "uplift",
        PROVIDER,
        CLOSE,
        SHARED_PROVIDERS,
        f"{OF_PROVIDER} AND {closed('provider_proposed', 'authority_proposed')}",
    ),
    ("uplift", PROVIDER, W, OF_PROVIDER, f"{SHARED_PROVIDERS} AND {proposed('provider_proposed')}"),
    ("uplift", SIGNATORY, R, SHARED_PROVIDERS, None),
)
FROZEN = (
    "AGREED,ENDED,PROPOSED,REFUSED,WITHDRAWN",
    CLOSING.replace(" ", ""),
    "PROPOSED>AGREED,PROPOSED>ENDED,PROPOSED>REFUSED,PROPOSED>WITHDRAWN",
)
LOCKED = ", ".join(f"'{argument}'" for argument in FROZEN)
STATEMENTS = (
    f"CREATE TRIGGER lock_row BEFORE UPDATE OR DELETE ON uplift FOR EACH ROW EXECUTE FUNCTION portal_freeze({LOCKED})",
    f"CREATE TRIGGER lock_table BEFORE TRUNCATE ON uplift EXECUTE FUNCTION portal_freeze({LOCKED})",
    "CREATE TRIGGER proposed BEFORE INSERT ON uplift FOR EACH ROW EXECUTE FUNCTION portal_uplift_proposed()",
    "CREATE CONSTRAINT TRIGGER end_uplifts AFTER UPDATE ON ipa DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    " WHEN (OLD.status <> NEW.status AND NEW.status = 'VOIDED') EXECUTE FUNCTION portal_uplifts_end()",
)
