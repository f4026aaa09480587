-- The next numbers in these people's inboxes, so many for each: the first of each. People come in ascending order, each
-- once. From here on their inboxes are held, and everybody holds inboxes in this one order: every way to find rows other
-- than by their key, in its order, is switched off. It fails rather than leave somebody out.
CREATE FUNCTION portal_next_numbers(people uuid[], many bigint[]) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = '' SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  whose uuid[];
  numbers bigint[];
BEGIN
  IF 1 = ALL (many) THEN
    WITH risen AS (
      UPDATE public.inbox i SET head = i.head + 1 WHERE i.person_id = ANY (people) RETURNING i.person_id, i.head AS no
    )
    SELECT array_agg(r.person_id), array_agg(r.no) INTO whose, numbers FROM (SELECT * FROM risen ORDER BY person_id) r;
  ELSE
    WITH risen AS (
      UPDATE public.inbox i SET head = i.head + w.n FROM unnest(people, many) w (person_id, n)
      WHERE i.person_id = w.person_id RETURNING i.person_id, i.head - w.n + 1 AS no
    )
    SELECT array_agg(r.person_id), array_agg(r.no) INTO whose, numbers FROM (SELECT * FROM risen ORDER BY person_id) r;
  END IF;
  IF whose IS DISTINCT FROM people THEN
    RAISE EXCEPTION 'somebody who is told has no inbox';
  END IF;
  RETURN numbers;
END $$;

-- Who is told of an event, in ascending order, and with which notice. Of a referral only those are told who have it, and
-- whoever acts is told without a bell alone.
CREATE FUNCTION portal_whom_to_tell(e jsonb, actor uuid, OUT people uuid[], OUT notices text[])
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  referral uuid := e ->> 'referral_id';
  authority uuid := e ->> 'la_id';
  today date := (e ->> 'at')::timestamptz AT TIME ZONE 'Europe/London';
BEGIN
  SELECT array_agg(heard.person_id), array_agg(heard.notice) INTO people, notices
  FROM (
    SELECT p.id AS person_id, max(told.notice) AS notice
    FROM (
      SELECT asked.*, CASE WHEN asked.everybody OR referral IS NULL THEN asked.organisations
        ELSE ARRAY(SELECT authority WHERE authority = ANY (asked.organisations)) || ARRAY(
          SELECT d.provider_id FROM public.delivery d WHERE d.referral_id = referral
            AND d.provider_id = ANY (asked.organisations) AND d.withdrawn_at IS NULL) END AS theirs
      FROM (
        SELECT t.value AS t, t.value ->> 'notice' AS notice, (t.value ->> 'everybody')::boolean AS everybody,
          ARRAY(SELECT jsonb_array_elements_text(t.value -> 'organisations')::uuid) AS organisations,
          ARRAY(SELECT jsonb_array_elements_text(t.value -> 'roles')) AS roles
        FROM jsonb_array_elements(e -> 'tells') t OFFSET 0) asked
      OFFSET 0) told
    CROSS JOIN LATERAL (
      SELECT p.id FROM public.person p
      WHERE p.organisation_id = ANY (told.theirs) AND (told.everybody OR p.status = 'ACTIVE' AND p.roles && told.roles
        AND (p.id IS DISTINCT FROM actor OR told.notice IS NULL))
      UNION ALL
      SELECT i.person_id FROM public.inbox i WHERE i.person_id = (told.t ->> 'person')::uuid
      UNION ALL
      SELECT p.id FROM public.delegation d
      JOIN public.person p ON p.id = d.delegate_id AND p.status = 'ACTIVE' AND p.id IS DISTINCT FROM actor
      WHERE (told.t ->> 'delegates')::boolean AND d.organisation_id = ANY (told.organisations) AND d.status = 'GIVEN'
        AND (d.ipa_id IS NULL OR d.ipa_id = (e ->> 'subject_id')::uuid) AND today BETWEEN d.valid_from AND d.valid_until
        AND (d.principal_id IS NULL OR EXISTS (SELECT FROM public.person s WHERE s.id = d.principal_id
               AND s.status = 'ACTIVE' AND 'SIGNATORY' = ANY (s.roles)))
    ) p GROUP BY p.id ORDER BY p.id) heard;
END $$;

-- Writes down what an act did: one chained event each, then everybody's numbered inbox. The act's last statement. What
-- somebody may no longer see leaves their list with the entry that says so: a referral withdrawn from their provider, and
-- whatever a person who is sign-only from now on has been told. What the actor has read is marked here, and nowhere else:
-- everybody holds a person's inbox before they touch an entry of it, so nobody who tells a reader something waits for the
-- reading, and no two wait for each other (S-070). Whoever has an unread bell of the last ten minutes about changes of the
-- same offer or agreement is not rung for again: the entry stays without one, and the bell leads to everything since. By
-- then their inboxes are held, so a reading is seen or comes after. Whoever hears in the same act that an offer is void is
-- not rung for each of its agreements as well. People, numbers and notices go from step to step in arrays: a join of rows
-- whose number nobody can foresee would cost more than writing them down.
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
  place bigint;
  ids uuid[] := '{}';
  about uuid[] := '{}';
  heard uuid[];
  bells text[];
  people uuid[] := '{}';
  notices text[] := '{}';
  places bigint[] := '{}';
  many bigint[];
  nos bigint[];
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
  FOR e, place IN SELECT value, ordinality FROM jsonb_array_elements(happened) WITH ORDINALITY
  LOOP
    ids[place] := e ->> 'id';
    about[place] := coalesce(
      CASE WHEN e ->> 'subject_kind' IN ('REFERRAL', 'THREAD', 'OFFER') THEN e ->> 'referral_id' END, e ->> 'subject_id');
    SELECT t.people, t.notices INTO heard, bells FROM public.portal_whom_to_tell(e, actor) t;
    people := people || heard;
    notices := notices || bells;
    places := places || array_fill(place, ARRAY[coalesce(cardinality(heard), 0)]);
  END LOOP;
  IF cardinality(ids) = 1 AND people <> '{}' THEN
    nos := public.portal_next_numbers(people, array_fill(1::bigint, ARRAY[cardinality(people)]));
  ELSIF people <> '{}' THEN
    SELECT array_agg(w.person_id), array_agg(w.n) INTO heard, many FROM (
      SELECT p.person_id, count(*) AS n FROM unnest(people) p (person_id) GROUP BY p.person_id ORDER BY p.person_id) w;
    nos := public.portal_next_numbers(heard, many);
    SELECT array_agg(x.person_id), array_agg(nos[x.whose] + x.nth - 1), array_agg(x.notice), array_agg(x.place)
    INTO people, nos, notices, places
    FROM (
      SELECT h.person_id, h.place, dense_rank() OVER (ORDER BY h.person_id) AS whose,
        row_number() OVER (PARTITION BY h.person_id ORDER BY h.place) AS nth,
        CASE WHEN h.notice <> 'IPA_VOIDED' OR bool_and(coalesce(h.notice, '') <> 'OFFER_VOIDED')
          OVER (PARTITION BY h.person_id) THEN h.notice END AS notice
      FROM unnest(people, notices, places) h (person_id, notice, place)) x;
  END IF;
  INSERT INTO public.inbox_entry (person_id, no, event_id, notice, concerns)
  SELECT x.person_id, x.no, ids[x.place], x.notice, CASE WHEN x.notice IS NOT NULL THEN about[x.place] END
  FROM unnest(people, nos, notices, places) x (person_id, no, notice, place);
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
