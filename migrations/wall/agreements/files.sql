-- A file of an agreement is what is due then, and follows on those before it: what was fixed are the bytes that the
-- agreement names, a sealed revision belongs to a signature, a certificate to both, a void copy to what is void. A number
-- that is taken is left to the key.
CREATE FUNCTION portal_file_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  fixed public.ipa;
  newest bigint;
  sealed bigint;
BEGIN
  SELECT * INTO fixed FROM public.ipa i WHERE i.id = NEW.ipa_id;
  SELECT max(f.no), count(*) FILTER (WHERE f.kind = 'SEALED') INTO newest, sealed
  FROM public.ipa_file f WHERE f.ipa_id = NEW.ipa_id;
  IF NEW.no > coalesce(newest + 1, 0) OR NEW.no < 0 OR NEW.sha256 !~ '^[0-9a-f]{64}$' OR fixed.content_hash IS NULL
    OR (NEW.kind = 'ENABLED') <> (NEW.no = 0) OR (NEW.kind = 'SEALED') <> (NEW.party IS NOT NULL)
    OR NOT (CASE NEW.kind
      WHEN 'ENABLED' THEN NEW.sha256 = fixed.pdf_sha256
      WHEN 'SEALED' THEN EXISTS (
        SELECT FROM public.signature s WHERE s.ipa_id = NEW.ipa_id AND s.party = NEW.party)
      WHEN 'VOID_COPY' THEN fixed.status = 'VOIDED'
      ELSE sealed = 2 END) THEN
    RAISE EXCEPTION 'this file of the agreement is not due' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- Of these names of bytes, those that no row is about. An announcement keeps its bytes for a day.
CREATE OR REPLACE FUNCTION portal_unnamed(names text[], announced_since timestamptz) RETURNS text[]
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
    EXCEPT SELECT sha256 FROM public.ipa_file
    EXCEPT SELECT pdf_sha256 FROM public.signature
    EXCEPT SELECT pdf_sha256 FROM public.ipa_opening
    EXCEPT SELECT sha256 FROM public.registration_import
    EXCEPT SELECT marked_sha256 FROM public.registration_import
    EXCEPT SELECT document_sha256 FROM public.delegation
    EXCEPT SELECT sha256 FROM public.ticket WHERE expires_at > now());
END $$;
