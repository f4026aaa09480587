"""The wall around signatures: by whom, over what, with which evidence; and who may say that they will not sign."""

from migrations.wall.roles import VIEWERS

GUARDED: dict[str, tuple[str, ...]] = {"portal_hold_signatory(uuid)": VIEWERS, "portal_refusal_stands()": ()}
STATEMENTS: tuple[str, ...] = (
    "CREATE TRIGGER stands BEFORE INSERT ON ipa_refusal FOR EACH ROW EXECUTE FUNCTION portal_refusal_stands()",
)
