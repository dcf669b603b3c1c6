-- Talks between a client and an account about a job, and how they ended (`STATISTICS.md` section 6). Of every job one
-- talk is scored, the last: whom the client turned to last, by an interview or a message of its own, before the first
-- hire or the closing. Who it was cannot be an effect of how the job ended. What was written is never read.
-- The file ends in `scored_talks`; as in `seen.sql`, which comes before it, the larger side of a join stands first.

create or replace temp table talk_jobs as
select j.job, j.client, coalesce(j.category, '') as category, j.closed_at, j.settled_at, j.cancelled,
  min(c.started_at) as hired_at
from (
  select j.job, j.client, j.category, j.closed_at, j.closed_at + interval (:settle_days) day as settled_at,
    coalesce(j.outcome, 'unfilled') = 'cancelled' as cancelled
  from market.jobs as j
  anti join unseen_jobs as u on u.job = j.job
  anti join voided_jobs as v on v.job = j.job
  where j.closed_at + interval (:settle_days) day <= :as_of and coalesce(j.outcome, 'unfilled') <> 'removed'
) as j
left join seen_contracts as c on c.job = j.job and c.started_at <= j.settled_at
group by j.job, j.client, j.category, j.closed_at, j.settled_at, j.cancelled;

create or replace temp table talks as
select t.job, t.account, j.client, min(t.said_at) as began_at, max(t.said_at) as said_at
from (
  select job, account, interviewed_at as said_at from seen_proposals where interviewed_at is not null
  union all
  select job, recipient, sent_at from seen_messages where job is not null
) as t
join talk_jobs as j on j.job = t.job
where t.account <> j.client and t.said_at <= j.closed_at and (j.hired_at is null or t.said_at < j.hired_at)
group by t.job, t.account, j.client;

create or replace temp table last_talks as
select t.job, t.account, t.client, j.category, j.settled_at, j.cancelled, j.hired_at is null and b.job is null as ended
from (select *, row_number() over (partition by job order by said_at desc, account) as nth from talks) as t
join talk_jobs as j on j.job = t.job
left join (
  select distinct t.job, t.account
  from talks as t
  join seen_contracts as c on c.client = t.client and c.account = t.account
  join talk_jobs as j on j.job = t.job
  where c.started_at >= t.began_at and c.started_at <= j.settled_at
) as b on b.job = t.job and b.account = t.account
where t.nth = 1;

-- The rate of a category from what had settled before (Dawid 1984), drawn towards that of all categories.
create or replace temp table talk_instants as
select category, settled_at, count(*) as talks, count(*) filter (ended) as ended
from last_talks where not cancelled group by category, settled_at;

create or replace temp table talk_rates as
select c.category, c.settled_at,
  greatest(:lowest, cast(ceil(cast(1000 * (c.ended * a.talks + :prior * a.ended) as double)
    / cast(a.talks * (c.talks + :prior) as double)) as integer)) as rate
from (
  select category, settled_at, coalesce(sum(talks) over before, 0)::bigint as talks,
    coalesce(sum(ended) over before, 0)::bigint as ended
  from talk_instants
  window before as (partition by category order by settled_at rows between unbounded preceding and 1 preceding)
) as c
join (
  select settled_at, (sum(talks) over before)::bigint as talks, (sum(ended) over before)::bigint as ended
  from (select settled_at, sum(talks) as talks, sum(ended) as ended from talk_instants group by settled_at) as t
  window before as (order by settled_at rows between unbounded preceding and 1 preceding)
) as a on a.settled_at = c.settled_at
where a.talks >= :least;

-- A client and an account are scored once, on the job of theirs that settles first; for both of them.
create or replace temp table scored_talks as
select job, account, client, settled_at, rate, ended
from (
  select t.job, t.account, t.client, t.settled_at, r.rate, t.ended,
    row_number() over (partition by t.account, t.client order by t.job) as nth
  from last_talks as t
  join talk_rates as r on r.category = t.category and r.settled_at = t.settled_at
  where not t.cancelled and r.rate < :most
) as t
where nth = 1;
