-- What has been agreed cannot change, whoever asks: the second lock behind the lifecycle tables.

CREATE FUNCTION portal_freeze() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  frozen text[] := string_to_array(TG_ARGV[0], ',');
  free text[] := string_to_array(TG_ARGV[1], ',');
  moves text[] := string_to_array(TG_ARGV[2], ',');
BEGIN
  IF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION 'a row of % is never removed', TG_TABLE_NAME USING ERRCODE = 'PT409';
  END IF;
  IF OLD.status <> NEW.status AND NOT (OLD.status || '>' || NEW.status = ANY (moves)) THEN
    RAISE EXCEPTION '%: no way leads from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'PT409';
  END IF;
  IF OLD.status = ANY (frozen) THEN
    IF OLD.status = NEW.status AND to_jsonb(OLD) <> to_jsonb(NEW) THEN
      RAISE EXCEPTION '%: % is locked', TG_TABLE_NAME, OLD.status USING ERRCODE = 'PT409';
    END IF;
    IF to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
      RAISE EXCEPTION '%: % is locked', TG_TABLE_NAME, OLD.status USING ERRCODE = 'PT409';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION portal_freeze_referral() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF OLD.accepted AND (to_jsonb(OLD) - ARRAY['status', 'version', 'accepted', 'updated_at'])
     <> (to_jsonb(NEW) - ARRAY['status', 'version', 'accepted', 'updated_at']) THEN
    RAISE EXCEPTION 'an offer on this referral has been accepted' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- Whom an accepted offer is for stays who they are, and how many: nobody joins, leaves or changes (S-061).
CREATE FUNCTION portal_freeze_children() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  PERFORM FROM public.referral r WHERE r.accepted
    AND r.id IN (NEW.referral_id, CASE TG_OP WHEN 'UPDATE' THEN OLD.referral_id END);
  IF FOUND THEN
    RAISE EXCEPTION 'an offer for this child has been accepted' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- What belongs to an offer or an agreement follows its state: nothing is added or removed once that is locked.
CREATE FUNCTION portal_parent_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  state text;
BEGIN
  IF TG_ARGV[0] = 'offer' THEN
    SELECT status INTO state FROM public.offer WHERE id = NEW.offer_id FOR SHARE;
  ELSE
    SELECT status INTO state FROM public.ipa WHERE id = NEW.ipa_id FOR SHARE;
  END IF;
  IF NOT coalesce(state = ANY (string_to_array(TG_ARGV[1], ',')), false) THEN
    RAISE EXCEPTION '%: the % is %', TG_TABLE_NAME, TG_ARGV[0], state USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- What goes with a message is sent with it, by whoever sends it and from their own documents: nothing is added later.
CREATE FUNCTION portal_sent_with_message() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.message m
    WHERE m.id = NEW.message_id AND m.xmin = pg_catalog.pg_current_xact_id()::xid AND m.side = NEW.side
      AND m.referral_id = NEW.referral_id AND m.la_id = NEW.la_id AND m.provider_id = NEW.provider_id
  ) THEN
    RAISE EXCEPTION 'what goes with a message is sent with it' USING ERRCODE = 'PT409';
  END IF;
  IF NEW.removed_at IS NOT NULL OR NOT EXISTS (
    SELECT FROM public.document d
    WHERE d.id = NEW.document_id AND d.sha256 = NEW.sha256 AND d.state = 'READY'
      AND d.organisation_id = CASE NEW.side WHEN 'PROVIDER' THEN NEW.provider_id ELSE NEW.la_id END
  ) THEN
    RAISE EXCEPTION 'there is no such document of the sender' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- An authority to sign stands between two people of one organisation, and is given by who may give it (S-033).
CREATE FUNCTION portal_delegation_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  actor uuid := nullif(current_setting('app.person', true), '')::uuid;
  told text[] := ARRAY['status', 'version', 'revoked_at', 'revoked_by_name', 'revoke_reason'];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(OLD) - told <> to_jsonb(NEW) - told THEN
      RAISE EXCEPTION 'an authority is revoked and never changed' USING ERRCODE = 'PT409';
    END IF;
    IF actor IS DISTINCT FROM OLD.principal_id AND NOT EXISTS (
      SELECT FROM public.person p WHERE p.id = actor AND p.organisation_id = OLD.organisation_id
        AND 'ADMINISTRATOR' = ANY (p.roles)) THEN
      RAISE EXCEPTION 'this authority is somebody else''s' USING ERRCODE = 'PT409';
    END IF;
    RETURN NEW;
  END IF;
  PERFORM FROM public.person p WHERE p.id IN (NEW.delegate_id, NEW.principal_id, NEW.given_by_id)
  ORDER BY p.id FOR SHARE;
  IF NEW.status <> 'GIVEN'
    OR NOT EXISTS (SELECT FROM public.organisation o WHERE o.id = NEW.organisation_id AND o.side = NEW.side
                     AND o.side IN ('LOCAL_AUTHORITY', 'PROVIDER'))
    OR NOT EXISTS (SELECT FROM public.person p WHERE p.id = NEW.delegate_id AND p.status = 'ACTIVE'
                     AND NOT 'MACHINE' = ANY (p.roles))
    OR NEW.given_by_id = NEW.delegate_id
    OR NOT EXISTS (SELECT FROM public.person p WHERE p.id = NEW.given_by_id AND p.status = 'ACTIVE'
                     AND p.organisation_id = NEW.organisation_id
                     AND CASE WHEN NEW.principal_id IS NULL THEN 'ADMINISTRATOR' ELSE 'SIGNATORY' END = ANY (p.roles))
    OR NEW.principal_id <> NEW.given_by_id THEN
    RAISE EXCEPTION 'this authority cannot be given' USING ERRCODE = 'PT409';
  END IF;
  IF NEW.document_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM public.document d WHERE d.id = NEW.document_id AND d.organisation_id = NEW.organisation_id
      AND d.state = 'READY' AND d.sha256 = NEW.document_sha256) THEN
    RAISE EXCEPTION 'there is no such document of this organisation' USING ERRCODE = 'PT409';
  END IF;
  IF NEW.ipa_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM public.ipa i WHERE i.id = NEW.ipa_id
      AND CASE NEW.side WHEN 'PROVIDER' THEN i.provider_id ELSE i.la_id END = NEW.organisation_id) THEN
    RAISE EXCEPTION 'this is no agreement of this organisation' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- A signature is given on what is fixed, by who may sign or by whom such a person has authorised; and a state that
-- speaks of signatures has them. What an authority rests on is held until the signature is there, or is gone before.
CREATE FUNCTION portal_signature_binds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  party uuid := CASE NEW.party WHEN 'PROVIDER' THEN NEW.provider_id ELSE NEW.la_id END;
  held public.delegation;
  signatory uuid := NEW.person_id;
BEGIN
  IF NOT EXISTS (SELECT FROM public.ipa i WHERE i.id = NEW.ipa_id AND i.status IN ('READY_TO_SIGN', 'PARTLY_SIGNED')
                 AND i.content_hash = NEW.content_hash AND i.pdf_sha256 = NEW.pdf_sha256) THEN
    RAISE EXCEPTION 'this is not what the agreement says' USING ERRCODE = 'PT409';
  END IF;
  IF NEW.delegation_id IS NOT NULL THEN
    SELECT * INTO held FROM public.delegation d WHERE d.id = NEW.delegation_id FOR SHARE;
    IF NOT coalesce(held.status = 'GIVEN' AND held.delegate_id = NEW.person_id AND held.organisation_id = party
        AND held.side = NEW.party AND (held.ipa_id IS NULL OR held.ipa_id = NEW.ipa_id)
        AND (NEW.at AT TIME ZONE 'Europe/London')::date BETWEEN held.valid_from AND held.valid_until
        AND held.authority = NEW.authority
        AND concat_ws(', ', held.principal_name, nullif(held.principal_job_title, '')) = NEW.on_behalf_of, false) THEN
      RAISE EXCEPTION 'no such authority to sign this agreement' USING ERRCODE = 'PT409';
    END IF;
    signatory := held.principal_id;
  END IF;
  PERFORM FROM public.person p WHERE p.id IN (NEW.person_id, signatory) ORDER BY p.id FOR SHARE;
  IF NOT EXISTS (SELECT FROM public.person p WHERE p.id = NEW.person_id AND p.status = 'ACTIVE'
                   AND p.organisation_id = party AND p.name = NEW.name)
    OR (signatory IS NOT NULL AND NOT EXISTS (
      SELECT FROM public.person p WHERE p.id = signatory AND p.status = 'ACTIVE' AND p.organisation_id = party
        AND 'SIGNATORY' = ANY (p.roles))) THEN
    RAISE EXCEPTION 'this person may not sign for this party' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION portal_signed_means_signed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  given integer;
BEGIN
  SELECT count(*) INTO given FROM public.signature WHERE ipa_id = NEW.id;
  IF (NEW.status = 'PARTLY_SIGNED' AND given <> 1) OR (NEW.status = 'SIGNED' AND given <> 2) THEN
    RAISE EXCEPTION 'the agreement has % signatures', given USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- Nobody approves their own registration, or a part of it.
CREATE FUNCTION portal_approved_by_others() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF current_user = 'portal_provider' THEN
    RAISE EXCEPTION '%: a provider does not approve its own', TG_TABLE_NAME USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION portal_never() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION 'a row of % is never changed', TG_TABLE_NAME USING ERRCODE = 'PT409';
END $$;
