-- The region's records in bulk, as the superuser. Everything is worked out from row numbers, so each run has the same.
-- :providers, :referrals, :drafts and :entries are numbers; `story` is made by world.py.
-- Keys hold by construction, so neither they nor the triggers of acts are asked.
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

-- Each provider has three homes and four people; each authority twenty people, the first an administrator and a case system.
INSERT INTO home (id, provider_id, kind, name, address, postcode, urn, regulator, registered_manager, places,
  ofsted_grade, ofsted_inspected_on, default_core_fee, approved_at)
SELECT pg_temp.key('home', p, h), pg_temp.key('provider', p), 'CHILDRENS_HOME', 'Home ' || h, h || ' Station Road, Birmingham', 'B29 6AA',
  'SC' || lpad((p * 3 + h)::text, 6, '0'), 'OFSTED', 'Morgan Reed', 4, 'GOOD', '2025-11-03', 4100,
  now() - interval '400 days'
FROM generate_series(0, :providers - 1) p, generate_series(0, 2) h;

INSERT INTO registered_care (id, provider_id, home_id, category, age_from, age_to, genders, added_at, approved_at)
SELECT pg_temp.key('care', p, h), pg_temp.key('provider', p), pg_temp.key('home', p, h), 'RESIDENTIAL', 6, 17,
  ARRAY['FEMALE', 'MALE'], now() - interval '402 days', now() - interval '400 days'
FROM generate_series(0, :providers - 1) p, generate_series(0, 2) h;

INSERT INTO fostering_family (id, provider_id, name, postcode, supervising_social_worker, details)
SELECT pg_temp.key('family', p), pg_temp.key('provider', p), 'The Ashworths', 'CV1 2WT', 'Jo Farrow', '{}'
FROM generate_series(0, :providers - 1) p;

CREATE TEMP TABLE staff AS
SELECT pg_temp.key('provider', p) AS organisation_id, pg_temp.key('staff', p, s) AS id, 'staff-' || p || '-' || s AS spoken,
  CASE s WHEN 2 THEN ARRAY['ADMINISTRATOR', 'MEMBER'] WHEN 3 THEN ARRAY['SIGNATORY'] ELSE ARRAY['MEMBER'] END AS roles
FROM generate_series(0, :providers - 1) p, generate_series(0, 3) s
UNION ALL
SELECT a.id, pg_temp.key('officer', a.no, s), 'officer-' || a.no || '-' || s,
  CASE s WHEN 0 THEN ARRAY['ADMINISTRATOR'] WHEN 1 THEN ARRAY['MACHINE'] ELSE ARRAY['PLACEMENT_OFFICER'] END
FROM authority a, generate_series(0, 20) s;

INSERT INTO person (id, organisation_id, email, email_key, name, job_title, roles, status, version, requested_at)
SELECT id, organisation_id, spoken || '@example.org', spoken || '@example.org', 'Alex ' || spoken, 'Officer', roles,
  'ACTIVE', 3, now() - interval '300 days'
FROM staff;
INSERT INTO inbox (person_id, head, oldest) SELECT id, :entries, 1 FROM staff;
INSERT INTO session (id, person_id, token_hash, created_at, expires_at)
SELECT md5('session' || spoken)::uuid, id, sha256(convert_to(rpad(spoken, 43, '_'), 'UTF8')), now() - interval '1 hour',
  now() + interval '14 days'
FROM staff;

INSERT INTO document (id, organisation_id, home_id, kind, name, sha256, byte_size, media_type, expires_on, state,
  uploaded_by, uploaded_at)
SELECT pg_temp.key('document' || kind, p, coalesce(h, 9)), pg_temp.key('provider', p),
  CASE WHEN h IS NOT NULL THEN pg_temp.key('home', p, h) END, kind,
  lower(kind) || '.pdf', repeat('ab', 32), 200000, 'application/pdf', current_date + 200, 'READY',
  pg_temp.key('staff', p, 0), now() - interval '200 days'
FROM generate_series(0, :providers - 1) p, (VALUES
  ('PUBLIC_LIABILITY_INSURANCE', NULL::int), ('EMPLOYERS_LIABILITY_INSURANCE', NULL),
  ('PROFESSIONAL_INDEMNITY_INSURANCE', NULL), ('OFSTED_CERTIFICATE', 0), ('OFSTED_CERTIFICATE', 1),
  ('OFSTED_CERTIFICATE', 2), ('STATEMENT_OF_PURPOSE', 0), ('STATEMENT_OF_PURPOSE', 1), ('STATEMENT_OF_PURPOSE', 2)
) AS kinds (kind, h);

-- One in three referrals is the largest authority's. The newest come last; a year of them.
CREATE TEMP TABLE sought AS
SELECT n, pg_temp.key('referral', n) AS id, a.id AS la_id, a.no AS la,
  'WM-' || upper(translate(lpad(to_hex(n), 5, '0'), '01', 'zy')) || '-RES' AS reference,
  now() - (:referrals - n) * (interval '365 days' / :referrals) AS at,
  (ARRAY['EMERGENCY', 'SHORT_NOTICE', 'PLANNED'])[1 + n % 3] AS urgency,
  CASE WHEN n % 5 = 0 THEN 'FOSTERING' ELSE 'RESIDENTIAL' END AS category,
  CASE WHEN n > :referrals * 0.6 THEN 'SENT' WHEN n % 2 = 0 THEN 'PLACED' ELSE 'CLOSED' END AS status,
  CASE WHEN n % 6 = 0 THEN 2 ELSE 1 END AS children
FROM generate_series(0, :referrals - 1) n JOIN authority a ON a.no = CASE WHEN n % 3 = 0 THEN 0 ELSE n % 14 END;

INSERT INTO child (id, referral_id, la_id, position, given_names, family_name, date_of_birth, gender, case_number)
SELECT pg_temp.key('child', n, c), id, la_id, c, 'Robin', 'Hale', (at - interval '12 years')::date,
  CASE WHEN n % 2 = 0 THEN 'FEMALE' ELSE 'MALE' END, 'LCS-' || n || '-' || c
FROM sought, generate_series(0, children - 1) c;

CREATE TEMP TABLE told AS
SELECT s.n, story.content || jsonb_build_object('category', category, 'urgency', urgency,
  'dateRequired', (at + interval '14 days')::date, 'children', (
    SELECT jsonb_agg(story.child || jsonb_build_object('id', pg_temp.key('child', n, c), 'ageYears', 6 + n % 11,
      'ageMonths', n % 12, 'gender', CASE WHEN n % 2 = 0 THEN 'FEMALE' ELSE 'MALE' END))
    FROM generate_series(0, children - 1) c)) AS summary
FROM sought s JOIN story ON story.no = s.n % (SELECT count(*) FROM story);

INSERT INTO referral (id, la_id, reference, status, version, revision, category, urgency, date_required,
  response_deadline, content, summary, sent_hash, accepted, created_at, created_by_name, sent_at, updated_at, close_reason)
SELECT id, la_id, reference, status, 3, 1, category, urgency, (at + interval '14 days')::date,
  CASE WHEN n % 4 > 0 THEN at + n % 80 * interval '5 days' END, summary, summary, '\x00',
  status = 'PLACED', at - interval '1 hour', 'Sam Okafor', at, at, CASE WHEN status = 'CLOSED' THEN 'NO_LONGER_NEEDED' END
FROM sought JOIN told USING (n);

INSERT INTO referral_revision (referral_id, revision, la_id, content, sent_at, sent_by_name)
SELECT id, 1, la_id, summary, at, 'Sam Okafor' FROM sought JOIN told USING (n);

INSERT INTO referral_document (id, referral_id, la_id, document_id, kind, name, sha256, byte_size, media_type, attached_at,
  attached_by_name, identifies_child, sent_in)
SELECT pg_temp.key('paper', n, d), id, la_id, pg_temp.key('file', n, d),
  (ARRAY['LOCAL_REFERRAL_FORM', 'CARE_PLAN'])[1 + d], 'form-' || d || '.pdf', repeat('cd', 32), 90000, 'application/pdf',
  at, 'Sam Okafor', d = 1, 1
FROM sought, generate_series(0, 1) d;

-- Each referral reaches twenty providers; the first few of those answer.
CREATE TEMP TABLE reached AS
SELECT s.*, k, (n * 7 + k * (:providers / 20)) % :providers AS p,
  CASE WHEN k = 0 OR k = 1 AND n % 2 = 0 OR k = 2 AND n >= :referrals - :drafts AND category = 'RESIDENTIAL'
    THEN 'OFFERED' ELSE (ARRAY['NEW', 'OPENED', 'DECLINED'])[1 + (n + k) % 3] END AS state
FROM sought s, generate_series(0, 19) k;

INSERT INTO delivery (id, referral_id, la_id, provider_id, reference, status, version, revision, first_revision,
  delivered_at, first_opened_at, first_opened_by, handled_by, declined_at, declined_by, decline_reason, matched_care_id,
  opened_revision, searching, date_required, response_deadline)
SELECT pg_temp.key('delivery', n, k), id, la_id, pg_temp.key('provider', p), reference, state, 2, 1, 1, at,
  CASE WHEN state <> 'NEW' THEN at + interval '2 hours' END, CASE WHEN state <> 'NEW' THEN 'Alex Doe' END,
  CASE WHEN state <> 'NEW' THEN 'Alex Doe' END, CASE WHEN state = 'DECLINED' THEN at + interval '3 hours' END,
  CASE WHEN state = 'DECLINED' THEN 'Alex Doe' END, CASE WHEN state = 'DECLINED' THEN 'LOCATION' END,
  pg_temp.key('care', p, 0), CASE WHEN state <> 'NEW' THEN 1 END, status = 'SENT', (at + interval '14 days')::date,
  CASE WHEN n % 4 > 0 THEN at + n % 80 * interval '5 days' END
FROM reached;

INSERT INTO thread (id, referral_id, la_id, provider_id, head, newest_at)
SELECT pg_temp.key('thread', n, k), id, la_id, pg_temp.key('provider', p), CASE k WHEN 0 THEN 4 WHEN 1 THEN 1 ELSE 0 END,
  at + CASE k WHEN 0 THEN 4 WHEN 1 THEN 1 END * interval '1 hour'
FROM reached;
INSERT INTO message (id, thread_id, referral_id, la_id, provider_id, no, side, author_id, author_name, body, sent_at)
SELECT pg_temp.key('message', n, k, m), pg_temp.key('thread', n, k), id, la_id, pg_temp.key('provider', p), m,
  CASE WHEN m % 2 = 0 THEN 'LOCAL_AUTHORITY' ELSE 'PROVIDER' END, pg_temp.key('staff', p, 0), 'Alex Doe',
  'Could you tell us more about contact with the family, and when a first visit would suit you? ' || m,
  at + m * interval '1 hour'
FROM reached, generate_series(1, CASE k WHEN 0 THEN 4 ELSE 1 END) m WHERE k < 2;
INSERT INTO thread_read (person_id, thread_id, last_read_no)
SELECT pg_temp.key('staff', p, s), pg_temp.key('thread', n, k), CASE WHEN n % 4 = 0 THEN 1 ELSE 4 END
FROM reached, generate_series(0, 1) s WHERE k = 0
UNION ALL
SELECT pg_temp.key('officer', la, s), pg_temp.key('thread', n, k), 4
FROM reached, generate_series(2, 3) s WHERE k < 2 AND n < :referrals * 0.97;

CREATE TEMP TABLE answered AS
SELECT reached.*, pg_temp.key('offer', n, k) AS offer_id, pg_temp.key('provider', p) AS provider_id,
  CASE WHEN k = 2 THEN 'DRAFT' WHEN status = 'SENT' THEN 'SUBMITTED' WHEN status = 'PLACED' AND k = 0 THEN 'ACCEPTED'
    ELSE 'DECLINED' END AS standing,
  jsonb_build_object('fees', (
    SELECT jsonb_agg(jsonb_build_object('childId', pg_temp.key('child', n, c), 'coreFeeWeekly', '4350.00',
      'includes', 'Accommodation, keywork, pocket money and clothing', 'weeklyTotal', '4525.00',
      'firstYearTotal', '235946.43', 'additionalCosts', '[{"description": "School transport", "amount": "35.00",
        "unit": "NIGHT", "quantity": "5", "weekly": "175.00"}]'::jsonb))
    FROM generate_series(0, children - 1) c), 'availableFrom', (now() + interval '30 days')::date)
    || story.terms AS terms,
  jsonb_build_object('kind', 'HOME', 'name', 'Home ' || n % 3, 'address', n % 3 || ' Station Road, Birmingham',
    'postcode', 'B29 6AA', 'urn', 'SC000123', 'manager', 'Morgan Reed', 'ofstedGrade', 'GOOD') AS placement
FROM reached JOIN story ON story.no = n % (SELECT count(*) FROM story) WHERE state = 'OFFERED';

INSERT INTO offer (id, referral_id, la_id, provider_id, reference, revision, category, status, version, home_id, family_id,
  placement, framework_status, terms, available_from, core_fee_weekly, weekly_total, first_year_total, author_name,
  created_at, updated_at, submitted_at, decided_at, decided_by_name, checks_confirmed, decline_reasons)
SELECT offer_id, id, la_id, provider_id, reference, 1, category, standing, CASE standing WHEN 'DRAFT' THEN 1 ELSE 2 END,
  CASE WHEN category <> 'FOSTERING' THEN pg_temp.key('home', p, n % 3) END,
  CASE WHEN category = 'FOSTERING' THEN pg_temp.key('family', p) END,
  placement, 'FRAMEWORK', terms, (terms->>'availableFrom')::date, 4350 * children, 4525 * children, 235946.43 * children, 'Alex Doe',
  at + interval '4 hours', at + interval '5 hours', CASE WHEN k < 2 THEN at + interval '5 hours' END,
  CASE WHEN standing IN ('ACCEPTED', 'DECLINED') THEN at + interval '30 hours' END,
  CASE WHEN standing IN ('ACCEPTED', 'DECLINED') THEN 'Sam Okafor' END, standing = 'ACCEPTED',
  CASE WHEN standing = 'DECLINED' THEN ARRAY['ANOTHER_OFFER_ACCEPTED'] END
FROM answered;

INSERT INTO offer_version (offer_id, version, la_id, provider_id, placement, terms, weekly_total, at, by_name)
SELECT offer_id, 2, la_id, provider_id, placement, terms, 4525 * children, at + interval '5 hours', 'Alex Doe'
FROM answered WHERE k < 2;
INSERT INTO offer_document (id, offer_id, la_id, provider_id, document_id, kind, name, sha256, byte_size, media_type,
  expires_on, attached_at, attached_by_name, compulsory)
SELECT pg_temp.key('attached' || d.kind, n, k), offer_id, la_id, provider_id, d.id, d.kind, d.name, d.sha256, d.byte_size,
  d.media_type, d.expires_on, at + interval '5 hours', 'Alex Doe', true
FROM answered JOIN document d ON d.organisation_id = provider_id
  AND (d.home_id IS NULL OR d.home_id = pg_temp.key('home', p, n % 3)) WHERE k < 2;

INSERT INTO event (id, stream, seq, at, at_text, kind, subject_kind, subject_id, referral_id, reference, la_id, actor_name,
  version, payload, prev, hash)
SELECT pg_temp.key('event', n), id, 1, at, at::text, 'referral.send', 'REFERRAL', id, id, reference, la_id, 'Sam Okafor', 2,
  '{}', '', '\x00' FROM sought;
INSERT INTO event_stream (stream, seq, hash) SELECT id, 1, '\x00' FROM sought;
INSERT INTO inbox_entry (person_id, no, event_id, concerns, notice, read_at)
SELECT id, e, pg_temp.key('event', n), pg_temp.key('referral', n), 'REFERRAL_RECEIVED',
  CASE WHEN e < :entries * 0.8 THEN now() - interval '2 days' END
FROM (SELECT s.id, e, row_number() OVER () % :referrals AS n FROM staff s, generate_series(1, :entries) e) told;
