-- What a provider's lists and counts are read by stands on its delivery: as last sent, and whether the search goes on.
-- A first sending delivers a draft before it says that it is sent.
CREATE FUNCTION portal_delivery_listed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  SELECT r.status IN ('DRAFT', 'SENT') AND NOT r.accepted, r.date_required, r.response_deadline
  INTO NEW.searching, NEW.date_required, NEW.response_deadline
  FROM public.referral r WHERE r.id = NEW.referral_id;
  RETURN NEW;
END $$;

-- What moves with the referral does so for everybody whom it reached.
CREATE FUNCTION portal_search_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE goes_on boolean := NEW.status = 'SENT' AND NOT NEW.accepted;
BEGIN
  UPDATE public.delivery d
  SET searching = goes_on, date_required = NEW.date_required, response_deadline = NEW.response_deadline
  WHERE d.referral_id = NEW.id AND (d.searching, d.date_required, d.response_deadline)
    IS DISTINCT FROM (goes_on, NEW.date_required, NEW.response_deadline);
  RETURN NULL;
END $$;
