-- What a provider's lists and counts are read by stands on its delivery: as last sent, and whether the search goes on.
CREATE FUNCTION portal_delivery_listed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  SELECT r.status = 'SENT' AND NOT r.accepted, r.date_required, r.response_deadline
  INTO NEW.searching, NEW.date_required, NEW.response_deadline
  FROM public.referral r WHERE r.id = NEW.referral_id;
  RETURN NEW;
END $$;

-- A search that ends or goes on again does so for everybody whom it reached.
CREATE FUNCTION portal_search_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE public.delivery d SET searching = NEW.status = 'SENT' AND NOT NEW.accepted WHERE d.referral_id = NEW.id;
  RETURN NULL;
END $$;
