-- What the edits of an agreement after that version changed, taken together, as far as the caller sees them: each place
-- once, from what it said then to what it says now, in the order in which they first changed. What was changed and
-- changed back is no change.
CREATE FUNCTION portal_ipa_changes(agreement uuid, since bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
BEGIN
  RETURN (
    WITH each AS (
      SELECT m.version, c.ordinality AS place, c.value AS said
      FROM public.ipa_change m, jsonb_array_elements(m.changes) WITH ORDINALITY c
      WHERE m.ipa_id = agreement AND m.version > since
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

-- A change is kept under the version that it made, and is the authority's alone while the draft has not been shown.
CREATE FUNCTION portal_change_as_made() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.ipa i WHERE i.id = NEW.ipa_id AND i.version = NEW.version
                 AND (i.shared_at IS NOT NULL) = NEW.shared) THEN
    RAISE EXCEPTION 'ipa_change: this is not a change of the version that the agreement has' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- What became of a correction is said once, and what was asked for stays as it was asked.
CREATE FUNCTION portal_settled_once() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  settling text[] := ARRAY['outcome', 'answer', 'settled_by_id', 'settled_by_name', 'settled_at'];
BEGIN
  IF OLD.outcome IS NOT NULL OR to_jsonb(OLD) - settling <> to_jsonb(NEW) - settling THEN
    RAISE EXCEPTION 'ipa_correction: it has been settled, or was asked for otherwise' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;

-- A document is taken off an agreement once, and is otherwise what it was when it was attached.
CREATE FUNCTION portal_taken_off_once() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
    OR to_jsonb(OLD) - 'removed_at' <> to_jsonb(NEW) - 'removed_at' THEN
    RAISE EXCEPTION 'ipa_document: it can be taken off, once, and not changed' USING ERRCODE = 'PT409';
  END IF;
  RETURN NEW;
END $$;
