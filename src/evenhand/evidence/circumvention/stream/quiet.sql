-- Two patterns that are no evidence by themselves, counted for whoever reviews. Both parties are counted. The file reads
-- `last_talks` and ends in `tiny_pairs` and `cancelled_talks`.

create or replace temp table tiny_pairs as
select p.account, p.client
from (
  select c.account, c.client
  from seen_contracts as c left join market.jobs as j on j.job = c.job
  group by c.account, c.client
  having count(*) filter (c.value_usd * :tiny <= j.budget_usd and c.ended_at <= :silent_since) = count(*)
) as p
left join (
  select sender, recipient, max(sent_at) as sent_at from seen_messages group by sender, recipient
) as m on m.sender = p.account and m.recipient = p.client and m.sent_at > :silent_since
left join (
  select sender, recipient, max(sent_at) as sent_at from seen_messages group by sender, recipient
) as n on n.sender = p.client and n.recipient = p.account and n.sent_at > :silent_since
where m.sender is null and n.sender is null;

create or replace temp table cancelled_talks as
select job, account, client from last_talks where cancelled and ended;
