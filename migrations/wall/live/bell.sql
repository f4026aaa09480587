-- Which notifications a reading marks: one; those of a conversation up to a message; or all up to a number, of some kinds
-- alone, about one referral or about one thing where it says so, from behind another number on where it is told in parts.
-- Their reader's inbox is held by then, and each bears the number of the entry by which their own screens learn of it.
CREATE FUNCTION portal_mark_read(e jsonb, reader uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  said jsonb := (e ->> 'payload')::jsonb;
  kinds text[] := CASE WHEN said ? 'kinds' THEN ARRAY(SELECT jsonb_array_elements_text(said -> 'kinds')) END;
  referral uuid := (said ->> 'referral')::uuid;
  about uuid := (said ->> 'concerns')::uuid;
  here bigint := (SELECT w.no FROM public.inbox_entry w WHERE w.event_id = (e ->> 'id')::uuid AND w.person_id = reader);
BEGIN
  IF e ->> 'kind' = 'notification.read' THEN
    UPDATE public.inbox_entry n SET read_at = (e ->> 'at')::timestamptz, read_no = here
    WHERE n.person_id = reader AND n.event_id = (said ->> 'event')::uuid AND n.no < here AND n.notice IS NOT NULL
      AND n.read_at IS NULL AND n.gone_no IS NULL;
  ELSIF e ->> 'kind' = 'thread.read' THEN
    UPDATE public.inbox_entry n SET read_at = (e ->> 'at')::timestamptz, read_no = here
    WHERE n.person_id = reader AND n.no < here AND n.notice IS NOT NULL AND n.read_at IS NULL AND n.gone_no IS NULL
      AND EXISTS (SELECT FROM public.event told WHERE told.id = n.event_id AND told.kind = 'message.send'
        AND told.subject_id = (e ->> 'subject_id')::uuid AND told.version <= (e ->> 'version')::bigint);
  ELSE
    UPDATE public.inbox_entry n SET read_at = (e ->> 'at')::timestamptz, read_no = here
    WHERE n.person_id = reader AND n.no < here AND n.no > coalesce((said ->> 'after')::bigint, 0)
      AND n.no <= (said ->> 'upTo')::bigint AND n.notice IS NOT NULL AND n.read_at IS NULL AND n.gone_no IS NULL
      AND (kinds IS NULL OR n.notice = ANY (kinds)) AND (about IS NULL OR n.concerns = about)
      AND (referral IS NULL OR EXISTS (
        SELECT FROM public.event told WHERE told.id = n.event_id AND told.referral_id = referral));
  END IF;
END $$;

-- What the notifications concern that were told before that was kept: the referral, or what is by itself (S-119).
CREATE FUNCTION portal_begin_concerns() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE public.inbox_entry n SET concerns = coalesce(
    CASE WHEN told.subject_kind IN ('REFERRAL', 'THREAD', 'OFFER') THEN told.referral_id END, told.subject_id)
  FROM public.event told WHERE told.id = n.event_id AND n.notice IS NOT NULL;
END $$;

-- Writes down what an act did: one chained event each, then everybody's numbered inbox. The act's last statement. Of a
-- referral only those are told who have it. What somebody may no longer see leaves their list with the entry that says
-- so: a referral withdrawn from their provider, and whatever a person who is sign-only from now on has been told. What
-- the actor has read is marked here, and nowhere else: everybody holds a person's inbox before they touch an entry of it,
-- so nobody who tells a reader something waits for the reading, and no two wait for each other (S-070). Whoever has an
-- unread bell of the last ten minutes about changes of the same offer or agreement is not rung for again: the entry stays
-- without one, and the bell leads to everything since. By then their inboxes are held, so a reading is seen or comes
-- after. Whoever hears in the same act that an offer is void is not rung for each of its agreements as well.
CREATE OR REPLACE FUNCTION portal_record(happened jsonb) RETURNS void
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
  WITH told AS MATERIALIZED (
    SELECT h.ordinality AS place, (h.value ->> 'id')::uuid AS event_id, t.value AS t, t.value ->> 'notice' AS notice,
      ARRAY(SELECT jsonb_array_elements_text(t.value -> 'roles')) AS roles, (t.value ->> 'everybody')::boolean AS everybody,
      (h.value ->> 'subject_id')::uuid AS subject, (h.value ->> 'at')::timestamptz AS at,
      (h.value ->> 'referral_id')::uuid AS referral, (h.value ->> 'la_id')::uuid AS authority,
      coalesce(CASE WHEN h.value ->> 'subject_kind' IN ('REFERRAL', 'THREAD', 'OFFER') THEN h.value ->> 'referral_id' END,
        h.value ->> 'subject_id')::uuid AS concerns
    FROM jsonb_array_elements(happened) WITH ORDINALITY h, jsonb_array_elements(h.value -> 'tells') t
  ), asked AS MATERIALIZED (
    SELECT told.*, o.value::uuid AS organisation, (told.referral IS NULL OR o.value::uuid = told.authority
      OR (SELECT true FROM public.delivery d WHERE d.referral_id = told.referral AND d.provider_id = o.value::uuid
            AND d.withdrawn_at IS NULL LIMIT 1)) IS TRUE AS theirs
    FROM told, jsonb_array_elements_text(told.t -> 'organisations') o
  ), heard AS (
    SELECT asked.place, asked.event_id, p.id AS person_id, asked.notice, asked.concerns
    FROM asked JOIN public.person p ON p.organisation_id = asked.organisation
    WHERE asked.everybody OR asked.theirs AND p.status = 'ACTIVE' AND p.roles && asked.roles
      AND (p.id IS DISTINCT FROM actor OR asked.notice IS NULL)
    UNION ALL
    SELECT told.place, told.event_id, (told.t ->> 'person')::uuid, told.notice, told.concerns
    FROM told WHERE told.t ->> 'person' IS NOT NULL
    UNION ALL
    SELECT told.place, told.event_id, p.id, told.notice, told.concerns
    FROM told JOIN public.delegation d ON told.t -> 'organisations' ? d.organisation_id::text
    JOIN public.person p ON p.id = d.delegate_id AND p.status = 'ACTIVE' AND p.id IS DISTINCT FROM actor
    WHERE (told.t ->> 'delegates')::boolean AND d.status = 'GIVEN' AND (d.ipa_id IS NULL OR d.ipa_id = told.subject)
      AND (told.at AT TIME ZONE 'Europe/London')::date BETWEEN d.valid_from AND d.valid_until
      AND (d.principal_id IS NULL OR EXISTS (SELECT FROM public.person s WHERE s.id = d.principal_id
             AND s.status = 'ACTIVE' AND 'SIGNATORY' = ANY (s.roles)))
  ), entries AS (
    SELECT place, event_id, person_id, CASE WHEN max(notice) <> 'IPA_VOIDED'
      OR bool_and(coalesce(max(notice), '') <> 'OFFER_VOIDED') OVER (PARTITION BY person_id) THEN max(notice) END AS notice,
      concerns
    FROM heard GROUP BY place, event_id, person_id, concerns
  ), counts AS (
    SELECT person_id, count(*) AS n FROM entries GROUP BY person_id
  ), locked AS MATERIALIZED (
    SELECT i.person_id FROM public.inbox i WHERE i.person_id IN (SELECT person_id FROM counts)
    ORDER BY i.person_id FOR UPDATE
  ), heads AS (
    UPDATE public.inbox i SET head = i.head + c.n FROM locked l JOIN counts c ON c.person_id = l.person_id
    WHERE i.person_id = l.person_id RETURNING i.person_id, i.head - c.n AS base
  )
  INSERT INTO public.inbox_entry (person_id, no, event_id, notice, concerns)
  SELECT h.person_id, h.base + row_number() OVER (PARTITION BY h.person_id ORDER BY x.place), x.event_id, x.notice,
    CASE WHEN x.notice IS NOT NULL THEN x.concerns END
  FROM heads h JOIN entries x ON x.person_id = h.person_id;
  IF happened @> '[{"tells": [{"notice": "OFFER_UPDATED"}]}]' OR happened @> '[{"tells": [{"notice": "IPA_UPDATED"}]}]' THEN
    UPDATE public.inbox_entry n SET notice = NULL, concerns = NULL
    FROM jsonb_array_elements(happened) h
    WHERE n.event_id = (h.value ->> 'id')::uuid AND n.notice IN ('OFFER_UPDATED', 'IPA_UPDATED') AND EXISTS (
      SELECT FROM public.inbox_entry rung JOIN public.event told ON told.id = rung.event_id
      WHERE rung.person_id = n.person_id AND rung.no < n.no AND rung.notice = n.notice AND rung.read_at IS NULL
        AND rung.gone_no IS NULL AND told.subject_id = (h.value ->> 'subject_id')::uuid
        AND told.at > (h.value ->> 'at')::timestamptz - interval '10 minutes');
  END IF;
  FOR e IN SELECT value FROM jsonb_array_elements(happened)
           WHERE value ->> 'kind' IN ('referral.withdraw', 'account.change_roles', 'account.reinstate', 'thread.read',
             'notification.read', 'notifications.read')
  LOOP
    IF e ->> 'kind' IN ('thread.read', 'notification.read', 'notifications.read') THEN
      PERFORM public.portal_mark_read(e, actor);
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
