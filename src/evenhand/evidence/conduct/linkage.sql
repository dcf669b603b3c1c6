-- Accounts that may be one person's, counted per account: each other account once, by the strongest that is shared.
-- What several people report of one day is one incident.
create or replace temp table counts as
select account, count(*) as items, min("at") as entered_at,
  count(distinct other_id) filter (kind = 'linked_account' and grade in ('document', 'payout')) as papers,
  count(distinct other_id) filter (kind = 'linked_account' and grade not in ('document', 'payout')) as resembling,
  count(distinct other_id) filter (
    kind = 'linked_account' and grade in ('document', 'payout') and other_closed_at is not null) as returned,
  count(distinct cast("at" as date)) filter (kind = 'used_by_another') as used_by_another_365d
from (
  select i.*, o.closed_at as other_closed_at
  from items as i left join seen_accounts as o on o.account_id = i.other_id
) as linked
group by account;
