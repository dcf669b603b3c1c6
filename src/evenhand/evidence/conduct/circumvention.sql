-- Work taken off the platform, counted per account. Offers count once per other party; one that is not named is one.
-- What several people report of one day and one other party is one incident.
create or replace temp table counts as
select account, count(*) as items, min("at") as entered_at,
  count(distinct coalesce(other_id, '')) filter (kind = 'contact_offered') as offered_to_365d,
  count(distinct coalesce(other_id, '')) filter (kind = 'contact_offered' and not asked) as unasked_365d,
  count(distinct cast(cast("at" as date) as varchar) || ' ' || coalesce(other_id, '')) filter (
    kind = 'paid_outside') as paid_outside_730d
from items group by account;
