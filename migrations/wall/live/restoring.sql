-- Which database this is. One that was restored has another number, or is in another cluster, or its tables are others;
-- one that was recovered to a moment, or a standby that was promoted, writes on another timeline.
CREATE FUNCTION public.portal_life() RETURNS text LANGUAGE plpgsql STABLE SET search_path = '' AS $$
BEGIN
  RETURN concat_ws('.', (SELECT system_identifier FROM pg_control_system()),
    left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
    (SELECT oid FROM pg_database WHERE datname = current_database()), 'public.inbox_entry'::regclass::oid);
END $$;
-- Numbers the inboxes anew: every cursor that was given out is of an earlier life from now on.
CREATE FUNCTION public.portal_renumber() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE public.portal_epoch SET epoch = left(md5(gen_random_uuid()::text), 12), life = public.portal_life();
END $$;
-- Called over each new connection before it is used. Whoever comes first in a life numbers anew, others wait for that.
CREATE FUNCTION public.portal_recognise() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF pg_is_in_recovery() OR EXISTS (SELECT FROM public.portal_epoch WHERE life = public.portal_life()) THEN
    RETURN;
  END IF;
  PERFORM FROM public.portal_epoch FOR UPDATE;
  IF EXISTS (SELECT FROM public.portal_epoch WHERE life IS NULL) THEN
    UPDATE public.portal_epoch SET life = public.portal_life();  -- the first start of a release that looks at it
  ELSIF NOT EXISTS (SELECT FROM public.portal_epoch WHERE life = public.portal_life()) THEN
    PERFORM public.portal_renumber();
  END IF;
END $$;
