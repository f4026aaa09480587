-- The one way by which a referral is removed: a draft that was never sent, by the function below.

CREATE FUNCTION portal_only_drafts() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  gone jsonb := to_jsonb(OLD);
  wanted uuid[] := CASE TG_TABLE_NAME WHEN 'referral' THEN ARRAY[(gone ->> 'id')::uuid]
    ELSE ARRAY[(gone ->> 'referral_id')::uuid, (gone ->> 'group_id')::uuid] END;
BEGIN
  IF current_user = 'portal_guard' AND EXISTS (SELECT FROM public.referral r
      WHERE r.id = ANY (wanted) AND r.status = 'DRAFT' AND r.revision = 0 AND r.sent_at IS NULL) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'a row of % is never removed', TG_TABLE_NAME USING ERRCODE = 'PT409';
END $$;

-- Whether nothing has a copy of a file.
CREATE FUNCTION portal_unattached(file uuid) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = '' AS $$
BEGIN
  RETURN NOT EXISTS (SELECT FROM public.referral_document a WHERE a.document_id = file)
    AND NOT EXISTS (SELECT FROM public.offer_document a WHERE a.document_id = file)
    AND NOT EXISTS (SELECT FROM public.ipa_document a WHERE a.document_id = file)
    AND NOT EXISTS (SELECT FROM public.message_document a WHERE a.document_id = file)
    AND NOT EXISTS (SELECT FROM public.delegation a WHERE a.document_id = file)
    AND NOT EXISTS (SELECT FROM public.reminder a WHERE a.document_id = file);
END $$;

-- Such a file goes; its bytes are then swept like any that nothing names.
CREATE FUNCTION portal_only_unattached() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF current_user = 'portal_guard' AND public.portal_unattached(OLD.id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'a row of % is never removed', TG_TABLE_NAME USING ERRCODE = 'PT409';
END $$;

-- Removes drafts that were never sent and not changed since: who the children are, what was attached, the files that
-- were attached to nothing else. Whoever holds one at this moment keeps it until another day. A child who was sent with
-- a group before it was split stays, as everybody does who was ever referred. What was split off a draft that goes is
-- bound to what the draft came from.
CREATE FUNCTION portal_purge_drafts(untouched_since timestamptz, most integer)
RETURNS TABLE (id uuid, la_id uuid, reference text, version bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  gone uuid[];
  files uuid[];
BEGIN
  gone := ARRAY(SELECT r.id FROM public.referral r
    WHERE r.status = 'DRAFT' AND r.revision = 0 AND r.sent_at IS NULL AND r.updated_at < untouched_since
      AND NOT EXISTS (
        SELECT FROM public.child c WHERE c.referral_id = r.id AND public.portal_was_sent(c.id))
    ORDER BY r.id LIMIT most FOR UPDATE SKIP LOCKED);
  files := ARRAY(SELECT a.document_id FROM public.referral_document a WHERE a.referral_id = ANY (gone));
  DELETE FROM public.referral_document a WHERE a.referral_id = ANY (gone);
  WITH RECURSIVE up AS (
    SELECT s.referral_id, s.group_id FROM public.referral_split s
    WHERE s.group_id = ANY (gone) AND s.referral_id <> ALL (gone)
    UNION ALL
    SELECT up.referral_id, s.group_id FROM up JOIN public.referral_split s ON s.referral_id = up.group_id
    WHERE up.group_id = ANY (gone)
  )
  UPDATE public.referral_split s SET group_id = up.group_id FROM up
  WHERE s.referral_id = up.referral_id AND up.group_id <> ALL (gone);
  DELETE FROM public.referral_split s WHERE s.referral_id = ANY (gone) OR s.group_id = ANY (gone);
  DELETE FROM public.child c WHERE c.referral_id = ANY (gone);
  DELETE FROM public.document d WHERE d.id = ANY (files) AND public.portal_unattached(d.id);
  RETURN QUERY DELETE FROM public.referral r WHERE r.id = ANY (gone) RETURNING r.id, r.la_id, r.reference, r.version;
END $$;
