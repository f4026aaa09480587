-- Since which day in London something waits that could not be mailed to somebody, until the region decides on it. Told to
-- that person, to the administrators of their organisation, and to the region; to everybody else never anything.
CREATE FUNCTION portal_mail_undelivered(whom uuid) RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  asking uuid := nullif(current_setting('app.person', true), '')::uuid;
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.person me JOIN public.organisation o ON o.id = me.organisation_id
    JOIN public.person p ON p.id = whom
    WHERE me.id = asking AND (me.id = p.id OR o.side = 'REGION'
      OR me.organisation_id = p.organisation_id AND 'ADMINISTRATOR' = ANY (me.roles))) THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT min((m.at AT TIME ZONE 'Europe/London')::date) FROM public.mail m
          WHERE m.person_id = whom AND m.state = 'DEAD');
END $$;
