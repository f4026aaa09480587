-- What offers have gained beyond the first wall. Owned by portal_guard; each says what it refuses.

-- A document goes with an offer as its provider keeps it, and from then on stays so: it is bound to the offer or taken
-- off, once, and nothing else of it changes (S-083).
CREATE FUNCTION portal_attached_as_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  free text[] := ARRAY['compulsory', 'removed_at'];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.removed_at IS NOT NULL
        OR (OLD.compulsory AND NOT NEW.compulsory AND (OLD.kind <> 'APPENDIX' OR NEW.removed_at IS NULL))
        OR to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
      RAISE EXCEPTION 'what goes with an offer stays as it was attached' USING ERRCODE = 'PT409';
    END IF;
  ELSIF NEW.removed_at IS NOT NULL OR NOT EXISTS (
    SELECT FROM public.document d
    WHERE d.id = NEW.document_id AND d.organisation_id = NEW.provider_id AND d.state = 'READY'
      AND (d.kind, d.name, d.sha256, d.byte_size, d.media_type)
        = (NEW.kind, NEW.name, NEW.sha256, NEW.byte_size, NEW.media_type)
      AND d.expires_on IS NOT DISTINCT FROM NEW.expires_on
  ) THEN
    RAISE EXCEPTION 'there is no such document of the provider' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- An uplift is proposed on what both have signed, upon the fee of then, and later than every one that was agreed.
CREATE FUNCTION portal_uplift_proposed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  signed public.ipa;
  last public.uplift;
  fee numeric;
BEGIN
  SELECT * INTO signed FROM public.ipa i WHERE i.id = NEW.ipa_id FOR SHARE;
  SELECT * INTO last FROM public.uplift u WHERE u.ipa_id = NEW.ipa_id AND u.status = 'AGREED'
  ORDER BY u.effective_from DESC LIMIT 1;
  SELECT (f.value ->> 'coreFeeWeekly')::numeric INTO fee
  FROM public.offer o, jsonb_array_elements(o.terms -> 'fees') f
  WHERE o.id = signed.offer_id AND f.value ->> 'childId' = signed.child_id::text;
  IF NOT coalesce(signed.status = 'SIGNED' AND signed.referral_id = NEW.referral_id AND NEW.status = 'PROPOSED'
      AND NEW.fee_before = coalesce(last.fee_after, fee)
      AND NEW.effective_from > coalesce(last.effective_from, '-infinity'::date), false) THEN
    RAISE EXCEPTION 'this uplift cannot be proposed' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- With a voided agreement ends what was proposed for it and not yet answered, however it came to be void: whatever the
-- act has left open ends when it is over.
CREATE FUNCTION portal_uplifts_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE public.uplift u SET status = 'ENDED', version = u.version + 1,
    closed_at = coalesce(NEW.voided_at, NEW.updated_at), updated_at = coalesce(NEW.voided_at, NEW.updated_at)
  WHERE u.ipa_id = NEW.id AND u.status = 'PROPOSED';
  RETURN NULL;
END $$;

-- What was confirmed is kept by the acceptance itself, in its name, and is everything on the list in force.
CREATE FUNCTION portal_confirmed_as_accepted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.offer o
    WHERE o.id = NEW.offer_id AND o.xmin = pg_catalog.pg_current_xact_id()::xid AND o.status = 'ACCEPTED'
      AND o.decided_at = NEW.at AND o.decided_by_name = NEW.by_name
  ) THEN
    RAISE EXCEPTION 'checks are confirmed by accepting an offer' USING ERRCODE = 'PT409';
  END IF;
  IF NEW.checks <> coalesce((
    SELECT c.checks FROM public.acceptance_checks c WHERE c.la_id = NEW.la_id ORDER BY c.version DESC LIMIT 1
  ), '[]') THEN
    RAISE EXCEPTION 'this is not what the authority checks' USING ERRCODE = 'PT409';
  END IF;
  RETURN NULL;
END $$;

-- What an authority checks before it accepts an offer, until it says so itself.
CREATE FUNCTION portal_usual_checks() RETURNS jsonb LANGUAGE plpgsql VOLATILE SET search_path = '' AS $$
BEGIN
  RETURN (
    SELECT jsonb_agg(jsonb_build_object('id', gen_random_uuid(), 'words', usual.words) ORDER BY usual.place)
    FROM unnest(ARRAY[
      'The latest Ofsted report has been read',
      'References of the manager or of the carers have been taken up',
      'The matching risk assessment has been signed off',
      'The commissioner has agreed the fee'
    ]) WITH ORDINALITY AS usual (words, place));
END $$;

-- Every authority begins with a list.
CREATE FUNCTION portal_first_checks() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  INSERT INTO public.acceptance_checks (id, la_id, version, checks)
  VALUES (gen_random_uuid(), NEW.id, 1, public.portal_usual_checks());
  RETURN NEW;
END $$;

-- Writes down what an act did: one chained event each, then everybody's numbered inbox. The act's last statement. Of a
-- referral only those are told who have it. What somebody may no longer see leaves their list with the entry that says
-- so: a referral withdrawn from their provider, and whatever a person who is sign-only from now on has been told. What
-- the actor has read is marked here, and nowhere else: everybody holds a person's inbox before they touch an entry of it,
-- so nobody who tells a reader something waits for the reading, and no two wait for each other (S-070). Whoever has an
-- unread bell of the last ten minutes about changes of the same offer is not rung for again: the entry stays without
-- one, and the bell leads to everything since. By then their inboxes are held, so a reading is seen or comes after.
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
  IF happened @> '[{"tells": [{"notice": "OFFER_UPDATED"}]}]' THEN
    UPDATE public.inbox_entry n SET notice = NULL
    FROM jsonb_array_elements(happened) h
    WHERE n.event_id = (h.value ->> 'id')::uuid AND n.notice = 'OFFER_UPDATED' AND EXISTS (
      SELECT FROM public.inbox_entry rung JOIN public.event told ON told.id = rung.event_id
      WHERE rung.person_id = n.person_id AND rung.no < n.no AND rung.notice = 'OFFER_UPDATED' AND rung.read_at IS NULL
        AND rung.gone_no IS NULL AND told.subject_id = (h.value ->> 'subject_id')::uuid
        AND told.at > (h.value ->> 'at')::timestamptz - interval '10 minutes');
  END IF;
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

-- What the versions of an offer after that one changed, taken together: each place once, from what it said then to what
-- it says now, in the order in which they first changed. What was changed and changed back is no change.
CREATE FUNCTION portal_offer_changes(offer uuid, since bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
BEGIN
  RETURN (
    WITH each AS (
      SELECT v.version, c.ordinality AS place, c.value AS said
      FROM public.offer_version v, jsonb_array_elements(v.changes) WITH ORDINALITY c
      WHERE v.offer_id = offer AND v.version > since
    ), together AS (
      SELECT said -> 'path' AS path, (array_agg(said -> 'label' ORDER BY version DESC))[1] AS label,
        (array_agg(said -> 'before' ORDER BY version))[1] AS before,
        (array_agg(said -> 'after' ORDER BY version DESC))[1] AS after, min(array[version, place]) AS first
      FROM each GROUP BY said -> 'path'
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('path', path, 'label', label, 'before', before, 'after', after)
      ORDER BY first), '[]')
    FROM together WHERE before IS DISTINCT FROM after);
END $$;

-- What is offered is the provider's alone to say, and what is decided the authority's: neither writes the other's part
-- (its arguments: what an authority may write). A version follows the one before, and what has been submitted stays so.
CREATE FUNCTION portal_offer_by_side() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  decided text[] := string_to_array(TG_ARGV[0], ',');
  of_both text[] := ARRAY['status', 'version', 'updated_at'];
  new_row jsonb := to_jsonb(NEW);
  old_row jsonb := to_jsonb(OLD);
  fixed text[] := ARRAY['id', 'referral_id', 'la_id', 'provider_id', 'created_at', 'author_name', 'supersedes_id'];
  name text;
BEGIN
  IF NEW.version NOT IN (OLD.version, OLD.version + 1) THEN
    RAISE EXCEPTION 'offer: no version is left out or comes again' USING ERRCODE = 'PT409';
  END IF;
  IF OLD.submitted_at IS NOT NULL AND NEW.submitted_at IS DISTINCT FROM OLD.submitted_at THEN
    RAISE EXCEPTION 'offer: it has been submitted' USING ERRCODE = 'PT409';
  END IF;
  FOREACH name IN ARRAY fixed LOOP
    IF old_row -> name IS DISTINCT FROM new_row -> name THEN
      RAISE EXCEPTION 'offer: % never changes', name USING ERRCODE = 'PT409';
    END IF;
  END LOOP;
  IF current_user = 'portal_la' AND old_row - decided - of_both <> new_row - decided - of_both THEN
    RAISE EXCEPTION 'offer: what is offered is for the provider to say' USING ERRCODE = 'PT409';
  END IF;
  IF current_user = 'portal_provider' THEN
    FOREACH name IN ARRAY decided LOOP
      IF old_row -> name IS DISTINCT FROM new_row -> name THEN
        RAISE EXCEPTION 'offer: what is decided is for the authority to say' USING ERRCODE = 'PT409';
      END IF;
    END LOOP;
  END IF;
  RETURN NEW;
END $$;

-- A version that is kept is the offer as it stands.
CREATE FUNCTION portal_version_as_it_is() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.offer o WHERE o.id = NEW.offer_id AND o.version = NEW.version
                 AND o.placement = NEW.placement AND o.terms = NEW.terms AND o.weekly_total = NEW.weekly_total) THEN
    RAISE EXCEPTION 'offer_version: this is not what the offer says' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- A referral ceases to be accepted with the acceptance itself, which is looked at when the act ends.
CREATE FUNCTION portal_still_accepted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF EXISTS (SELECT FROM public.offer o WHERE o.referral_id = NEW.id AND o.status = 'ACCEPTED') THEN
    RAISE EXCEPTION 'an offer on this referral is accepted' USING ERRCODE = 'PT409';
  END IF;
  RETURN NULL;
END $$;

-- A file that has come is those bytes for good: only until when it is valid, its scan and its successor are told later.
CREATE FUNCTION portal_file_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  later text[] := ARRAY['expires_on', 'replaced_at', 'scan', 'scanned_at'];
BEGIN
  IF current_user LIKE 'portal\_%' AND to_jsonb(OLD) - later <> to_jsonb(NEW) - later THEN
    RAISE EXCEPTION 'document: what has been uploaded stays as it is' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;
