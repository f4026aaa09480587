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

-- Writes down what an act did, told as well to every provider that has the referral: who acts need not see who has it.
CREATE FUNCTION portal_record_to_holders(happened jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  addressed jsonb;
BEGIN
  SELECT jsonb_agg(e.value || jsonb_build_object('tells', (
    SELECT coalesce(jsonb_agg(CASE WHEN (t.value ->> 'holders')::boolean THEN t.value || jsonb_build_object(
      'organisations', t.value -> 'organisations' || (
        SELECT coalesce(jsonb_agg(d.provider_id), '[]') FROM public.delivery d
        WHERE d.referral_id = (e.value ->> 'referral_id')::uuid AND d.withdrawn_at IS NULL)) ELSE t.value END), '[]')
    FROM jsonb_array_elements(e.value -> 'tells') t)) ORDER BY e.ordinality)
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
