-- A region in which every tenth provider matches. Worked out from row numbers, as the superuser; :providers, :drafts and
-- :before are numbers, $1 … are bound by sending.py. Keys hold by construction, so triggers are not asked.
SET session_replication_role = replica;

CREATE FUNCTION pg_temp.key(kind text, VARIADIC numbers bigint[]) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$ SELECT md5(kind || array_to_string(numbers, '-'))::uuid $$;

CREATE TEMP TABLE authority AS
SELECT row_number() OVER (ORDER BY name) - 1 AS no, id, name FROM organisation WHERE side = 'LOCAL_AUTHORITY';

INSERT INTO organisation (id, side, name)
SELECT pg_temp.key('provider', p), 'PROVIDER', 'Provider ' || p FROM generate_series(0, :providers - 1) p;
INSERT INTO provider (id, managing_la_id, status, version, legal_name, postcode, address, contacts, announced,
  effective_since, submitted_at)
SELECT pg_temp.key('provider', p), a.id, 'APPROVED', 3, 'Provider ' || p || ' Limited', 'B1 1AA', p || ' High Street',
  '[]', '[]', now() - interval '400 days', now() - interval '401 days'
FROM generate_series(0, :providers - 1) p JOIN authority a ON a.no = p % 14;

-- Ten homes to three providers: of every tenth provider two homes match, of the others the age or the gender is another.
CREATE TEMP TABLE house AS
SELECT p, h, pg_temp.key('home', p, h) AS id, p % 10 = 0 AND h < 2 AS matches
FROM generate_series(0, :providers - 1) p, generate_series(0, CASE WHEN p % 3 = 0 THEN 3 ELSE 2 END) h;
INSERT INTO home (id, provider_id, kind, name, address, postcode, urn, regulator, registered_manager, places,
  ofsted_grade, approved_at)
SELECT id, pg_temp.key('provider', p), 'CHILDRENS_HOME', 'Home ' || h, h || ' Station Road, Birmingham', 'B29 6AA',
  'SC' || lpad((p * 4 + h)::text, 6, '0'), 'OFSTED', 'Morgan Reed', 4, 'GOOD', now() - interval '400 days'
FROM house;
INSERT INTO registered_care (id, provider_id, home_id, category, age_from, age_to, genders, added_at, approved_at)
SELECT pg_temp.key('care', p, h), pg_temp.key('provider', p), id,
  CASE WHEN matches OR (p + h) % 4 <> 0 THEN 'RESIDENTIAL' ELSE 'RESIDENTIAL_FAMILY_ASSESSMENT' END,
  CASE WHEN matches THEN 8 WHEN p % 2 = 0 THEN 0 ELSE 6 END, CASE WHEN matches THEN 17 WHEN p % 2 = 0 THEN 7 ELSE 17 END,
  CASE WHEN matches OR p % 2 = 0 THEN ARRAY['FEMALE', 'MALE'] ELSE ARRAY['FEMALE'] END,
  now() - interval '402 days', now() - interval '400 days'
FROM house;
INSERT INTO framework_membership (id, provider_id, home_id, framework, valid_from, approved_at)
SELECT pg_temp.key('place', p, h), pg_temp.key('provider', p), id, 'West Midlands Residential', '2025-04-01',
  now() - interval '400 days'
FROM house WHERE (p / 10 + h) % 2 = 0;

-- Each provider has four people who are told; the authority one officer, signed in.
CREATE TEMP TABLE staff AS
SELECT pg_temp.key('provider', p) AS organisation_id, pg_temp.key('staff', p, s) AS id, 'staff-' || p || '-' || s AS spoken,
  CASE s WHEN 0 THEN ARRAY['ADMINISTRATOR'] ELSE ARRAY['MEMBER'] END AS roles
FROM generate_series(0, :providers - 1) p, generate_series(0, 3) s
UNION ALL
SELECT a.id, pg_temp.key('officer', a.no), 'officer-' || a.no, ARRAY['PLACEMENT_OFFICER'] FROM authority a;
INSERT INTO person (id, organisation_id, email, email_key, name, job_title, roles, status, version, requested_at)
SELECT id, organisation_id, spoken || '@example.org', spoken || '@example.org', 'Alex ' || spoken, 'Officer', roles,
  'ACTIVE', 3, now() - interval '300 days'
FROM staff;
INSERT INTO inbox (person_id, head, oldest) SELECT id, :before, 1 FROM staff;
INSERT INTO session (id, person_id, token_hash, created_at, expires_at)
SELECT md5('session' || spoken)::uuid, id, sha256(convert_to(spoken, 'UTF8')), now() - interval '1 hour',
  now() + interval '14 days'
FROM staff WHERE spoken = 'officer-0';

-- Drafts of that authority to be sent; what was sent before fills the same tables and indexes.
CREATE TEMP TABLE sought AS
SELECT n, pg_temp.key('referral', n) AS id, a.id AS la_id, n < :before AS sent, pg_temp.key('child', n) AS child_id,
  'WM-' || upper(translate(lpad(to_hex(n), 5, '0'), '01', 'zy')) || '-RES' AS reference,
  now() - (:before + :drafts - n) * interval '1 hour' AS at
FROM generate_series(0, :before + :drafts - 1) n JOIN authority a ON a.no = 0;
CREATE TEMP TABLE told AS
SELECT n, story.content || jsonb_build_object('category', 'RESIDENTIAL', 'urgency', 'PLANNED',
  'dateRequired', (now() + interval '14 days')::date, 'children', jsonb_build_array(
    story.child || jsonb_build_object('id', child_id, 'gender', 'MALE', 'ageYears', 14, 'ageMonths', 2))) AS content
FROM sought JOIN story ON story.no = n % (SELECT count(*) FROM story);
INSERT INTO referral (id, la_id, reference, status, version, revision, category, urgency, date_required, content,
  summary, sent_hash, accepted, created_at, created_by_name, sent_at, updated_at)
SELECT id, la_id, reference, CASE WHEN sent THEN 'SENT' ELSE 'DRAFT' END, 1, sent::int, 'RESIDENTIAL', 'PLANNED',
  (content ->> 'dateRequired')::date, content, CASE WHEN sent THEN content END, CASE WHEN sent THEN '\x00'::bytea END, false, at, 'Sam Okafor',
  CASE WHEN sent THEN at END, at
FROM sought JOIN told USING (n);
INSERT INTO child (id, referral_id, la_id, position, given_names, family_name, date_of_birth, gender)
SELECT child_id, id, la_id, 0, 'Robin', 'Hale', (now() - interval '14 years 2 months')::date, 'MALE' FROM sought;
INSERT INTO delivery (id, referral_id, la_id, provider_id, reference, status, version, revision, delivered_at,
  matched_care_id, searching, first_revision)
SELECT gen_random_uuid(), id, la_id, pg_temp.key('provider', p), reference, 'NEW', 1, 1, at, pg_temp.key('care', p, 0),
  true, 1
FROM sought, generate_series(0, :providers - 1, 10) p WHERE sent;
INSERT INTO thread (id, referral_id, la_id, provider_id, head)
SELECT gen_random_uuid(), id, la_id, pg_temp.key('provider', p), 0
FROM sought, generate_series(0, :providers - 1, 10) p WHERE sent;
INSERT INTO event (id, stream, seq, at, at_text, kind, subject_kind, subject_id, referral_id, reference, la_id,
  actor_name, version, payload, prev, hash)
SELECT pg_temp.key('event', n), id, 1, at, at::text, 'referral.send', 'REFERRAL', id, id, reference, la_id,
  'Sam Okafor', 2, '{}', '', '\x00' FROM sought WHERE sent;
INSERT INTO event_stream (stream, seq, hash) SELECT id, 1, '\x00' FROM sought WHERE sent;
INSERT INTO inbox_entry (person_id, no, event_id, concerns, notice)
SELECT pg_temp.key('staff', p, s), n + 1, pg_temp.key('event', n), id, 'REFERRAL_RECEIVED'
FROM sought, generate_series(0, :providers - 1, 10) p, generate_series(0, 3) s WHERE sent;
