-- What anybody may know of the file with this SHA-256; nothing where it is not an agreement's from enabling on. What an
-- earlier release handed out once both had signed is named in ipa alone. The parties are named as the agreement names them, whatever they are called by now.
CREATE FUNCTION portal_verify_agreement(digest text, OUT state text, OUT enabled_at timestamptz,
  OUT signed_at timestamptz, OUT voided_at timestamptz, OUT local_authority text, OUT provider text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  said jsonb;
BEGIN
  SELECT CASE i.status WHEN 'VOIDED' THEN 'VOID' ELSE 'VALID' END, i.enabled_at, i.signed_at, i.voided_at,
         o.name, p.legal_name, split_part(i.canonical_form, E'\n', 2)::jsonb
    INTO state, enabled_at, signed_at, voided_at, local_authority, provider, said
    FROM (
      SELECT f.ipa_id, f.made_at FROM public.ipa_file f WHERE f.sha256 = digest
      UNION ALL
      SELECT e.id, e.updated_at FROM public.ipa e WHERE e.signed_pdf_sha256 = digest
    ) f
    JOIN public.ipa i ON i.id = f.ipa_id
    JOIN public.organisation o ON o.id = i.la_id
    JOIN public.provider p ON p.id = i.provider_id
   ORDER BY f.made_at LIMIT 1;
  local_authority := coalesce(said #>> '{authority,name}', local_authority);
  provider := coalesce(said #>> '{provider,legalName}', provider);
END $$;
