-- Offers of a contact detail that came to the end which they aim at: the account offered one to the other party of a scored
-- talk, and the talk ended without a hire. The file reads `offers`, what may be held against an account (R14), and
-- `scored_talks`, and ends in `followed_offers`: with how many others that was so.

create or replace temp table followed_offers as
select p.account, count(distinct p.other) as others
from (
  select account, client as other, settled_at from scored_talks where ended
  union all
  select client, account, settled_at from scored_talks where ended
) as p
join (
  select a.account, o.account as other, min(f.offered_at) as offered_at
  from offers as f
  join seen_accounts as a on a.account_id = f.account_id
  join seen_accounts as o on o.account_id = f.other_id
  group by a.account, o.account
) as f on f.account = p.account and f.other = p.other and f.offered_at <= p.settled_at
group by p.account;
