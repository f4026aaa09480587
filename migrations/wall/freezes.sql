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

-- A signature is given on what is fixed, and a state that speaks of signatures has them.
CREATE FUNCTION portal_signature_binds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.ipa i WHERE i.id = NEW.ipa_id AND i.status IN ('READY_TO_SIGN', 'PARTLY_SIGNED')
                 AND i.content_hash = NEW.content_hash AND i.pdf_sha256 = NEW.pdf_sha256) THEN
    RAISE EXCEPTION 'this is not what the agreement says' USING ERRCODE = 'PT409';
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

CREATE FUNCTION portal_never() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION 'a row of % is never changed', TG_TABLE_NAME USING ERRCODE = 'PT409';
END $$;
