-- With the notice that an agreement can be signed goes an e-mail, to whoever may sign it, once, if the gate of e-mail is
-- open at that moment; what was told before it opened is never sent (S-113).
CREATE FUNCTION portal_mail() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  told public.event;
  message uuid := gen_random_uuid();
BEGIN
  SELECT * INTO told FROM public.event e WHERE e.id = NEW.event_id;
  IF NOT EXISTS (SELECT FROM public.rollout r WHERE r.feature = 'EMAIL' AND r.la_id IS NULL AND r.category IS NULL
                   AND r.opens_at <= told.at AND (r.closes_at IS NULL OR r.closes_at > told.at)) THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.mail (id, person_id, kind, reference, event_id, at)
  SELECT message, p.id, NEW.notice, told.reference, told.id, told.at FROM public.person p
  WHERE p.id = NEW.person_id AND p.status = 'ACTIVE' AND ('SIGNATORY' = ANY (p.roles) OR EXISTS (
    SELECT FROM public.delegation d
    WHERE d.delegate_id = p.id AND d.status = 'GIVEN' AND (d.ipa_id IS NULL OR d.ipa_id = told.subject_id)
      AND (told.at AT TIME ZONE 'Europe/London')::date BETWEEN d.valid_from AND d.valid_until
      AND (d.principal_id IS NULL OR EXISTS (SELECT FROM public.person s WHERE s.id = d.principal_id
             AND s.status = 'ACTIVE' AND 'SIGNATORY' = ANY (s.roles)))))
  ON CONFLICT DO NOTHING;
  IF FOUND THEN
    INSERT INTO public.job (id, kind, key, payload, due_at, attempts)
    VALUES (gen_random_uuid(), 'mail.send', 'mail.send ' || message, jsonb_build_object('mail', message), told.at, 0);
  END IF;
  RETURN NULL;
END $$;
