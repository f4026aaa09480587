"""The wall around what authorities check before they accept an offer: nothing of it is a provider's to see."""

from migrations.wall.policies import LA, OF_LA, RI, Row

TABLES = ("acceptance_checks", "offer_checks")
POLICIES: tuple[Row, ...] = tuple((table, LA, RI, OF_LA, None) for table in TABLES)
STATEMENTS = (
    "INSERT INTO acceptance_checks (id, la_id, version, checks) SELECT gen_random_uuid(), o.id, 1,"
    " portal_usual_checks() FROM organisation o WHERE o.side = 'LOCAL_AUTHORITY'",
    "CREATE TRIGGER first_checks AFTER INSERT ON organisation FOR EACH ROW WHEN (NEW.side = 'LOCAL_AUTHORITY')"
    " EXECUTE FUNCTION portal_first_checks()",
    "CREATE CONSTRAINT TRIGGER as_accepted AFTER INSERT ON offer_checks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    " EXECUTE FUNCTION portal_confirmed_as_accepted()",
)
