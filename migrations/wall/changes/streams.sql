-- How many messages of the other side somebody has not read in a conversation, as it shows them itself (S-069).
CREATE FUNCTION portal_unread_messages(reader uuid, conversation uuid) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  RETURN (
    SELECT count(*)
    FROM public.person p JOIN public.organisation o ON o.id = p.organisation_id
    JOIN public.message m ON m.thread_id = conversation AND m.side <> o.side
      AND m.sent_at >= coalesce(p.active_since, '-infinity')
    WHERE p.id = reader AND m.no > coalesce((
      SELECT r.last_read_no FROM public.thread_read r WHERE r.person_id = reader AND r.thread_id = conversation), 0));
END $$;

-- Writes down what an act did, told as well to those whom who acts need not be able to see: to every provider that has
-- the referral, and to whoever sees the accounts of an organisation. Who only signs for a provider sees none (S-031).
CREATE FUNCTION portal_record_beyond_sight(happened jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  addressed jsonb;
BEGIN
  WITH told AS (
    SELECT e.ordinality AS place, t.ordinality AS part, t.value AS t, (e.value ->> 'referral_id')::uuid AS referral,
      coalesce((t.value ->> 'holders')::boolean, false) AS holders,
      coalesce((t.value ->> 'accounts')::boolean, false) AS accounts
    FROM jsonb_array_elements(happened) WITH ORDINALITY e,
      jsonb_array_elements(e.value -> 'tells') WITH ORDINALITY t
  ), widened AS (
    SELECT place, part, t FROM told WHERE NOT holders AND NOT accounts
    UNION ALL
    SELECT place, part, t || jsonb_build_object('organisations', t -> 'organisations' || (
      SELECT coalesce(jsonb_agg(d.provider_id), '[]') FROM public.delivery d
      WHERE d.referral_id = told.referral AND d.withdrawn_at IS NULL)) FROM told WHERE holders
    UNION ALL
    SELECT place, part, t || jsonb_build_object('organisations', jsonb_build_array(sees.organisation), 'roles', sees.roles)
    FROM told CROSS JOIN jsonb_array_elements_text(t -> 'organisations') of_it
    JOIN public.organisation o ON o.id = of_it.value::uuid
    CROSS JOIN LATERAL (
      SELECT o.id AS organisation, CASE WHEN o.side = 'PROVIDER' THEN (t -> 'roles') - 'SIGNATORY' ELSE t -> 'roles' END
        AS roles
      UNION ALL SELECT p.managing_la_id, t -> 'roles' FROM public.provider p
        WHERE p.id = o.id AND p.managing_la_id IS NOT NULL
      UNION ALL SELECT r.id, t -> 'roles' FROM public.organisation r WHERE r.side = 'REGION' AND r.id <> o.id
    ) sees
    WHERE accounts
  )
  SELECT jsonb_agg(e.value || jsonb_build_object('tells', (
    SELECT coalesce(jsonb_agg(w.t ORDER BY w.part), '[]') FROM widened w WHERE w.place = e.ordinality)) ORDER BY e.ordinality)
  INTO addressed FROM jsonb_array_elements(happened) WITH ORDINALITY e;
  PERFORM public.portal_record(addressed);
END $$;
-- Numbers the inboxes anew: every cursor that was given out is of an earlier life from now on. What cursors carry is
-- worked out from the epoch, so it is more than anybody can try.
CREATE OR REPLACE FUNCTION public.portal_renumber() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE public.portal_epoch SET epoch = gen_random_uuid()::text, life = public.portal_life();
END $$;
