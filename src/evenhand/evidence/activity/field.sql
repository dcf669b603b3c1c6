-- The evidence of activity (`DATA.md` "Words", `STATISTICS.md` sections 1 to 4), for both outcomes at once:
-- every table below carries `shortlist`, false for "was hired", true for "was shortlisted".
-- This file ends in `field`, `contests.sql` in `scored`, `counted.sql` in `counted` (a row per account and counted
-- unit) and `odds` (the distinct fair odds among them). As in `seen.sql`, the larger side of a join stands first.

-- Jobs whose outcomes may speak: closed for :settle_days days, neither void nor unreadable nor left out for everybody.
create or replace temp table settled as
select j.job, j.client, j.closed_at + interval (:settle_days) day as settled_at
from market.jobs as j
anti join unseen_jobs as u on u.job = j.job
anti join voided_jobs as v on v.job = j.job
anti join excluded_jobs as x on x.job = j.job
where j.closed_at + interval (:settle_days) day <= :as_of
  and coalesce(j.outcome, 'unfilled') not in ('removed', 'cancelled');

-- Units that were chosen, with the instant. A hire chooses for both outcomes, an interview for one.
create or replace temp table chosen as
select o.shortlist, c.job, c.unit, min(c.chosen_at) as chosen_at
from (
  select p.job, p.unit, c.started_at as chosen_at, true as hired
  from seen_proposals as p
  join seen_contracts as c on c.job = p.job and c.unit = p.unit
  join settled as s on s.job = p.job
  where p.submitted_at <= s.settled_at and c.started_at <= s.settled_at
  union all
  select p.job, p.unit, p.interviewed_at, false
  from seen_proposals as p join settled as s on s.job = p.job
  where p.submitted_at <= s.settled_at and p.interviewed_at <= s.settled_at
) as c
join (select unnest([false, true]) as shortlist) as o on o.shortlist or c.hired
where not o.shortlist or :shortlists
group by o.shortlist, c.job, c.unit;

create or replace temp table deciding as
select shortlist, job, min(chosen_at) as first_at, count(*) as hires from chosen group by shortlist, job;

-- The field: proposals submitted before the first choice, seen or not, withdrawn or not, plus every winner's. Where it
-- is the list that was shown, whoever is not in it is there only if chosen, like those who came later.
create or replace temp table :field as
select d.shortlist, p.job, p.unit, p.account, p.weight, p.submitted_at, c.unit is not null as won,
  p.submitted_at < d.first_at and (not :impressions or p.shown_rank is not null) as early,
  (not :views or coalesce(p.viewed_at < d.first_at, false)) and coalesce(p.withdrawn_at >= d.first_at, true) as seen :further
from seen_proposals as p
join deciding as d on d.job = p.job
join settled as s on s.job = p.job
left join chosen as c on c.shortlist = d.shortlist and c.job = p.job and c.unit = p.unit
where p.submitted_at <= s.settled_at
  and (p.submitted_at < d.first_at and (not :impressions or p.shown_rank is not null) or c.unit is not null);
