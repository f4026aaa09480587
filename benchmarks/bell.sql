-- Somebody who has been told much: of a hundred things ninety are messages of ten conversations, nine other things on
-- any referral, one in a thousand is a kind of its own, and the first thirty are of a kind that never came again.
SET session_replication_role = replica;

CREATE TEMP TABLE rung AS
SELECT n, md5('rung' || n)::uuid AS id, r.*, i.person_id, i.head + n AS no,
  CASE WHEN n <= 30 THEN 'REFERRAL_CLOSED' WHEN n % 1000 = 0 THEN 'OFFER_VOIDED' WHEN n % 10 > 0 THEN 'MESSAGE_RECEIVED'
    WHEN n % 20 = 0 THEN 'OFFER_DECLINED' ELSE 'IPA_UPDATED' END AS notice
FROM generate_series(1, :many) n
JOIN inbox i ON i.person_id = :reader
JOIN LATERAL (
  SELECT d.referral_id, d.la_id, d.provider_id, d.reference FROM delivery d JOIN person p ON p.organisation_id = d.provider_id
  WHERE p.id = :reader ORDER BY d.referral_id
  OFFSET CASE WHEN n % 10 > 0 THEN n % 10 ELSE n / 10 % 40 END LIMIT 1) r ON true;

INSERT INTO event (id, stream, seq, at, at_text, kind, subject_kind, subject_id, referral_id, reference, la_id, provider_id,
  actor_name, version, payload, prev, hash)
SELECT id, id, 1, now() - (:many - n) * interval '1 minute', '', 'benchmark.told', 'THREAD', md5('t' || referral_id)::uuid,
  referral_id, reference, la_id, provider_id, 'Sam Okafor', n, '{}', '', '\x00' FROM rung;
INSERT INTO inbox_entry (person_id, no, event_id, notice, concerns, read_at)
SELECT person_id, no, id, notice, referral_id, CASE WHEN n < :many * 0.8 THEN now() END FROM rung;
UPDATE inbox SET head = head + :many WHERE person_id = :reader;
DROP TABLE rung;
