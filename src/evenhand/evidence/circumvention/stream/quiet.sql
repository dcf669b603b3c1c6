-- Two patterns that are no evidence by themselves, counted for whoever reviews. Both parties are counted. The file reads
-- `last_talks` and ends in `tiny_pairs`, whichever of the two was the client, and `cancelled_talks`.

create or replace temp table tiny_pairs as
select p.account, p.client
from (
  select least(c.account, c.client) as account, greatest(c.account, c.client) as client
  from seen_contracts as c left join market.jobs as j on j.job = c.job
  where c.account <> c.client
  group by least(c.account, c.client), greatest(c.account, c.client)
  having count(*) filter (j.budget_usd > 0 and c.value_usd * :tiny <= j.budget_usd and c.ended_at <= :silent_since)
    = count(*)
) as p
anti join (
  select least(sender, recipient) as account, greatest(sender, recipient) as client
  from seen_messages where sent_at > :silent_since
) as m on m.account = p.account and m.client = p.client;

create or replace temp table cancelled_talks as
select job, account, client from last_talks where cancelled and ended;
