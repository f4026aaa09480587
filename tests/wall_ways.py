"""Ways of changing an agreement that is fixed: by SQL, as any role that the portal can take."""

NOW = "'2026-06-15T09:00:00Z'"
SIGNATURE = (
    "INSERT INTO signature SELECT (jsonb_populate_record(NULL::signature, jsonb_build_object('ipa_id', i.id,"
    " 'la_id', i.la_id, 'provider_id', i.provider_id, 'party', p.party, 'person_id', {person}, 'name', {name},"
    " 'organisation', 'x', 'method', 'AUTHENTICATOR_CODE', 'consent', 'x', 'code_step', 1, 'session_id', {session},"
    " 'ipa_version', i.version, 'content_hash', {hash}, 'pdf_sha256', {pdf}, 'at', " + NOW + "::timestamptz))).*"
    " FROM ipa i, (VALUES ('LOCAL_AUTHORITY'), ('PROVIDER')) p (party) WHERE {where}"
)
MYSELF = {
    "person": "current_setting('app.person')", "session": "current_setting('app.session')", "name": "'x'",
    "hash": "i.content_hash", "pdf": "i.pdf_sha256", "where": "true",
}  # fmt: skip
FILE = (
    "INSERT INTO ipa_file SELECT (jsonb_populate_record(f, jsonb_build_object('sha256', repeat('0', 64), 'level', NULL,"
    " {changed}))).* FROM ipa_file f"
)
OPENING = "INSERT INTO ipa_opening (ipa_id, person_id, pdf_sha256, at) SELECT i.id, {}, {}, now() FROM ipa i"
REFUSAL = (
    "INSERT INTO ipa_refusal (id, ipa_id, la_id, provider_id, person_id, name, organisation, reason, at) SELECT"
    " gen_random_uuid(), i.id, i.la_id, i.provider_id, {}, 'x', 'x', 'x', now() FROM ipa i"
)
ANOTHER = (
    "INSERT INTO ipa SELECT (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'reference', 'x'{})))"
    ".* FROM ipa i"
)
DOCUMENT = (
    "INSERT INTO ipa_document (id, ipa_id, la_id, provider_id, document_id, kind, name, sha256, byte_size, media_type,"
    " attached_at, attached_by_name) SELECT gen_random_uuid(), id, la_id, provider_id, gen_random_uuid(), 'OTHER', 'x',"
    " 'x', 1, 'application/pdf', now(), 'x' FROM ipa"
)


def signing(**different: str) -> str:
    return SIGNATURE.format(**{**MYSELF, **different})


CONTENT = {
    "details": "UPDATE ipa SET details = '{}'",
    "a detail": "UPDATE ipa SET details = jsonb_set(details, '{child,givenNames}', '\"Other\"')",
    "contacts": "UPDATE ipa SET contacts = '{}'",
    "the hash": "UPDATE ipa SET content_hash = repeat('0', 64)",
    "the form": "UPDATE ipa SET canonical_form = canonical_form || ' '",
    "the form with its hash": "UPDATE ipa SET canonical_form = 'x', content_hash = encode(sha256('x'), 'hex')",
    "the bytes": "UPDATE ipa SET pdf_sha256 = repeat('0', 64)",
    "the sealed bytes": "UPDATE ipa SET signed_pdf_sha256 = repeat('0', 64)",
    "the version": "UPDATE ipa SET version = version + 1",
    "an older version": "UPDATE ipa SET version = 1",
    "when it was shared": "UPDATE ipa SET shared_at = now()",
    "never shared": "UPDATE ipa SET shared_at = NULL",
    "who reviewed it": "UPDATE ipa SET reviewed_at = now(), reviewed_by_name = 'x'",
    "when it was fixed": "UPDATE ipa SET enabled_at = now(), enabled_by_name = 'x'",
    "never fixed": "UPDATE ipa SET enabled_at = NULL",
    "when it was signed": "UPDATE ipa SET signed_at = '2020-01-01'",
    "when it was drawn up": "UPDATE ipa SET created_at = now(), created_by_name = 'x'",
    "when it last changed": "UPDATE ipa SET updated_at = now()",
    "the offer": "UPDATE ipa SET offer_id = gen_random_uuid()",
    "the child": "UPDATE ipa SET child_id = (SELECT id FROM child WHERE id <> child_id LIMIT 1)",
    "the referral": "UPDATE ipa SET referral_id = gen_random_uuid()",
    "the provider": "UPDATE ipa SET provider_id = gen_random_uuid()",
    "the authority": "UPDATE ipa SET la_id = gen_random_uuid()",
    "its reference": "UPDATE ipa SET reference = 'x'",
    "its key": "UPDATE ipa SET id = gen_random_uuid()",
    "whose place it takes": "UPDATE ipa SET supersedes_id = id",
    "the reason": "UPDATE ipa SET void_reason = 'x'",
    "void without its state": "UPDATE ipa SET void_reason = 'x', voided_at = now()",
}
STATES = {
    "back to review": "UPDATE ipa SET status = 'IN_REVIEW', version = version + 1",
    "back to draft": "UPDATE ipa SET status = 'DRAFT', content_hash = NULL, version = version + 1",
    "ready once more": "UPDATE ipa SET status = 'READY_TO_SIGN', authority_signed = false, provider_signed = false",
    "partly signed without one": "UPDATE ipa SET status = 'PARTLY_SIGNED', provider_signed = true",
    "signed without signatures": "UPDATE ipa SET status = 'SIGNED', authority_signed = true, provider_signed = true,"
    " signed_at = now()",
    "a flag of the authority": "UPDATE ipa SET authority_signed = NOT authority_signed",
    "a flag of the provider": "UPDATE ipa SET provider_signed = NOT provider_signed",
    "void for nothing": "UPDATE ipa SET status = 'VOIDED'",
    "void alone": "UPDATE ipa SET status = 'VOIDED', void_reason = 'x', voided_at = now(), version = version + 1",
    "void and changed": "UPDATE ipa SET status = 'VOIDED', void_reason = 'x', voided_at = now(), details = '{}'",
    "the offer void alone": "UPDATE offer SET status = 'VOIDED', void_reason = 'x', voided_at = now(),"
    " version = version + 1",
    "the offer declined": "UPDATE offer SET status = 'DECLINED', version = version + 1",
    "the search begun again": "UPDATE referral SET accepted = false, status = 'SENT' WHERE accepted",
    "the case ended": "UPDATE referral SET status = 'CLOSED', version = version + 1 WHERE accepted",
}
BESIDE = {
    "a signature over something else": signing(hash="repeat('0', 64)"),
    "a signature over other bytes": signing(pdf="repeat('0', 64)"),
    "a signature of one's own and nothing more": signing(
        name="(SELECT name FROM person WHERE id = current_setting('app.person')::uuid)",
        where="p.party = (SELECT side FROM organisation WHERE id = current_setting('app.org')::uuid)",
    ),
    "a signature of another person": signing(person="(SELECT id FROM person ORDER BY name LIMIT 1)"),
    "a signature of nobody": signing(person="gen_random_uuid()"),
    "a signature for the other party": signing(
        where="p.party <> (SELECT side FROM organisation WHERE id = current_setting('app.org')::uuid)"
    ),
    "a signature once more": "INSERT INTO signature SELECT * FROM signature",
    "the name of a signature": "UPDATE signature SET name = 'x'",
    "the day of a signature": "UPDATE signature SET at = now()",
    "the hash of a signature": "UPDATE signature SET content_hash = repeat('0', 64)",
    "no signature": "DELETE FROM signature",
    "no signature by conflict": "INSERT INTO signature SELECT * FROM signature ON CONFLICT (ipa_id, party) DO UPDATE"
    " SET name = 'x'",
    "no signatures at all": "TRUNCATE signature",
    "opened by somebody else": OPENING.format("gen_random_uuid()", "i.pdf_sha256"),
    "opened by a colleague": OPENING.format(
        "(SELECT id FROM person WHERE id::text <> current_setting('app.person') LIMIT 1)", "i.pdf_sha256"
    ),
    "opened other bytes": OPENING.format("current_setting('app.person')::uuid", "repeat('0', 64)"),
    "opened another day": "UPDATE ipa_opening SET at = '2020-01-01'",
    "never opened": "DELETE FROM ipa_opening",
    "refused by somebody else": REFUSAL.format("gen_random_uuid()"),
    "refused under another name": REFUSAL.format("current_setting('app.person')::uuid"),
    "another reason to refuse": "UPDATE ipa_refusal SET reason = 'x'",
    "never refused": "DELETE FROM ipa_refusal",
    "a document more": DOCUMENT,
    "a document's bytes": "UPDATE ipa_document SET sha256 = repeat('0', 64)",
    "a document's name": "UPDATE ipa_document SET name = 'x'",
    "a document less": "DELETE FROM ipa_document",
    "another file that was fixed": FILE.format(changed="'no', 0"),
    "a second file that was fixed": FILE.format(changed="'no', 1"),
    "a file before all others": FILE.format(changed="'no', -1, 'kind', 'CERTIFICATE'"),
    "a certificate too early": FILE.format(changed="'no', 1, 'kind', 'CERTIFICATE'"),
    "a time stamp too early": FILE.format(changed="'no', 1, 'kind', 'TIMESTAMPED', 'level', 'B_T'"),
    "a seal of nobody's": FILE.format(changed="'no', 1, 'kind', 'SEALED', 'party', 'REGION'"),
    "a file of another agreement's": FILE.format(changed="'no', 1, 'ipa_id', gen_random_uuid()"),
    "a file of another provider's": FILE.format(changed="'no', 1, 'provider_id', gen_random_uuid()"),
    "a file's bytes": "UPDATE ipa_file SET sha256 = repeat('0', 64)",
    "a file's kind": "UPDATE ipa_file SET kind = 'CERTIFICATE'",
    "no file": "DELETE FROM ipa_file",
    "no files at all": "TRUNCATE ipa_file",
}
WHOLE = {
    "removing it": "DELETE FROM ipa",
    "emptying the table": "TRUNCATE ipa CASCADE",
    "by conflict": "INSERT INTO ipa SELECT * FROM ipa ON CONFLICT (id) DO UPDATE SET details = '{}'",
    "by merge": "MERGE INTO ipa i USING (SELECT 1) x ON true WHEN MATCHED THEN UPDATE SET details = '{}'",
    "by merge, away": "MERGE INTO ipa i USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE",
    "by copying": "COPY ipa FROM PROGRAM 'true'",
    "another of the same": ANOTHER.format(""),
    "another that is signed": ANOTHER.format(", 'status', 'SIGNED', 'offer_id', offer_id"),
    "another draft of the same": ANOTHER.format(
        ", 'status', 'DRAFT', 'content_hash', NULL, 'canonical_form', NULL, 'pdf_sha256', NULL, 'shared_at', NULL,"
        " 'reviewed_at', NULL, 'reviewed_by_name', NULL, 'enabled_at', NULL, 'enabled_by_name', NULL,"
        " 'signed_at', NULL, 'authority_signed', false, 'provider_signed', false, 'signed_pdf_sha256', NULL,"
        " 'void_reason', NULL, 'voided_at', NULL"
    ),
    "no trigger": "ALTER TABLE ipa DISABLE TRIGGER ALL",
    "no trigger at all": "DROP TRIGGER lock_row ON ipa",
    "a trigger more": "CREATE TRIGGER x BEFORE UPDATE ON ipa EXECUTE FUNCTION portal_never()",
    "no policies": "ALTER TABLE ipa DISABLE ROW LEVEL SECURITY",
    "a policy more": "CREATE POLICY x ON ipa USING (true)",
    "no check": "ALTER TABLE ipa DROP CONSTRAINT ck_ipa_hash_fixed_when_ready",
    "a rule instead": "CREATE RULE x AS ON UPDATE TO ipa DO INSTEAD NOTHING",
    "as a replica": "SET session_replication_role = replica; UPDATE ipa SET details = '{}'",
    "without row security": "SET row_security = off; UPDATE ipa SET details = '{}'",
    "as the owner": "SET ROLE portal_owner; UPDATE ipa SET details = '{}'",
    "as the guard": "SET ROLE portal_guard; UPDATE ipa SET details = '{}'",
    "as the backup": "SET ROLE portal_backup; UPDATE ipa SET details = '{}'",
    "as the superuser": "SET ROLE postgres; UPDATE ipa SET details = '{}'",
    "as whoever signed in": "RESET ROLE; UPDATE ipa SET details = '{}'",
    "as the worker": "SET ROLE portal_worker; UPDATE ipa SET details = '{}'",
    "another function": "CREATE OR REPLACE FUNCTION portal_freeze() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN END$$",
    "by calling": "DO $$ BEGIN IF portal_place((SELECT referral_id FROM ipa)) THEN RAISE 'placed'; END IF; END $$",
    "by calling a trigger": "SELECT portal_signature_binds()",
}
WAYS = {**CONTENT, **STATES, **BESIDE, **WHOLE}
ENABLED = (
    "UPDATE ipa SET status = 'READY_TO_SIGN', version = version + 1, enabled_at = {at}, enabled_by_name = 'x',"
    " canonical_form = {form}, content_hash = {hash}, pdf_sha256 = repeat('0', 64)"
)


def enabling(at: str = "now()", form: str = "'x'", hash: str = "encode(sha256('x'), 'hex')") -> str:
    return ENABLED.format(at=at, form=form, hash=hash)


BEFORE_FIXING = {
    "fixed with any hash": enabling(hash="repeat('0', 64)"),
    "fixed with a hash of nothing": enabling(form="NULL"),
    "fixed without its file": enabling(),
    "fixed at no time": enabling(at="NULL"),
    "the form of what is not fixed": "UPDATE ipa SET canonical_form = 'x'",
    "the bytes of what is not fixed": "UPDATE ipa SET pdf_sha256 = repeat('0', 64)",
    "the sealed bytes of what is not fixed": "UPDATE ipa SET signed_pdf_sha256 = repeat('0', 64)",
    "when it was fixed, in review": "UPDATE ipa SET enabled_at = now(), enabled_by_name = 'x'",
    "another day of sharing": "UPDATE ipa SET shared_at = '2020-01-01'",
    "not shared after all": "UPDATE ipa SET shared_at = NULL",
    "void with a hash": "UPDATE ipa SET status = 'VOIDED', void_reason = 'x', voided_at = now(), content_hash = 'x'",
}
PROVIDERS_PART = {
    "contacts": "UPDATE ipa SET contacts = '{}'",
    "who reviewed it": "UPDATE ipa SET reviewed_at = now(), reviewed_by_name = 'x'",
    "which version was reviewed": "UPDATE ipa SET reviewed_version = version",
    "what was reviewed": "UPDATE ipa SET reviewed_items = '{CHILD}'",
    "that the review stands": "UPDATE ipa SET review_stands = true",
}
"""What an agreement in review takes from nobody, and what only from the provider."""
