"""The wall around an agreement's files: each is written once, and read by whoever reads the agreement."""

from migrations.wall.policies import ALL, LA, OF_LA, OF_PROVIDER, PROVIDER, SHARED, SIGNATORY, WORKER, R, Row, W

TABLES: tuple[str, ...] = ("ipa_file",)
POLICIES: tuple[Row, ...] = (
    ("ipa_file", LA, R, OF_LA, None),
    ("ipa_file", LA, W, OF_LA, f"{OF_LA} AND kind = 'ENABLED' AND no = 0"),
    *(("ipa_file", role, R, f"{OF_PROVIDER} AND {SHARED}", None) for role in (PROVIDER, SIGNATORY)),
    ("ipa_file", WORKER, "SELECT, INSERT", ALL, "kind <> 'ENABLED'"),
)
SHOWN: tuple[str, ...] = ("ipa_file",)
INSERT_ONLY: tuple[str, ...] = ("ipa_file",)
