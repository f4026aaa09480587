"""The SQL of reading the log, for the role `portal_hub`, which may read this and nothing more."""

# The head makes idle inboxes free; the epoch comes back even where there is nothing to tell. What a provider may see
# of a referral ends with its delivery, so `visible` asks for one wherever the reader is not the referral's authority;
# what has been taken away since is not told. `unread` is what the list showed at each number, of what stands in it
# still: from what it was at the place asked for, each notification adds one and each reading takes off what it marked.
# Whoever asks from where they read to the end before knows that number: only what was taken away since is taken off
# then, for a count would cost by how much somebody has left unread. `sessions` are those that are alive, of everybody
# told: they come once, by the first row. All who are told the same in the same way are one row, with their places in
# arrays: a row of its own for each of two thousand inboxes would cost more than telling them.
ENTRIES = """
with asked as materialized (
  select at_no.person_id, at_no.no, at_no.unread, at_no.slot::int as slot, reader.organisation_id, reader.status
    from unnest($1::text::uuid[], $2::text::bigint[], $3::text::int[])
         with ordinality as at_no (person_id, no, unread, slot)
    join inbox on inbox.person_id = at_no.person_id and inbox.head > at_no.no
    left join person reader on reader.id = at_no.person_id
)
select epoch.epoch,
       case when coalesce(told.position, 1) = 1 then (
         select array_agg(session.id)
           from asked join session on session.person_id = asked.person_id
          where asked.status = 'ACTIVE' and session.revoked_at is null and session.expires_at > $5) end as sessions,
       event.at, event.kind, event.subject_kind, event.subject_id, event.referral_id, event.reference,
       event.la_id, event.provider_id, event.actor_id, event.version, told.*
  from portal_epoch epoch
  left join (
    select row_number() over () as position,
           alike.event_id, alike.notice, alike.ids, alike.thread_id, alike.from_others, alike.thread_unread,
           alike.visible,
           array_agg(alike.slot) as slots, array_agg(alike.no) as numbers, array_agg(alike.unread) as unread
      from (
        select asked.slot, entry.no, entry.notice, entry.event_id,
               (before.unread + sum((entry.notice is not null and entry.gone_no is null)::int
                 - case when event.kind in ('notification.read', 'notifications.read', 'thread.read')
                   then (select count(*) from inbox_entry item
                          where item.person_id = asked.person_id and item.read_no = entry.no and item.gone_no is null)
                   else 0 end) over (partition by asked.slot order by entry.no))::int as unread,
               case when event.kind in ('notification.read', 'notifications.read', 'thread.read')
                    then (select array_agg(item.event_id order by item.no) from inbox_entry item
                           where item.person_id = asked.person_id and item.read_no = entry.no)
                    when event.kind = 'referral.withdraw'
                    then (select array_agg(item.event_id order by item.no) from inbox_entry item
                           where item.person_id = asked.person_id and item.gone_no = entry.no) end as ids,
               case when event.kind = 'referral.withdraw' or entry.notice = 'REFERRAL_RECEIVED'
                    then (select thread.id from thread where thread.referral_id = event.referral_id
                             and thread.provider_id = asked.organisation_id) end as thread_id,
               actor.organisation_id is distinct from asked.organisation_id as from_others,
               case when event.kind in ('message.send', 'thread.read')
                    then portal_unread_messages(asked.person_id, event.subject_id)::int end as thread_unread,
               (entry.gone_no is null and (event.referral_id is null or event.kind = 'referral.withdraw'
                or event.la_id = asked.organisation_id
                or exists (select from delivery
                            where delivery.referral_id = event.referral_id
                              and delivery.provider_id = asked.organisation_id
                              and delivery.withdrawn_at is null))) is true as visible
          from asked
         cross join lateral (
           select case when asked.unread is null
                  then (select count(*) from inbox_entry item
                         where item.person_id = asked.person_id and item.no <= asked.no
                           and item.notice is not null and item.read_at is null and item.gone_no is null)
                     + (select count(*) from inbox_entry item
                         where item.person_id = asked.person_id and item.no <= asked.no
                           and item.read_no > asked.no and item.gone_no is null)
                  else asked.unread
                     - (select count(*) from inbox_entry item
                         where item.person_id = asked.person_id and item.no <= asked.no and item.gone_no > asked.no
                           and item.notice is not null and (item.read_at is null or item.read_no > asked.no))
                  end as unread offset 0) before
         cross join lateral (select * from inbox_entry item
                              where item.person_id = asked.person_id and item.no > asked.no
                              order by item.no limit $4) entry
          join event on event.id = entry.event_id
          left join person actor on actor.id = event.actor_id
      ) alike
     group by alike.event_id, alike.notice, alike.ids, alike.thread_id, alike.from_others, alike.thread_unread,
              alike.visible
  ) told on true
  left join event on event.id = told.event_id
"""
STANDING = """
select epoch.epoch, coalesce(inbox.head, 0) as head, coalesce(inbox.oldest, 1) as oldest,
       coalesce(inbox.since, 0) as since
  from portal_epoch epoch left join inbox on inbox.person_id = $1
"""
STANDINGS = """
select asked.person_id, epoch.epoch, coalesce(inbox.head, 0) as head, coalesce(inbox.oldest, 1) as oldest,
       coalesce(inbox.since, 0) as since
  from portal_epoch epoch
 cross join unnest($1::text::uuid[]) asked (person_id)
  left join inbox on inbox.person_id = asked.person_id
"""
POLL = """
select standing.head, standing.oldest, standing.since, told.* from (STANDINGS) standing cross join (ENTRIES) told
""".replace("STANDINGS", STANDINGS).replace("ENTRIES", ENTRIES)
LOST = """
select min(entry.no)
  from event join inbox_entry entry on entry.event_id = event.id and entry.person_id = $1
 where event.referral_id = $3 and event.kind = 'referral.withdraw' and entry.no > $2
"""
ENDED = """
select asked.id from unnest($1::text::uuid[]) asked (id)
 where not exists (select from session join person on person.id = session.person_id
                    where session.id = asked.id and session.revoked_at is null and session.expires_at > $2
                      and person.status = 'ACTIVE')
"""
