-- An event that rang bells while the gate of e-mail is open is noted, once, in the transaction of its act, whatever the
-- number of people told: who wants an e-mail is looked up afterwards, so that no act is any slower for what somebody
-- wishes (S-050, S-070). What happened before the gate opened is never noted.
CREATE FUNCTION portal_mail_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  INSERT INTO public.mail_due (event_id, at)
  SELECT e.id, e.at FROM (SELECT DISTINCT f.event_id FROM fresh f WHERE f.notice IS NOT NULL) rang
  JOIN public.event e ON e.id = rang.event_id
  WHERE EXISTS (SELECT FROM public.rollout r WHERE r.feature = 'EMAIL' AND r.la_id IS NULL AND r.category IS NULL
                  AND r.opens_at <= e.at AND (r.closes_at IS NULL OR r.closes_at > e.at))
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

-- Whether somebody might sign that agreement on that day: a signatory, or whom one has authorised (S-033, S-113).
CREATE FUNCTION portal_mail_signs(who public.person, agreement uuid, day date) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
BEGIN
  RETURN 'SIGNATORY' = ANY (who.roles) OR EXISTS (
    SELECT FROM public.delegation d
    WHERE d.delegate_id = who.id AND d.status = 'GIVEN' AND (d.ipa_id IS NULL OR d.ipa_id = agreement)
      AND day BETWEEN d.valid_from AND d.valid_until
      AND (d.principal_id IS NULL OR EXISTS (SELECT FROM public.person s WHERE s.id = d.principal_id
             AND s.status = 'ACTIVE' AND 'SIGNATORY' = ANY (s.roles))));
END $$;

-- Turns noted events into messages and lines of digests, as each person told wishes: one of the two for each, once. Bells
-- that were silenced, and accounts that are not active or have no address, get neither. Gives how many events it took.
CREATE FUNCTION portal_mail_spread(most bigint, usual jsonb, always text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  taken uuid[];
BEGIN
  SELECT array_agg(d.event_id) INTO taken
  FROM (SELECT w.event_id FROM public.mail_due w ORDER BY w.at, w.event_id LIMIT most FOR UPDATE SKIP LOCKED) d;
  IF taken IS NULL THEN
    RETURN 0;
  END IF;
  WITH told AS MATERIALIZED (
    SELECT n.person_id, n.no, n.notice, e.id AS event_id, e.reference, e.at,
      n.notice = ANY (always) OR n.notice = 'IPA_READY_TO_SIGN'
        AND public.portal_mail_signs(p, e.subject_id, (e.at AT TIME ZONE 'Europe/London')::date) AS must,
      coalesce(w.choice, usual ->> n.notice) AS choice
    FROM public.event e
    JOIN public.inbox_entry n ON n.event_id = e.id AND n.notice IS NOT NULL
    JOIN public.person p ON p.id = n.person_id AND p.status = 'ACTIVE' AND p.email IS NOT NULL
    LEFT JOIN public.mail_preference w ON w.person_id = n.person_id AND w.kind = n.notice
    WHERE e.id = ANY (taken)
  ), alone AS (
    INSERT INTO public.mail (id, person_id, kind, reference, event_id, no, must, at, due_at)
    SELECT gen_random_uuid(), person_id, notice, reference, event_id, no, must, at, at FROM told
    WHERE must OR choice = 'IMMEDIATELY'
    ON CONFLICT DO NOTHING
  )
  INSERT INTO public.mail_item (person_id, no)
  SELECT person_id, no FROM told WHERE choice = 'DAILY_DIGEST' AND NOT must
  ON CONFLICT DO NOTHING;
  DELETE FROM public.mail_due d WHERE d.event_id = ANY (taken);
  RETURN cardinality(taken);
END $$;

-- Whether a line of a digest is still worth telling: unread, still in its reader's list, and wished for.
CREATE FUNCTION portal_mail_left(entry public.inbox_entry) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
BEGIN
  RETURN entry.read_at IS NULL AND entry.gone_no IS NULL AND NOT EXISTS (
    SELECT FROM public.mail_preference w
    WHERE w.person_id = entry.person_id AND w.kind = entry.notice AND w.choice = 'OFF');
END $$;

-- The digest of one London day for everybody who has something left to be told; lines that nobody needs any more go.
CREATE FUNCTION portal_mail_digests(today date, moment timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  made bigint;
BEGIN
  DELETE FROM public.mail_item i USING public.inbox_entry n, public.person p
  WHERE i.mail_id IS NULL AND n.person_id = i.person_id AND n.no = i.no AND p.id = i.person_id
    AND (p.status <> 'ACTIVE' OR NOT public.portal_mail_left(n));
  WITH readers AS (
    INSERT INTO public.mail (id, person_id, kind, day, must, at, due_at)
    SELECT gen_random_uuid(), i.person_id, 'DAILY_DIGEST', today, false, moment, moment
    FROM public.mail_item i WHERE i.mail_id IS NULL GROUP BY i.person_id
    ON CONFLICT DO NOTHING
    RETURNING id, person_id
  )
  UPDATE public.mail_item i SET mail_id = r.id FROM readers r WHERE i.mail_id IS NULL AND i.person_id = r.person_id;
  SELECT count(*) INTO made FROM public.mail m WHERE m.day = today;
  RETURN made;
END $$;

-- Takes messages to be sent now, each by one worker until its lease ends, with the name and address of this moment. What
-- is not to be sent any more is dropped, and says why; what was begun as often as it may be is dead. Again is one that
-- had its Message-ID before: however often it has been decided anew since, a server may have it.
CREATE FUNCTION portal_mail_claim(moment timestamptz, most bigint, lease interval, host text, tries bigint)
RETURNS TABLE (id uuid, attempt bigint, message_id text, kind text, reference text, at timestamptz, day date, name text,
  email text, items_left jsonb, again boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
  held uuid[];
BEGIN
  SELECT array_agg(w.id) INTO held FROM (
    SELECT m.id FROM public.mail m
    WHERE m.state = 'WAITING' AND m.due_at <= moment AND (m.lease_until IS NULL OR m.lease_until < clock_timestamp())
    ORDER BY m.due_at, m.id LIMIT most FOR UPDATE SKIP LOCKED) w;
  IF held IS NULL THEN
    RETURN;
  END IF;
  UPDATE public.mail m SET state = 'DEAD', error = 'no try came to an end', lease_until = NULL
  WHERE m.id = ANY (held) AND m.attempts >= tries;
  UPDATE public.mail m SET state = 'DROPPED', error = f.why, lease_until = NULL
  FROM (
    SELECT m.id, CASE
      WHEN p.status <> 'ACTIVE' OR p.email IS NULL THEN 'no active account'
      WHEN m.day IS NOT NULL THEN CASE WHEN NOT EXISTS (
        SELECT FROM public.mail_item i JOIN public.inbox_entry n ON n.person_id = i.person_id AND n.no = i.no
        WHERE i.mail_id = m.id AND public.portal_mail_left(n)) THEN 'nothing left to tell' END
      WHEN n.gone_no IS NOT NULL THEN 'may not be seen any more'
      WHEN m.kind = 'IPA_READY_TO_SIGN' AND NOT EXISTS (
        SELECT FROM public.event e JOIN public.ipa a ON a.id = e.subject_id
        JOIN public.organisation o ON o.id = p.organisation_id
        WHERE e.id = m.event_id AND a.status IN ('READY_TO_SIGN', 'PARTLY_SIGNED')
          AND NOT (CASE WHEN o.side = 'PROVIDER' THEN a.provider_signed ELSE a.authority_signed END)
          AND NOT EXISTS (SELECT FROM public.ipa_refusal r WHERE r.ipa_id = a.id)) THEN 'nothing to sign any more'
      WHEN NOT m.must AND NOT public.portal_mail_left(n) THEN 'read, or not wanted any more' END AS why
    FROM public.mail m JOIN public.person p ON p.id = m.person_id
    LEFT JOIN public.inbox_entry n ON n.person_id = m.person_id AND n.no = m.no
    WHERE m.id = ANY (held)) f
  WHERE m.id = f.id AND m.state = 'WAITING' AND f.why IS NOT NULL;
  RETURN QUERY
  WITH begun AS (
    UPDATE public.mail m SET attempts = m.attempts + 1, lease_until = clock_timestamp() + lease,
      message_id = coalesce(m.message_id, '<' || m.id || '@' || host || '>')
    FROM public.mail before
    WHERE m.id = ANY (held) AND m.state = 'WAITING' AND before.id = m.id
    RETURNING m.*, before.message_id IS NOT NULL AS again
  )
  SELECT b.id, b.attempts, b.message_id, b.kind, b.reference, b.at, b.day, p.name, p.email, (
    SELECT jsonb_agg(jsonb_build_object('kind', l.notice, 'reference', l.reference, 'count', l.n) ORDER BY l.first)
    FROM (
      SELECT n.notice, e.reference, count(*) AS n, min(n.no) AS first
      FROM public.mail_item i JOIN public.inbox_entry n ON n.person_id = i.person_id AND n.no = i.no
      JOIN public.event e ON e.id = n.event_id
      WHERE i.mail_id = b.id AND public.portal_mail_left(n) GROUP BY n.notice, e.reference) l), b.again
  FROM begun b JOIN public.person p ON p.id = b.person_id ORDER BY b.due_at, b.id;
END $$;

-- Messages that were sent or dropped before this moment are forgotten; what waits or is dead stays.
CREATE FUNCTION portal_mail_forget(before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE gone bigint;
BEGIN
  DELETE FROM public.mail_item i USING public.mail m
  WHERE m.id = i.mail_id AND m.state IN ('SENT', 'DROPPED') AND coalesce(m.sent_at, m.at) < before;
  DELETE FROM public.mail m WHERE m.state IN ('SENT', 'DROPPED') AND coalesce(m.sent_at, m.at) < before;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;

-- How e-mail stands, for whoever looks after the portal: numbers alone.
CREATE FUNCTION portal_mail_counts(OUT waiting bigint, OUT failing bigint, OUT dead bigint, OUT oldest timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  SELECT count(*) FILTER (WHERE m.state = 'WAITING'), count(*) FILTER (WHERE m.state = 'WAITING' AND m.attempts > 0),
    count(*) FILTER (WHERE m.state = 'DEAD'), min(m.at) FILTER (WHERE m.state = 'WAITING')
  INTO waiting, failing, dead, oldest FROM public.mail m WHERE m.state IN ('WAITING', 'DEAD');
END $$;

-- What becomes of dead messages: sent again as if for the first time, or given up. Without ids of all of them; how many.
CREATE FUNCTION portal_mail_decided(ids uuid[], again boolean, moment timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE changed bigint;
BEGIN
  UPDATE public.mail m SET state = CASE WHEN again THEN 'WAITING' ELSE 'DROPPED' END,
    attempts = CASE WHEN again THEN 0 ELSE m.attempts END, due_at = moment, lease_until = NULL,
    error = CASE WHEN again THEN NULL ELSE 'given up' END
  WHERE m.state = 'DEAD' AND (ids IS NULL OR m.id = ANY (ids));
  GET DIAGNOSTICS changed = ROW_COUNT;
  RETURN changed;
END $$;
