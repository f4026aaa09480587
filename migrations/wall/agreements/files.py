"""The wall around an agreement's files: each is written once, and read by whoever reads the agreement.

Its authority writes what was fixed, the portal itself whatever follows; neither anything but what is due then.
"""

from migrations.wall.policies import ALL, LA, OF_LA, OF_PROVIDER, PROVIDER, SHARED, SIGNATORY, WORKER, R, Row, W

AGREEMENT = (
    "id, la_id, provider_id, referral_id, reference, status, version, content_hash, canonical_form, pdf_sha256,"
    " shared_at, enabled_at, void_reason, voided_at"
)
SIGNATURE = (
    "ipa_id, party, person_id, name, job_title, organisation, on_behalf_of, authority, method, consent, content_hash,"
    " pdf_sha256, at"
)
EVENT = (
    "at, kind, subject_kind, subject_id, la_id, provider_id, actor_id, actor_name, actor_organisation, stream, seq,"
    " hash"
)

TABLES: tuple[str, ...] = ("ipa_file",)
POLICIES: tuple[Row, ...] = (
    ("ipa_file", LA, R, OF_LA, None),
    ("ipa_file", LA, W, OF_LA, f"{OF_LA} AND kind = 'ENABLED' AND no = 0"),
    *(("ipa_file", role, R, f"{OF_PROVIDER} AND {SHARED}", None) for role in (PROVIDER, SIGNATORY)),
    ("ipa_file", WORKER, "SELECT, INSERT", ALL, None),
    ("ipa", WORKER, f"SELECT ({AGREEMENT})", "content_hash IS NOT NULL", None),
    ("signature", WORKER, f"SELECT ({SIGNATURE})", ALL, None),
    ("event", WORKER, f"SELECT ({EVENT})", "subject_kind = 'IPA'", None),
)
SHOWN: tuple[str, ...] = ("ipa_file",)
GUARDED: dict[str, tuple[str, ...]] = {"portal_file_follows()": ()}
INSERT_ONLY: tuple[str, ...] = ("ipa_file",)
STATEMENTS: tuple[str, ...] = (
    # what earlier releases fixed; nobody counted its bytes, and what they printed at the end is sealed anew
    "INSERT INTO ipa_file (ipa_id, no, la_id, provider_id, kind, sha256, byte_size, made_at)"
    " SELECT id, 0, la_id, provider_id, 'ENABLED', pdf_sha256, 0, enabled_at FROM ipa"
    " WHERE pdf_sha256 IS NOT NULL AND content_hash IS NOT NULL AND enabled_at IS NOT NULL",
    "CREATE TRIGGER follows BEFORE INSERT ON ipa_file FOR EACH ROW EXECUTE FUNCTION portal_file_follows()",
)
