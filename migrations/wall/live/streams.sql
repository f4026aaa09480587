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
