-- The evidence of activity (`DATA.md` "Words", `STATISTICS.md` sections 1 to 4), for both outcomes at once:
-- every table below carries `shortlist`, false for "was hired", true for "was shortlisted".
-- It ends in `counted` (a row per account and counted unit) and `odds` (the distinct fair odds among them).
-- As in `seen.sql`, the larger side of a join stands first.

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

-- The field: proposals submitted before the first choice, seen or not, withdrawn or not, plus every winner's.
create or replace temp table field as
select d.shortlist, p.job, p.unit, p.account, p.weight, p.submitted_at, c.unit is not null as won,
  p.submitted_at < d.first_at as early,
  (not :views or coalesce(p.viewed_at < d.first_at, false)) and coalesce(p.withdrawn_at >= d.first_at, true) as seen
from seen_proposals as p
join deciding as d on d.job = p.job
join settled as s on s.job = p.job
left join chosen as c on c.shortlist = d.shortlist and c.job = p.job and c.unit = p.unit
where p.submitted_at <= s.settled_at and (p.submitted_at < d.first_at or c.unit is not null);

-- What every unit of a field is measured against. Whoever came after the first choice is in the field only if chosen,
-- which is an effect of who won: so units that were there before are measured among themselves, and only late winners
-- against everyone. Where all were chosen nobody was compared: such jobs say nothing.
create or replace temp table contests as
select f.shortlist, f.job, s.client, d.hires, f.weight, coalesce(w.hires, 0) as early_hires, f.early_weight
from (
  select shortlist, job, sum(weight)::bigint as weight, (sum(weight) filter (early))::bigint as early_weight
  from (
    select shortlist, job, weight, won, early from field
    union all
    select d.shortlist, d.job, 1000000, false, true
    from seen_strays as p join deciding as d on d.job = p.job
    where p.submitted_at is null or p.submitted_at < d.first_at
  ) as everyone
  group by shortlist, job having bool_or(not won)
) as f
join deciding as d on d.shortlist = f.shortlist and d.job = f.job
join settled as s on s.job = f.job
left join (
  select shortlist, job, count(*) as hires
  from (select distinct shortlist, job, unit from field where won and early) as winners group by shortlist, job
) as w on w.shortlist = f.shortlist and w.job = f.job;

-- Several proposals of one account, or of one agency, are one unit with the weights added (of those that were there
-- before the first choice, if any was). They are rare, so only they are grouped: the rest is a list of units already.
create or replace temp table crowds as
select shortlist, job, unit from field group by shortlist, job, unit having count(*) > 1;

create or replace temp view members as
select shortlist, job, account, weight, won, seen, early, submitted_at
from field as f anti join crowds as c on c.shortlist = f.shortlist and c.job = f.job and c.unit = f.unit
union all
select shortlist, job, account, case when early then early_weight else weight end, won, seen, early, min(submitted_at)
from (
  select f.shortlist, f.job, f.account, f.submitted_at, (sum(f.weight) over same_unit)::bigint as weight,
    (sum(f.weight) filter (f.early) over same_unit)::bigint as early_weight,
    bool_or(f.won) over same_unit as won, bool_or(f.seen) over same_unit as seen, bool_or(f.early) over same_unit as early
  from field as f join crowds as c on c.shortlist = f.shortlist and c.job = f.job and c.unit = f.unit
  window same_unit as (partition by f.shortlist, f.job, f.unit)
) as crowded
group by shortlist, job, account, weight, early_weight, won, seen, early;

-- A win always counts, a loss only where it was seen; a share above .98 is no evidence.
create or replace temp table scored as
select shortlist, account, client, job, won, submitted_at, (hires * weight)::double / rest as odds
from (
  select m.shortlist, m.account, c.client, m.job, m.won, m.submitted_at, m.weight,
    case when m.early then c.early_hires else c.hires end as hires,
    case when m.early then c.early_weight else c.weight end - m.weight as rest
  from members as m join contests as c on c.shortlist = m.shortlist and c.job = m.job
  where (m.won or m.seen) and m.submitted_at >= :evidence_from
) as measured
where hires > 0 and hires * weight <= :largest_odds * rest;

-- Of the jobs of one client an account is scored on the first to settle: jobs are numbered in that order. A new episode
-- scores no client again: one taste is one decision, and when an episode began is an effect of who won.
create or replace temp table counted as
select o.shortlist, o.account, o.client, o.job, o.won, o.submitted_at, o.odds
from (
  select *, row_number() over (partition by shortlist, account, client order by job) as nth from scored
) as o
left join episodes as e on e.account = o.account
where (o.nth = 1 or :every_job) and o.submitted_at >= coalesce(e.evidence_from, :evidence_from);

drop table scored;

create or replace temp table odds as select distinct odds from counted;
