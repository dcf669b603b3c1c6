-- What a fitted fair share has to know of the field `proposed`: of each choice its month and its band of how many were
-- chosen, of each proposal the number of its combination of levels (`circumstances.py`).

create or replace temp table choices as
select f.shortlist, f.job, f.early_hires, f.early_units, f.crowded,
  (extract(year from s.settled_at) * 12 + extract(month from s.settled_at) - 1)::bigint as month,
  case when f.early_hires < 2 then 0 when f.early_hires < 3 then 1 when f.early_hires < 5 then 2
    when f.early_hires < 9 then 3 else 4 end as band
from (
  select shortlist, job, count(distinct unit) filter (early and won) as early_hires,
    count(distinct unit) filter (early) as early_units, count(*) > count(distinct unit) as crowded
  from proposed group by shortlist, job
) as f
join settled as s on s.job = f.job;

create or replace temp table placed as
select f.shortlist, f.job, f.unit, f.account, f.weight as given, f.submitted_at, f.won, f.early, f.seen,
  o.month, o.band, :combination as circumstances
from proposed as f
join choices as o on o.shortlist = f.shortlist and o.job = f.job
:joins;

drop table proposed;

-- The weights that will be asked for.
create or replace temp view cells as
select distinct month, shortlist::integer as shortlist, band, circumstances from placed order by month, shortlist, band, circumstances;

-- What can be learned: who was chosen among those that were there before, where each unit made one proposal and not
-- everyone was chosen. Jobs are numbered in the order in which they settle.
create or replace temp view lessons as
select p.month, p.shortlist::integer as shortlist, p.band, p.circumstances, p.job,
  sum(p.given)::bigint as weight, count(*) filter (p.won) as wins, count(*) as proposals
from placed as p
join choices as o on o.shortlist = p.shortlist and o.job = p.job
where p.early and not o.crowded and o.early_hires > 0 and o.early_hires < o.early_units
group by p.month, p.shortlist, p.band, p.circumstances, p.job
order by p.job, p.shortlist, p.circumstances;
