-- Whether somebody of the viewer's organisation may sign agreements, held against a change until the transaction ends.
CREATE FUNCTION portal_hold_signatory(signatory uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  PERFORM FROM public.person p WHERE p.id = signatory
    AND p.organisation_id = nullif(current_setting('app.org', true), '')::uuid FOR SHARE;
  RETURN FOUND AND EXISTS (SELECT FROM public.person p WHERE p.id = signatory AND p.status = 'ACTIVE'
    AND 'SIGNATORY' = ANY (p.roles));
END $$;

-- A signature is given on what is fixed and refused by nobody, by who may sign or by whom such a person has authorised,
-- after reading it, in a session of their own and with a code that is used up; and a state that speaks of signatures has
-- them. What an authority rests on is held until the signature is there, or is gone before. The hash of the consent and
-- where the record of events stood before are written here, by nobody else: the event of the signature follows on it.
CREATE OR REPLACE FUNCTION portal_signature_binds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  party uuid := CASE NEW.party WHEN 'PROVIDER' THEN NEW.provider_id ELSE NEW.la_id END;
  held public.delegation;
  signatory uuid := NEW.person_id;
  referral uuid;
BEGIN
  SELECT i.referral_id INTO referral FROM public.ipa i
  WHERE i.id = NEW.ipa_id AND i.status IN ('READY_TO_SIGN', 'PARTLY_SIGNED')
    AND i.content_hash = NEW.content_hash AND i.pdf_sha256 = NEW.pdf_sha256;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this is not what the agreement says' USING ERRCODE = 'PT409';
  END IF;
  IF EXISTS (SELECT FROM public.ipa_refusal r WHERE r.ipa_id = NEW.ipa_id) THEN
    RAISE EXCEPTION 'somebody has refused to sign this agreement' USING ERRCODE = 'PT409';
  END IF;
  IF NEW.delegation_id IS NOT NULL THEN
    SELECT * INTO held FROM public.delegation d WHERE d.id = NEW.delegation_id FOR SHARE;
    IF NOT coalesce(held.status = 'GIVEN' AND held.delegate_id = NEW.person_id AND held.organisation_id = party
        AND held.side = NEW.party AND (held.ipa_id IS NULL OR held.ipa_id = NEW.ipa_id)
        AND (NEW.at AT TIME ZONE 'Europe/London')::date BETWEEN held.valid_from AND held.valid_until
        AND held.authority = NEW.authority AND position(held.reference IN NEW.consent) > 0
        AND concat_ws(', ', held.principal_name, nullif(held.principal_job_title, '')) = NEW.on_behalf_of, false) THEN
      RAISE EXCEPTION 'no such authority to sign this agreement' USING ERRCODE = 'PT409';
    END IF;
    signatory := held.principal_id;
  END IF;
  PERFORM FROM public.person p WHERE p.id IN (NEW.person_id, signatory) ORDER BY p.id FOR SHARE;
  IF NOT EXISTS (SELECT FROM public.person p JOIN public.organisation o ON o.id = p.organisation_id
                 WHERE p.id = NEW.person_id AND p.status = 'ACTIVE' AND p.organisation_id = party
                   AND p.name = NEW.name AND p.job_title IS NOT DISTINCT FROM NEW.job_title
                   AND o.name = NEW.organisation)
    OR (signatory IS NOT NULL AND NOT EXISTS (
      SELECT FROM public.person p WHERE p.id = signatory AND p.status = 'ACTIVE' AND p.organisation_id = party
        AND 'SIGNATORY' = ANY (p.roles))) THEN
    RAISE EXCEPTION 'this person may not sign for this party' USING ERRCODE = 'PT409';
  END IF;
  IF NOT EXISTS (SELECT FROM public.ipa_opening o WHERE o.ipa_id = NEW.ipa_id AND o.person_id = NEW.person_id
                   AND o.pdf_sha256 = NEW.pdf_sha256) THEN
    RAISE EXCEPTION 'this person has not read the agreement' USING ERRCODE = 'PT409';
  END IF;
  IF NEW.session_id::text IS DISTINCT FROM current_setting('app.session', true)
    OR NOT EXISTS (SELECT FROM public.session s WHERE s.id = NEW.session_id AND s.person_id = NEW.person_id
                     AND s.revoked_at IS NULL)
    OR NOT EXISTS (SELECT FROM public.credential c
                   WHERE c.person_id = NEW.person_id AND c.last_step = NEW.code_step) THEN
    RAISE EXCEPTION 'the evidence of this signature is not right' USING ERRCODE = 'PT409';
  END IF;
  NEW.consent_sha256 := encode(sha256(convert_to(NEW.consent, 'UTF8')), 'hex');
  SELECT s.seq, encode(s.hash, 'hex') INTO NEW.audit_seq, NEW.audit_head
  FROM public.event_stream s WHERE s.stream = referral FOR UPDATE;
  RETURN NEW;
END $$;

-- Whoever could sign for a party that has not signed says once that they will not, and why.
CREATE FUNCTION portal_refusal_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NEW.reason !~ '\S' OR EXISTS (SELECT FROM public.ipa_refusal r
                                   WHERE r.ipa_id = NEW.ipa_id AND r.person_id = NEW.person_id)
    OR NOT EXISTS (
      SELECT FROM public.ipa i JOIN public.person p ON p.organisation_id IN (i.la_id, i.provider_id)
      WHERE i.id = NEW.ipa_id AND i.status IN ('READY_TO_SIGN', 'PARTLY_SIGNED') AND p.id = NEW.person_id
        AND p.status = 'ACTIVE' AND 'SIGNATORY' = ANY (p.roles)
        AND NOT CASE WHEN p.organisation_id = i.la_id THEN i.authority_signed ELSE i.provider_signed END) THEN
    RAISE EXCEPTION 'this person cannot refuse to sign this agreement' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;
