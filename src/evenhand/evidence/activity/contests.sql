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
select shortlist, job, account, weight, :own as own, won, seen, early, submitted_at
from field as f anti join crowds as c on c.shortlist = f.shortlist and c.job = f.job and c.unit = f.unit
union all
select shortlist, job, account, case when early then early_weight else weight end,
  case when early then early_own else own end, won, seen, early, min(submitted_at)
from (
  select f.shortlist, f.job, f.account, f.submitted_at, (sum(f.weight) over same_unit)::bigint as weight,
    (sum(f.weight) filter (f.early) over same_unit)::bigint as early_weight,
    (sum(f.:own) over same_unit)::bigint as own,
    (sum(f.:own) filter (f.early) over same_unit)::bigint as early_own,
    bool_or(f.won) over same_unit as won, bool_or(f.seen) over same_unit as seen, bool_or(f.early) over same_unit as early
  from field as f join crowds as c on c.shortlist = f.shortlist and c.job = f.job and c.unit = f.unit
  window same_unit as (partition by f.shortlist, f.job, f.unit)
) as crowded
group by shortlist, job, account, weight, early_weight, own, early_own, won, seen, early;

-- A win always counts, a loss only where it was seen; a share above .98 is no evidence. Where weights are fitted, a
-- unit's own weight `own` is a cautious one.
create or replace temp table scored as
select shortlist, account, client, job, won, submitted_at, (hires * own)::double / rest as odds
from (
  select m.shortlist, m.account, c.client, m.job, m.won, m.submitted_at, m.own,
    case when m.early then c.early_hires else c.hires end as hires,
    case when m.early then c.early_weight else c.weight end - m.weight as rest
  from members as m join contests as c on c.shortlist = m.shortlist and c.job = m.job
  where (m.won or m.seen) and m.submitted_at >= :evidence_from
) as measured
where hires > 0 and hires * own <= :largest_odds * rest;
