-- Many referrals in many lists, in bulk, as the superuser: what lists and counts look at, and little else.
-- :providers and :referrals are numbers; every referral reaches forty providers. Row numbers decide everything.
SET session_replication_role = replica;

CREATE FUNCTION pg_temp.key(kind text, VARIADIC numbers bigint[]) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$ SELECT md5(kind || array_to_string(numbers, '-'))::uuid $$;

CREATE TEMP TABLE authority AS
SELECT row_number() OVER (ORDER BY name) - 1 AS no, id FROM organisation WHERE side = 'LOCAL_AUTHORITY';

INSERT INTO organisation (id, side, name)
SELECT pg_temp.key('provider', p), 'PROVIDER', 'Provider ' || p FROM generate_series(0, :providers - 1) p;
INSERT INTO provider (id, managing_la_id, status, version, legal_name, postcode, contacts, announced, effective_since)
SELECT pg_temp.key('provider', p), a.id, 'APPROVED', 3, 'Provider ' || p, 'B1 1AA', '[]', '[]', now()
FROM generate_series(0, :providers - 1) p JOIN authority a ON a.no = p % (SELECT count(*) FROM authority);

-- Of each organisation somebody who keeps up with messages, and somebody who has read none.
CREATE TEMP TABLE staff AS
SELECT o.id AS organisation_id, md5('person' || o.id || s)::uuid AS id, s,
  CASE WHEN o.side = 'PROVIDER' THEN 'MEMBER' ELSE 'PLACEMENT_OFFICER' END AS role
FROM organisation o, generate_series(0, 1) s WHERE o.side <> 'REGION';
INSERT INTO person (id, organisation_id, email, email_key, name, roles, status, version, requested_at)
SELECT id, organisation_id, id || '@example.org', id || '@example.org', 'Alex ' || s, ARRAY[role], 'ACTIVE', 3, now()
FROM staff;
INSERT INTO inbox (person_id, head, oldest) SELECT id, 300, 1 FROM staff;
INSERT INTO session (id, person_id, token_hash, created_at, expires_at)
SELECT md5('session' || id)::uuid, id, sha256(convert_to(id::text, 'UTF8')), now() - interval '1 hour',
  now() + interval '14 days' FROM staff;

CREATE TEMP TABLE sought AS
SELECT n, pg_temp.key('referral', n) AS id, a.id AS la_id,
  'WM-' || upper(translate(lpad(to_hex(n), 5, '0'), '01', 'zy')) || '-RES' AS reference,
  now() - (:referrals - n) * (interval '365 days' / :referrals) AS at,
  (ARRAY['EMERGENCY', 'SHORT_NOTICE', 'PLANNED'])[1 + n % 3] AS urgency,
  CASE WHEN n % 5 = 0 THEN 'FOSTERING' ELSE 'RESIDENTIAL' END AS category,
  CASE WHEN n > :referrals * 0.6 THEN 'SENT' WHEN n % 2 = 0 THEN 'PLACED' ELSE 'CLOSED' END AS status
FROM generate_series(0, :referrals - 1) n JOIN authority a ON a.no = n % (SELECT count(*) FROM authority);
ALTER TABLE sought ADD deadline timestamptz;
UPDATE sought SET deadline = at + n % 80 * interval '5 days' WHERE n % 4 > 0;

INSERT INTO referral (id, la_id, reference, status, version, revision, category, urgency, date_required, response_deadline,
  content, summary, sent_hash, accepted, created_at, created_by_name, sent_at, updated_at)
SELECT id, la_id, reference, status, 3, 1 + n % 3, category, urgency, (at + interval '14 days')::date, deadline,
  told, told, '\x00', status = 'PLACED', at - interval '1 hour', 'Sam Okafor', at, at
FROM sought, LATERAL (
  SELECT jsonb_build_object('needs', string_agg(md5(n || '-' || w), ' ')) AS told FROM generate_series(1, 40) w) words;
INSERT INTO child (id, referral_id, la_id, position, given_names, family_name, gender, case_number)
SELECT pg_temp.key('child', n), id, la_id, 0, 'Robin ' || n, 'Hale', 'FEMALE', 'LCS-' || n FROM sought;

CREATE TEMP TABLE reached AS
SELECT s.*, k, pg_temp.key('provider', (n * 7 + k * (:providers / 40)) % :providers) AS provider_id,
  CASE WHEN k < 2 THEN 'OFFERED' ELSE (ARRAY['NEW', 'OPENED', 'DECLINED'])[1 + (n + k) % 3] END AS state
FROM sought s, generate_series(0, 39) k;
INSERT INTO delivery (id, referral_id, la_id, provider_id, reference, status, version, first_revision, revision, delivered_at,
  first_opened_at, opened_revision, searching, date_required, response_deadline)
SELECT gen_random_uuid(), id, la_id, provider_id, reference, state, 2, 1, 1 + n % 3, at,
  CASE WHEN state <> 'NEW' THEN at END, CASE WHEN state <> 'NEW' THEN 1 + n % 2 END, status = 'SENT',
  (at + interval '14 days')::date, deadline
FROM reached;

-- The first provider and its authority say four things to each other, the second two, the others nothing.
INSERT INTO thread (id, referral_id, la_id, provider_id, head, newest_at)
SELECT pg_temp.key('thread', n, k), id, la_id, provider_id, CASE k WHEN 0 THEN 4 WHEN 1 THEN 2 ELSE 0 END,
  CASE WHEN k < 2 THEN at END
FROM reached;
INSERT INTO message (id, thread_id, referral_id, la_id, provider_id, no, side, author_id, author_name, body, sent_at)
SELECT gen_random_uuid(), pg_temp.key('thread', n, k), id, la_id, provider_id, m,
  CASE WHEN m % 2 = 0 THEN 'LOCAL_AUTHORITY' ELSE 'PROVIDER' END, id, 'Alex', repeat('How is the school? ', 9), at
FROM reached, generate_series(1, 4 - 2 * k) m WHERE k < 2;
INSERT INTO thread_read (person_id, thread_id, last_read_no)
SELECT s.id, pg_temp.key('thread', n, k), CASE WHEN n % 40 = 0 THEN 1 ELSE 4 - 2 * k END
FROM reached JOIN staff s ON s.s = 0 AND s.organisation_id IN (la_id, provider_id) WHERE k < 2;

INSERT INTO offer (id, referral_id, la_id, provider_id, reference, revision, category, status, version, home_id, placement,
  framework_status, terms, core_fee_weekly, weekly_total, first_year_total, author_name, created_at, updated_at,
  submitted_at, checks_confirmed)
SELECT gen_random_uuid(), id, la_id, provider_id, reference, 1, 'RESIDENTIAL',
  CASE WHEN status = 'SENT' THEN 'SUBMITTED' WHEN status = 'PLACED' AND k = 0 THEN 'ACCEPTED' ELSE 'DECLINED' END, 2,
  pg_temp.key('home', n), '{}', 'FRAMEWORK', '{}', 4350, 4525, 235946.43, 'Alex', at, at, at, false
FROM reached WHERE k < 2;

INSERT INTO event (id, stream, seq, at, at_text, kind, subject_kind, subject_id, referral_id, reference, la_id, actor_name,
  version, payload, prev, hash)
SELECT pg_temp.key('event', n), id, 1, at, at::text, 'referral.send', 'REFERRAL', id, id, reference, la_id, 'Sam Okafor', 2,
  '{}', '', '\x00' FROM sought;
INSERT INTO inbox_entry (person_id, no, event_id, concerns, notice, read_at)
SELECT s.id, e, pg_temp.key('event', e % :referrals), pg_temp.key('referral', e % :referrals), 'REFERRAL_RECEIVED',
  CASE WHEN e < 240 THEN now() END
FROM staff s, generate_series(1, 300) e;
