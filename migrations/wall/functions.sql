-- The handful of functions that may act beyond one viewer's rows. Owned by portal_guard; each says what it refuses.

CREATE FUNCTION portal_session_live(session uuid, at timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.session s JOIN public.person p ON p.id = s.person_id
    WHERE s.id = session AND s.revoked_at IS NULL AND s.expires_at > at AND p.status = 'ACTIVE'
  ) THEN
    RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'PT401';
  END IF;
  RETURN true;
END $$;

-- A colleague, by id or e-mail address, for whoever gives them an authority; people of others are not there.
CREATE FUNCTION portal_colleague(wanted uuid, address text, OUT id uuid, OUT name text, OUT job_title text,
  OUT active boolean, OUT machine boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  SELECT p.id, p.name, p.job_title, p.status = 'ACTIVE', 'MACHINE' = ANY (p.roles)
  INTO id, name, job_title, active, machine FROM public.person p
  WHERE p.organisation_id = nullif(current_setting('app.org', true), '')::uuid
    AND (p.id = wanted OR p.email_key = address);
END $$;

-- Whether somebody of the viewer's organisation may sign agreements now.
CREATE FUNCTION portal_signs(signatory uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.person p WHERE p.id = signatory AND p.status = 'ACTIVE'
    AND p.organisation_id = nullif(current_setting('app.org', true), '')::uuid AND 'SIGNATORY' = ANY (p.roles));
END $$;

-- Holds one case, so that acts on a referral, its offers and its agreements happen one after the other.
CREATE FUNCTION portal_lock_case(wanted uuid, OUT status text, OUT accepted boolean, OUT revision bigint, OUT category text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  SELECT r.status, r.accepted, r.revision, r.category INTO status, accepted, revision, category
  FROM public.referral r
  WHERE r.id = wanted AND (
    r.la_id = nullif(current_setting('app.org', true), '')::uuid
    OR EXISTS (SELECT FROM public.delivery d WHERE d.referral_id = r.id
               AND d.provider_id = nullif(current_setting('app.org', true), '')::uuid))
  FOR UPDATE OF r;
END $$;

-- The referral is placed when the agreement of every child that its accepted offer is for is signed; true when this
-- call placed it.
CREATE FUNCTION portal_place(wanted uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE public.referral r SET status = 'PLACED', version = r.version + 1
  FROM public.offer o
  WHERE r.id = wanted AND r.status = 'SENT' AND r.accepted AND o.referral_id = r.id AND o.status = 'ACCEPTED'
    AND NOT EXISTS (
      SELECT FROM jsonb_array_elements(o.terms -> 'fees') fee
      WHERE NOT EXISTS (
        SELECT FROM public.ipa i
        WHERE i.offer_id = o.id AND i.child_id = (fee.value ->> 'childId')::uuid AND i.status = 'SIGNED'));
  RETURN FOUND;
END $$;

-- Drafts of offers, which the authority cannot see, end with the referral that it closes.
CREATE FUNCTION portal_end_draft_offers(wanted uuid, at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE ended integer;
BEGIN
  UPDATE public.offer o
  SET status = 'DECLINED', decline_reasons = ARRAY['REFERRAL_CLOSED'], decided_at = at, updated_at = at,
    version = o.version + 1
  FROM public.referral r
  WHERE r.id = wanted AND o.referral_id = r.id AND o.status = 'DRAFT'
    AND r.la_id = nullif(current_setting('app.org', true), '')::uuid;
  GET DIAGNOSTICS ended = ROW_COUNT;
  RETURN ended;
END $$;

-- Ends the sessions of somebody whom the viewer answers for: suspended, or with other roles from now on.
CREATE FUNCTION portal_end_sessions(wanted uuid, at timestamptz, because text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE asking uuid := nullif(current_setting('app.org', true), '')::uuid;
BEGIN
  UPDATE public.session s SET revoked_at = at, revoked_because = because
  FROM public.person p
  WHERE p.id = wanted AND s.person_id = p.id AND s.revoked_at IS NULL AND (
    p.organisation_id = asking
    OR EXISTS (SELECT FROM public.provider r WHERE r.id = p.organisation_id AND r.managing_la_id = asking)
    OR EXISTS (SELECT FROM public.organisation o WHERE o.id = asking AND o.side = 'REGION'));
END $$;

-- A lost authenticator works no more, nor do the recovery codes that went with it, and its person is signed out.
CREATE FUNCTION portal_reset_authenticator(wanted uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE asking uuid := nullif(current_setting('app.org', true), '')::uuid;
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.person p WHERE p.id = wanted AND (
      p.organisation_id = asking
      OR EXISTS (SELECT FROM public.provider r WHERE r.id = p.organisation_id AND r.managing_la_id = asking)
      OR EXISTS (SELECT FROM public.organisation o WHERE o.id = asking AND o.side = 'REGION'))
  ) THEN
    RETURN;
  END IF;
  UPDATE public.credential c SET authenticator = NULL, pending_authenticator = NULL, pending_at = NULL
  WHERE c.person_id = wanted;
  UPDATE public.recovery_code c SET spent_at = at, spent_because = 'RESET'
  WHERE c.person_id = wanted AND c.spent_at IS NULL;
  UPDATE public.session s SET revoked_at = at, revoked_because = 'AUTHENTICATOR_RESET'
  WHERE s.person_id = wanted AND s.revoked_at IS NULL;
END $$;

-- Failures that no longer count are forgotten; those in a row stay until a right answer.
CREATE FUNCTION portal_forget_tries(before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE gone bigint;
BEGIN
  DELETE FROM public.throttle t
  WHERE t.last_at < before AND (t.failures = 0 OR NOT t.lasting) AND coalesce(t.blocked_until, before) <= before;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;

-- Another authority manages a registration: decided by the one that manages it, or by the region.
CREATE FUNCTION portal_hand_over(registration uuid, heir uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  asking uuid := nullif(current_setting('app.org', true), '')::uuid;
BEGIN
  UPDATE public.provider p SET managing_la_id = heir
  WHERE p.id = registration
    AND (p.managing_la_id = asking OR EXISTS (SELECT FROM public.organisation o WHERE o.id = asking AND o.side = 'REGION'))
    AND EXISTS (SELECT FROM public.organisation o WHERE o.id = heir AND o.side = 'LOCAL_AUTHORITY');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this registration cannot be handed over so' USING ERRCODE = 'PT409';
  END IF;
END $$;

-- Which of these numbers, each after its regulator, a home of another provider has, be it approved or waiting; whose it
-- is stays unsaid. Whoever asks next waits until this act has ended, so that two cannot both find a number free.
CREATE FUNCTION portal_numbers_taken(numbers text[]) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('portal_numbers_taken'));
  RETURN QUERY
  SELECT DISTINCT h.regulator || ' ' || h.urn FROM public.home h
  WHERE h.regulator || ' ' || h.urn = ANY (numbers) AND h.ended_at IS NULL
    AND h.provider_id <> nullif(current_setting('app.org', true), '')::uuid;
END $$;

-- Writes down what an act did: one chained event each, then everybody's numbered inbox. The act's last statement. Of a
-- referral only those are told who have it. What somebody may no longer see leaves their list with the entry that says
-- so: a referral withdrawn from their provider, and whatever a person who is sign-only from now on has been told. What
-- the actor has read is marked here, and nowhere else: everybody holds a person's inbox before they touch an entry of it,
-- so nobody who tells a reader something waits for the reading, and no two wait for each other (S-070).
CREATE FUNCTION portal_record(happened jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  e jsonb;
  actor uuid := nullif(current_setting('app.person', true), '')::uuid;
  session uuid := nullif(current_setting('app.session', true), '')::uuid;
  actor_name text;
  actor_organisation text;
  head public.event_stream;
  digest bytea;
BEGIN
  SELECT p.name, o.name INTO actor_name, actor_organisation
  FROM public.person p JOIN public.organisation o ON o.id = p.organisation_id WHERE p.id = actor;
  FOR e IN SELECT value FROM jsonb_array_elements(happened) WITH ORDINALITY
           ORDER BY value ->> 'stream', ordinality
  LOOP
    INSERT INTO public.event_stream (stream, seq, hash) VALUES ((e ->> 'stream')::uuid, 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM public.event_stream WHERE stream = (e ->> 'stream')::uuid FOR UPDATE;
    digest := sha256(head.hash || convert_to(concat_ws('|', e ->> 'id', e ->> 'stream', head.seq + 1, e ->> 'at',
      actor, session, e ->> 'kind', e ->> 'subject_kind', e ->> 'subject_id', e ->> 'version', e ->> 'payload'), 'UTF8'));
    INSERT INTO public.event (id, stream, seq, at, at_text, kind, subject_kind, subject_id, referral_id, reference,
      la_id, provider_id, actor_id, actor_name, actor_organisation, session_id, version, payload, prev, hash)
    VALUES ((e ->> 'id')::uuid, head.stream, head.seq + 1, (e ->> 'at')::timestamptz, e ->> 'at', e ->> 'kind',
      e ->> 'subject_kind', (e ->> 'subject_id')::uuid, (e ->> 'referral_id')::uuid, e ->> 'reference',
      (e ->> 'la_id')::uuid, (e ->> 'provider_id')::uuid, actor, actor_name, actor_organisation, session,
      (e ->> 'version')::bigint, e ->> 'payload', head.hash, digest);
    UPDATE public.event_stream s SET seq = head.seq + 1, hash = digest WHERE s.stream = head.stream;
  END LOOP;
  WITH told AS (
    SELECT h.ordinality AS place, (h.value ->> 'id')::uuid AS event_id, t.value AS t,
      (h.value ->> 'subject_id')::uuid AS subject, (h.value ->> 'at')::timestamptz AS at,
      (h.value ->> 'referral_id')::uuid AS referral, (h.value ->> 'la_id')::uuid AS authority
    FROM jsonb_array_elements(happened) WITH ORDINALITY h, jsonb_array_elements(h.value -> 'tells') t
  ), heard AS (
    SELECT told.place, told.event_id, p.id AS person_id, told.t ->> 'notice' AS notice
    FROM told, jsonb_array_elements_text(told.t -> 'organisations') o
    JOIN public.person p ON p.organisation_id = o.value::uuid AND p.status = 'ACTIVE'
    WHERE p.roles && ARRAY(SELECT jsonb_array_elements_text(told.t -> 'roles'))
      AND (p.id IS DISTINCT FROM actor OR told.t ->> 'notice' IS NULL)
      AND (told.referral IS NULL OR p.organisation_id = told.authority OR EXISTS (
        SELECT FROM public.delivery d WHERE d.referral_id = told.referral AND d.provider_id = p.organisation_id
          AND d.withdrawn_at IS NULL))
    UNION ALL
    SELECT told.place, told.event_id, p.id, told.t ->> 'notice'
    FROM told JOIN public.person p ON told.t -> 'organisations' ? p.organisation_id::text
    WHERE (told.t ->> 'everybody')::boolean
    UNION ALL
    SELECT told.place, told.event_id, (told.t ->> 'person')::uuid, told.t ->> 'notice'
    FROM told WHERE told.t ->> 'person' IS NOT NULL
    UNION ALL
    SELECT told.place, told.event_id, p.id, told.t ->> 'notice'
    FROM told JOIN public.delegation d ON told.t -> 'organisations' ? d.organisation_id::text
    JOIN public.person p ON p.id = d.delegate_id AND p.status = 'ACTIVE' AND p.id IS DISTINCT FROM actor
    WHERE (told.t ->> 'delegates')::boolean AND d.status = 'GIVEN' AND (d.ipa_id IS NULL OR d.ipa_id = told.subject)
      AND (told.at AT TIME ZONE 'Europe/London')::date BETWEEN d.valid_from AND d.valid_until
      AND (d.principal_id IS NULL OR EXISTS (SELECT FROM public.person s WHERE s.id = d.principal_id
             AND s.status = 'ACTIVE' AND 'SIGNATORY' = ANY (s.roles)))
  ), entries AS (
    SELECT place, event_id, person_id, max(notice) AS notice FROM heard GROUP BY place, event_id, person_id
  ), counts AS (
    SELECT person_id, count(*) AS n FROM entries GROUP BY person_id
  ), locked AS MATERIALIZED (
    SELECT i.person_id FROM public.inbox i WHERE i.person_id IN (SELECT person_id FROM counts)
    ORDER BY i.person_id FOR UPDATE
  ), heads AS (
    UPDATE public.inbox i SET head = i.head + c.n FROM locked l JOIN counts c ON c.person_id = l.person_id
    WHERE i.person_id = l.person_id RETURNING i.person_id, i.head - c.n AS base
  )
  INSERT INTO public.inbox_entry (person_id, no, event_id, notice)
  SELECT h.person_id, h.base + row_number() OVER (PARTITION BY h.person_id ORDER BY x.place), x.event_id, x.notice
  FROM heads h JOIN entries x ON x.person_id = h.person_id;
  FOR e IN SELECT value FROM jsonb_array_elements(happened)
           WHERE value ->> 'kind' IN ('referral.withdraw', 'account.change_roles', 'account.reinstate', 'thread.read',
             'notification.read', 'notifications.read')
  LOOP
    IF e ->> 'kind' IN ('thread.read', 'notification.read', 'notifications.read') THEN
      UPDATE public.inbox_entry n SET read_at = (e ->> 'at')::timestamptz, read_no = w.no FROM public.inbox_entry w
      WHERE w.event_id = (e ->> 'id')::uuid AND w.person_id = actor AND n.person_id = actor AND n.no < w.no
        AND n.notice IS NOT NULL AND n.read_at IS NULL AND n.gone_no IS NULL
        AND CASE e ->> 'kind'
          WHEN 'notification.read' THEN n.event_id = ((e ->> 'payload')::jsonb ->> 'event')::uuid
          WHEN 'notifications.read' THEN n.no <= (e ->> 'version')::bigint
          ELSE EXISTS (SELECT FROM public.event said WHERE said.id = n.event_id AND said.kind = 'message.send'
            AND said.subject_id = (e ->> 'subject_id')::uuid AND said.version <= (e ->> 'version')::bigint) END;
      CONTINUE;
    END IF;
    IF e ->> 'kind' = 'referral.withdraw' THEN
      UPDATE public.inbox_entry n SET gone_no = w.no
      FROM public.inbox_entry w, public.event told
      WHERE w.event_id = (e ->> 'id')::uuid AND n.person_id = w.person_id AND n.no < w.no AND n.notice IS NOT NULL
        AND n.gone_no IS NULL AND told.id = n.event_id AND told.la_id = (e ->> 'la_id')::uuid
        AND told.referral_id = (e ->> 'referral_id')::uuid;
      CONTINUE;
    END IF;
    UPDATE public.inbox i SET since = w.no FROM public.inbox_entry w
    WHERE w.event_id = (e ->> 'id')::uuid AND w.person_id = i.person_id AND i.person_id = (e ->> 'subject_id')::uuid;
    UPDATE public.inbox_entry n SET gone_no = w.no
    FROM public.inbox_entry w, public.event told, public.person p, public.organisation o
    WHERE w.event_id = (e ->> 'id')::uuid AND p.id = w.person_id AND p.roles = '{SIGNATORY}'
      AND o.id = p.organisation_id AND o.side = 'PROVIDER'
      AND n.person_id = w.person_id AND n.no < w.no AND n.notice IS NOT NULL AND n.gone_no IS NULL
      AND told.id = n.event_id AND told.subject_kind NOT IN ('IPA', 'DELEGATION')
      AND told.subject_id IS DISTINCT FROM p.id;
  END LOOP;
END $$;

CREATE FUNCTION portal_open_inbox() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  INSERT INTO public.inbox (person_id, head, oldest) VALUES (NEW.id, 0, 1);
  RETURN NEW;
END $$;

-- Jobs that were done before this moment are nobody's any more; those that wait or died stay.
CREATE FUNCTION portal_forget_jobs(before timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  DELETE FROM public.job j WHERE j.done_at < before;
END $$;

-- Of these names of bytes, those that no row is about. An announcement keeps its bytes for a day.
CREATE FUNCTION portal_unnamed(names text[], announced_since timestamptz) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  RETURN ARRAY(
    SELECT asked.name FROM unnest(names) asked (name)
    EXCEPT SELECT sha256 FROM public.document WHERE state = 'READY' OR uploaded_at >= announced_since
    EXCEPT SELECT sha256 FROM public.referral_document
    EXCEPT SELECT sha256 FROM public.offer_document
    EXCEPT SELECT sha256 FROM public.ipa_document
    EXCEPT SELECT sha256 FROM public.message_document
    EXCEPT SELECT pdf_sha256 FROM public.ipa
    EXCEPT SELECT signed_pdf_sha256 FROM public.ipa
    EXCEPT SELECT pdf_sha256 FROM public.signature
    EXCEPT SELECT pdf_sha256 FROM public.ipa_opening
    EXCEPT SELECT sha256 FROM public.registration_import
    EXCEPT SELECT marked_sha256 FROM public.registration_import
    EXCEPT SELECT document_sha256 FROM public.delegation
    EXCEPT SELECT sha256 FROM public.ticket WHERE expires_at > now());
END $$;

-- Which schema this is: what the portal asks before it serves.
CREATE FUNCTION portal_revision() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  RETURN (SELECT max(version_num) FROM public.alembic_version);
END $$;
