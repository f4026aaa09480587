-- Referrals that were one once: what was said in one of them has been copied into the others.

-- The referral and all that are bound to it by splittings, over any number of them and in both directions.
CREATE FUNCTION portal_family(member uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 3 SET search_path = '' AS $$
BEGIN
  RETURN QUERY
  WITH RECURSIVE kin AS (
    SELECT member AS id
    UNION
    SELECT CASE s.group_id WHEN kin.id THEN s.referral_id ELSE s.group_id END
    FROM kin JOIN public.referral_split s ON s.group_id = kin.id OR s.referral_id = kin.id
  )
  SELECT kin.id FROM kin;
END $$;

-- Whether a child went out in a revision, be it of the referral that it is in now or of one that this came from.
CREATE FUNCTION portal_was_sent(child uuid) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = '' AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM public.child c CROSS JOIN LATERAL public.portal_family(c.referral_id) kin
    JOIN public.referral_revision v ON v.referral_id = kin
    WHERE c.id = child AND v.content -> 'children' @> jsonb_build_array(jsonb_build_object('id', c.id)));
END $$;
