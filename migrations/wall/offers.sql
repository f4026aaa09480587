-- What offers have gained beyond the first wall. Owned by portal_guard; each says what it refuses.

-- A document goes with an offer as its provider keeps it, and from then on stays so: it is bound to the offer or taken
-- off, once, and nothing else of it changes (S-083).
CREATE FUNCTION portal_attached_as_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  free text[] := ARRAY['compulsory', 'removed_at'];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.removed_at IS NOT NULL OR (OLD.compulsory AND NOT NEW.compulsory)
        OR to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
      RAISE EXCEPTION 'what goes with an offer stays as it was attached' USING ERRCODE = 'PT409';
    END IF;
  ELSIF NEW.removed_at IS NOT NULL OR NOT EXISTS (
    SELECT FROM public.document d
    WHERE d.id = NEW.document_id AND d.organisation_id = NEW.provider_id AND d.state = 'READY'
      AND d.sha256 = NEW.sha256 AND d.kind = NEW.kind
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

-- With a voided agreement ends what was proposed for it and not yet answered, however it came to be void.
CREATE FUNCTION portal_uplifts_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE public.uplift u SET status = 'ENDED', version = u.version + 1,
    closed_at = coalesce(NEW.voided_at, NEW.updated_at), updated_at = coalesce(NEW.voided_at, NEW.updated_at)
  WHERE u.ipa_id = NEW.id AND u.status = 'PROPOSED';
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
