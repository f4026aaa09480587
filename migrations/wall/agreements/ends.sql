-- What keeps an agreement as it is and where it leads. Owned by portal_guard; each says what it refuses.

-- An agreement begins as a draft with nothing decided on it, about a child that its offer is for; the one whose place
-- it takes is void, was shown to the provider, and is between the same parties about the same child (S-101, S-108).
CREATE FUNCTION portal_agreement_begins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  later text[] := string_to_array(TG_ARGV[0], ',');
BEGIN
  IF NEW.status <> 'DRAFT' OR NEW.authority_signed OR NEW.provider_signed
      OR EXISTS (SELECT FROM unnest(later) n (name) WHERE to_jsonb(NEW) -> n.name <> 'null'::jsonb) THEN
    RAISE EXCEPTION 'ipa: an agreement begins as a draft' USING ERRCODE = 'PT409';
  END IF;
  IF NOT EXISTS (SELECT FROM public.offer o, jsonb_array_elements(o.terms -> 'fees') f
                 WHERE o.id = NEW.offer_id AND o.referral_id = NEW.referral_id
                   AND f.value ->> 'childId' = NEW.child_id::text) THEN
    RAISE EXCEPTION 'ipa: the offer is not for this child' USING ERRCODE = 'PT409';
  END IF;
  IF NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM public.ipa i WHERE i.id = NEW.supersedes_id AND i.status = 'VOIDED' AND i.shared_at IS NOT NULL
      AND i.child_id = NEW.child_id AND i.la_id = NEW.la_id AND i.provider_id = NEW.provider_id) THEN
    RAISE EXCEPTION 'ipa: there is no such agreement to supersede' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- Who the agreement is between and about never changes, nor a signature once given. Each side gives its own; enabling,
-- sharing, voiding and the child's details are the authority's alone, contacts and the review the provider's (its
-- arguments: what a provider and what an authority never writes). A step of the one kind brings nothing of another with
-- it. Enabling fixes the hash of what is fixed. What an earlier release prints at the end is not kept: it is sealed.
CREATE FUNCTION portal_agreement_by_side() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  authoritys text[] := string_to_array(TG_ARGV[0], ',');
  providers text[] := string_to_array(TG_ARGV[1], ',');
  enabled text[] := ARRAY['content_hash', 'canonical_form', 'pdf_sha256', 'enabled_at', 'enabled_by_name'];
  fixed text[] := ARRAY['id', 'offer_id', 'child_id', 'referral_id', 'la_id', 'provider_id', 'reference', 'created_at',
    'created_by_name', 'supersedes_id'];
  signed text[] := ARRAY['authority_signed', 'provider_signed', 'signed_at'];
  moved text := OLD.status || '>' || NEW.status;
  new_row jsonb := to_jsonb(NEW);
  old_row jsonb := to_jsonb(OLD);
  signing boolean := moved IN ('READY_TO_SIGN>PARTLY_SIGNED', 'PARTLY_SIGNED>SIGNED');
  kept text[] := fixed;
  name text;
BEGIN
  IF NEW.version NOT IN (OLD.version, OLD.version + 1) THEN
    RAISE EXCEPTION 'ipa: no version is left out or comes again' USING ERRCODE = 'PT409';
  END IF;
  IF OLD.status = NEW.status OR NEW.status <> 'VOIDED' THEN
    kept := kept || ARRAY['void_reason', 'voided_at'];
  ELSIF coalesce(btrim(NEW.void_reason), '') = '' OR NEW.voided_at IS NULL THEN
    RAISE EXCEPTION 'ipa: it is voided for a reason' USING ERRCODE = 'PT409';
  END IF;
  IF moved <> 'IN_REVIEW>READY_TO_SIGN' THEN
    kept := kept || enabled;
  ELSIF NEW.enabled_at IS NULL
      OR NEW.content_hash IS DISTINCT FROM encode(sha256(convert_to(NEW.canonical_form, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'ipa: this is not the hash of what it says' USING ERRCODE = 'PT409';
  END IF;
  IF moved <> 'DRAFT>IN_REVIEW' THEN
    kept := kept || 'shared_at'::text;
  END IF;
  IF NOT signing THEN
    kept := kept || signed || 'signed_pdf_sha256'::text;
  ELSIF (NEW.signed_at IS NOT NULL) <> (NEW.status = 'SIGNED')
      OR (NEW.authority_signed AND NEW.provider_signed) <> (NEW.status = 'SIGNED') THEN
    RAISE EXCEPTION 'ipa: it is signed by both or not' USING ERRCODE = 'PT409';
  ELSE
    NEW.signed_pdf_sha256 := OLD.signed_pdf_sha256;
  END IF;
  IF current_user IN ('portal_provider', 'portal_signatory') THEN
    kept := kept || authoritys;
    IF OLD.status <> NEW.status AND NOT signing THEN
      RAISE EXCEPTION 'ipa: this is for the authority to do' USING ERRCODE = 'PT409';
    END IF;
  ELSIF current_user = 'portal_la' THEN
    kept := kept || providers || 'provider_signed'::text;
    IF NEW.review_stands AND NOT OLD.review_stands THEN
      RAISE EXCEPTION 'ipa: this is for the provider to do' USING ERRCODE = 'PT409';
    END IF;
  END IF;
  FOREACH name IN ARRAY kept LOOP
    IF old_row -> name IS DISTINCT FROM new_row -> name THEN
      RAISE EXCEPTION 'ipa: % stays as it is', name USING ERRCODE = 'PT409';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;

-- What can be signed has the file that is signed, when the act that enabled it is over.
CREATE FUNCTION portal_enabled_with_file() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.ipa_file f WHERE f.ipa_id = NEW.id AND f.no = 0 AND f.kind = 'ENABLED'
                 AND f.sha256 = NEW.pdf_sha256) THEN
    RAISE EXCEPTION 'the agreement does not have the file that is to be signed' USING ERRCODE = 'PT409';
  END IF;
  RETURN NULL;
END $$;

-- A state that speaks of signatures has exactly those that it speaks of.
CREATE OR REPLACE FUNCTION portal_signed_means_signed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  by_authority boolean := EXISTS (
    SELECT FROM public.signature s WHERE s.ipa_id = NEW.id AND s.party = 'LOCAL_AUTHORITY');
  by_provider boolean := EXISTS (SELECT FROM public.signature s WHERE s.ipa_id = NEW.id AND s.party = 'PROVIDER');
BEGIN
  IF NEW.status IN ('PARTLY_SIGNED', 'SIGNED') AND (
      (NEW.authority_signed, NEW.provider_signed) <> (by_authority, by_provider)
      OR by_authority::integer + by_provider::integer <> CASE NEW.status WHEN 'SIGNED' THEN 2 ELSE 1 END) THEN
    RAISE EXCEPTION 'the agreement does not have these signatures' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- A signature is one that its agreement speaks of, when the act that gave it is over.
CREATE FUNCTION portal_signature_counts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.ipa i WHERE i.id = NEW.ipa_id AND i.status IN ('PARTLY_SIGNED', 'SIGNED')
                 AND CASE NEW.party WHEN 'PROVIDER' THEN i.provider_signed ELSE i.authority_signed END) THEN
    RAISE EXCEPTION 'the agreement is not signed by this' USING ERRCODE = 'PT409';
  END IF;
  RETURN NULL;
END $$;

-- An offer and its agreements become void together, when the act is over (S-108).
CREATE FUNCTION portal_void_together() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  void_offer uuid := CASE TG_TABLE_NAME WHEN 'offer' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'offer_id')::uuid END;
BEGIN
  IF EXISTS (SELECT FROM public.offer o WHERE o.id = void_offer AND o.status = 'ACCEPTED')
      OR EXISTS (SELECT FROM public.ipa i WHERE i.offer_id = void_offer AND i.status <> 'VOIDED') THEN
    RAISE EXCEPTION 'an offer and its agreements become void together' USING ERRCODE = 'PT409';
  END IF;
  RETURN NULL;
END $$;

-- Reading is noted by the reader, of bytes that are this agreement's.
CREATE FUNCTION portal_opened_by_reader() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.ipa i WHERE i.id = NEW.ipa_id AND i.content_hash IS NOT NULL
      AND (NEW.pdf_sha256 IN (i.pdf_sha256, i.signed_pdf_sha256)
        OR EXISTS (SELECT FROM public.ipa_file f WHERE f.ipa_id = i.id AND f.sha256 = NEW.pdf_sha256))
  ) THEN
    RAISE EXCEPTION 'there is no such agreement to be read' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- Who refuses to sign does so while it is to be signed, under their own name.
CREATE FUNCTION portal_refused_by_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.person p JOIN public.organisation o ON o.id = p.organisation_id
    WHERE p.id = NEW.person_id AND p.status = 'ACTIVE' AND p.organisation_id IN (NEW.la_id, NEW.provider_id)
      AND (p.name, o.name) = (NEW.name, NEW.organisation)
  ) THEN
    RAISE EXCEPTION 'this is not who refuses to sign' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- What has become of a referral whose offer is accepted is not for one of its parties to say.
CREATE FUNCTION portal_placed_by_signing() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF current_user = 'portal_la' AND OLD.accepted AND NEW.accepted AND OLD.status <> NEW.status THEN
    RAISE EXCEPTION 'referral: it is placed by the signatures of its agreements' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;
