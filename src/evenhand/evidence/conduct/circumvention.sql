-- Work taken off the platform, counted per account. Offers count once per other party; one that is not named is one.
create or replace temp table counts as
select account, count(*) as items, min("at") as entered_at,
  count(distinct coalesce(other_id, '')) filter (
    kind = 'contact_offered' and "at" > :as_of - interval :strike day) as offered_to_365d,
  count(distinct coalesce(other_id, '')) filter (
    kind = 'contact_offered' and not asked and "at" > :as_of - interval :strike day) as unasked_365d,
  count(*) filter (kind = 'paid_outside' and "at" > :as_of - interval :period day) as paid_outside_730d
from items group by account;
