-- Who receives what was sent before it was approved. Says the same as models/wanted.py, from the other side.

-- A provider that has just been approved receives the open referrals it matches, each as it was last sent (S-041).
-- A delivery taken from it earlier comes back; one that it has already stays as it is, the reason of its match too.
CREATE FUNCTION portal_deliver_open(approved uuid, arrived_at timestamptz)
RETURNS TABLE (case_id uuid, authority uuid, spoken text, sent bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  asking uuid := nullif(current_setting('app.org', true), '')::uuid;
  today date := (arrived_at AT TIME ZONE 'Europe/London')::date;
  since timestamptz;
BEGIN
  SELECT p.effective_since INTO since FROM public.provider p
  WHERE p.id = approved
    AND (p.managing_la_id = asking OR EXISTS (SELECT FROM public.organisation o WHERE o.id = asking AND o.side = 'REGION'));
  IF since IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH held AS (
    SELECT m.home_id FROM public.framework_membership m
    WHERE m.provider_id = approved AND m.approved_at IS NOT NULL AND m.ended_at IS NULL
      AND m.valid_from <= today AND (m.valid_until IS NULL OR m.valid_until >= today)
  ), line AS MATERIALIZED (
    SELECT c.id, c.category, c.age_from, c.age_to, c.genders, c.home_id, h.name,
      CASE WHEN EXISTS (SELECT FROM held WHERE held.home_id IS NOT DISTINCT FROM c.home_id) THEN 'FRAMEWORK'
        WHEN EXISTS (SELECT FROM held) THEN 'NON_FRAMEWORK' ELSE 'SPOT' END AS framework
    FROM public.registered_care c LEFT JOIN public.home h ON h.id = c.home_id
    WHERE c.provider_id = approved AND c.approved_at IS NOT NULL AND c.ended_at IS NULL
      AND (c.home_id IS NULL OR h.approved_at IS NOT NULL AND h.ended_at IS NULL)
  ), matched AS MATERIALIZED (
    SELECT r.id, r.la_id, r.reference, r.revision, suits.care_id, suits.reason
    FROM public.referral r CROSS JOIN LATERAL (
      SELECT (array_agg(c.id ORDER BY c.name, c.id))[1] AS care_id,
        (array_agg(jsonb_build_object('homeId', c.home_id, 'homeName', c.name, 'category', c.category,
          'ageFrom', c.age_from, 'ageTo', c.age_to, 'genders', to_jsonb(c.genders), 'framework', c.framework)
          ORDER BY c.name, c.id))[1]
        || jsonb_build_object('homesMatching', count(DISTINCT coalesce(c.home_id, approved))) AS reason
      FROM line c
      WHERE c.category = r.category
        AND NOT EXISTS (
          SELECT FROM jsonb_array_elements(r.summary -> 'children') child
          WHERE (child.value ->> 'ageYears')::bigint NOT BETWEEN c.age_from AND c.age_to
             OR NOT c.genders @> CASE WHEN child.value ->> 'gender' IN ('FEMALE', 'MALE')
               THEN ARRAY[child.value ->> 'gender'] ELSE ARRAY['FEMALE', 'MALE'] END)) suits
    WHERE r.status = 'SENT' AND NOT r.accepted AND suits.care_id IS NOT NULL
    ORDER BY r.id FOR UPDATE OF r
  ), delivered AS (
    INSERT INTO public.delivery AS d (id, referral_id, la_id, provider_id, reference, status, version, revision,
      first_revision, delivered_at, matched_care_id, match_reason)
    SELECT gen_random_uuid(), m.id, m.la_id, approved, m.reference, 'NEW', 1, m.revision, m.revision, arrived_at,
      m.care_id, m.reason
    FROM matched m
    ON CONFLICT (referral_id, provider_id) DO UPDATE
    SET status = 'NEW', version = d.version + 1, revision = excluded.revision,
      first_revision = excluded.first_revision, delivered_at = excluded.delivered_at,
      matched_care_id = excluded.matched_care_id, match_reason = excluded.match_reason, withdrawn_at = NULL,
      declined_at = NULL, declined_by = NULL, decline_reason = NULL, decline_note = NULL
    WHERE d.withdrawn_at IS NOT NULL
    RETURNING d.referral_id, d.la_id, d.reference, d.revision
  ), conversations AS (
    INSERT INTO public.thread (id, referral_id, la_id, provider_id, head)
    SELECT gen_random_uuid(), n.referral_id, n.la_id, approved, 0 FROM delivered n ON CONFLICT DO NOTHING
  )
  SELECT n.referral_id, n.la_id, n.reference, n.revision FROM delivered n;
END $$;
